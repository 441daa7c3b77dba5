package org.farfit.kernels;

import java.util.List;
import java.util.stream.IntStream;
import org.farfit.engine.SurfaceProblem;
import org.farfit.law.AddedTerm;

/**
 * What a kernel that iterates knows about the parameters that it moves; those that are fixed take
 * no part.
 *
 * @param terms added terms of the law, along which steps are taken
 * @param limited parameters that have limits, bit j for parameter j
 */
record StepCoordinates(List<AddedTerm> terms, int limited) {

  static StepCoordinates of(SurfaceProblem problem) {
    int fixed = problem.fixedMask();
    return new StepCoordinates(
        problem.law().addedTerms().stream()
            .filter(term -> (fixed >>> term.logarithm() & 1) == 0)
            .toList(),
        IntStream.range(0, problem.law().parameterCount())
            .filter(j -> problem.limits().bounds(j) && (fixed >>> j & 1) == 0)
            .map(j -> 1 << j)
            .sum());
  }

  boolean isLimited(int j) {
    return (limited >>> j & 1) != 0;
  }

  /** Whether parameter j is the logarithm of a term. */
  boolean isLogarithm(int j) {
    return terms.stream().anyMatch(term -> term.logarithm() == j);
  }
}

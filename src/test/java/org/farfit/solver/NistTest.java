package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.farfit.RealData;
import org.junit.jupiter.api.Test;

/**
 * The 27 nonlinear-regression sets of NIST from both starting points: six certified digits, or a
 * status that says the fit failed.
 */
class NistTest {

  private static final SolverSettings PATIENT = SolverSettings.DEFAULT.withMaxEvaluations(3000);

  private static List<NistProblem> problems() throws Exception {
    List<NistProblem> problems = new ArrayList<>();
    try (Stream<Path> files = Files.list(RealData.file("nist"))) {
      for (Path file : files.sorted().toList()) {
        problems.add(NistProblem.read(file));
      }
    }
    return problems;
  }

  @Test
  void certifiedValuesFromBothStarts() throws Exception {
    List<String> failedFromFirst = new ArrayList<>();
    List<NistProblem> problems = problems();
    for (NistProblem problem : problems) {
      Solutions solutions =
          new BatchSolver(PATIENT, 1, ProgressListener.NONE)
              .solve(problem::evaluator, 1, 2, StartingPoints.of(problem.starts()));
      for (int start = 0; start < 2; start++) {
        if (solutions.status(start).isConverged()) {
          checkDigits(problem, solutions, start);
        } else {
          assertThat(start)
              .as("%s ended with %s from start 2", problem.name(), solutions.status(start))
              .isZero();
          failedFromFirst.add(problem.name());
        }
      }
    }
    assertThat(problems).hasSize(27);
    assertThat(failedFromFirst).hasSizeLessThanOrEqualTo(3);
  }

  private static void checkDigits(NistProblem problem, Solutions solutions, int start) {
    double[] found = solutions.parameters(start);
    for (int j = 0; j < found.length; j++) {
      assertThat(found[j])
          .as("%s, start %d, b%d", problem.name(), start + 1, j + 1)
          .isCloseTo(problem.certified()[j], within(5e-7 * Math.abs(problem.certified()[j])));
    }
    // Lanczos1 has a certified sum of 1.4e-25: no digit of it survives in doubles.
    double tolerance = problem.certifiedSum() < 1e-20 ? 1e-24 : 1e-8 * problem.certifiedSum();
    assertThat(2 * solutions.cost(start))
        .as("%s, start %d, residual sum of squares", problem.name(), start + 1)
        .isCloseTo(problem.certifiedSum(), within(tolerance));
  }
}

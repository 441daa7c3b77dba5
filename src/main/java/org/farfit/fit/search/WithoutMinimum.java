package org.farfit.fit.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.engine.FormulaProblem;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.LawFit;
import org.farfit.formula.LawCoordinates;
import org.farfit.law.Law;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;
import org.farfit.solver.Status;

/**
 * Why a formula's fit ended without a minimum, for who can mend the formula: the parameters that go
 * on moving where the search ended, since nobody but the reader knows whether they have a limit; or
 * the run at which nothing is finite.
 */
public final class WithoutMinimum {

  /** Parameters that change by less than this share of their size hold still. */
  private static final double MOVED = 1e-3;

  private WithoutMinimum() {}

  /**
   * What is wrong.
   *
   * @return a sentence; empty if the fit converged, the law is no formula, or nothing is known
   */
  public static Optional<String> of(LawFit fit, RunSet runs) {
    if (PatientSearch.isUnfinished(fit.status())) {
      return new SurfaceProblem(fit.law(), fit.surface().centre(), runs, fit.objective())
          .formula()
          .flatMap(problem -> moving(fit, problem));
    }
    return fit.status() == Status.NON_FINITE
            && fit.law().samplingBox(fit.surface().centre()).isEmpty()
        ? notFinite(fit, runs)
        : Optional.empty();
  }

  /** From where a search ended it goes on, to see what moves. */
  private static Optional<String> moving(LawFit fit, FormulaProblem problem) {
    double[] end = fit.surface().centredArray();
    Solutions further =
        new BatchSolver(SolverSettings.DEFAULT, 1, ProgressListener.NONE)
            .solve(new ScalarEngine(), problem, StartingPoints.of(end));
    LawCoordinates coordinates = problem.coordinates();
    double[] from = coordinates.parameters(end);
    double[] to = coordinates.parameters(further.parameters(0));
    List<String> moving = new ArrayList<>();
    for (int j = 0; j < from.length; j++) {
      if (Math.abs(to[j] - from[j]) > MOVED * Math.abs(from[j])) {
        moving.add(
            "%s (%.3g, then %.3g)".formatted(problem.parameterNames().get(j), from[j], to[j]));
      }
    }
    return moving.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s: no minimum was reached; the cost falls while these go on: %s; give them bounds in a law file, or leave a parameter out"
                .formatted(fit.law().name(), String.join(", ", moving)));
  }

  /** The first run at which a start is not finite. */
  private static Optional<String> notFinite(LawFit fit, RunSet runs) {
    Law law = fit.law();
    double[] gradient = new double[law.parameterCount()];
    for (int i = 0; i < runs.size(); i++) {
      double[] row = runs.row(law.columns(), i);
      double value =
          law.lossAt(fit.surface().centre(), fit.surface().centredArray(), row, gradient);
      boolean finite = Double.isFinite(value);
      if (!finite || !Arrays.stream(gradient).allMatch(Double::isFinite)) {
        String at =
            IntStream.range(0, row.length)
                .filter(c -> !law.categories().containsKey(law.columns().get(c)))
                .mapToObj(c -> "%s %s".formatted(law.columns().get(c), row[c]))
                .collect(Collectors.joining(", "));
        return Optional.of(
            "%s: no start is finite at every run: at %s (%s) %s; write max(X, 1e-12) for an X that is 0 there under a power or a logarithm, or leave such runs out"
                .formatted(
                    law.name(),
                    runs.place(i),
                    at,
                    finite
                        ? "the slope by a parameter is not"
                        : "the value of the formula is not"));
      }
    }
    return Optional.empty();
  }
}

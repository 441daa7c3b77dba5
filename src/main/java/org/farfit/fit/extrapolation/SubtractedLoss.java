package org.farfit.fit.extrapolation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.statistics.Evaluation;
import org.farfit.law.Law;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.stat.regression.OLSMultipleLinearRegression;

/**
 * Whether losses fall as if something had been subtracted from them: as if the irreducible loss E
 * were below zero, where no law lets it be. Such losses come near zero faster than any sum of
 * powers, and what follows beyond the runs cannot be told. Losses that are all of one order may
 * bend like that over the runs, and stay what they are: asked are those alone that come near zero.
 *
 * <p>A free fit then ends with E at its limit, which is as good as zero, and one step of
 * Gauss-Newton from there would make it negative: the test is that of the step's size, by Student's
 * t (a score test, Rao 1948), one-sided.
 */
final class SubtractedLoss {

  /** How improbable the losses must be if E were zero, for every law that has an E. */
  private static final double LEVEL = 0.05;

  /** Losses come near zero where the least is less than this share of the typical one. */
  private static final double NEAR_ZERO = 0.6;

  private static final String IRREDUCIBLE = "E";

  private SubtractedLoss() {}

  /**
   * What is wrong with the losses, in words; empty where some law can follow them with an
   * irreducible loss that is not negative.
   *
   * @param laws that are to be chosen from
   * @param free the fit of one of them by least squares without a prior, asked for only where
   *     losses come near zero
   * @param runs the fitted runs
   */
  static Optional<String> problem(
      List<Law> laws, Function<Law, FittedSurface> free, RunSet runs, Objective objective) {
    double typical = Math.exp(Arrays.stream(runs.loss()).map(Math::log).average().orElseThrow());
    if (Arrays.stream(runs.loss()).min().orElseThrow() > NEAR_ZERO * typical) {
      return Optional.empty();
    }
    List<FittedSurface> asked =
        laws.stream().filter(law -> law.parameterNames().contains(IRREDUCIBLE)).map(free).toList();
    List<OptionalDouble> found =
        asked.stream().map(surface -> studentised(surface, runs, objective)).toList();
    boolean negative =
        !asked.isEmpty()
            && IntStream.range(0, asked.size())
                .allMatch(k -> isNegative(found.get(k), runs, asked.get(k)));
    return negative
        ? Optional.of(
            "they fall as if their irreducible loss were below zero, which no law allows (%s): give"
                    .formatted(
                        IntStream.range(0, asked.size())
                            .mapToObj(k ->
                                "%.1f standard errors for %s"
                                    .formatted(found.get(k).getAsDouble(), asked.get(k).name()))
                            .collect(Collectors.joining(", ")))
                + " losses as they were measured, with nothing subtracted")
        : Optional.empty();
  }

  private static boolean isNegative(OptionalDouble size, RunSet runs, FittedSurface surface) {
    return size.isPresent()
        && new TDistribution(runs.size() - surface.law().parameterCount())
                .cumulativeProbability(size.getAsDouble())
            < LEVEL;
  }

  /**
   * How many standard errors the irreducible loss would go down from its limit; empty where it is
   * not at its limit, or the runs do not determine it there.
   */
  static OptionalDouble studentised(FittedSurface surface, RunSet runs, Objective objective) {
    double[] centred = surface.centredArray();
    int j = surface.law().parameterNames().indexOf(IRREDUCIBLE);
    if (runs.size() <= centred.length
        || !surface.law().atLimit(surface.centre(), centred, runs.n(), runs.d()).contains(j)) {
      return OptionalDouble.empty();
    }
    Evaluation at = Evaluation.of(surface.law(), surface.centre(), centred, runs, objective);
    double[][] jacobian = at.jacobian();
    double[] wanted =
        IntStream.range(0, runs.size())
            .mapToDouble(i -> -Math.sqrt(runs.weight(i)) * at.residual(i))
            .toArray();
    // The column of ln E: as long as that of another parameter, since E itself is next to nothing.
    double length =
        Math.sqrt(IntStream.range(0, runs.size()).mapToDouble(i -> square(jacobian[i][j])).sum());
    for (double[] row : jacobian) {
      row[j] /= length;
    }
    try {
      OLSMultipleLinearRegression step = new OLSMultipleLinearRegression();
      step.setNoIntercept(true);
      step.newSampleData(wanted, jacobian);
      double size =
          step.estimateRegressionParameters()[j]
              / step.estimateRegressionParametersStandardErrors()[j];
      return Double.isNaN(size) ? OptionalDouble.empty() : OptionalDouble.of(size);
    } catch (MathRuntimeException e) {
      // Singular: other parameters do what E would do.
      return OptionalDouble.empty();
    }
  }

  private static double square(double value) {
    return value * value;
  }
}

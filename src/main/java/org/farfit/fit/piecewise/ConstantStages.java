package org.farfit.fit.piecewise;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.fit.StagedReport;
import org.farfit.fit.statistics.Evaluation;
import org.farfit.law.Centre;
import org.farfit.law.StagedForm;
import org.farfit.solver.NonNegativeLeastSquares;

/**
 * The differential piecewise procedure for {@link StagedForm#CONSTANT}, with which the Farseer
 * paper compares its own (Li et al. 2025, section 4). Stage 2: A is the constant beta, searched for
 * the least mean relative error of the predicted differences, and ln B the mean that goes with it.
 * Stage 3: G(N) = E + A / N^alpha, E and A by non-negative least squares for each alpha of the
 * search.
 */
final class ConstantStages {

  private static final double LARGEST_EXPONENT = 2.0;

  /** What stands for E = 0, whose logarithm the law needs. */
  private static final double NO_LIMIT = 1e-300;

  private final Centre centre;
  private final LossDifferences differences;
  private final double logSpacing;
  private final double meanLogDifference;
  private final double meanLogD;

  ConstantStages(Centre centre, LossDifferences differences) {
    this.centre = centre;
    this.differences = differences;
    this.logSpacing = Math.log(differences.spacing());
    RunSet pairs = differences.differences();
    this.meanLogDifference = Arrays.stream(pairs.loss()).map(Math::log).average().orElseThrow();
    this.meanLogD = Arrays.stream(pairs.d()).map(Math::log).average().orElseThrow();
  }

  PiecewiseFit.Stages fit() {
    SizedRuns pairs = SizedRuns.of(differences.differences());
    ExponentSearch.Found data =
        found("beta", beta -> OptionalDouble.of(differenceError(pairs, beta)));
    double beta = data.exponent();
    double logFactor = logFactor(beta);
    CapacityMeans means =
        CapacityMeans.of(differences.runs(), (n, d) -> Math.exp(logFactor - beta * Math.log(d)));
    SizedRuns runs = SizedRuns.of(differences.runs());
    double[] runX = Arrays.stream(runs.n()).map(centre::x).toArray();
    double[] inverses = runs.inverses();
    double[] dataTerm = runs.ratios(constant(runX, logFactor), constant(runX, beta));
    double alpha =
        found(
                "alpha",
                candidate ->
                    centred(candidate, beta, logFactor, means)
                        .map(one ->
                            OptionalDouble.of(runs.error(capacity(one, runX), inverses, dataTerm)))
                        .orElse(OptionalDouble.empty()))
            .exponent();
    double[] point = centred(alpha, beta, logFactor, means).orElseThrow();
    return new PiecewiseFit.Stages(point, true, report(data, logFactor, point, means));
  }

  private static double[] constant(double[] sizes, double value) {
    double[] values = new double[sizes.length];
    Arrays.fill(values, value);
    return values;
  }

  private double differenceError(SizedRuns pairs, double beta) {
    double[] sizes = pairs.n();
    double[] ratios =
        pairs.ratios(constant(sizes, logFactor(beta) + logShare(beta)), constant(sizes, beta));
    return pairs.error(constant(sizes, 1), ratios);
  }

  private double logShare(double beta) {
    return Math.log(-Math.expm1(-beta * logSpacing));
  }

  /** E + A / N^alpha at some sizes. */
  private static double[] capacity(double[] centred, double[] x) {
    return Arrays.stream(x)
        .map(at -> Math.exp(centred[0]) + Math.exp(centred[1] - centred[3] * at))
        .toArray();
  }

  private static ExponentSearch.Found found(String name, DoubleFunction<OptionalDouble> errors) {
    return ExponentSearch.minimise(ExponentSearch.STEP, LARGEST_EXPONENT, errors)
        .orElseThrow(() ->
            new InputException(
                "the piecewise procedure finds no admissible %s; fit by the global method"
                    .formatted(name)));
  }

  /** ln B: the mean of ln R + beta ln D less the factor of a difference. */
  private double logFactor(double beta) {
    return meanLogDifference + beta * meanLogD - logShare(beta);
  }

  private Optional<double[]> centred(
      double alpha, double beta, double logFactor, CapacityMeans means) {
    double[] x = means.x(centre);
    double[] g = means.values();
    double[][] columns = new double[2][x.length];
    double[] ones = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      columns[0][i] = 1 / g[i];
      columns[1][i] = Math.exp(-alpha * x[i]) / g[i];
      ones[i] = 1;
    }
    double[] terms = NonNegativeLeastSquares.solve(columns, ones);
    return terms[1] > 0
        ? Optional.of(
            new double[] {
              Math.log(Math.max(terms[0], NO_LIMIT)),
              Math.log(terms[1]),
              logFactor - beta * centre.logD(),
              alpha,
              beta
            })
        : Optional.empty();
  }

  private StagedReport report(
      ExponentSearch.Found data, double logFactor, double[] centred, CapacityMeans means) {
    List<StagedReport.Size> sizes = new ArrayList<>();
    for (LossDifferences.Line line : differences.sizes()) {
      double mean = means.of(line.n());
      double capacity = capacity(centred, new double[] {centre.x(line.n())})[0];
      sizes.add(
          new StagedReport.Size(
              line.n(),
              line.differences(),
              line.r2(),
              line.exponent(),
              Math.log(line.exponent() / data.exponent()),
              Math.exp(line.logFactor()),
              line.logFactor() - logFactor,
              mean,
              Math.log(mean / capacity)));
    }
    List<String> leftOut = new ArrayList<>(differences.leftOut());
    leftOut.addAll(means.leftOut());
    double beta = data.exponent();
    return new StagedReport(
        differences.spacing(),
        sizes,
        List.of(new StagedReport.Round(0, 0, data.error())),
        data.error(),
        Evaluation.linearR2(
            differences.differences(),
            (n, d) -> Math.exp(logFactor + logShare(beta) - beta * Math.log(d))),
        leftOut);
  }
}

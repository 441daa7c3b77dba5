package org.farfit.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.FarseerDifference;

/**
 * The differential piecewise procedure for Chinchilla, with which the Farseer paper compares its
 * own (Li et al. 2025, section 4). Stage 2: A is the constant beta, searched for the least mean
 * relative error of the predicted differences, and ln B the mean that goes with it. Stage 3: G(N) =
 * E + A / N^alpha, E and A by non-negative least squares for each alpha of the search.
 */
final class PiecewiseChinchilla {

  private static final double LARGEST_EXPONENT = 2.0;

  /** What stands for E = 0, whose logarithm the law needs. */
  private static final double NO_LIMIT = 1e-300;

  private final Engine engine;
  private final int threads;
  private final Centre centre;
  private final LossDifferences differences;

  PiecewiseChinchilla(Engine engine, int threads, Centre centre, LossDifferences differences) {
    this.engine = engine;
    this.threads = threads;
    this.centre = centre;
    this.differences = differences;
  }

  PiecewiseFit.Stages fit() {
    FarseerDifference law = new FarseerDifference(differences.spacing());
    RelativeErrors errors =
        new RelativeErrors(engine, threads, law, centre, differences.differences());
    ExponentSearch.Found data = found("beta", beta -> Optional.of(differencePoint(beta)), errors);
    double beta = data.exponent();
    double logFactor = logFactor(beta);
    CapacityMeans means =
        CapacityMeans.of(differences.runs(), (n, d) -> Math.exp(logFactor - beta * Math.log(d)));
    RelativeErrors surfaceErrors =
        new RelativeErrors(engine, threads, new Chinchilla(), centre, differences.runs());
    ExponentSearch.Found capacity =
        found("alpha", alpha -> centred(alpha, beta, logFactor, means), surfaceErrors);
    return new PiecewiseFit.Stages(
        capacity.point(), true, report(law, data, logFactor, capacity.point(), means));
  }

  private static ExponentSearch.Found found(
      String name, DoubleFunction<Optional<double[]>> points, RelativeErrors errors) {
    return ExponentSearch.minimise(ExponentSearch.STEP, LARGEST_EXPONENT, points, errors)
        .orElseThrow(() ->
            new InputException(
                "the piecewise procedure finds no admissible %s; use --method global"
                    .formatted(name)));
  }

  /** ln B: the mean of ln R + beta ln D less the factor of a difference. */
  private double logFactor(double beta) {
    RunSet pairs = differences.differences();
    double sum = 0;
    for (int i = 0; i < pairs.size(); i++) {
      sum += Math.log(pairs.loss(i)) + beta * Math.log(pairs.d(i));
    }
    return sum / pairs.size() - Math.log(-Math.expm1(-beta * Math.log(differences.spacing())));
  }

  private double[] differencePoint(double beta) {
    double[] point = new double[9];
    point[0] = Math.log(beta);
    point[3] = logFactor(beta) - beta * centre.logD();
    return point;
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

  private PiecewiseReport report(
      FarseerDifference law,
      ExponentSearch.Found data,
      double logFactor,
      double[] centred,
      CapacityMeans means) {
    List<PiecewiseReport.Size> sizes = new ArrayList<>();
    for (LossDifferences.Line line : differences.sizes()) {
      double mean = means.of(line.n());
      double capacity =
          Math.exp(centred[0]) + Math.exp(centred[1] - centred[3] * centre.x(line.n()));
      sizes.add(
          new PiecewiseReport.Size(
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
    double[] point = data.point();
    return new PiecewiseReport(
        differences.spacing(),
        sizes,
        List.of(new PiecewiseReport.Round(0, 0, data.error())),
        data.error(),
        FitQuality.linearR2(
            differences.differences(), (n, d) -> Math.exp(law.logLossAt(centre, point, n, d))),
        leftOut);
  }
}

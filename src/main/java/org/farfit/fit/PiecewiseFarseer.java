package org.farfit.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.law.Centre;
import org.farfit.law.Farseer;
import org.farfit.law.FarseerDifference;

/**
 * The second and third stage of the differential piecewise procedure for Farseer. Stage 2: ln A(N)
 * and ln B(N) are lines in N^alpha and N^beta; beta, alpha and beta again are searched in turn for
 * the least mean relative error of the predicted differences, round after round until none moves.
 * Stage 3: G(N), the mean over D of what is left of the loss, is a line in N^gamma likewise.
 */
final class PiecewiseFarseer {

  /** The range of alpha and beta in the paper. */
  private static final double LARGEST_EXPONENT = 0.5;

  /** The range of gamma. */
  private static final double LARGEST_GAMMA = 1.0;

  private final Engine engine;
  private final int threads;
  private final Centre centre;
  private final LossDifferences differences;
  private final double[] x;
  private final double[] logExponent;
  private final double[] logFactor;

  PiecewiseFarseer(Engine engine, int threads, Centre centre, LossDifferences differences) {
    this.engine = engine;
    this.threads = threads;
    this.centre = centre;
    this.differences = differences;
    List<LossDifferences.Line> lines = differences.sizes();
    this.x = lines.stream().mapToDouble(line -> centre.x(line.n())).toArray();
    this.logExponent = lines.stream().mapToDouble(line -> Math.log(line.exponent())).toArray();
    this.logFactor = lines.stream().mapToDouble(LossDifferences.Line::logFactor).toArray();
  }

  PiecewiseFit.Stages fit(int maxRounds) {
    FarseerDifference law = new FarseerDifference(differences.spacing());
    RelativeErrors errors =
        new RelativeErrors(engine, threads, law, centre, differences.differences());
    StretchedCurve a = firstExponentCurve();
    StretchedCurve b = null;
    List<PiecewiseReport.Round> rounds = new ArrayList<>();
    boolean settled = false;
    while (!settled && rounds.size() < maxRounds) {
      double previousAlpha = a.exponent();
      double previousBeta = b == null ? Double.NaN : b.exponent();
      b = searchFactor(a, errors);
      a = searchExponent(b, errors);
      b = searchFactor(a, errors);
      double error = errors.at(List.of(point(a, b)))[0];
      rounds.add(new PiecewiseReport.Round(a.exponent(), b.exponent(), error));
      settled = a.exponent() == previousAlpha && b.exponent() == previousBeta;
    }
    Capacity capacity = new Capacity(a, b);
    StretchedCurve g = capacity.search();
    return new PiecewiseFit.Stages(
        centred(a, b, g), settled, report(law, a, b, g, capacity, rounds));
  }

  /** The alpha of least mean relative error of A_N itself, to start from. */
  private StretchedCurve firstExponentCurve() {
    StretchedCurve best = null;
    double least = Double.POSITIVE_INFINITY;
    long steps = Math.round(LARGEST_EXPONENT / ExponentSearch.STEP);
    for (long k = -steps; k <= steps; k++) {
      StretchedCurve curve = StretchedCurve.regress(k * ExponentSearch.STEP, x, logExponent);
      double error = 0;
      for (int i = 0; i < x.length; i++) {
        error += Math.abs(Math.expm1(curve.at(x[i]) - logExponent[i]));
      }
      if (error < least) {
        least = error;
        best = curve;
      }
    }
    return best;
  }

  private StretchedCurve searchExponent(StretchedCurve b, RelativeErrors errors) {
    DoubleFunction<Optional<double[]>> points =
        alpha -> Optional.of(point(StretchedCurve.regress(alpha, x, logExponent), b));
    double alpha = found("alpha", -LARGEST_EXPONENT, LARGEST_EXPONENT, points, errors);
    return StretchedCurve.regress(alpha, x, logExponent);
  }

  /** Admissible are beta below 0 and a2 above 0, as in the paper: ln B falls towards a limit. */
  private StretchedCurve searchFactor(StretchedCurve a, RelativeErrors errors) {
    DoubleFunction<Optional<double[]>> points =
        beta -> {
          StretchedCurve b = StretchedCurve.regress(beta, x, logFactor);
          return beta < 0 && b.slope() < 0 ? Optional.of(point(a, b)) : Optional.empty();
        };
    double beta = found("beta", -LARGEST_EXPONENT, 0, points, errors);
    return StretchedCurve.regress(beta, x, logFactor);
  }

  private static double found(
      String name,
      double low,
      double high,
      DoubleFunction<Optional<double[]>> points,
      RelativeErrors errors) {
    return ExponentSearch.minimise(low, high, points, errors)
        .orElseThrow(() ->
            new InputException(
                "the piecewise procedure finds no admissible %s: the data term does not fall with N"
                        .formatted(name)
                    + " in these runs; use --method global"))
        .exponent();
  }

  private double[] point(StretchedCurve a, StretchedCurve b) {
    return centred(a, b, new StretchedCurve(0, 0, 0));
  }

  /** Centred parameters of {@link Farseer}: h and mH stand for ln B at the centre of D. */
  private double[] centred(StretchedCurve a, StretchedCurve b, StretchedCurve g) {
    double logDExponent = Math.exp(a.value()) * centre.logD();
    return new double[] {
      a.value(),
      a.slope(),
      a.exponent(),
      b.value() - logDExponent,
      b.slope() - logDExponent * a.slope(),
      b.exponent(),
      g.value(),
      g.slope(),
      g.exponent()
    };
  }

  /** Stage 3: what is left of the loss, as a function of N. */
  private final class Capacity {

    private final StretchedCurve a;
    private final StretchedCurve b;
    private final CapacityMeans means;

    Capacity(StretchedCurve a, StretchedCurve b) {
      this.a = a;
      this.b = b;
      this.means =
          CapacityMeans.of(
              differences.runs(),
              (n, d) -> {
                double at = centre.x(n);
                return Math.exp(b.at(at) - Math.exp(a.at(at)) * Math.log(d));
              });
    }

    StretchedCurve search() {
      double[] sizes = means.x(centre);
      double[] logs = means.logs();
      RelativeErrors errors =
          new RelativeErrors(engine, threads, new Farseer(), centre, differences.runs());
      double gamma =
          found(
              "gamma",
              -LARGEST_GAMMA,
              LARGEST_GAMMA,
              candidate ->
                  Optional.of(centred(a, b, StretchedCurve.regress(candidate, sizes, logs))),
              errors);
      return StretchedCurve.regress(gamma, sizes, logs);
    }
  }

  private PiecewiseReport report(
      FarseerDifference law,
      StretchedCurve a,
      StretchedCurve b,
      StretchedCurve g,
      Capacity capacity,
      List<PiecewiseReport.Round> rounds) {
    List<PiecewiseReport.Size> sizes = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      LossDifferences.Line line = differences.sizes().get(i);
      double mean = capacity.means.of(line.n());
      sizes.add(
          new PiecewiseReport.Size(
              line.n(),
              line.differences(),
              line.r2(),
              line.exponent(),
              logExponent[i] - a.at(x[i]),
              Math.exp(line.logFactor()),
              logFactor[i] - b.at(x[i]),
              mean,
              Math.log(mean) - g.at(x[i])));
    }
    List<String> leftOut = new ArrayList<>(differences.leftOut());
    leftOut.addAll(capacity.means.leftOut());
    RunSet pairs = differences.differences();
    double[] point = point(a, b);
    return new PiecewiseReport(
        differences.spacing(),
        sizes,
        rounds,
        rounds.getLast().error(),
        FitQuality.linearR2(pairs, (n, d) -> Math.exp(law.logLossAt(centre, point, n, d))),
        leftOut);
  }
}

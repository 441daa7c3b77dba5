package org.farfit.fit.piecewise;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import org.farfit.data.InputException;
import org.farfit.fit.StagedReport;
import org.farfit.fit.statistics.Evaluation;
import org.farfit.law.Centre;
import org.farfit.law.StagedForm;

/**
 * The second and third stage of the differential piecewise procedure for {@link
 * StagedForm#STRETCHED}, its authors' law. Stage 2: ln A(N) and ln B(N) are lines in N^alpha and
 * N^beta; beta, alpha and beta again are searched in turn for the least mean relative error of the
 * predicted differences, round after round until none moves. Stage 3: G(N), the mean over D of what
 * is left of the loss, is a line in N^gamma likewise.
 */
final class StretchedStages {

  /** The range of alpha and beta in the paper. */
  private static final double LARGEST_EXPONENT = 0.5;

  /** The range of gamma. */
  private static final double LARGEST_GAMMA = 1.0;

  private final Centre centre;
  private final LossDifferences differences;
  private final SizedRuns pairs;
  private final double[] pairX;
  private final double[] x;
  private final double[] logExponent;
  private final double[] logFactor;
  private final double logSpacing;

  /** Every round tries the same exponents, mostly, and what belongs to them does not change. */
  private final Map<Double, ExponentCandidate> exponentCandidates = new HashMap<>();

  private final Map<Double, FactorCandidate> factorCandidates = new HashMap<>();

  /**
   * ln A(N) for an alpha.
   *
   * @param ratios D^-A (1 - lambda^-A) over the difference, for each pair of runs
   */
  private record ExponentCandidate(StretchedCurve curve, double[] ratios) {}

  /**
   * ln B(N) for a beta.
   *
   * @param factors B of each size that has differences
   */
  private record FactorCandidate(StretchedCurve curve, double[] factors) {}

  StretchedStages(Centre centre, LossDifferences differences) {
    this.centre = centre;
    this.differences = differences;
    this.pairs = SizedRuns.of(differences.differences());
    this.pairX = Arrays.stream(pairs.n()).map(centre::x).toArray();
    List<LossDifferences.Line> lines = differences.sizes();
    this.x = lines.stream().mapToDouble(line -> centre.x(line.n())).toArray();
    this.logExponent = lines.stream().mapToDouble(line -> Math.log(line.exponent())).toArray();
    this.logSpacing = Math.log(differences.spacing());
    this.logFactor = lines.stream().mapToDouble(LossDifferences.Line::logFactor).toArray();
  }

  PiecewiseFit.Stages fit(int maxRounds) {
    ExponentCandidate a = firstExponent();
    FactorCandidate b = null;
    List<StagedReport.Round> rounds = new ArrayList<>();
    boolean settled = false;
    while (!settled && rounds.size() < maxRounds) {
      double previousAlpha = a.curve().exponent();
      double previousBeta = b == null ? Double.NaN : b.curve().exponent();
      b = searchFactor(a);
      a = searchExponent(b);
      b = searchFactor(a);
      double alpha = a.curve().exponent();
      double beta = b.curve().exponent();
      rounds.add(new StagedReport.Round(alpha, beta, error(a, b)));
      settled = alpha == previousAlpha && beta == previousBeta;
    }
    Capacity capacity = new Capacity(a.curve(), b.curve());
    StretchedCurve g = capacity.search();
    return new PiecewiseFit.Stages(
        centred(a.curve(), b.curve(), g),
        settled,
        report(a.curve(), b.curve(), g, capacity, rounds));
  }

  private ExponentCandidate exponent(double alpha) {
    return exponentCandidates.computeIfAbsent(
        alpha,
        key -> {
          StretchedCurve curve = StretchedCurve.regress(key, x, logExponent);
          double[] exponents = exponentials(curve, pairX);
          double[] logShares =
              Arrays.stream(exponents)
                  .map(exponent -> Math.log(-Math.expm1(-exponent * logSpacing)))
                  .toArray();
          return new ExponentCandidate(curve, pairs.ratios(logShares, exponents));
        });
  }

  private FactorCandidate factor(double beta) {
    return factorCandidates.computeIfAbsent(
        beta,
        key -> {
          StretchedCurve curve = StretchedCurve.regress(key, x, logFactor);
          return new FactorCandidate(curve, exponentials(curve, pairX));
        });
  }

  private static double[] exponentials(StretchedCurve curve, double[] at) {
    double[] values = new double[at.length];
    for (int k = 0; k < values.length; k++) {
      values[k] = Math.exp(curve.at(at[k]));
    }
    return values;
  }

  private double error(ExponentCandidate a, FactorCandidate b) {
    return pairs.error(b.factors(), a.ratios());
  }

  /** The alpha of least mean relative error of A_N itself, to start from. */
  private ExponentCandidate firstExponent() {
    double alpha =
        found(
            "alpha",
            -LARGEST_EXPONENT,
            LARGEST_EXPONENT,
            candidate -> OptionalDouble.of(exponentCurveError(exponent(candidate).curve())));
    return exponent(alpha);
  }

  private double exponentCurveError(StretchedCurve curve) {
    double error = 0;
    for (int i = 0; i < x.length; i++) {
      error += Math.abs(Math.expm1(curve.at(x[i]) - logExponent[i]));
    }
    return error;
  }

  private ExponentCandidate searchExponent(FactorCandidate b) {
    double alpha =
        found(
            "alpha",
            -LARGEST_EXPONENT,
            LARGEST_EXPONENT,
            candidate -> OptionalDouble.of(error(exponent(candidate), b)));
    return exponent(alpha);
  }

  /** Admissible are beta below 0 and a2 above 0, as in the paper: ln B falls towards a limit. */
  private FactorCandidate searchFactor(ExponentCandidate a) {
    double beta =
        found(
            "beta",
            -LARGEST_EXPONENT,
            0,
            candidate -> {
              FactorCandidate b = factor(candidate);
              return candidate < 0 && b.curve().slope() < 0
                  ? OptionalDouble.of(error(a, b))
                  : OptionalDouble.empty();
            });
    return factor(beta);
  }

  private static double found(
      String name, double low, double high, DoubleFunction<OptionalDouble> errors) {
    return ExponentSearch.minimise(low, high, errors)
        .orElseThrow(() ->
            new InputException(
                "the piecewise procedure finds no admissible %s: the data term does not fall with N"
                        .formatted(name)
                    + " in these runs; fit by the global method"))
        .exponent();
  }

  /** Centred parameters of the form; the second three are of ln B at the centre of D. */
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
      SizedRuns runs = SizedRuns.of(differences.runs());
      double[] runX = Arrays.stream(runs.n()).map(centre::x).toArray();
      double[] inverses = runs.inverses();
      double[] dataTerm =
          runs.ratios(Arrays.stream(runX).map(b::at).toArray(), exponentials(a, runX));
      double gamma =
          found(
              "gamma",
              -LARGEST_GAMMA,
              LARGEST_GAMMA,
              candidate ->
                  OptionalDouble.of(
                      runs.error(
                          exponentials(StretchedCurve.regress(candidate, sizes, logs), runX),
                          inverses,
                          dataTerm)));
      return StretchedCurve.regress(gamma, sizes, logs);
    }
  }

  private StagedReport report(
      StretchedCurve a,
      StretchedCurve b,
      StretchedCurve g,
      Capacity capacity,
      List<StagedReport.Round> rounds) {
    List<StagedReport.Size> sizes = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      LossDifferences.Line line = differences.sizes().get(i);
      double mean = capacity.means.of(line.n());
      sizes.add(
          new StagedReport.Size(
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
    return new StagedReport(
        differences.spacing(),
        sizes,
        rounds,
        rounds.getLast().error(),
        Evaluation.linearR2(
            differences.differences(),
            (n, d) -> {
              double exponent = Math.exp(a.at(centre.x(n)));
              return Math.exp(b.at(centre.x(n)) - exponent * Math.log(d))
                  * -Math.expm1(-exponent * logSpacing);
            }),
        leftOut);
  }
}

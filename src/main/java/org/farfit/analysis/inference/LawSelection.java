package org.farfit.analysis.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.farfit.analysis.CostScan;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.GlobalFit;
import org.farfit.fit.LawFit;
import org.farfit.fit.LogLikelihood;
import org.farfit.fit.StackedWeights;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapIntervals;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;
import org.hipparchus.distribution.continuous.ChiSquaredDistribution;

/**
 * Which law to believe, by information criteria, by likelihood-ratio tests of laws that contain one
 * another, and by how well each extrapolates within the fitted runs; and predictions that average
 * over laws instead of choosing one.
 */
public final class LawSelection {

  private final Engine engine;
  private final FitOptions options;
  private final ProgressListener progress;

  /** A selection by global fits. */
  public LawSelection(Engine engine, FitOptions options, ProgressListener progress) {
    this.engine = engine;
    this.options = options;
    this.progress = progress;
  }

  /**
   * A law and what speaks for it.
   *
   * @param fit the fit
   * @param aicc Akaike's criterion corrected for few runs (Hurvich and Tsai 1989), the scale
   *     counting as a parameter
   * @param akaikeWeight exp(-dAICc / 2), normalised (Burnham and Anderson 2002, section 2.9)
   * @param rollingError mean of |Lhat / L - 1| one size ahead, over the origins that all laws
   *     share; empty where there are too few sizes
   * @param stackingWeight weight in the average that would have predicted best there
   */
  public record Candidate(
      LawFit fit,
      double aicc,
      double akaikeWeight,
      Optional<Double> rollingError,
      Optional<Double> stackingWeight) {}

  /**
   * A likelihood-ratio test.
   *
   * @param smaller what is tested, in words
   * @param larger the law that contains it
   * @param constraints how many parameters it gives up
   * @param statistic twice the difference of log-likelihoods
   * @param p probability of so large a statistic if the smaller one holds, by the chi-squared
   *     distribution (Wilks 1938)
   */
  public record Test(String smaller, String larger, int constraints, double statistic, double p) {}

  /**
   * What was found.
   *
   * @param candidates the laws, least AICc first
   * @param tests nested laws
   * @param origins how many origins extrapolation was judged at
   */
  public record Result(List<Candidate> candidates, List<Test> tests, int origins) {}

  /** Fits and weighs laws. */
  public Result select(List<Law> laws, RunSet runs) {
    List<LawFit> fits =
        laws.stream().map(law -> new GlobalFit(engine, options, progress).fit(law, runs)).toList();
    StackedWeights.Result stacked = new StackedWeights(engine, options, progress).weigh(laws, runs);
    double[] aicc = fits.stream().mapToDouble(fit -> aicc(fit, runs.size())).toArray();
    double least = Arrays.stream(aicc).min().orElseThrow();
    double sum = Arrays.stream(aicc).map(value -> Math.exp(-(value - least) / 2)).sum();
    List<Candidate> candidates = new ArrayList<>();
    for (int k = 0; k < fits.size(); k++) {
      candidates.add(
          new Candidate(
              fits.get(k),
              aicc[k],
              Math.exp(-(aicc[k] - least) / 2) / sum,
              Optional.ofNullable(stacked.errors().get(laws.get(k))),
              Optional.ofNullable(stacked.weights().get(laws.get(k)))));
    }
    candidates.sort(Comparator.comparingDouble(Candidate::aicc));
    return new Result(candidates, tests(fits, runs), stacked.origins());
  }

  /** AIC + 2 k (k + 1) / (n - k - 1), k = p + 1. */
  static double aicc(LawFit fit, int n) {
    int k = fit.law().parameterCount() + 1;
    return n > k + 1
        ? fit.quality().aic() + 2.0 * k * (k + 1) / (n - k - 1)
        : Double.POSITIVE_INFINITY;
  }

  List<Test> tests(List<LawFit> fits, RunSet runs) {
    List<Test> tests = new ArrayList<>();
    for (LawFit larger : fits) {
      if (larger.law().name().equals("skaling")) {
        fits.stream()
            .filter(fit -> fit.law().name().equals("chinchilla"))
            .findFirst()
            .ifPresent(smaller -> tests.add(test("chinchilla", smaller.cost(), larger, 1, runs)));
      }
      List<Integer> curvatures = larger.law().curvatures();
      if (!curvatures.isEmpty()) {
        List<String> names =
            curvatures.stream().map(j -> larger.law().centredNames().get(j)).toList();
        for (String name : names) {
          tests.add(
              test(
                  "%s with %s = 0, a power of N".formatted(larger.law().name(), name),
                  constrained(larger, List.of(name), runs),
                  larger,
                  1,
                  runs));
        }
        tests.add(
            test(
                "%s with powers of N only".formatted(larger.law().name()),
                constrained(larger, names, runs),
                larger,
                names.size(),
                runs));
      }
    }
    return tests;
  }

  /** The least cost with some parameters at zero. */
  private double constrained(LawFit fit, List<String> names, RunSet runs) {
    List<CostScan.Axis> axes =
        names.stream().map(name -> new CostScan.Axis(name, 0, 0, 1)).toList();
    return new CostScan(engine, options, ProgressListener.NONE)
        .run(fit.surface(), runs, axes, true)
        .cost()[0];
  }

  private Test test(String smaller, double cost, LawFit larger, int constraints, RunSet runs) {
    double delta = larger.objective().huberDelta();
    double statistic =
        Math.max(
            0,
            2
                * (LogLikelihood.maximum(larger.cost(), runs.size(), delta)
                    - LogLikelihood.maximum(cost, runs.size(), delta)));
    double p = 1 - new ChiSquaredDistribution(constraints).cumulativeProbability(statistic);
    return new Test(smaller, larger.law().name(), constraints, statistic, p);
  }

  /** Which weights average the laws. */
  public enum Weights {
    /** Of {@link Candidate#akaikeWeight}. */
    AKAIKE,
    /** Of {@link Candidate#stackingWeight}. */
    STACKING;

    private double of(Candidate candidate) {
      return this == AKAIKE
          ? candidate.akaikeWeight()
          : candidate.stackingWeight().orElse(Double.NaN);
    }
  }

  /**
   * The loss that an average of laws predicts.
   *
   * @param weights which weights
   * @param loss the weighted mean of the laws' losses; NaN without weights
   * @param interval quantiles of the replicates of all laws together, each law in proportion to its
   *     weight, so that it tells of the doubt between laws, too (Burnham and Anderson 2002, section
   *     4.3)
   */
  public record Average(Weights weights, Estimands.Point point, double loss, Interval interval) {}

  /**
   * Averages over laws.
   *
   * @param level probability that an interval should cover
   */
  public List<Average> average(
      Result result,
      RunSet runs,
      List<Estimands.Point> points,
      BootstrapOptions bootstrap,
      double level) {
    List<Replicates> replicates =
        result.candidates().stream()
            .map(candidate -> new Bootstrap(engine, bootstrap, progress).run(candidate.fit(), runs))
            .toList();
    List<Average> averages = new ArrayList<>();
    for (Weights weights : Weights.values()) {
      for (Estimands.Point point : points) {
        averages.add(average(result.candidates(), replicates, weights, point, level));
      }
    }
    return averages;
  }

  private static Average average(
      List<Candidate> candidates,
      List<Replicates> replicates,
      Weights weights,
      Estimands.Point point,
      double level) {
    double loss = 0;
    List<Double> mixture = new ArrayList<>();
    for (int k = 0; k < candidates.size(); k++) {
      Candidate candidate = candidates.get(k);
      double weight = weights.of(candidate);
      if (Double.isNaN(weight)) {
        return new Average(weights, point, Double.NaN, Interval.UNKNOWN);
      }
      loss += weight * candidate.fit().loss(point.n(), point.d());
      Replicates own = replicates.get(k);
      int taken = (int) Math.round(weight * own.count());
      own.usable()
          .limit(taken)
          .mapToObj(own::surface)
          .map((Surface surface) -> surface.loss(point.n(), point.d()))
          .forEach(mixture::add);
    }
    return new Average(
        weights,
        point,
        loss,
        BootstrapIntervals.percentile(
            mixture.stream().mapToDouble(Double::doubleValue).toArray(), level));
  }
}

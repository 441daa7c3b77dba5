package org.farfit.analysis.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.farfit.analysis.CostScan;
import org.farfit.analysis.LossLimits;
import org.farfit.analysis.inference.Estimands;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapIntervals;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.NestedBootstrap;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.extrapolation.AverageSurface;
import org.farfit.fit.extrapolation.GuardedSurface;
import org.farfit.fit.extrapolation.StackedWeights;
import org.farfit.fit.search.GeneralisedFit;
import org.farfit.fit.search.GlobalFit;
import org.farfit.fit.statistics.LogLikelihood;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.fit.statistics.NoiseStudy;
import org.farfit.law.Law;
import org.farfit.law.NestedForm;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.StartingPoints;
import org.hipparchus.distribution.continuous.ChiSquaredDistribution;
import org.hipparchus.distribution.continuous.FDistribution;

/**
 * Which law to believe, by information criteria, by likelihood-ratio tests of laws that contain one
 * another, and by how well each extrapolates within the fitted runs; and predictions that average
 * over laws instead of choosing one.
 */
public final class LawSelection {

  /** Costs of nested fits this close are equal. */
  private static final double SAME_COST = 1e-9;

  /** Less weight does not keep an average from predicting. */
  private static final double LEAST_WEIGHT = 0.01;

  /** Of a test by replicates. */
  private static final int REPLICATES = 399;

  private final Engine engine;
  private final FitOptions options;
  private final ProgressListener progress;
  private final Optional<NoiseModel.Kind> noise;

  /** A selection by global fits, under the noise that their residuals show. */
  public LawSelection(Engine engine, FitOptions options, ProgressListener progress) {
    this(engine, options, progress, Optional.empty());
  }

  /**
   * A selection by global fits.
   *
   * @param noise how runs scatter; empty for what the residuals of the law show that describes them
   *     best
   */
  public LawSelection(
      Engine engine,
      FitOptions options,
      ProgressListener progress,
      Optional<NoiseModel.Kind> noise) {
    this.engine = engine;
    this.options = options;
    this.progress = progress;
    this.noise = noise;
  }

  /**
   * A law and what speaks for it.
   *
   * @param fit the fit
   * @param aicc Akaike's criterion corrected for few runs (Hurvich and Tsai 1989), the scale
   *     counting as a parameter
   * @param akaikeWeight exp(-dAICc / 2), normalised (Burnham and Anderson 2002, section 2.9)
   * @param rollingError mean of |Lhat / L - 1| from smaller to larger runs, over the origins that
   *     all laws share; empty where there are too few sizes
   * @param stackingWeight weight in the average that would have predicted best there
   */
  public record Candidate(
      LawFit fit,
      double aicc,
      double akaikeWeight,
      Optional<Double> rollingError,
      Optional<Double> stackingWeight) {}

  /**
   * A test of nested laws, by how much the cost falls from the smaller to the larger one.
   *
   * @param smaller what is tested, in words
   * @param larger the law that contains it
   * @param constraints how many parameters it gives up
   * @param statistic twice the difference of log-likelihoods, the scale being that of the larger
   *     law
   * @param p probability of so large a statistic if the smaller one holds: by Fisher's F; where
   *     runs of a size share errors by {@link NestedBootstrap}; for robust losses by the
   *     chi-squared distribution (Wilks 1938). NaN if one of the two fits has not converged
   */
  public record Test(String smaller, String larger, int constraints, double statistic, double p) {}

  /**
   * What was found.
   *
   * @param candidates the laws, least AICc first
   * @param tests nested laws
   * @param origins how many origins extrapolation was judged at
   * @param noise how the residuals of the law scatter that describes the runs best, which
   *     likelihoods and tests follow
   */
  public record Result(
      List<Candidate> candidates,
      List<Test> tests,
      int origins,
      Optional<NoiseStudy.Result> noise) {}

  /** Fits and weighs laws. */
  public Result select(List<Law> laws, RunSet runs) {
    List<LawFit> found =
        underNoise(
            laws.stream()
                .map(law -> new GlobalFit(engine, options, progress).fit(law, runs))
                .toList(),
            runs);
    List<Tested> tested = found.stream().map(fit -> tested(fit, found, runs)).toList();
    List<LawFit> fits = tested.stream().map(Tested::fit).toList();
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
    List<Test> tests = tested.stream().flatMap(one -> one.tests().stream()).toList();
    return new Result(candidates, tests, stacked.origins(), candidates.getFirst().fit().noise());
  }

  /**
   * Fits under the noise that the best of them shows, each with numbers of its own: likelihoods of
   * different models of the noise would mix what laws and what models explain.
   */
  private List<LawFit> underNoise(List<LawFit> fits, RunSet runs) {
    LawFit best =
        fits.stream().min(Comparator.comparingDouble(fit -> aicc(fit, runs.size()))).orElseThrow();
    LawFit studied = best.withNoise(runs, noise);
    Optional<NoiseModel.Kind> kind = studied.structuredNoise().map(NoiseModel::kind);
    GeneralisedFit generalised = new GeneralisedFit(engine, options);
    return fits.stream()
        .map(fit ->
            studied.isBeyondModel() || kind.isEmpty()
                ? fit.withNoise(runs, noise)
                : generalised.fit(fit, runs, kind))
        .toList();
  }

  /** AIC + 2 k (k + 1) / (n - k - 1), k = p + 1 and what a model of the noise has besides. */
  static double aicc(LawFit fit, int n) {
    int k =
        fit.law().parameterCount()
            + 1
            + (fit.isGeneralised() ? fit.structuredNoise().orElseThrow().parameterCount() : 0);
    return n > k + 1
        ? fit.quality().aic() + 2.0 * k * (k + 1) / (n - k - 1)
        : Double.POSITIVE_INFINITY;
  }

  /** The fit of a law, bettered if a law within it fits better, and the tests of those. */
  private record Tested(LawFit fit, List<Test> tests) {}

  /** Fits laws and tests what lies within them, nothing else. */
  public List<Test> tests(List<Law> laws, RunSet runs) {
    List<LawFit> fits =
        laws.stream().map(law -> new GlobalFit(engine, options, progress).fit(law, runs)).toList();
    return testsOf(underNoise(fits, runs), runs);
  }

  /** Tests the laws within fits, nothing else. */
  public List<Test> testsOf(List<LawFit> fits, RunSet runs) {
    return fits.stream().flatMap(fit -> tested(fit, fits, runs).tests().stream()).toList();
  }

  /**
   * Tests the laws within one, the smallest first. What a smaller one reaches, every one that
   * contains it is started from, so that none can cost more than what it contains.
   */
  private Tested tested(LawFit fit, List<LawFit> fits, RunSet runs) {
    List<NestedForm> smaller = within(fit, fits);
    List<double[]> known = new ArrayList<>();
    for (NestedForm one : smaller) {
      fits.stream()
          .filter(other -> one.law().equals(Optional.of(other.law().name())))
          .flatMap(other -> asLarger(other, fit, one).stream())
          .forEach(known::add);
    }
    List<CostScan.Result> minima = new ArrayList<>();
    for (NestedForm one : smaller) {
      List<CostScan.Axis> axes = new ArrayList<>();
      one.fixed().forEach((name, at) -> axes.add(new CostScan.Axis(name, at, at, 1)));
      CostScan.Result minimum =
          new CostScan(engine, options, ProgressListener.NONE).run(fit, runs, axes, true, known);
      minima.add(minimum);
      known.add(minimum.parameters().getFirst());
    }
    LawFit larger = improved(fit, minima, runs);
    List<Test> tests = new ArrayList<>();
    for (int k = smaller.size() - 1; k >= 0; k--) {
      tests.add(test(smaller.get(k), minima.get(k), larger, runs));
    }
    return new Tested(larger, tests);
  }

  /** The laws within a law that can be tested: those with a name beside a fit of that name. */
  private static List<NestedForm> within(LawFit fit, List<LawFit> fits) {
    return fit.law().nestedForms(fit.surface().centre()).stream()
        .filter(form ->
            form.law()
                .map(name -> fits.stream().anyMatch(other -> other.law().name().equals(name)))
                .orElse(true))
        .toList();
  }

  /** The fit of a smaller law in the coordinates of the larger one, if that can be said. */
  private static Optional<double[]> asLarger(LawFit smaller, LawFit larger, NestedForm form) {
    List<String> names = larger.law().parameterNames();
    double[] known = smaller.surface().published();
    double[] published = new double[names.size()];
    for (int j = 0; j < published.length; j++) {
      int own = smaller.law().parameterNames().indexOf(names.get(j));
      published[j] =
          own >= 0 ? known[own] : form.published().getOrDefault(names.get(j), Double.NaN);
    }
    double[] centred = new double[published.length];
    if (Arrays.stream(published).allMatch(Double::isFinite)) {
      larger.law().toCentred(larger.surface().centre(), published, centred);
      return Arrays.stream(centred).allMatch(Double::isFinite)
          ? Optional.of(centred)
          : Optional.empty();
    }
    return Optional.empty();
  }

  /** The fit, or the one that starts where a law within it fits better. */
  private LawFit improved(LawFit fit, List<CostScan.Result> minima, RunSet runs) {
    double[] better = null;
    double least = fit.minimised(runs) * (1 - SAME_COST);
    for (CostScan.Result minimum : minima) {
      if (minimum.least() < least) {
        least = minimum.least();
        better = minimum.parameters().getFirst();
      }
    }
    if (better == null) {
      return fit;
    }
    StartingPoints start = StartingPoints.of(better);
    LawFit again =
        new GlobalFit(engine, options.withObjective(fit.objective()))
            .fit(fit.law(), runs, centre -> start);
    return fit.isGeneralised()
        ? new GeneralisedFit(engine, options)
            .fit(again, runs, fit.structuredNoise().map(NoiseModel::kind))
        : again.withNoise(runs, noise);
  }

  private Test test(NestedForm smaller, CostScan.Result minimum, LawFit larger, RunSet runs) {
    boolean decided = minimum.status().getFirst().isConverged() && larger.status().isConverged();
    int constraints = smaller.fixed().size();
    // Nested minima differ by rounding at least.
    double fall = Math.max(0, minimum.least() - larger.minimised(runs));
    double statistic = 2 * fall / Math.pow(larger.residualScale(), 2);
    double p = Double.NaN;
    if (!larger.objective().isSquared()) {
      double delta = larger.objective().huberDelta();
      double difference =
          LogLikelihood.maximum(larger.cost(), runs.size(), delta)
              - LogLikelihood.maximum(minimum.least(), runs.size(), delta);
      statistic = Math.max(0, 2 * difference);
      p = 1 - new ChiSquaredDistribution(constraints).cumulativeProbability(statistic);
    } else if (larger.sharesNoiseBySize()) {
      List<Integer> zero =
          smaller.fixed().keySet().stream().map(larger.law().centredNames()::indexOf).toList();
      p =
          new NestedBootstrap(engine, REPLICATES, options.seed(), options.threads())
              .p(
                  larger,
                  minimum.parameters().getFirst(),
                  zero,
                  runs,
                  fall / larger.minimised(runs));
    } else {
      int degrees = larger.surface().degreesOfFreedom();
      p =
          degrees > 0
              ? 1
                  - new FDistribution(constraints, degrees)
                      .cumulativeProbability(statistic / constraints)
              : Double.NaN;
    }
    return new Test(
        smaller.words(), larger.law().name(), constraints, statistic, decided ? p : Double.NaN);
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
   * @param loss the weighted mean of the laws' losses; NaN without weights, or where it is none
   *     that can be believed
   * @param interval quantiles of the replicates of all laws together, each law in proportion to its
   *     weight, so that it tells of the doubt between laws, too (Burnham and Anderson 2002, section
   *     4.3)
   * @param problem why there is no loss
   */
  public record Average(
      Weights weights,
      Estimands.Point point,
      double loss,
      Interval interval,
      Optional<String> problem) {

    private static Average none(Weights weights, Estimands.Point point, String problem) {
      return new Average(weights, point, Double.NaN, Interval.UNKNOWN, Optional.of(problem));
    }
  }

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
            .map(candidate ->
                new Bootstrap(engine, bootstrap.suitedTo(candidate.fit()), progress)
                    .run(candidate.fit(), runs))
            .toList();
    List<Average> averages = new ArrayList<>();
    for (Weights weights : Weights.values()) {
      for (Estimands.Point point : points) {
        averages.add(average(result.candidates(), runs, replicates, weights, point, level));
      }
    }
    return averages;
  }

  /**
   * The average without laws of next to no weight, which gives no number where those that count
   * differ too much.
   */
  private static Surface guarded(List<Candidate> candidates, RunSet runs, Weights weights) {
    List<FittedSurface> surfaces =
        candidates.stream().map(candidate -> candidate.fit().surface()).toList();
    List<Double> shares =
        candidates.stream().map(weights::of).map(each -> each < LEAST_WEIGHT ? 0 : each).toList();
    AverageSurface average = new AverageSurface(surfaces, shares);
    return runs.furtherColumns().isEmpty() ? new GuardedSurface(average, runs) : average;
  }

  private static Average average(
      List<Candidate> candidates,
      RunSet runs,
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
        return Average.none(weights, point, "too few runs for weights by extrapolation");
      }
      if (weight == 0) {
        continue;
      }
      loss += weight * point.on(candidate.fit().surface());
      Replicates own = replicates.get(k);
      int taken = (int) Math.round(weight * own.count());
      own.usable().limit(taken).mapToObj(own::surface).map(point::on).forEach(mixture::add);
    }
    Optional<String> refusal =
        LossLimits.of(runs).refusal(guarded(candidates, runs, weights), point.n(), point.d(), loss);
    if (refusal.isPresent()) {
      return Average.none(weights, point, refusal.get());
    }
    return new Average(
        weights,
        point,
        loss,
        BootstrapIntervals.percentile(
            mixture.stream().mapToDouble(Double::doubleValue).toArray(), level),
        Optional.empty());
  }
}

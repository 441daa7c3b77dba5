package org.farfit.analysis.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.LawFit;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.BootstrapIntervals;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.ReplicateScatter;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.bootstrap.Resampling;
import org.farfit.fit.extrapolation.AverageSurface;
import org.farfit.fit.extrapolation.BackTest;
import org.farfit.fit.extrapolation.Drift;
import org.farfit.fit.extrapolation.GuardedSurface;
import org.farfit.fit.extrapolation.TestedReach;
import org.farfit.fit.statistics.ClusteredErrors;
import org.farfit.fit.statistics.VarianceKnowledge;

/**
 * How sure an answer is, by every way there is: the bootstrap where there are replicates, the delta
 * method, the profile likelihood. For the average of several fits only the bootstrap is defined;
 * its replicates are those of its members.
 *
 * <pre>{@code
 * Inference inference =
 *     Inference.ofLaw(engine, new Inference.Member(fit, Optional.of(replicates)), runs, 0.9,
 *         IntervalType.DEFAULT);
 * inference.of(Estimands.losses(List.of(new Estimands.Point(25.1e9, 3.2e11))), true);
 * }</pre>
 */
public final class Inference {

  /** The delta method. */
  public static final String ASYMPTOTIC = "asymptotic";

  /** The profile likelihood. */
  public static final String PROFILE = "profile";

  private final Engine engine;
  private final List<Member> members;
  private final RunSet runs;
  private final double level;
  private final IntervalType type;
  private final Optional<BackTest> backTest;
  private final Optional<Drift> drift;
  private final boolean chosen;
  private final Optional<TestedReach> reach;
  private final TestedOptima tested;
  private final Surface surface;
  private final Map<Integer, ToDoubleFunction<double[]>> degreesOf = new HashMap<>();
  private Optional<ErrorTrend> trend;
  private Optional<VanishedTerms> vanished;

  /**
   * A fit and its replicates.
   *
   * @param fit the fit
   * @param replicates its replicates, if there are any
   * @param weight its weight in an average
   * @param doubt how probable it is, for intervals of the average
   */
  public record Member(LawFit fit, Optional<Replicates> replicates, double weight, double doubt) {

    /** A fit by itself. */
    public Member(LawFit fit, Optional<Replicates> replicates) {
      this(fit, replicates, 1, 1);
    }

    /** The same with a weight in an average, and a probability for its intervals. */
    public Member weighing(double share, double probability) {
      return new Member(fit, replicates, share, probability);
    }
  }

  /**
   * Inference on one fit, whose law is taken to hold.
   *
   * @param runs the runs that were fitted
   * @param level probability that an interval should cover
   * @param type of bootstrap intervals
   */
  public static Inference ofLaw(
      Engine engine, Member member, RunSet runs, double level, IntervalType type) {
    return ofLaw(engine, member, runs, level, type, Optional.empty());
  }

  /**
   * The same where it may be known how such intervals did within the runs: if that speaks against
   * the law, losses may drift from it beyond the runs.
   */
  public static Inference ofLaw(
      Engine engine,
      Member member,
      RunSet runs,
      double level,
      IntervalType type,
      Optional<BackTest> backTest) {
    Optional<Drift> drift =
        backTest
            .filter(test -> test.driftOfLaw() > 0)
            .map(test -> Drift.beyond(runs, test.driftOfLaw()));
    return new Inference(engine, List.of(member), runs, level, type, backTest, drift, false);
  }

  /**
   * Inference on what was chosen to extrapolate with, the average of one fit or several: beyond the
   * runs, losses may drift from every law, by what intervals needed within the runs.
   *
   * @param members each with its weight
   * @param runs the runs that were fitted
   * @param level probability that an interval should cover
   * @param type of bootstrap intervals; of several fits they are expanded ones
   */
  public static Inference ofChoice(
      Engine engine,
      List<Member> members,
      RunSet runs,
      double level,
      IntervalType type,
      Optional<BackTest> backTest) {
    Drift drift = Drift.beyond(runs, BackTest.drift(backTest));
    return new Inference(engine, members, runs, level, type, backTest, Optional.of(drift), true);
  }

  private Inference(
      Engine engine,
      List<Member> members,
      RunSet runs,
      double level,
      IntervalType type,
      Optional<BackTest> backTest,
      Optional<Drift> drift,
      boolean chosen) {
    this.engine = engine;
    this.members = List.copyOf(members);
    this.runs = runs;
    this.level = level;
    this.type = type;
    this.backTest = backTest;
    this.drift = drift;
    this.chosen = chosen;
    this.reach = backTest.flatMap(test -> TestedReach.of(runs));
    this.tested = chosen ? new TestedOptima(reach) : TestedOptima.ALL;
    this.surface = chosen ? new GuardedSurface(average(), runs) : only().surface();
  }

  /** The fit, or those whose average it is. */
  public List<Member> members() {
    return members;
  }

  /** The runs that were fitted. */
  public RunSet runs() {
    return runs;
  }

  /** Probability that an interval should cover. */
  public double level() {
    return level;
  }

  /** Why there are no intervals, in words; empty if nothing speaks against them. */
  public Optional<String> lack() {
    if (!isBootstrapped()) {
      return members.stream().allMatch(member -> member.fit().surface().covariance().isEmpty())
          ? Optional.of(
              "standard errors cannot be estimated: %s; fit with a bootstrap"
                  .formatted(withoutErrors()))
          : Optional.empty();
    }
    int count = surfaces().size();
    boolean single = members.size() == 1;
    double needed =
        (type == IntervalType.EXPANDED || !single) && !isBySizes()
            ? BootstrapIntervals.expandedNeeds(level, scatter())
            : BootstrapIntervals.percentileNeeds(level);
    if (count >= needed) {
      return Optional.empty();
    }
    return Optional.of(
        needed > BootstrapOptions.MOST_REPLICATES
            ? "%d runs are too few for %s intervals of %d parameters at this level"
                .formatted(runs.size(), type.label(), mostParameters())
            : "%d usable replicates are too few for %s intervals at this level, which need %.0f"
                .formatted(count, type.label(), needed));
  }

  private String withoutErrors() {
    return members.stream()
        .map(member ->
            (members.size() == 1 ? "" : member.fit().law().name() + ": ")
                + member.fit().withoutErrors())
        .collect(Collectors.joining("; "));
  }

  /** How intervals like these did within the runs, and what follows, in words; if it is known. */
  public Optional<String> backTest() {
    return backTest.map(test -> chosen ? test.words(level) : test.wordsOfLaw(level));
  }

  /**
   * What to beware of at an optimum that lies farther out than the back-test reached, and whether
   * it has an interval, in words; empty where it does not, or nothing was tested.
   */
  public Optional<String> untestedOptimum(double n, double d) {
    return reach
        .flatMap(far -> far.untested(n, d))
        .map(words -> chosen ? words + "; " + TestedOptima.WITHOUT : words);
  }

  /** Whether there are replicates. */
  public boolean isBootstrapped() {
    return members.stream().allMatch(member -> member.replicates().isPresent());
  }

  private LawFit only() {
    return members.getFirst().fit();
  }

  /** The surface that estimates are made from. */
  public Surface surface() {
    return surface;
  }

  private AverageSurface average() {
    return new AverageSurface(
        members.stream().map(member -> member.fit().surface()).toList(),
        members.stream().map(Member::weight).toList());
  }

  /** How many replicates were drawn; 0 without. */
  public int drawn() {
    return isBootstrapped()
        ? members.stream().mapToInt(m -> m.replicates().orElseThrow().count()).min().orElse(0)
        : 0;
  }

  /**
   * The surfaces of the replicates that converged; none without replicates. Replicate b of an
   * average is replicate b of one of its members, each as often as it is probable to be chosen, so
   * that they tell of the doubt between laws, too (Burnham and Anderson 2002, section 4.3).
   */
  public List<Surface> surfaces() {
    if (!isBootstrapped()) {
      return List.of();
    }
    return new MemberReplicates(members).surfaces(drawn());
  }

  /** Values of estimands on each of {@link #surfaces}: one array per surface. */
  public double[][] values(Estimands estimands) {
    return values(estimands, surfaces());
  }

  private static double[][] values(Estimands estimands, List<Surface> surfaces) {
    return estimands.on(surfaces, Runtime.getRuntime().availableProcessors());
  }

  /**
   * Estimates with their intervals.
   *
   * @param profile whether to follow the profile likelihood, too; it is left out for fits by
   *     ordinary least squares whose residuals are not independent and alike
   */
  public List<Estimate> of(Estimands estimands, boolean profile) {
    double[] value = estimands.values().apply(surface());
    List<Surface> surfaces = surfaces();
    double[][] replicated = values(estimands, surfaces);
    double[] drifts = drifts(estimands, value);
    List<Interval> asymptotic = asymptotic(estimands, value, drifts);
    Optional<List<ProfileInference.Found>> followed =
        profile ? followed(estimands, asymptotic) : Optional.empty();
    Optional<List<Interval>> profiled =
        followed.map(all ->
            widened(
                estimands,
                value,
                all.stream().map(ProfileInference.Found::interval).toList(),
                drifts));
    List<Interval> quoted =
        isBootstrapped()
            ? widened(estimands, value, bootstrap(estimands, value, surfaces, replicated), drifts)
            : asymptotic;
    List<Estimate> estimates = new ArrayList<>();
    for (int k = 0; k < value.length; k++) {
      boolean untested = tested.excludes(estimands, k, value);
      Map<String, Interval> others = new LinkedHashMap<>();
      if (isBootstrapped()) {
        put(others, ASYMPTOTIC, estimands, k, asymptotic.get(k));
      }
      if (profiled.isPresent()) {
        put(others, PROFILE, estimands, k, profiled.get().get(k));
      }
      Map<String, String> lacks = new LinkedHashMap<>();
      if (followed.isPresent()) {
        followed.get().get(k).lack().ifPresent(reason -> lacks.put(PROFILE, reason));
      }
      estimates.add(
          new Estimate(
              estimands.items().get(k),
              value[k],
              untested || isRefused(value[k])
                  ? Interval.UNKNOWN
                  : estimands.bounded(k, quoted.get(k)),
              isBootstrapped() ? "bootstrap" : ASYMPTOTIC,
              untested ? Map.of() : others,
              lacks,
              undefined(surfaces, replicated, k)));
    }
    return estimates;
  }

  private static void put(
      Map<String, Interval> others, String method, Estimands estimands, int k, Interval interval) {
    if (!interval.equals(Interval.UNKNOWN)) {
      others.put(method, estimands.bounded(k, interval));
    }
  }

  /** Profiles of one fit whose errors are independent and alike in what it minimised. */
  private Optional<List<ProfileInference.Found>> followed(
      Estimands estimands, List<Interval> asymptotic) {
    boolean possible =
        members.size() == 1
            && (only().structuredNoise().isEmpty() || only().isGeneralised())
            && only().surface().covariance().isPresent();
    return possible
        ? Optional.of(
            new ProfileInference(only(), runs)
                .find(
                    estimands,
                    level,
                    k -> !(estimands.items().get(k).ofSlopes() && asymptotic.get(k).isOpen())))
        : Optional.empty();
  }

  /**
   * By the delta method. For an average its unconditional variance: what each member is uncertain
   * by, and how far it lies from the average (Burnham and Anderson 2002, section 4.3).
   */
  private List<Interval> asymptotic(Estimands estimands, double[] value, double[] drifts) {
    if (!chosen) {
      List<Interval> own =
          new AsymptoticInference(only().surface(), degreesOf(), trend())
              .intervals(estimands, level);
      return widened(estimands, value, reached(own, estimands), drifts);
    }
    AverageSpread spread = spread(estimands, value);
    double[] deviation = spread.deviations();
    double[] degrees = spread.degrees();
    List<Interval> intervals = new ArrayList<>();
    for (int k = 0; k < value.length; k++) {
      double t = AsymptoticInference.quantile(Math.min(degrees[k], degreesOfFreedom()), level);
      intervals.add(within(estimands.items().get(k), value[k], t * deviation[k], drifts[k]));
    }
    return intervals;
  }

  /** Intervals of one fit as far as an irreducible loss that vanished in it may reach. */
  private List<Interval> reached(List<Interval> own, Estimands estimands) {
    return vanished().map(terms -> terms.reached(own, estimands, level)).orElse(own);
  }

  private synchronized Optional<VanishedTerms> vanished() {
    if (vanished == null) {
      vanished = VanishedTerms.of(only(), runs);
    }
    return vanished;
  }

  /** Value and so much to either side on its scale, widened; unknown if that is. */
  private Interval within(Estimands.Item item, double value, double half, double drifted) {
    double at = item.toScale(value);
    return Double.isNaN(half)
        ? Interval.UNKNOWN
        : widened(
            item,
            value,
            new Interval(item.fromScale(at - half), item.fromScale(at + half)),
            drifted);
  }

  private List<Interval> widened(
      Estimands estimands, double[] value, List<Interval> intervals, double[] drifts) {
    return IntStream.range(0, value.length)
        .mapToObj(k -> widened(estimands.items().get(k), value[k], intervals.get(k), drifts[k]))
        .toList();
  }

  /** The same interval for losses that may have drifted, too. */
  Interval widened(Estimands.Item item, double value, Interval interval, double drifted) {
    return drift.isPresent()
        ? DriftedIntervals.widened(item, value, interval, drifted, level)
        : interval;
  }

  /** Standard deviations of estimands on their scales where losses drift. */
  double[] drifts(Estimands estimands, double[] value) {
    return drift
        .map(by -> DriftedIntervals.deviations(estimands, surface(), value, by))
        .orElse(new double[value.length]);
  }

  /** The spread of an average; of one fit its standard errors. */
  AverageSpread spread(Estimands estimands, double[] value) {
    return AverageSpread.of(members, this::degreesOf, estimands, value);
  }

  /** Whether an average gives no number, see {@link GuardedSurface}; then it has no interval. */
  boolean isRefused(double value) {
    return chosen && Double.isNaN(value);
  }

  private static List<Surface> undefined(List<Surface> surfaces, double[][] values, int k) {
    return IntStream.range(0, surfaces.size())
        .filter(b -> Double.isNaN(values[b][k]))
        .mapToObj(surfaces::get)
        .toList();
  }

  /** Optima that a replicate has not are beyond every bound, on the side where its loss falls. */
  private List<Interval> bootstrap(
      Estimands estimands, double[] value, List<Surface> surfaces, double[][] values) {
    if (members.size() == 1 && type != IntervalType.EXPANDED) {
      return new BootstrapInference(
              engine, only(), runs, members.getFirst().replicates().orElseThrow())
          .intervals(estimands, level, Set.of(type)).stream()
              .map(row -> row.intervals().get(type))
              .toList();
    }
    double[][] limits = estimands.limits(surfaces, values);
    double[] degrees = degreesOfFreedom(estimands, value);
    return IntStream.range(0, estimands.size())
        .mapToObj(k ->
            expanded(
                estimands.items().get(k),
                value[k],
                Arrays.stream(limits).mapToDouble(row -> row[k]).toArray(),
                degrees[k]))
        .toList();
  }

  private int mostParameters() {
    return members.stream().mapToInt(m -> m.fit().law().parameterCount()).max().orElseThrow();
  }

  /** By whole sizes there are few degrees of freedom, and intervals are stretched on its scale. */
  private Interval expanded(Estimands.Item item, double estimate, double[] values, double degrees) {
    ReplicateScatter scatter = scatter().atMost(degrees);
    if (!isBySizes()) {
      return BootstrapIntervals.expanded(values, level, scatter);
    }
    Interval scaled =
        BootstrapIntervals.stretched(
            item.toScale(estimate),
            Arrays.stream(values).map(item::toScale).toArray(),
            level,
            scatter);
    return new Interval(item.fromScale(scaled.low()), item.fromScale(scaled.high()));
  }

  /** Whether replicates are those of residuals whose signs were drawn by sizes. */
  boolean isBySizes() {
    return isBootstrapped()
        && members.stream()
            .allMatch(member ->
                member.fit().sharesNoiseBySize()
                    && member.replicates().orElseThrow().options().resampling() == Resampling.WILD);
  }

  /** How replicates scatter beside estimates. */
  public ReplicateScatter scatter() {
    return ReplicateScatter.of(
        members.stream().map(Member::fit).toList(),
        members.getFirst().replicates().orElseThrow().options().resampling(),
        runs);
  }

  /** What a comparison with another recipe needs to know of replicates and drift. */
  ComparedInference.Scatter compared() {
    return new InferredScatter(this, drift);
  }

  /** Degrees of freedom of the variance of an estimand of the first fit, by its gradient. */
  ToDoubleFunction<double[]> degreesOf() {
    return degreesOf(0);
  }

  private synchronized ToDoubleFunction<double[]> degreesOf(int member) {
    return degreesOf.computeIfAbsent(member, k -> members.get(k).fit().degreesOfFreedomOf(runs));
  }

  /** How standard errors of a single fit change with estimates; none of an average. */
  synchronized Optional<ErrorTrend> trend() {
    if (trend == null) {
      trend = members.size() == 1 ? ErrorTrend.of(only(), runs) : Optional.empty();
    }
    return trend;
  }

  /** Of each estimand, where errors of a single fit go by sizes; else as many as one likes. */
  private double[] degreesOfFreedom(Estimands estimands, double[] value) {
    if (members.size() == 1 && only().sharesNoiseBySize()) {
      return spread(estimands, value).degrees();
    }
    double[] degrees = new double[estimands.size()];
    Arrays.fill(degrees, Double.POSITIVE_INFINITY);
    return degrees;
  }

  /** How far intervals of losses reach, for who makes them elsewhere. */
  public Reach reach() {
    Optional<VarianceKnowledge> knowledge =
        members.size() == 1
            ? only().clusteredErrors(runs).map(ClusteredErrors::knowledge)
            : Optional.empty();
    Optional<VarianceKnowledge> bySizes = knowledge.filter(each -> only().sharesNoiseBySize());
    if (isBootstrapped()) {
      ReplicateScatter scatter = scatter();
      return isBySizes()
          ? new Reach(
              Reach.Way.STRETCHED,
              bySizes,
              scatter.degreesOfFreedom(),
              degrees -> scatter.with(degrees).stretch(level),
              drift,
              Map.of(),
              Optional.empty())
          : new Reach(
              Reach.Way.QUANTILES,
              bySizes,
              scatter.degreesOfFreedom(),
              degrees -> scatter.with(degrees).tail(level),
              drift,
              Map.of(),
              Optional.empty());
    }
    return new Reach(
        Reach.Way.DEVIATIONS,
        chosen ? bySizes : knowledge,
        chosen
            ? degreesOfFreedom()
            : knowledge.map(VarianceKnowledge::most).orElse((double) degreesOfFreedom()),
        degrees -> AsymptoticInference.quantile(degrees, level),
        drift,
        Reach.knowledge(members, runs),
        chosen ? Optional.empty() : trend());
  }

  /** The type of bootstrap intervals. */
  public IntervalType type() {
    return type;
  }

  /**
   * Degrees of freedom of the fit, or the least of several: runs, or sizes that share errors,
   * beyond what was fitted. Members of an average that are more than the runs suffice for have no
   * errors, and no part in it.
   */
  int degreesOfFreedom() {
    return members.stream()
        .filter(member -> member.fit().surface().covariance().isPresent())
        .mapToInt(member -> member.fit().degreesOfFreedom(runs))
        .min()
        .orElse(1);
  }

  /**
   * Intervals for the losses that single further runs would have: the surface is uncertain, and a
   * run scatters around it as the fitted ones do: as the model of the noise says at that N and D,
   * else as the residuals of all runs do. From replicates each with an error drawn, else by the
   * delta method.
   */
  public List<Interval> ofRuns(List<Estimands.Point> points) {
    return new RunInference(this, runs, scatterOfRuns()).of(points);
  }

  private RunScatter scatterOfRuns() {
    return new RunScatter(
        members, runs, members.size() == 1 ? only().surface() : average(), mostParameters());
  }
}

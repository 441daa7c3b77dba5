package org.farfit.engine;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.LawCoordinates;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.law.Limits;

/**
 * What all problems of a batch share: the law, the objective, and the runs in centred coordinates,
 * sorted so that runs of one N are neighbours. Immutable; an engine keeps it resident.
 *
 * <p>Runs are addressed in sorted order here; {@link #sourceIndex} leads back to the {@link
 * RunSet}.
 */
public final class SurfaceProblem {

  private final Law law;
  private final Centre centre;
  private final Objective objective;
  private final WeightTable weights;
  private final int[] source;
  private final double[] y;
  private final double[] target;
  private final double[] groupX;
  private final int[] groupStart;
  private final Limits limits;
  private final int fixedMask;
  private final Optional<PriorTable> prior;
  private final Optional<LossTable> losses;
  private final Optional<FormulaProblem> formula;
  private final Shared shared;

  /** Made when it is first asked for; whichever thread makes it, it is the same. */
  private volatile Optional<ScheduledProblem> scheduled;

  /**
   * Errors that runs of a size share.
   *
   * @param ratio variance of the shared error over that of a run of weight one; 0 for none
   * @param ends whether each group is the last of its size
   * @param copied weight of a size that is there once, by its last group; 0 if weights are no
   *     copies
   */
  private record Shared(double ratio, boolean[] ends, double[] copied) {

    static Shared nothing(int groups) {
      return new Shared(0, new boolean[groups], new double[groups]);
    }
  }

  /**
   * A problem with the runs' own weights in one row.
   *
   * @param centre the centre of coordinates, usually that of the runs
   */
  public SurfaceProblem(Law law, Centre centre, RunSet runs, Objective objective) {
    this(law, centre, runs, objective, WeightTable.of(runs.weight()));
  }

  /**
   * A problem with any number of weightings.
   *
   * @param weights rows over the runs in the order of {@code runs}; the runs' own weights are not
   *     applied again
   * @throws IllegalArgumentException if there are no runs or the weights are for another number of
   *     runs
   */
  public SurfaceProblem(
      Law law, Centre centre, RunSet runs, Objective objective, WeightTable weights) {
    if (runs.size() == 0 || weights.runs() != runs.size()) {
      throw new IllegalArgumentException(
          "weights of %d runs for %d runs".formatted(weights.runs(), runs.size()));
    }
    this.law = law;
    this.centre = centre;
    this.objective = objective;
    this.weights = weights;
    this.fixedMask = 0;
    this.prior = Optional.empty();
    this.losses = Optional.empty();
    if (law instanceof FormulaLaw stated) {
      this.formula = Optional.of(new FormulaProblem(stated, centre, runs, objective, weights));
      this.source = IntStream.range(0, runs.size()).toArray();
      this.y = new double[runs.size()];
      this.target = new double[runs.size()];
      this.groupX = new double[0];
      this.groupStart = new int[0];
      this.limits = Limits.none(law.parameterCount());
      Arrays.setAll(target, i -> objective.residual().target(runs.loss(i)));
      this.shared = Shared.nothing(0);
      return;
    }
    this.formula = Optional.empty();
    this.source =
        IntStream.range(0, runs.size())
            .boxed()
            .sorted(
                Comparator.<Integer>comparingDouble(runs::n)
                    .thenComparingDouble(runs::d)
                    .thenComparingInt(i -> i))
            .mapToInt(Integer::intValue)
            .toArray();
    int n = runs.size();
    this.y = new double[n];
    this.target = new double[n];
    this.groupX = new double[runs.distinctN()];
    this.groupStart = new int[groupX.length + 1];
    int group = 0;
    for (int i = 0; i < n; i++) {
      int run = source[i];
      y[i] = centre.y(runs.d(run));
      target[i] = objective.residual().target(runs.loss(run));
      if (i == 0 || runs.n(run) != runs.n(source[i - 1])) {
        groupX[group] = centre.x(runs.n(run));
        groupStart[group] = i;
        group++;
      }
    }
    groupStart[group] = n;
    this.limits = law.limits(centre, groupX, Arrays.stream(y).sorted().distinct().toArray());
    this.shared = Shared.nothing(groupX.length);
  }

  /** Another problem on the same runs. */
  private SurfaceProblem(
      SurfaceProblem other,
      Objective objective,
      int fixedMask,
      Optional<PriorTable> prior,
      Optional<LossTable> losses,
      Optional<FormulaProblem> formula,
      Shared shared) {
    this.law = other.law;
    this.centre = other.centre;
    this.objective = objective;
    this.weights = other.weights;
    this.source = other.source;
    this.y = other.y;
    this.target = other.target;
    this.groupX = other.groupX;
    this.groupStart = other.groupStart;
    this.limits = other.limits;
    this.fixedMask = fixedMask;
    this.prior = prior;
    this.losses = losses;
    this.formula = formula;
    this.shared = shared;
  }

  /** The same problem on a stretch of its runs, in sorted order. */
  private SurfaceProblem(SurfaceProblem other, int from, int to) {
    this.law = other.law;
    this.centre = other.centre;
    this.objective = other.objective;
    this.weights = other.weights;
    this.source = Arrays.copyOfRange(other.source, from, to);
    this.y = Arrays.copyOfRange(other.y, from, to);
    this.target = Arrays.copyOfRange(other.target, from, to);
    int first = groupOf(other.groupStart, from);
    int last = groupOf(other.groupStart, to - 1);
    this.groupX = Arrays.copyOfRange(other.groupX, first, last + 1);
    this.groupStart = new int[groupX.length + 1];
    for (int group = 0; group <= groupX.length; group++) {
      groupStart[group] = Math.clamp(other.groupStart[first + group], from, to) - from;
    }
    this.limits = other.limits;
    this.fixedMask = other.fixedMask;
    this.prior = Optional.empty();
    this.losses = other.losses;
    this.formula = Optional.empty();
    this.shared = Shared.nothing(groupX.length);
  }

  private static int groupOf(int[] groupStart, int run) {
    int found = Arrays.binarySearch(groupStart, run);
    return found >= 0 ? found : -found - 2;
  }

  /**
   * The same problem, without priors, on a stretch of its runs: what all stretches contribute adds
   * up to what the runs do. Weights and losses stay in the order of the whole source.
   *
   * @param from the first run, in sorted order
   * @param to one after the last
   * @throws IllegalArgumentException if the law is a formula or runs of a size share an error
   */
  public SurfaceProblem stretch(int from, int to) {
    Objects.checkFromToIndex(from, to, runs());
    if (formula.isPresent() || sharesErrors()) {
      throw new IllegalArgumentException("a stretch of the runs of " + law.name());
    }
    return new SurfaceProblem(this, from, to);
  }

  private SurfaceProblem with(
      int mask,
      Optional<PriorTable> priors,
      Optional<LossTable> table,
      Optional<Collection<Integer>> fixed) {
    return new SurfaceProblem(
        this,
        objective,
        mask,
        priors,
        table,
        formula.map(stated -> with(stated, priors, table, fixed)),
        shared);
  }

  private SurfaceProblem with(Shared errors, Optional<FormulaProblem> stated) {
    return new SurfaceProblem(this, objective, fixedMask, prior, losses, stated, errors);
  }

  private static FormulaProblem with(
      FormulaProblem stated,
      Optional<PriorTable> prior,
      Optional<LossTable> losses,
      Optional<Collection<Integer>> fixed) {
    FormulaProblem problem = fixed.isPresent() ? stated.fixing(fixed.get()) : stated;
    if (prior.isPresent()) {
      problem = problem.withPrior(prior.get());
    }
    if (losses.isEmpty()) {
      return problem;
    }
    // A run has one response, so that all of them share one table.
    LossTable[] tables = new LossTable[problem.derivation().schedules().size()];
    Arrays.fill(tables, losses.get());
    return problem.withLosses(tables);
  }

  /** The centre of some runs. */
  public static Centre centre(RunSet runs) {
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    Map<String, Double> further = new LinkedHashMap<>();
    for (String name : runs.furtherColumns()) {
      double[] values = runs.column(name);
      further.put(
          name,
          runs.categories().containsKey(name)
              ? mostFrequent(values)
              : Arrays.stream(values).allMatch(value -> value > 0)
                  ? Math.exp(Arrays.stream(values).map(Math::log).average().orElseThrow())
                  : Arrays.stream(values).average().orElseThrow());
    }
    return new Centre(centre.logN(), centre.logD(), centre.logLoss(), further);
  }

  private static double mostFrequent(double[] values) {
    Map<Double, Integer> counts = new LinkedHashMap<>();
    Arrays.stream(values).forEach(value -> counts.merge(value, 1, Integer::sum));
    return counts.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
  }

  /**
   * The problem of some of the parameters of a law that is a formula, which no run connects with
   * the others; see {@link FormulaProblem#components}.
   *
   * @param parameters their places among the parameters of the law, ascending
   */
  public SurfaceProblem component(int[] parameters) {
    return new SurfaceProblem(
        this,
        objective,
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.of(formula.orElseThrow().component(parameters)),
        shared);
  }

  /**
   * The parameters that are at a limit or a bound, by position.
   *
   * @param parameters p values in the coordinates of fits
   */
  public List<Integer> atLimit(double[] parameters) {
    if (formula.isEmpty()) {
      return limits.reachedBy(parameters);
    }
    LawCoordinates coordinates = formula.get().coordinates();
    double[] natural = coordinates.parameters(parameters);
    return IntStream.range(0, natural.length)
        .filter(j -> coordinates.isAtBound(j, natural[j]))
        .boxed()
        .toList();
  }

  /** What all engines evaluate of a law that is a formula; empty for one made by hand. */
  public Optional<FormulaProblem> formula() {
    return formula;
  }

  /**
   * What generated code evaluates of a law made by hand; empty if the law is a formula, or states
   * none of its centred parameters alone.
   */
  public Optional<ScheduledProblem> scheduled() {
    if (scheduled == null) {
      scheduled = formula.isPresent() ? Optional.empty() : ScheduledSurface.of(this);
    }
    return scheduled;
  }

  /**
   * The same problem with some parameters fixed where they start.
   *
   * @param fixed indices of centred parameters
   */
  public SurfaceProblem fixing(Collection<Integer> fixed) {
    int mask = 0;
    if (formula.isPresent()) {
      return with(mask, prior, losses, Optional.of(fixed));
    }
    for (int j : fixed) {
      mask |= 1 << Objects.checkIndex(j, law.parameterCount());
    }
    return with(mask, prior, losses, Optional.empty());
  }

  /**
   * The same problem with another threshold of its robust loss.
   *
   * @param delta in the unit of the residuals
   * @throws IllegalArgumentException if the law is a formula
   */
  public SurfaceProblem withThreshold(double delta) {
    if (formula.isPresent()) {
      throw new IllegalArgumentException("another threshold for formula " + law.name());
    }
    return new SurfaceProblem(
        this,
        new Objective(objective.residual(), delta),
        fixedMask,
        prior,
        losses,
        formula,
        shared);
  }

  /**
   * The same problem with priors on parameters.
   *
   * @param priors as many rows as the weight table has; where all are flat, there is no prior, and
   *     engines may keep the problem resident
   * @throws IllegalArgumentException if the number of rows differs
   */
  public SurfaceProblem withPrior(PriorTable priors) {
    if (priors.rows() != weights.rows()) {
      throw new IllegalArgumentException(
          "%d rows of priors for %d of weights".formatted(priors.rows(), weights.rows()));
    }
    Optional<PriorTable> pulling = priors.isFlat() ? Optional.empty() : Optional.of(priors);
    return with(fixedMask, pulling, losses, Optional.empty());
  }

  /**
   * The same problem with losses of its own for every row of weights.
   *
   * @param table as many rows as the weight table has, in the order of the source
   * @throws IllegalArgumentException if the number of rows or runs differs
   */
  public SurfaceProblem withLosses(LossTable table) {
    if (table.rows() != weights.rows() || table.runs() != runs()) {
      throw new IllegalArgumentException(
          "%d x %d losses for %d x %d weights"
              .formatted(table.rows(), table.runs(), weights.rows(), runs()));
    }
    return with(fixedMask, prior, Optional.of(table), Optional.empty());
  }

  /**
   * The same problem by generalised least squares: runs of a size share an error. With w the weight
   * of a run, r its residual, the cost of the runs of a size is (sum of w r^2 - c (sum of w r)^2) /
   * 2, c = ratio / (1 + ratio sum of w): half of r'V^-1 r for V with 1 / w on its diagonal and the
   * ratio everywhere (Sherman and Morrison 1950).
   *
   * @param ratio variance of the shared error over that of a run of weight one, not negative
   * @param sizeOf the size of each run in the order of the source; for laws by hand sizes must not
   *     interleave in N
   * @throws IllegalArgumentException if the loss is robust, or a size is not a stretch of N
   */
  public SurfaceProblem sharing(double ratio, double[] sizeOf) {
    if (!objective.isSquared() || !(ratio >= 0 && ratio < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "shared errors of ratio %s of %s under %s".formatted(ratio, law.name(), objective));
    }
    boolean[] ends = new boolean[groupX.length];
    for (int group = 0; group < ends.length; group++) {
      int next = groupStart[group + 1];
      double size = sizeOf[source[next - 1]];
      ends[group] = group == ends.length - 1 || sizeOf[source[next]] != size;
      for (int run = groupStart[group]; run < next; run++) {
        if (sizeOf[source[run]] != size) {
          throw new IllegalArgumentException("runs of one N are of several sizes");
        }
      }
    }
    return with(
        new Shared(ratio, ends, new double[groupX.length]),
        formula.map(stated -> stated.sharing(ratio, sizeOf)));
  }

  /**
   * The same problem with rows of weights that are copies of sizes: a size of m times these weights
   * is m sizes, each with an error of its own, and not one that is known better.
   *
   * @param weights of each run when its size is there once, in the order of the source
   */
  public SurfaceProblem copyingSizes(double[] weights) {
    double[] once = new double[groupX.length];
    double sum = 0;
    for (int group = 0; group < once.length; group++) {
      for (int run = groupStart[group]; run < groupStart[group + 1]; run++) {
        sum += weights[source[run]];
      }
      once[group] = sum;
      sum = shared.ends[group] ? 0 : sum;
    }
    return with(
        new Shared(shared.ratio, shared.ends, once),
        formula.map(stated -> stated.copyingSizes(weights)));
  }

  /** Whether runs of a size share an error, see {@link #sharing}. */
  public boolean sharesErrors() {
    return shared.ratio > 0;
  }

  /** Variance of the error that runs of a size share over that of a run of weight one. */
  public double sharedRatio() {
    return shared.ratio;
  }

  /**
   * The factor c of {@link #sharing} for one size that is there m times: ratio / (m + ratio
   * weight).
   *
   * @param ratio variance of the shared error over that of a run of weight one
   * @param weight sum of the weights of the size's runs
   * @param once that sum when the size is there once, so that m is their quotient; 0 for m = 1
   * @return 0 for a size without weight
   */
  public static double sharedFactor(double ratio, double weight, double once) {
    return weight == 0 ? 0 : ratio / ((once == 0 ? 1 : weight / once) + ratio * weight);
  }

  /** Whether a group is the last of its size; for problems that share errors. */
  public boolean endsSize(int group) {
    return shared.ends[group];
  }

  /**
   * The weight of a size that is there once, by its last group; 0 where weights are no copies, see
   * {@link #copyingSizes}.
   */
  public double copiedWeight(int group) {
    return shared.copied[group];
  }

  /** Whether every row has losses of its own. */
  public boolean hasLossRows() {
    return losses.isPresent();
  }

  /** The priors on parameters, if there are any. */
  public Optional<PriorTable> prior() {
    return prior;
  }

  /**
   * Which parameters of a law by hand are fixed, bit j for parameter j. Engines give a fixed
   * parameter no gradient, no products with others, and a one on the diagonal, so that no step
   * moves it.
   */
  public int fixedMask() {
    return fixedMask;
  }

  /** How far each parameter may go; those that are fixed are where they start. */
  public Limits limits() {
    return limits;
  }

  /** The law whose parameters are sought. */
  public Law law() {
    return law;
  }

  /** The centre that parameters refer to. */
  public Centre centre() {
    return centre;
  }

  /** What is minimised. */
  public Objective objective() {
    return objective;
  }

  /** The weightings that problems refer to; columns are in the order of the source. */
  public WeightTable weights() {
    return weights;
  }

  /** How many runs there are. */
  public int runs() {
    return y.length;
  }

  /** How many distinct N there are. */
  public int groups() {
    return groupX.length;
  }

  /** ln N - ln N0 of a group. */
  public double x(int group) {
    return groupX[group];
  }

  /** The first run of a group; that of group {@code groups()} is the number of runs. */
  public int groupStart(int group) {
    return groupStart[group];
  }

  /** ln D - ln D0 of a run, in sorted order. */
  public double y(int run) {
    return y[run];
  }

  /**
   * The value that residuals of a row compare with: ln L, or L for linear residuals.
   *
   * @param row a row of the weight table; without losses of its own every row has the measured ones
   * @param run in sorted order
   */
  public double target(int row, int run) {
    if (losses.isEmpty()) {
      return target[run];
    }
    return objective.residual().target(losses.get().loss(row, source[run]));
  }

  /** The position in the source of a run in sorted order. */
  public int sourceIndex(int run) {
    return source[run];
  }
}

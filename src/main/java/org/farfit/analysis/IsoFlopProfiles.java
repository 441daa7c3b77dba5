package org.farfit.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.fit.bootstrap.BootstrapIntervals;
import org.farfit.fit.bootstrap.Interval;
import org.hipparchus.stat.regression.SimpleRegression;

/**
 * Approach 2 of Hoffmann et al. 2022 (section 3.2) on runs that were trained with a few budgets:
 * for each budget a parabola of ln L in ln N through its runs, whose vertex is N*, and one in ln D,
 * whose vertex is D*; then lines ln N* = ln k + a ln C and ln D* = ln m + b ln C.
 *
 * <p>Intervals of a and b are by a bootstrap of the optima's distances from their line, expanded as
 * those of K optima and two parameters. That counts whatever moves an optimum, also what its runs
 * share; in simulations resampling runs within budgets does not.
 */
public final class IsoFlopProfiles {

  private final Settings settings;

  /**
   * Choices.
   *
   * @param near only runs within this factor of the N of least loss in their budget, more than 1;
   *     infinite for all
   * @param replicates how many bootstrap replicates
   * @param level probability that an interval should cover
   * @param seed of the replicates
   */
  public record Settings(double near, int replicates, double level, long seed) {

    /** All runs, as published; 2,000 replicates and 90% intervals. */
    public static final Settings DEFAULT = new Settings(Double.POSITIVE_INFINITY, 2000, 0.9, 1);
  }

  /**
   * A budget.
   *
   * @param compute FLOPs, as stated, or the geometric mean of 6 N D
   * @param runs how many runs its parabolas were fitted to
   * @param n the optimum; NaN if there is none
   * @param d the optimum; NaN if there is none
   * @param loss at the optimum by the parabola in ln N; NaN if there is none
   * @param problem why there is none
   */
  public record Optimum(
      double compute, int runs, double n, double d, double loss, Optional<String> problem) {}

  /**
   * A line in logarithms.
   *
   * @param exponent its slope
   * @param logFactor its value at C = 1
   * @param interval of the exponent; unknown with fewer than three optima
   */
  public record Line(double exponent, double logFactor, Interval interval) {

    static final Line NONE = new Line(Double.NaN, Double.NaN, Interval.UNKNOWN);
  }

  /**
   * What was found.
   *
   * @param budgets the budgets, the least first
   * @param sizes the line of N*
   * @param tokens the line of D*
   * @param leftOut how many runs are in no budget of at least four sizes
   * @param how the budgets were told, in words
   */
  public record Found(List<Optimum> budgets, Line sizes, Line tokens, int leftOut, String how) {

    /** How many budgets have an optimum. */
    public int optima() {
      return (int) budgets.stream().filter(budget -> budget.problem().isEmpty()).count();
    }
  }

  /** An analysis. */
  public IsoFlopProfiles(Settings settings) {
    this.settings = settings;
  }

  /** Profiles of budgets that are found in the compute of the runs. */
  public Found of(RunSet runs) {
    return of(runs, IsoFlopBudgets.found(runs));
  }

  /**
   * Profiles of budgets that are stated.
   *
   * @param compute FLOPs of each run; those within 1% are one budget
   */
  public Found of(RunSet runs, double[] compute) {
    return of(runs, IsoFlopBudgets.stated(runs, compute));
  }

  private Found of(RunSet runs, IsoFlopBudgets grouping) {
    List<Optimum> optima =
        grouping.budgets().stream().map(budget -> optimum(runs, budget)).toList();
    List<Optimum> usable = optima.stream().filter(each -> each.problem().isEmpty()).toList();
    return new Found(
        optima,
        line(usable, Optimum::n),
        line(usable, Optimum::d),
        grouping.leftOut(),
        grouping.how());
  }

  private Optimum optimum(RunSet runs, IsoFlopBudgets.Budget budget) {
    int[] near = near(runs, budget.runs());
    double[] logN = Arrays.stream(near).mapToDouble(i -> Math.log(runs.n(i))).toArray();
    double[] logD = Arrays.stream(near).mapToDouble(i -> Math.log(runs.d(i))).toArray();
    double[] logLoss = Arrays.stream(near).mapToDouble(i -> Math.log(runs.loss(i))).toArray();
    RunSet sized = runs.bySize();
    long sizes = Arrays.stream(near).mapToDouble(sized::n).distinct().count();
    double compute = Math.exp(budget.logCompute());
    if (sizes < IsoFlopBudgets.FEWEST_SIZES) {
      return none(
          compute,
          near.length,
          "%d sizes, expected at least %d".formatted(sizes, IsoFlopBudgets.FEWEST_SIZES));
    }
    Optional<Parabola.Vertex> byN = Parabola.minimum(logN, logLoss);
    Optional<Parabola.Vertex> byD = Parabola.minimum(logD, logLoss);
    if (byN.isEmpty() || byD.isEmpty()) {
      return none(compute, near.length, "no minimum between its sizes");
    }
    return new Optimum(
        compute,
        near.length,
        Math.exp(byN.get().x()),
        Math.exp(byD.get().x()),
        Math.exp(byN.get().y()),
        Optional.empty());
  }

  private static Optimum none(double compute, int runs, String problem) {
    return new Optimum(compute, runs, Double.NaN, Double.NaN, Double.NaN, Optional.of(problem));
  }

  private int[] near(RunSet runs, int[] all) {
    int best = all[0];
    for (int i : all) {
      best = runs.loss(i) < runs.loss(best) ? i : best;
    }
    double middle = Math.log(runs.n(best));
    double reach = Math.log(settings.near());
    return Arrays.stream(all)
        .filter(i -> Math.abs(Math.log(runs.n(i)) - middle) <= reach)
        .toArray();
  }

  private Line line(List<Optimum> optima, ToDoubleFunction<Optimum> of) {
    double[] x = optima.stream().mapToDouble(each -> Math.log(each.compute())).toArray();
    double[] y = optima.stream().mapToDouble(each -> Math.log(of.applyAsDouble(each))).toArray();
    if (x.length < 2) {
      return Line.NONE;
    }
    SimpleRegression fit = regression(x, y);
    double[] fitted = Arrays.stream(x).map(fit::predict).toArray();
    SplittableRandom random = new SplittableRandom(settings.seed());
    double[] slopes = new double[settings.replicates()];
    double[] drawn = new double[x.length];
    for (int b = 0; b < slopes.length; b++) {
      for (int i = 0; i < x.length; i++) {
        int from = random.nextInt(x.length);
        drawn[i] = fitted[i] + y[from] - fitted[from];
      }
      slopes[b] = regression(x, drawn).getSlope();
    }
    return new Line(
        fit.getSlope(),
        fit.getIntercept(),
        BootstrapIntervals.expanded(slopes, settings.level(), x.length, 2));
  }

  private static SimpleRegression regression(double[] x, double[] y) {
    SimpleRegression regression = new SimpleRegression();
    IntStream.range(0, x.length).forEach(i -> regression.addData(x[i], y[i]));
    return regression;
  }
}

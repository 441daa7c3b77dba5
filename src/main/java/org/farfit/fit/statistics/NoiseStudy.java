package org.farfit.fit.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.farfit.data.RunSet;
import org.farfit.law.Centre;

/**
 * Tests how the residuals of a fit scatter, and estimates a {@link NoiseModel} of them.
 *
 * <p>A fit absorbs part of the errors, most of all what runs of a size share, so that residuals
 * look better than errors are. Every test therefore compares with data sets of independent, equal,
 * normal errors that went through the same linearised fit: its p is the share of these whose
 * statistic is as large (a Monte Carlo test: Davison and Hinkley 1997, section 4.2). Where the
 * variance changes, shared errors are tested beside that; correlation along D is tested under the
 * model that was chosen: what is there beyond the model, it cannot tell, be it the errors' or the
 * law's.
 *
 * <p>In the same linearisation slopes of the variance are estimated by restricted maximum
 * likelihood (Patterson and Thompson 1971), and the variances themselves by unbiased quadratic
 * forms of the residuals of this fit (Rao 1971). Restricted likelihood would choose them, too, for
 * a fit that were made anew under them; of a law that cannot follow the losses it makes another fit
 * altogether.
 */
public final class NoiseStudy {

  /** What a study takes, where there is none. */
  public static final String NOT_STUDIED =
      "not studied, which takes squared losses of N and D, and more runs than parameters that these determine";

  /** What is tested for. */
  public enum Feature {
    /** Runs of a size share an error: the sum of squared sums of residuals by size. */
    SIZES("correlation within sizes"),
    /**
     * Runs of a size that are neighbours in D have like errors, more than all of the size do:
     * products of what these do not share.
     */
    ALONG_D("correlation along D"),
    /**
     * The variance changes with D: the covariance of ln D and squares of what sizes do not share.
     */
    VARIANCE_D("variance that changes with D"),
    /** The variance changes with N, likewise. */
    VARIANCE_N("variance that changes with N"),
    /** Outliers: the sum of fourth powers of residuals. */
    OUTLIERS("outliers");

    private final String words;

    Feature(String words) {
      this.words = words;
    }

    /** What it is, in words. */
    public String words() {
      return words;
    }
  }

  /** A feature of this p or less is taken to be there. */
  public static final double LEVEL = 0.01;

  /** A correlation of this p or less is: to miss one makes intervals too short. */
  public static final double LEVEL_OF_CORRELATION = 0.05;

  private static final int DRAWS = 999;

  /** Errors that a test draws at most; with very many runs there are fewer sets of them. */
  private static final int MOST_NUMBERS = 100_000_000;

  private static final int FEWEST_DRAWS = 99;

  /** Slopes of ln variance are searched from minus to plus this; the usual ones are -1 to 0. */
  private static final double STEEPEST = 3;

  /** Slopes and variances are estimated in turns, which settle in two or three. */
  private static final int ROUNDS = 6;

  /** The least share of the squared residuals that is left to the runs' own errors. */
  private static final double LEAST_OWN = 1e-3;

  private final Centre centre;
  private final RunSet runs;
  private final int n;
  private final int p;
  private final int groups;

  /** Which run stands at each position: by size, along D. All arrays below go by position. */
  private final int[] run;

  private final int[] groupOf;

  /** ln N - ln N0 and ln D - ln D0. */
  private final double[] x;

  private final double[] y;

  private final double meanX;
  private final double meanY;

  /** Square roots of the weights. */
  private final double[] root;

  private final double[] residual;

  /** An orthonormal basis of the columns of the Jacobian, one array per column. */
  private final List<double[]> basis;

  private NoiseStudy(Evaluation at, List<Integer> held) {
    this.centre = at.centre();
    this.runs = at.runs();
    this.n = runs.size();
    double[] sizeOf = runs.bySize().n();
    double[] sizes = Arrays.stream(sizeOf).distinct().sorted().toArray();
    this.groups = sizes.length;
    int[] group = Arrays.stream(sizeOf).mapToInt(v -> Arrays.binarySearch(sizes, v)).toArray();
    this.run =
        IntStream.range(0, n)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(i -> group[i])
                    .thenComparingDouble(runs::d)
                    .thenComparingInt(i -> i))
            .mapToInt(i -> i)
            .toArray();
    this.groupOf = Arrays.stream(run).map(i -> group[i]).toArray();
    this.x = byPosition(i -> centre.x(runs.n(i)));
    this.y = byPosition(i -> centre.y(runs.d(i)));
    this.meanX = Arrays.stream(x).average().orElseThrow();
    this.meanY = Arrays.stream(y).average().orElseThrow();
    this.root = byPosition(i -> Math.sqrt(runs.weight(i)));
    this.residual = byPosition(i -> Math.sqrt(runs.weight(i)) * at.residual(i));
    FreeDirections free = at.free(held);
    this.p = free.count();
    double[][] jacobian = free.along(at.jacobian());
    JacobianColumns.scale(jacobian);
    this.basis = basis(jacobian);
  }

  private double[] byPosition(IntToDoubleFunction ofRun) {
    return Arrays.stream(run).mapToDouble(ofRun).toArray();
  }

  /**
   * What was found.
   *
   * @param model the model that was chosen, or asked for
   * @param asked whether it was asked for
   * @param p of the test for each feature
   * @param generalised whether the fit is by generalised least squares under the model; else by
   *     ordinary ones, with standard errors that follow the model
   */
  public record Result(
      NoiseModel model, boolean asked, Map<Feature, Double> p, boolean generalised) {

    /** Whether a feature is taken to be there. */
    public boolean shows(Feature feature) {
      return p.getOrDefault(feature, 1.0) <= level(feature);
    }

    /**
     * Whether runs of a size that are neighbours in D have errors more alike than the model says,
     * of which nothing is then taken to be known but that sizes are independent; a model that was
     * asked for is taken as it is.
     */
    public boolean isBeyondModel() {
      return !asked && !generalised && shows(Feature.ALONG_D);
    }

    /** What runs show and what follows, in words. */
    public String verdict() {
      List<String> found = p.keySet().stream().filter(this::shows).map(Feature::words).toList();
      String shown =
          found.isEmpty()
              ? "nothing but independent, like errors"
              : String.join(", ", found)
                  + (shows(Feature.SIZES) || shows(Feature.ALONG_D)
                      ? " (of errors, or of what the law cannot follow)"
                      : "");
      String model =
          switch (model().kind()) {
            case INDEPENDENT -> "errors are taken to be independent and alike";
            case SIZE ->
                "runs of a size are taken to share an error of %.3g beside %.3g of their own"
                    .formatted(model().sizeDeviation(), model().deviation());
            case VARIANCE -> "errors are taken to be %s".formatted(varying());
            case BOTH ->
                model().sizeDeviation() == 0
                    ? "errors are taken to be %s".formatted(varying())
                    : "runs of a size are taken to share an error of %.3g beside their own, %s"
                        .formatted(model().sizeDeviation(), varying());
          };
      if (isBeyondModel()) {
        return ("noise (%s): residuals show %s; no model of the noise describes how they follow one"
                + " another along D: the fit stays that of ordinary least squares, standard errors"
                + " and intervals go by whole sizes; for single runs %s")
            .formatted(model().kind().label(), shown, model);
      }
      return "noise (%s): residuals show %s; %s, which %sstandard errors and intervals follow"
          .formatted(
              model().kind().label(),
              shown,
              model,
              generalised ? "the fit (generalised least squares), " : "");
    }

    private String varying() {
      return "%.3g at the centre, their variance going as D^%.2f N^%.2f"
          .formatted(model().deviation(), model().slopeD(), model().slopeN());
    }
  }

  /**
   * Studies the residuals of a fit by squared loss.
   *
   * @param at the fit on its runs
   * @param held parameters at a limit, which count as known
   * @param asked the model to take; empty for the one that the tests speak for
   * @return empty if there are no more runs than parameters, or the loss is robust
   */
  public static Optional<Result> of(
      Evaluation at, List<Integer> held, Optional<NoiseModel.Kind> asked) {
    if (!at.runs().hasSizesAndTokens()) {
      return Optional.empty(); // the noise is told by size and tokens
    }
    NoiseStudy study = new NoiseStudy(at, held);
    if (study.n <= study.p + 1 || !at.objective().isSquared() || !study.isFinite()) {
      return Optional.empty();
    }
    return study.study(asked);
  }

  private static double level(Feature feature) {
    return feature == Feature.SIZES || feature == Feature.ALONG_D ? LEVEL_OF_CORRELATION : LEVEL;
  }

  private boolean isFinite() {
    return basis.stream().flatMapToDouble(Arrays::stream).allMatch(Double::isFinite)
        && Arrays.stream(residual).allMatch(Double::isFinite)
        && Arrays.stream(residual).anyMatch(r -> r != 0);
  }

  private Optional<Result> study(Optional<NoiseModel.Kind> asked) {
    if (basis.size() < p) {
      return Optional.empty();
    }
    // What a fit by generalised least squares leaves along the columns of the Jacobian.
    project(residual, basis);
    NoiseModel alike = new NoiseModel(NoiseModel.Kind.INDEPENDENT, 1, 0, 0, 0);
    Map<Feature, Double> p = test(alike);
    boolean changing = Math.min(p.get(Feature.VARIANCE_D), p.get(Feature.VARIANCE_N)) <= LEVEL;
    if (changing) {
      NoiseModel both = estimate(NoiseModel.Kind.BOTH);
      NoiseModel own = new NoiseModel(NoiseModel.Kind.VARIANCE, 1, 0, both.slopeD(), both.slopeN());
      p.computeIfPresent(Feature.SIZES, (feature, before) -> test(own).get(feature));
    }
    boolean shared = p.getOrDefault(Feature.SIZES, 1.0) <= level(Feature.SIZES);
    NoiseModel.Kind kind =
        asked.orElse(
            shared
                ? changing ? NoiseModel.Kind.BOTH : NoiseModel.Kind.SIZE
                : changing ? NoiseModel.Kind.VARIANCE : NoiseModel.Kind.INDEPENDENT);
    NoiseModel model = estimate(kind);
    if (kind != NoiseModel.Kind.INDEPENDENT) {
      p.computeIfPresent(Feature.ALONG_D, (feature, before) -> test(model).get(feature));
    }
    return Optional.of(new Result(model, asked.isPresent(), p, false));
  }

  private List<double[]> basis(double[][] jacobian) {
    List<double[]> found = new ArrayList<>();
    for (int j = 0; j < p; j++) {
      int parameter = j;
      double[] column = byPosition(i -> jacobian[i][parameter]);
      // Twice is enough (Giraud, Langou and Rozloznik 2005).
      project(column, found);
      project(column, found);
      double length = Math.sqrt(dot(column, column));
      if (!(length <= 1e-10)) {
        found.add(Arrays.stream(column).map(v -> v / length).toArray());
      }
    }
    return found;
  }

  private static void project(double[] vector, List<double[]> basis) {
    for (double[] direction : basis) {
      double along = dot(vector, direction);
      for (int i = 0; i < vector.length; i++) {
        vector[i] -= along * direction[i];
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Each p, by sets of errors of a model that went through the linearised fit. */
  private Map<Feature, Double> test(NoiseModel model) {
    double[] precision = model.precisions(centre, runs);
    double[] deviation = byPosition(i -> 1 / Math.sqrt(precision[i]));
    double shared = model.sizeDeviation() / model.deviation();
    Map<Feature, Double> observed = statistics(residual, deviation);
    Map<Feature, Integer> larger = new EnumMap<>(Feature.class);
    SplittableRandom random = new SplittableRandom(1);
    int[] positionOf = new int[n];
    for (int k = 0; k < n; k++) {
      positionOf[run[k]] = k;
    }
    int draws = Math.clamp(MOST_NUMBERS / n, FEWEST_DRAWS, DRAWS);
    double[] errors = new double[n];
    for (int draw = 0; draw < draws; draw++) {
      for (int k : positionOf) {
        errors[k] = deviation[k] * random.nextGaussian();
      }
      addShared(errors, shared, random);
      project(errors, basis);
      statistics(errors, deviation)
          .forEach((feature, value) ->
              larger.merge(feature, value >= observed.get(feature) ? 1 : 0, Integer::sum));
    }
    Map<Feature, Double> p = new EnumMap<>(Feature.class);
    larger.forEach((feature, count) -> p.put(feature, (count + 1.0) / (draws + 1.0)));
    if (groups == n) {
      p.remove(Feature.SIZES);
      p.remove(Feature.ALONG_D);
    }
    return p;
  }

  private void addShared(double[] errors, double deviation, SplittableRandom random) {
    if (deviation == 0) {
      return;
    }
    double[] ofSize = new double[groups];
    Arrays.setAll(ofSize, g -> deviation * random.nextGaussian());
    for (int i = 0; i < n; i++) {
      errors[i] += root[i] * ofSize[groupOf[i]];
    }
  }

  /**
   * Statistics that are large where a feature is there, whatever the scale of the residuals.
   *
   * @param deviation of each run's own error, which residuals are divided by
   */
  private Map<Feature, Double> statistics(double[] residuals, double[] deviation) {
    double[] r = new double[n];
    Arrays.setAll(r, i -> residuals[i] / deviation[i]);
    double[] sums = new double[groups];
    double squares = 0;
    double ownSquares = 0;
    double fourths = 0;
    double byD = 0;
    double byN = 0;
    double products = 0;
    double[] own = withoutSizeMeans(r);
    for (int i = 0; i < n; i++) {
      double square = r[i] * r[i];
      sums[groupOf[i]] += r[i];
      squares += square;
      fourths += square * square;
      ownSquares += own[i] * own[i];
      byD += own[i] * own[i] * (y[i] - meanY);
      byN += own[i] * own[i] * (x[i] - meanX);
      if (i > 0 && groupOf[i - 1] == groupOf[i]) {
        products += own[i - 1] * own[i];
      }
    }
    Map<Feature, Double> statistics = new EnumMap<>(Feature.class);
    statistics.put(Feature.SIZES, dot(sums, sums) / squares);
    statistics.put(Feature.ALONG_D, products / ownSquares);
    statistics.put(Feature.VARIANCE_D, Math.abs(byD) / ownSquares);
    statistics.put(Feature.VARIANCE_N, Math.abs(byN) / ownSquares);
    statistics.put(Feature.OUTLIERS, fourths / (squares * squares));
    return statistics;
  }

  /** What runs of a size do not share, where there are enough of them to tell. */
  private double[] withoutSizeMeans(double[] r) {
    if (2 * groups > n) {
      return r;
    }
    double[] mean = new double[groups];
    int[] count = new int[groups];
    for (int i = 0; i < n; i++) {
      count[groupOf[i]]++;
      mean[groupOf[i]] += (r[i] - mean[groupOf[i]]) / count[groupOf[i]];
    }
    return IntStream.range(0, n).mapToDouble(i -> r[i] - mean[groupOf[i]]).toArray();
  }

  /**
   * Slopes at the restricted maximum of the likelihood, one after the other, then the two variances
   * that make squared residuals and squared sums by size what they are expected to be.
   */
  private NoiseModel estimate(NoiseModel.Kind kind) {
    double[] at = {0, 0, 0}; // ratio of variances, slopeD, slopeN
    double[] variances = variances(kind, at);
    for (int round = 0; round < ROUNDS; round++) {
      at[0] = variances[1] / variances[0];
      if (kind.changesVariance()) {
        at[1] = best(at, 1);
        at[2] = best(at, 2);
      }
      variances = variances(kind, at);
    }
    return new NoiseModel(kind, Math.sqrt(variances[0]), Math.sqrt(variances[1]), at[1], at[2]);
  }

  /**
   * The variance of the runs' own errors and of those that sizes share, by quadratic forms of the
   * residuals M e, M = I - Q Q' (Rao 1971): unbiased whatever the distribution of the errors. With
   * z_g the roots of the weights of the runs of size g and 0 elsewhere, and a_g = Q' z_g, what the
   * forms are expected to be takes no more than sums of a_g a_g', since M z_g = z_g - Q a_g.
   */
  private double[] variances(NoiseModel.Kind kind, double[] at) {
    double[] own = own(at);
    double ownByOwn = 0;
    for (int i = 0; i < n; i++) {
      double leverage = 0;
      for (double[] direction : basis) {
        leverage += direction[i] * direction[i];
      }
      ownByOwn += own[i] * (1 - leverage);
    }
    double squares = dot(residual, residual);
    if (!kind.sharesBySize()) {
      return new double[] {squares / ownByOwn, 0};
    }
    double[] weight = new double[groups];
    double[] sum = new double[groups];
    double[][] along = new double[groups][p];
    for (int i = 0; i < n; i++) {
      int g = groupOf[i];
      weight[g] += root[i] * root[i];
      sum[g] += root[i] * residual[i];
      for (int j = 0; j < p; j++) {
        along[g][j] += root[i] * basis.get(j)[i];
      }
    }
    double[][] together = new double[p][p];
    double sizeByOwn = 0;
    double sizeBySize = 0;
    for (int g = 0; g < groups; g++) {
      double explained = dot(along[g], along[g]);
      sizeByOwn += weight[g] - explained;
      sizeBySize += weight[g] * (weight[g] - 2 * explained);
      for (int j = 0; j < p; j++) {
        for (int k = 0; k < p; k++) {
          together[j][k] += along[g][j] * along[g][k];
        }
      }
    }
    for (double[] row : together) {
      sizeBySize += dot(row, row);
    }
    double ownBySize = 0;
    double[] here = new double[p];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < p; j++) {
        here[j] = basis.get(j)[i];
      }
      double others = 0;
      for (int j = 0; j < p; j++) {
        others += here[j] * dot(together[j], here);
      }
      ownBySize += own[i] * (root[i] * (root[i] - 2 * dot(along[groupOf[i]], here)) + others);
    }
    double sumSquares = dot(sum, sum);
    double determinant = ownByOwn * sizeBySize - sizeByOwn * ownBySize;
    double shared = (ownByOwn * sumSquares - ownBySize * squares) / determinant;
    if (!(shared > 0)) {
      return new double[] {squares / ownByOwn, 0};
    }
    double least = LEAST_OWN * squares / ownByOwn;
    return new double[] {Math.max(least, (squares - sizeByOwn * shared) / ownByOwn), shared};
  }

  /** Variances of the runs' own errors over that of one at the centre. */
  private double[] own(double[] at) {
    double[] own = new double[n];
    Arrays.setAll(own, i -> Math.exp(at[1] * y[i] + at[2] * x[i]));
    return own;
  }

  /** The best value of one slope: a grid, then golden section around its best point. */
  private double best(double[] at, int j) {
    int steps = 24;
    double width = 2 * STEEPEST / steps;
    double grid = 0;
    double value = Double.NEGATIVE_INFINITY;
    for (int k = 0; k <= steps; k++) {
      double x = -STEEPEST + width * k;
      double found = likelihood(at, j, x);
      if (found > value) {
        value = found;
        grid = x;
      }
    }
    double a = grid - width;
    double b = grid + width;
    double ratio = (Math.sqrt(5) - 1) / 2;
    while (b - a > 1e-7) {
      double c = b - ratio * (b - a);
      double d = a + ratio * (b - a);
      if (likelihood(at, j, c) > likelihood(at, j, d)) {
        b = d;
      } else {
        a = c;
      }
    }
    return 0.5 * (a + b);
  }

  private double likelihood(double[] at, int j, double x) {
    double[] trial = at.clone();
    trial[j] = x;
    return restricted(trial);
  }

  /**
   * With V the covariance over the variance, the restricted log-likelihood is -(n - p) ln s^2 / 2 -
   * ln|V| / 2 - ln|Q'V^-1 Q| / 2, s^2 = r'Pr / (n - p), P = V^-1 - V^-1 Q (Q'V^-1 Q)^-1 Q'V^-1, Q
   * being a basis of the Jacobian. V is diagonal but for one vector per size, whose inverse is
   * known (Sherman and Morrison 1950).
   */
  private double restricted(double[] at) {
    double ratio = at[0];
    double[] own = own(at);
    double[] weightOfGroup = new double[groups];
    double logDeterminant = 0;
    double[][] sums = new double[groups][p + 1];
    double[] normalSums = new double[p * p];
    double[] rightSums = new double[p];
    double[] row = new double[p];
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double weight = 1 / own[i];
      logDeterminant += Math.log(own[i]);
      weightOfGroup[groupOf[i]] += weight * root[i] * root[i];
      squares += weight * residual[i] * residual[i];
      double[] sum = sums[groupOf[i]];
      sum[p] += weight * root[i] * residual[i];
      for (int j = 0; j < p; j++) {
        row[j] = basis.get(j)[i];
        sum[j] += weight * root[i] * row[j];
        rightSums[j] += weight * row[j] * residual[i];
        for (int k = 0; k <= j; k++) {
          normalSums[j * p + k] += weight * row[j] * row[k];
        }
      }
    }
    DMatrixRMaj normal = new DMatrixRMaj(p, p);
    DMatrixRMaj right = new DMatrixRMaj(p, 1, true, rightSums);
    for (int j = 0; j < p; j++) {
      for (int k = 0; k < p; k++) {
        normal.set(j, k, normalSums[Math.max(j, k) * p + Math.min(j, k)]);
      }
    }
    for (int g = 0; g < groups; g++) {
      double factor = 1 + ratio * weightOfGroup[g];
      logDeterminant += Math.log(factor);
      double c = ratio / factor;
      squares -= c * sums[g][p] * sums[g][p];
      for (int j = 0; j < p; j++) {
        right.add(j, 0, -c * sums[g][j] * sums[g][p]);
        for (int k = 0; k < p; k++) {
          normal.add(j, k, -c * sums[g][j] * sums[g][k]);
        }
      }
    }
    double logNormal = Math.log(CommonOps_DDRM.det(normal));
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(p);
    DMatrixRMaj solution = new DMatrixRMaj(p, 1);
    if (!solver.setA(normal.copy()) || !Double.isFinite(logNormal)) {
      return Double.NEGATIVE_INFINITY;
    }
    solver.solve(right.copy(), solution);
    double variance = (squares - CommonOps_DDRM.dot(right, solution)) / (n - p);
    return -0.5 * ((n - p) * Math.log(variance) + logDeterminant + logNormal);
  }
}

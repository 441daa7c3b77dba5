package org.farfit.fit.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.farfit.solver.GoldenSection;

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
      "not studied, which takes losses of N and D, and more runs than parameters that these determine";

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

  private static final String STAYS =
      "; the fit itself stays as it is: generalised least squares are for squared loss, not for"
          + " robust ones or the piecewise procedure, and can be put aside";

  /** A feature of this p or less is taken to be there. */
  public static final double LEVEL = 0.01;

  /** A correlation of this p or less is: to miss one makes intervals too short. */
  public static final double LEVEL_OF_CORRELATION = 0.05;

  /**
   * With more degrees of freedom of what sizes share, tests see errors that matter often enough;
   * with fewer a test that finds nothing says nothing, and its p is not given.
   */
  public static final double ENOUGH_FREEDOM_OF_SIZES = 2.5;

  /** Slopes of ln variance are searched from minus to plus this; the usual ones are -1 to 0. */
  private static final double STEEPEST = 3;

  /** Steps of a grid of slopes, and how long each is. */
  private static final int STEPS = 24;

  private static final double STEP = 2 * STEEPEST / STEPS;

  /** To what slopes are found: half of the digits of the likelihood. */
  private static final double TO_A_SLOPE = 1e-7;

  /** Slopes and variances are estimated in turns, which settle in two or three. */
  private static final int ROUNDS = 6;

  /** The least share of the squared residuals that is left to the runs' own errors. */
  private static final double LEAST_OWN = 1e-3;

  private final FitResiduals at;
  private final FeatureTests tests;
  private final int n;
  private final int p;
  private final int groups;
  private final int[] groupOf;
  private final double[] x;
  private final double[] y;
  private final double[] root;
  private final double[] residual;
  private final double[][] basis;

  private NoiseStudy(Evaluation evaluation, List<Integer> fixed) {
    this.at = new FitResiduals(evaluation, fixed);
    this.tests = new FeatureTests(at);
    this.n = at.n;
    this.p = at.p;
    this.groups = at.groups;
    this.groupOf = at.groupOf;
    this.x = at.x;
    this.y = at.y;
    this.root = at.root;
    this.residual = at.residual;
    this.basis = at.basis;
  }

  /**
   * What was found.
   *
   * @param model the model that was chosen, or asked for
   * @param asked whether it was asked for
   * @param p of the test for each feature; none of {@link Feature#SIZES} where runs cannot tell
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
              ? p.containsKey(Feature.SIZES)
                  ? "nothing but independent, like errors"
                  : "nothing but independent, like errors, but cannot tell what runs of a size share"
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
                + " another along D: the fit stays as it is, standard errors"
                + " and intervals go by whole sizes; for single runs %s")
            .formatted(model().kind().label(), shown, model);
      }
      return "noise (%s): residuals show %s; %s, which %sstandard errors and intervals follow%s"
          .formatted(
              model().kind().label(),
              shown,
              model,
              generalised ? "the fit (generalised least squares), " : "",
              generalised || model().kind() == NoiseModel.Kind.INDEPENDENT ? "" : STAYS);
    }

    private String varying() {
      return "%.3g at the centre, their variance going as D^%.2f N^%.2f"
          .formatted(model().deviation(), model().slopeD(), model().slopeN());
    }
  }

  /**
   * Studies the residuals of a fit; by robust loss what they count for ({@link
   * Evaluation#influence}).
   *
   * @param at the fit on its runs
   * @param fixed parameters at a limit, which count as known
   * @param asked the model to take; empty for the one that the tests speak for
   * @return empty if there are no more runs than parameters, or no more than these within the
   *     threshold of a robust loss
   */
  public static Optional<Result> of(
      Evaluation at, List<Integer> fixed, Optional<NoiseModel.Kind> asked) {
    return determined(at, fixed).map(study -> study.study(asked));
  }

  /**
   * The model of some kind for the residuals of a fit by squared loss, without tests: what {@link
   * #of} takes for the same kind.
   *
   * @param at the fit on its runs
   * @param fixed parameters at a limit, which count as known
   * @return empty where {@link #of} is
   */
  public static Optional<NoiseModel> model(
      Evaluation at, List<Integer> fixed, NoiseModel.Kind kind) {
    return determined(at, fixed).map(study -> study.estimate(kind));
  }

  /**
   * What {@link #model} finds, by a short way where a stated model has its slopes: where the
   * likelihood is less on both sides of these, they are not searched for.
   *
   * @param at the fit on its runs
   * @param fixed parameters at a limit, which count as known
   * @param tolerance to which slopes are to be known
   */
  public static Optional<NoiseModel> modelNear(
      Evaluation at, List<Integer> fixed, NoiseModel stated, double tolerance) {
    return determined(at, fixed).map(study -> study.estimateNear(stated, tolerance));
  }

  /**
   * How many degrees of freedom a fit leaves of errors that runs of a size share, of as many as
   * there are sizes.
   *
   * @param fixed parameters at a limit, which count as known
   * @return empty where there is nothing to study, or where every run is a size of its own
   */
  public static OptionalDouble freedomOfSizes(Evaluation at, List<Integer> fixed) {
    return determined(at, fixed)
        .filter(study -> study.groups < study.n)
        .map(study -> OptionalDouble.of(study.at.freedomOfSizes()))
        .orElse(OptionalDouble.empty());
  }

  /** A study where residuals tell the noise, which is by size and tokens. */
  private static Optional<NoiseStudy> determined(Evaluation at, List<Integer> fixed) {
    if (!at.runs().hasSizesAndTokens()) {
      return Optional.empty();
    }
    NoiseStudy study = new NoiseStudy(at, fixed);
    if (study.n <= study.p + 1
        || !(Math.round(at.insideShare() * study.n) > study.p)
        || !study.at.isFinite()
        || study.basis.length < study.p) {
      return Optional.empty();
    }
    // What a fit by generalised least squares leaves along the columns of the Jacobian.
    study.at.project(study.residual);
    return Optional.of(study);
  }

  private static double level(Feature feature) {
    return feature == Feature.SIZES || feature == Feature.ALONG_D ? LEVEL_OF_CORRELATION : LEVEL;
  }

  private Result study(Optional<NoiseModel.Kind> asked) {
    NoiseModel alike = NoiseModel.independent(1);
    Map<Feature, Double> p = tests.p(alike);
    boolean changing = Math.min(p.get(Feature.VARIANCE_D), p.get(Feature.VARIANCE_N)) <= LEVEL;
    if (changing) {
      NoiseModel both = estimate(NoiseModel.Kind.BOTH);
      NoiseModel own = new NoiseModel(NoiseModel.Kind.VARIANCE, 1, 0, both.slopeD(), both.slopeN());
      p.computeIfPresent(Feature.SIZES, (feature, before) -> tests.p(own).get(feature));
    }
    boolean shared = p.getOrDefault(Feature.SIZES, 1.0) <= level(Feature.SIZES);
    NoiseModel.Kind kind =
        asked.orElse(
            shared
                ? changing ? NoiseModel.Kind.BOTH : NoiseModel.Kind.SIZE
                : changing ? NoiseModel.Kind.VARIANCE : NoiseModel.Kind.INDEPENDENT);
    NoiseModel model = estimate(kind);
    if (kind != NoiseModel.Kind.INDEPENDENT) {
      p.computeIfPresent(Feature.ALONG_D, (feature, before) -> tests.p(model).get(feature));
    }
    if (!shared && at.freedomOfSizes() < ENOUGH_FREEDOM_OF_SIZES) {
      p.remove(Feature.SIZES);
    }
    return new Result(model, asked.isPresent(), p, false);
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
        at[1] = round == 0 ? best(at, 1) : bestNearby(at, 1);
        at[2] = round == 0 ? best(at, 2) : bestNearby(at, 2);
      }
      variances = variances(kind, at);
    }
    return new NoiseModel(kind, Math.sqrt(variances[0]), Math.sqrt(variances[1]), at[1], at[2]);
  }

  private NoiseModel estimateNear(NoiseModel stated, double tolerance) {
    double ratio = Math.pow(stated.sizeDeviation() / stated.deviation(), 2);
    double[] slopes = {ratio, stated.slopeD(), stated.slopeN()};
    NoiseModel.Kind kind = stated.kind();
    if (!(kind.changesVariance()
        ? isBest(slopes, 1, tolerance) && isBest(slopes, 2, tolerance)
        : stated.slopeD() == 0 && stated.slopeN() == 0)) {
      return estimate(kind);
    }
    double[] variances = variances(kind, slopes);
    return new NoiseModel(
        kind, Math.sqrt(variances[0]), Math.sqrt(variances[1]), stated.slopeD(), stated.slopeN());
  }

  private boolean isBest(double[] at, int j, double tolerance) {
    double here = restricted(at);
    return here > likelihood(at, j, at[j] - tolerance)
        && here > likelihood(at, j, at[j] + tolerance);
  }

  /**
   * The variance of the runs' own errors and of those that sizes share, by quadratic forms of the
   * residuals M e, M = I - Q Q' (Rao 1971): unbiased whatever the distribution of the errors. With
   * z_g the roots of the weights of the runs of size g and 0 elsewhere, and a_g = Q' z_g, what the
   * forms are expected to be takes no more than sums of a_g a_g', since M z_g = z_g - Q a_g.
   */
  private double[] variances(NoiseModel.Kind kind, double[] at) {
    double[] own = own(at);
    double ownByOwn = ownByOwn(own);
    double squares = FitResiduals.dot(residual, residual);
    if (!kind.sharesBySize()) {
      return new double[] {squares / ownByOwn, 0};
    }
    double[] weight = this.at.weightOfSizes();
    double[][] along = this.at.alongOfSizes();
    double[] sum = new double[groups];
    for (int i = 0; i < n; i++) {
      sum[groupOf[i]] += root[i] * residual[i];
    }
    double[][] together = new double[p][p];
    double sizeByOwn = 0;
    double sizeBySize = 0;
    for (int g = 0; g < groups; g++) {
      double explained = FitResiduals.dot(along[g], along[g]);
      sizeByOwn += weight[g] - explained;
      sizeBySize += weight[g] * (weight[g] - 2 * explained);
      for (int j = 0; j < p; j++) {
        for (int k = 0; k < p; k++) {
          together[j][k] += along[g][j] * along[g][k];
        }
      }
    }
    for (double[] row : together) {
      sizeBySize += FitResiduals.dot(row, row);
    }
    double ownBySize = ownBySize(own, along, together);
    double sumSquares = FitResiduals.dot(sum, sum);
    double determinant = ownByOwn * sizeBySize - sizeByOwn * ownBySize;
    double shared = (ownByOwn * sumSquares - ownBySize * squares) / determinant;
    if (!(shared > 0)) {
      return new double[] {squares / ownByOwn, 0};
    }
    double least = LEAST_OWN * squares / ownByOwn;
    return new double[] {Math.max(least, (squares - sizeByOwn * shared) / ownByOwn), shared};
  }

  /** What own errors are expected to add to the squares of the residuals. */
  private double ownByOwn(double[] own) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double leverage = 0;
      for (double[] direction : basis) {
        leverage += direction[i] * direction[i];
      }
      sum += own[i] * (1 - leverage);
    }
    return sum;
  }

  /**
   * What own errors are expected to add to the squares of the sums by size.
   *
   * @param along a_g of each size
   * @param together the sum of a_g a_g'
   */
  private double ownBySize(double[] own, double[][] along, double[][] together) {
    double sum = 0;
    double[] here = new double[p];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < p; j++) {
        here[j] = basis[j][i];
      }
      double others = 0;
      for (int j = 0; j < p; j++) {
        others += here[j] * FitResiduals.dot(together[j], here);
      }
      sum +=
          own[i] * (root[i] * (root[i] - 2 * FitResiduals.dot(along[groupOf[i]], here)) + others);
    }
    return sum;
  }

  /** Variances of the runs' own errors over that of one at the centre. */
  private double[] own(double[] at) {
    double[] own = new double[n];
    Arrays.setAll(own, i -> Math.exp(at[1] * y[i] + at[2] * x[i]));
    return own;
  }

  /** The best value of one slope: a grid, then the best within its steps around its best point. */
  private double best(double[] at, int j) {
    double grid = 0;
    double value = Double.NEGATIVE_INFINITY;
    for (int k = 0; k <= STEPS; k++) {
      double x = -STEEPEST + STEP * k;
      double found = likelihood(at, j, x);
      if (found > value) {
        value = found;
        grid = x;
      }
    }
    return best(at, j, grid - STEP, grid + STEP);
  }

  /** The same where it was found for nearly the same variances: a step around it is enough. */
  private double bestNearby(double[] at, int j) {
    double low = at[j] - STEP;
    double high = at[j] + STEP;
    double found = best(at, j, low, high);
    boolean moves = found < low + TO_A_SLOPE || found > high - TO_A_SLOPE;
    return moves ? best(at, j) : found;
  }

  /** The best value within two. */
  private double best(double[] at, int j, double low, double high) {
    return GoldenSection.minimum(x -> -likelihood(at, j, x), low, high, TO_A_SLOPE).middle();
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
        row[j] = basis[j][i];
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

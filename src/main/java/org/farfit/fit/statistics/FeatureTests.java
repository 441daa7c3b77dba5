package org.farfit.fit.statistics;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.farfit.fit.statistics.NoiseStudy.Feature;

/**
 * Monte Carlo tests of residuals for each {@link Feature} of noise: p is the share of data sets
 * with errors of a known model, gone through the same linearised fit, whose statistic is as large
 * (Davison and Hinkley 1997, section 4.2).
 */
final class FeatureTests {

  /** The order of statistics in arrays. */
  private static final List<Feature> FEATURES =
      List.of(
          Feature.SIZES, Feature.ALONG_D, Feature.VARIANCE_D, Feature.VARIANCE_N, Feature.OUTLIERS);

  private static final int DRAWS = 999;

  /** Errors that a test draws at most; with very many runs there are fewer sets of them. */
  private static final int MOST_NUMBERS = 100_000_000;

  private static final int FEWEST_DRAWS = 99;

  /**
   * A fit that leaves less than this of what sizes share follows it: what tests would find there is
   * chance, and standard errors by sizes would be made of next to nothing.
   */
  private static final double LEAST_FREEDOM = 0.5;

  private final FitResiduals at;
  private final int n;
  private final int groups;
  private final int[] groupOf;
  private final double[] x;
  private final double[] y;
  private final double meanX;
  private final double meanY;

  /** Whether there are enough runs per size to tell what these do not share. */
  private final boolean hasSizeMeans;

  FeatureTests(FitResiduals at) {
    this.at = at;
    this.n = at.n;
    this.groups = at.groups;
    this.groupOf = at.groupOf;
    this.x = at.x;
    this.y = at.y;
    this.meanX = Arrays.stream(x).average().orElseThrow();
    this.meanY = Arrays.stream(y).average().orElseThrow();
    this.hasSizeMeans = 2 * groups <= n;
  }

  /**
   * Each p, by sets of errors of a model that went through the linearised fit. The residuals must
   * have been projected.
   */
  Map<Feature, Double> p(NoiseModel model) {
    double[] precision = model.precisions(at.centre, at.runs);
    double[] deviation = at.byPosition(i -> 1 / Math.sqrt(precision[i]));
    double shared = model.sizeDeviation() / model.deviation();
    Statistics statistics = new Statistics(deviation);
    double[] observed = statistics.of(at.residual).clone();
    int[] larger = new int[observed.length];
    SplittableRandom random = new SplittableRandom(1);
    int[] positionOf = new int[n];
    for (int k = 0; k < n; k++) {
      positionOf[at.run[k]] = k;
    }
    int draws = Math.clamp(MOST_NUMBERS / n, FEWEST_DRAWS, DRAWS);
    double[] errors = new double[n];
    for (int draw = 0; draw < draws; draw++) {
      for (int k : positionOf) {
        errors[k] = deviation[k] * random.nextGaussian();
      }
      addShared(errors, shared, random);
      at.project(errors);
      double[] drawn = statistics.of(errors);
      for (int feature = 0; feature < larger.length; feature++) {
        larger[feature] += drawn[feature] >= observed[feature] ? 1 : 0;
      }
    }
    Map<Feature, Double> p = new EnumMap<>(Feature.class);
    for (int feature = 0; feature < larger.length; feature++) {
      p.put(FEATURES.get(feature), (larger[feature] + 1.0) / (draws + 1.0));
    }
    if (groups == n || at.freedomOfSizes() < LEAST_FREEDOM) {
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
      errors[i] += at.root[i] * ofSize[groupOf[i]];
    }
  }

  /**
   * Statistics that are large where a feature is there, whatever the scale of the residuals. It
   * works in arrays of its own, for one thread.
   */
  private final class Statistics {

    /** Of each run's own error, which residuals are divided by. */
    private final double[] deviation;

    private final double[] r = new double[n];
    private final double[] sums = new double[groups];
    private final double[] mean = new double[groups];
    private final int[] count = new int[groups];
    private final double[] found = new double[FEATURES.size()];

    Statistics(double[] deviation) {
      this.deviation = deviation;
    }

    /** One statistic per entry of {@link #FEATURES}, overwritten by the next call. */
    double[] of(double[] residuals) {
      Arrays.fill(sums, 0);
      double squares = 0;
      double fourths = 0;
      for (int i = 0; i < n; i++) {
        double scaled = residuals[i] / deviation[i];
        double square = scaled * scaled;
        r[i] = scaled;
        sums[groupOf[i]] += scaled;
        squares += square;
        fourths += square * square;
      }
      if (hasSizeMeans) {
        withoutSizeMeans();
      }
      double ownSquares = 0;
      double byD = 0;
      double byN = 0;
      double products = 0;
      for (int i = 0; i < n; i++) {
        double own = r[i];
        ownSquares += own * own;
        byD += own * own * (y[i] - meanY);
        byN += own * own * (x[i] - meanX);
        if (i > 0 && groupOf[i - 1] == groupOf[i]) {
          products += r[i - 1] * own;
        }
      }
      found[0] = FitResiduals.dot(sums, sums) / squares;
      found[1] = products / ownSquares;
      found[2] = Math.abs(byD) / ownSquares;
      found[3] = Math.abs(byN) / ownSquares;
      found[4] = fourths / (squares * squares);
      return found;
    }

    /** Leaves what runs of a size do not share. */
    private void withoutSizeMeans() {
      Arrays.fill(mean, 0);
      Arrays.fill(count, 0);
      for (int i = 0; i < n; i++) {
        count[groupOf[i]]++;
        mean[groupOf[i]] += (r[i] - mean[groupOf[i]]) / count[groupOf[i]];
      }
      for (int i = 0; i < n; i++) {
        r[i] -= mean[groupOf[i]];
      }
    }
  }
}

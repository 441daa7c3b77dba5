package org.farfit.fit.bootstrap;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.statistics.ClusteredErrors;
import org.farfit.fit.statistics.Evaluation;
import org.farfit.fit.statistics.RunErrors;

/**
 * Draws replicates of a data set: weights, or losses, of each run. Replicate b depends on the seed
 * and b alone. Immutable.
 *
 * <p>A run of weight w is taken to scatter by sigma / sqrt(w). Residuals are corrected for leverage
 * h, the share of its own scatter that the fit absorbs: divided by sqrt(1 - h) where they are drawn
 * (Davison and Hinkley 1997, eq. 6.9) and by 1 - h where they keep their place (HC3; Davidson and
 * Flachaire 2008). Signs of whole sizes are changed of residuals that are corrected as standard
 * errors of the fit are ({@link ClusteredErrors}).
 */
final class Resampler {

  /** A run that the fit passes through has no residual to correct. */
  private static final double MOST_LEVERAGE = 0.99;

  /** By what the errors of a size are multiplied, in either direction (Webb 2023, six points). */
  private static final double[] SIX_POINTS = {Math.sqrt(0.5), 1, Math.sqrt(1.5)};

  private final RunSet runs;
  private final Resampling resampling;
  private final long seed;
  private final Objective.Residual scale;
  private final boolean positive;
  private final int[] groupOf;
  private final int groups;
  private final double[] fitted;
  private final double[] residual;
  private final RunErrors errors;
  private final Optional<double[]> ofSizes;

  /**
   * A resampler.
   *
   * @param errors what parametric replicates draw
   * @param ofSizes what wild replicates change the signs of by whole sizes; empty for residuals,
   *     run by run
   */
  Resampler(
      RunSet runs,
      FittedSurface surface,
      Objective objective,
      Resampling resampling,
      long seed,
      RunErrors errors,
      Optional<double[]> ofSizes) {
    this.runs = runs;
    this.ofSizes = ofSizes;
    this.errors = errors;
    this.resampling = resampling;
    this.seed = seed;
    this.scale = objective.residual();
    this.positive = runs.isPositive();
    this.groupOf = runs.sizeIndex();
    this.groups = Arrays.stream(groupOf).max().orElse(-1) + 1;
    int n = runs.size();
    this.fitted = new double[n];
    this.residual = new double[n];
    for (int i = 0; i < n; i++) {
      double loss = surface.loss(runs, i);
      fitted[i] = scale.target(loss);
      residual[i] = scale.target(runs.loss(i)) - fitted[i];
    }
    if (resampling == Resampling.RESIDUALS || resampling == Resampling.WILD) {
      correct(surface, objective);
    }
  }

  /** The resampler of a fit. */
  static Resampler of(LawFit fit, RunSet runs, BootstrapOptions options) {
    boolean bySizes =
        options.resampling() == Resampling.WILD
            && fit.sharesNoiseBySize()
            && !fit.method().hasStages();
    return new Resampler(
        runs,
        fit.surface(),
        fit.objective(),
        options.resampling(),
        options.seed(),
        fit.errors(runs),
        bySizes
            ? fit.clusteredErrors(runs)
                .map(
                    fit.isGeneralised()
                        ? ClusteredErrors::jackknifeResiduals
                        : ClusteredErrors::correctedResiduals)
            : Optional.empty());
  }

  /** The group of each run: its model size, numbered from the smallest. */
  int[] groupOf() {
    return groupOf.clone();
  }

  int groups() {
    return groups;
  }

  private void correct(FittedSurface surface, Objective objective) {
    double[] leverage =
        Evaluation.of(surface.law(), surface.centre(), surface.centredArray(), runs, objective)
            .leverage();
    double mean = 0;
    for (int i = 0; i < residual.length; i++) {
      double kept = 1 - Math.min(leverage[i], MOST_LEVERAGE);
      residual[i] *= Math.sqrt(runs.weight(i));
      residual[i] /= resampling == Resampling.WILD ? kept : Math.sqrt(kept);
      mean += residual[i] / residual.length;
    }
    if (resampling == Resampling.RESIDUALS) {
      for (int i = 0; i < residual.length; i++) {
        residual[i] -= mean;
      }
    }
  }

  private SplittableRandom random(int replicate) {
    // Hashed by a generator of their own: generators with seeds a fixed step apart overlap.
    long hashedSeed = new SplittableRandom(seed).nextLong();
    return new SplittableRandom(new SplittableRandom(hashedSeed ^ replicate).nextLong());
  }

  /** The weight of each run in a replicate. */
  double[] weights(int replicate) {
    double[] weights = runs.weight();
    if (resampling.changesLosses()) {
      return weights;
    }
    int units = resampling == Resampling.GROUPS ? groups : weights.length;
    int[] count = new int[units];
    SplittableRandom random = random(replicate);
    for (int draw = 0; draw < units; draw++) {
      count[random.nextInt(units)]++;
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= count[resampling == Resampling.GROUPS ? groupOf[i] : i];
    }
    return weights;
  }

  /** The loss of each run in a replicate. */
  double[] losses(int replicate) {
    if (!resampling.changesLosses()) {
      return runs.loss();
    }
    RandomGenerator random = random(replicate);
    double[] losses = new double[fitted.length];
    if (resampling == Resampling.PARAMETRIC) {
      double[] drawn = errors.draw(random);
      Arrays.setAll(losses, i -> loss(fitted[i] + drawn[i]));
      return losses;
    }
    if (resampling == Resampling.WILD && ofSizes.isPresent()) {
      double[] factor = new double[groups];
      for (int g = 0; g < groups; g++) {
        double size = SIX_POINTS[random.nextInt(SIX_POINTS.length)];
        factor[g] = random.nextBoolean() ? size : -size;
      }
      for (int i = 0; i < losses.length; i++) {
        losses[i] = loss(fitted[i] + factor[groupOf[i]] * ofSizes.get()[i]);
      }
      return losses;
    }
    for (int i = 0; i < losses.length; i++) {
      double error =
          resampling == Resampling.RESIDUALS
              ? residual[random.nextInt(residual.length)]
              : random.nextBoolean() ? residual[i] : -residual[i];
      losses[i] = loss(fitted[i] + error / Math.sqrt(runs.weight(i)));
    }
    return losses;
  }

  private double loss(double value) {
    double loss = scale.loss(value);
    return positive ? Math.max(loss, Double.MIN_NORMAL) : loss;
  }
}

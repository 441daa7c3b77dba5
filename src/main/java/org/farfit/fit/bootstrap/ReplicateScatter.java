package org.farfit.fit.bootstrap;

import java.util.Collection;
import org.farfit.data.RunSet;
import org.farfit.fit.LawFit;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * How replicates scatter beside the estimates that they stand for, and how well that is known.
 *
 * @param shortfall standard deviation of estimates over that of replicates
 * @param degreesOfFreedom of the variance of replicates
 */
public record ReplicateScatter(double shortfall, double degreesOfFreedom) {

  /** Replicates that scatter as estimates do, very many of them. */
  public static final ReplicateScatter NORMAL = new ReplicateScatter(1, 1e9);

  private static final NormalDistribution DISTRIBUTION = new NormalDistribution();

  /**
   * Replicates of n numbers that p parameters were fitted to, drawn anew and not corrected for what
   * the fit absorbs of them: they scatter less by a factor sqrt((n - p) / n) (Hesterberg 2015,
   * section 4.3).
   */
  static ReplicateScatter drawn(int n, int p) {
    return new ReplicateScatter(Math.sqrt(n / (double) (n - p)), n - p);
  }

  /**
   * What a resampling draws from some runs that p parameters were fitted to. Drawing whole runs, or
   * groups of them, draws the design, too, and the scatter that this adds makes good what the
   * parameters absorb: what is left to correct is the sqrt(n / (n - 1)) of any bootstrap, and
   * Student's t, of n - p degrees of freedom for n runs, and of G - 1 for G groups, as if their
   * mean alone had been fitted (Cameron, Gelbach and Miller 2008, section III). Residuals and
   * densities are corrected for what the parameters absorb before they are drawn.
   */
  static ReplicateScatter drawn(Resampling resampling, RunSet runs, int p) {
    int n = runs.size();
    return switch (resampling) {
      case GROUPS -> drawn(runs.sizes(), 1);
      case PAIRS -> new ReplicateScatter(Math.sqrt(n / (n - 1.0)), n - p);
      case RESIDUALS, WILD, PARAMETRIC -> new ReplicateScatter(1, n - p);
    };
  }

  /**
   * Replicates of a fit, or of an average of several. Replicates of a fit by generalised least
   * squares weigh runs as the fit does, and do not know that these weights were estimated, too: for
   * runs they have the shortfall of {@link #drawn(int, int)}.
   *
   * @param drawn how replicates were drawn
   * @param runs the runs that were fitted
   */
  public static ReplicateScatter of(Collection<LawFit> fits, Resampling drawn, RunSet runs) {
    return drawn == Resampling.PAIRS
            && fits.stream().anyMatch(LawFit::isGeneralised)
            && fits.stream().noneMatch(LawFit::sharesNoiseBySize)
        ? drawn(runs.size(), parameters(fits))
        : ofKnownWeights(fits, drawn, runs);
  }

  /** The same if the weights of fits by generalised least squares are taken to be known. */
  public static ReplicateScatter ofKnownWeights(
      Collection<LawFit> fits, Resampling drawn, RunSet runs) {
    boolean unbiased =
        switch (drawn) {
          case PARAMETRIC -> fits.stream().allMatch(fit -> fit.structuredNoise().isPresent());
          case WILD -> fits.stream().allMatch(LawFit::sharesNoiseBySize);
          default -> false;
        };
    if (unbiased) {
      int least = fits.stream().mapToInt(fit -> fit.degreesOfFreedom(runs)).min().orElseThrow();
      return new ReplicateScatter(1, least);
    }
    return fits.stream().anyMatch(LawFit::sharesNoiseBySize)
        ? drawn(Resampling.GROUPS, runs, parameters(fits))
        : drawn(drawn, runs, parameters(fits));
  }

  private static int parameters(Collection<LawFit> fits) {
    return fits.stream().mapToInt(fit -> fit.law().parameterCount()).max().orElseThrow();
  }

  /** The same with other degrees of freedom, where those of an estimand are known and fewer. */
  public ReplicateScatter atMost(double degrees) {
    return degrees < degreesOfFreedom ? with(degrees) : this;
  }

  /** The same with other degrees of freedom. */
  public ReplicateScatter with(double degrees) {
    return new ReplicateScatter(shortfall, degrees);
  }

  /**
   * Of the difference of two that do not depend on each other (Welch 1947).
   *
   * @param varianceA of the replicates of the one
   * @param varianceB of the replicates of the other
   */
  public static ReplicateScatter difference(
      double varianceA, ReplicateScatter a, double varianceB, ReplicateScatter b) {
    double ofA = varianceA * a.shortfall * a.shortfall;
    double ofB = varianceB * b.shortfall * b.shortfall;
    double sum = ofA + ofB;
    if (!(sum > 0)) {
      return new ReplicateScatter(1, Math.min(a.degreesOfFreedom, b.degreesOfFreedom));
    }
    return new ReplicateScatter(
        Math.sqrt(sum / (varianceA + varianceB)),
        sum * sum / (ofA * ofA / a.degreesOfFreedom + ofB * ofB / b.degreesOfFreedom));
  }

  /** Whether there is anything to judge scatter by. */
  boolean isKnown() {
    return degreesOfFreedom > 0;
  }

  /**
   * The probability, in either tail of the replicates, at whose quantiles an interval ends: that of
   * normal replicates is then as long as one by Student's t with the unbiased variance.
   *
   * @param level probability that the interval should cover
   */
  public double tail(double level) {
    double t = new TDistribution(degreesOfFreedom).inverseCumulativeProbability(0.5 + 0.5 * level);
    return DISTRIBUTION.cumulativeProbability(-t * shortfall);
  }

  /** How much farther than normal quantiles Student's t with the variance of estimates lies out. */
  public double stretch(double level) {
    double probability = 0.5 + 0.5 * level;
    return shortfall
        * new TDistribution(degreesOfFreedom).inverseCumulativeProbability(probability)
        / DISTRIBUTION.inverseCumulativeProbability(probability);
  }
}

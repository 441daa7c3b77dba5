package org.farfit.fit.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;
import org.junit.jupiter.api.Test;

/** Intervals of values whose quantiles are known. */
class BootstrapIntervalsTest {

  /** 1, 2, ... 999: order statistic (B + 1) q is 1000 q. */
  private static final double[] NUMBERS = IntStream.range(1, 1000).asDoubleStream().toArray();

  @Test
  void percentileIntervalsAreOrderStatistics() {
    Interval interval = BootstrapIntervals.percentile(NUMBERS, 0.9);
    assertThat(interval.low()).isCloseTo(50, within(1e-9));
    assertThat(interval.high()).isCloseTo(950, within(1e-9));
  }

  /** Values beyond every bound are order statistics as others are. */
  @Test
  void quantilesAreInfiniteWhereTheirOrderStatisticsAre() {
    double[] values = new double[99];
    for (int k = 0; k < values.length; k++) {
      values[k] = k < 5 ? Double.NEGATIVE_INFINITY : k + 1;
    }
    assertThat(BootstrapIntervals.percentile(values, 0.9))
        .isEqualTo(new Interval(Double.NEGATIVE_INFINITY, 95));
    assertThat(BootstrapIntervals.percentile(values, 0.88).low()).isCloseTo(6, within(1e-9));
  }

  @Test
  void basicIntervalsAreMirrored() {
    Interval interval = BootstrapIntervals.basic(400, NUMBERS, 0.9);
    assertThat(interval.low()).isCloseTo(800 - 950, within(1e-9));
    assertThat(interval.high()).isCloseTo(800 - 50, within(1e-9));
  }

  @Test
  void acceleratedIntervalsOfNeitherBiasNorSkewnessArePercentileOnes() {
    Interval interval =
        BootstrapIntervals.accelerated(500, NUMBERS, new double[] {499, 500, 501}, 0.9);
    assertThat(interval.low()).isCloseTo(50, within(1e-6));
    assertThat(interval.high()).isCloseTo(950, within(1e-6));
  }

  /** Bias alone: z0 = 0.2533 for 60% below; ends at Phi(2 z0 -+ 1.6449). */
  @Test
  void acceleratedIntervalsCorrectForBias() {
    Interval interval =
        BootstrapIntervals.accelerated(600, NUMBERS, new double[] {499, 500, 501}, 0.9);
    assertThat(interval.low()).isCloseTo(1000 * 0.12753, within(1.5));
    assertThat(interval.high()).isCloseTo(1000 * 0.98428, within(1.5));
  }

  @Test
  void accelerationIsASixthOfTheSkewness() {
    // Influences 2, -1, -1: cubes 6, squares 6.
    assertThat(BootstrapIntervals.acceleration(new double[] {-2, 1, 1}))
        .isCloseTo(6 / (6 * Math.pow(6, 1.5)), within(1e-15));
    assertThat(BootstrapIntervals.acceleration(new double[] {1, 1, 1})).isZero();
  }

  /**
   * Student's t of 4 degrees of freedom, 2.131847, over 1.644854, however far off the middle is.
   */
  @Test
  void stretchedIntervalsHaveDistancesFromTheMiddleOfReplicates() {
    double factor = 2.131847 / 1.644854;
    for (double estimate : new double[] {500, 600}) {
      Interval interval = stretched(estimate, NUMBERS);
      assertThat(interval.low()).isCloseTo(estimate - factor * 450, within(1e-3));
      assertThat(interval.high()).isCloseTo(estimate + factor * 450, within(1e-3));
    }
    double[] skewed = Arrays.stream(NUMBERS).map(k -> k * k).toArray();
    Interval interval = stretched(0, skewed);
    assertThat(interval.low()).isCloseTo(factor * (50 * 50 - 500 * 500), within(1.0));
    assertThat(interval.high()).isCloseTo(factor * (950 * 950 - 500 * 500), within(1.0));
  }

  @Test
  void replicatesOfWhichHalfHaveNoBoundHaveNoMiddle() {
    double[] half =
        Arrays.stream(NUMBERS).map(k -> k > 400 ? Double.POSITIVE_INFINITY : k).toArray();
    Interval interval = stretched(100, half);
    assertThat(interval.low()).isCloseTo(100 + 2.131847 / 1.644854 * (50 - 100), within(1e-3));
    assertThat(interval.high()).isInfinite();
  }

  private static Interval stretched(double estimate, double[] replicates) {
    return BootstrapIntervals.stretched(estimate, replicates, 0.9, new ReplicateScatter(1, 4));
  }

  /** Normal replicates: expanded intervals are Student's t ones with the unbiased variance. */
  @Test
  void expandedIntervalsAreAsLongAsStudents() {
    SplittableRandom random = new SplittableRandom(1);
    double[] normal = IntStream.range(0, 400_000).mapToDouble(i -> random.nextGaussian()).toArray();
    Interval interval = BootstrapIntervals.expanded(normal, 0.9, 20, 5);
    // t of 15 degrees of freedom, 95%: 1.753050; sqrt(20 / 15) = 1.154701.
    assertThat(interval.high()).isCloseTo(1.753050 * 1.154701, within(0.02));
    assertThat(interval.low()).isCloseTo(-1.753050 * 1.154701, within(0.02));
    assertThat(BootstrapIntervals.expanded(normal, 0.9, 5, 5).isKnown()).isFalse();
  }

  @Test
  void studentisedIntervalsOfEqualErrorsAreBasicOnes() {
    double[] errors = new double[NUMBERS.length];
    Arrays.fill(errors, 3);
    Interval interval = BootstrapIntervals.studentised(400, 3, NUMBERS, errors, 0.9);
    Interval basic = BootstrapIntervals.basic(400, NUMBERS, 0.9);
    assertThat(interval.low()).isCloseTo(basic.low(), within(1e-9));
    assertThat(interval.high()).isCloseTo(basic.high(), within(1e-9));
    // Twice the error of the fit: twice as long.
    assertThat(BootstrapIntervals.studentised(400, 6, NUMBERS, errors, 0.9).width())
        .isCloseTo(2 * basic.width(), within(1e-9));
  }

  @Test
  void whatHasNoValueIsLeftOut() {
    double[] gaps = Arrays.copyOf(NUMBERS, 2000);
    Arrays.fill(gaps, NUMBERS.length, 2000, Double.NaN);
    assertThat(BootstrapIntervals.percentile(gaps, 0.9))
        .isEqualTo(BootstrapIntervals.percentile(NUMBERS, 0.9));
    assertThat(BootstrapIntervals.percentile(new double[] {1, Double.NaN}, 0.9).isKnown())
        .isFalse();
  }

  @Test
  void groupsExpandAsAMeanOfThemDoes() {
    double[] normal = new double[999];
    for (int i = 0; i < normal.length; i++) {
      normal[i] = new NormalDistribution().inverseCumulativeProbability((i + 1) / 1000.0);
    }
    double[] n = new double[100];
    double[] same = new double[100];
    for (int i = 0; i < n.length; i++) {
      n[i] = 1 + Math.floorDiv(i, 10);
      same[i] = 1;
    }
    RunSet runs = new RunSet(n, same, same);
    double t = new TDistribution(9).inverseCumulativeProbability(0.95) * Math.sqrt(10 / 9.0);
    Interval groups = expanded(normal, Resampling.GROUPS, runs);
    assertThat(groups.high()).isCloseTo(t, within(0.02));
    assertThat(groups.low()).isCloseTo(-t, within(0.02));
  }

  /** Drawing runs draws the design, whose scatter makes good what parameters absorb: t alone. */
  @Test
  void pairsExpandAsAMeanWithTheFreedomOfTheFit() {
    double[] normal = new double[9999];
    for (int i = 0; i < normal.length; i++) {
      normal[i] = new NormalDistribution().inverseCumulativeProbability((i + 1) / 10000.0);
    }
    double[] n = IntStream.rangeClosed(1, 20).mapToDouble(i -> i).toArray();
    RunSet runs = new RunSet(n, n, n);
    double t = new TDistribution(15).inverseCumulativeProbability(0.95);
    assertThat(expanded(normal, Resampling.PAIRS, runs).high())
        .isCloseTo(t * Math.sqrt(20 / 19.0), within(0.01));
    assertThat(expanded(normal, Resampling.WILD, runs).high()).isCloseTo(t, within(0.01));
  }

  /** A ratio of normal numbers has no moments: its standard deviation is that of a few draws. */
  @Test
  void aStandardErrorThatAFewDecideIsKnownAsSuch() {
    SplittableRandom random = new SplittableRandom(2);
    double[] normal = IntStream.range(0, 2000).mapToDouble(i -> random.nextGaussian()).toArray();
    double[] ratio =
        IntStream.range(0, 2000)
            .mapToDouble(i -> {
              double denominator = random.nextGaussian();
              return random.nextGaussian() / denominator;
            })
            .toArray();
    double[] logNormal = Arrays.stream(normal).map(Math::exp).toArray();
    assertThat(BootstrapIntervals.isDecidedByFew(normal)).isFalse();
    assertThat(BootstrapIntervals.isDecidedByFew(logNormal)).isFalse();
    assertThat(BootstrapIntervals.isDecidedByFew(ratio)).isTrue();
  }

  /** A replicate without a loss has a logarithm that is infinite. */
  @Test
  void oneInfiniteReplicateDoesNotHideTheOthers() {
    SplittableRandom random = new SplittableRandom(3);
    double[] replicates =
        IntStream.range(0, 1000).mapToDouble(i -> random.nextGaussian()).toArray();
    assertThat(BootstrapIntervals.scatter(replicates))
        .isEqualTo(BootstrapIntervals.standardError(replicates));
    replicates[17] = Double.NEGATIVE_INFINITY;
    assertThat(BootstrapIntervals.standardError(replicates)).isNaN();
    assertThat(BootstrapIntervals.scatter(replicates)).isCloseTo(1, within(0.06));
  }

  /** At 90%, of five parameters. */
  private static Interval expanded(double[] replicates, Resampling resampling, RunSet runs) {
    return BootstrapIntervals.expanded(
        replicates, 0.9, ReplicateScatter.drawn(resampling, runs, 5));
  }
}

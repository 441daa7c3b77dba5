package org.farfit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.farfit.RealData;
import org.junit.jupiter.api.Test;

/** Model sizes, which N tells to rounding or reading error. */
class RunSetTest {

  private static RunSet sized(double... n) {
    double[] ones = new double[n.length];
    Arrays.fill(ones, 1);
    return new RunSet(n, ones, ones);
  }

  @Test
  void sizesAreNWithinTheTolerance() {
    RunSet runs = sized(102, 1e3, 100.9, 100, 1000.001, 100, 999.999);
    assertThat(runs.sizes()).isEqualTo(3);
    // 102 is within 1% of 101 but not of 100, where the size begins.
    assertThat(runs.bySize().n()).containsExactly(102, 1e3, 100, 100, 1e3, 100, 1e3);
    assertThat(runs.n(0)).isEqualTo(102);
    assertThat(runs.withSizeTolerance(0).sizes()).isEqualTo(6);
    assertThat(runs.withSizeTolerance(0).bySize().n()).isEqualTo(runs.n());
    assertThat(runs.withSizeTolerance(0.02).sizes()).isEqualTo(2);
    assertThatThrownBy(() -> runs.withSizeTolerance(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theToleranceStaysWithRuns() {
    RunSet runs = sized(1, 1.1, 1.2).withSizeTolerance(0.15);
    assertThat(runs.weighted(new double[] {1, 1, 0}).sizes()).isEqualTo(1);
    assertThat(runs.bySize().sizeTolerance()).isEqualTo(0.15);
    assertThat(Repeats.MEAN.merge(runs).sizeTolerance()).isEqualTo(0.15);
  }

  @Test
  void runsThatRepeatAPointAreCounted() {
    assertThat(sized(3, 1, 2, 1, 3, 3).duplicates()).isEqualTo(3);
    assertThat(sized(1, 2, 3).duplicates()).isZero();
    assertThat(sized().duplicates()).isZero();
    SequencedMap<String, double[]> columns = new LinkedHashMap<>();
    columns.put("N", new double[] {1, 1, 1, 2});
    columns.put("D", new double[] {5, 5, 6, 5});
    double[] ones = {1, 1, 1, 1};
    assertThat(RunSet.of(columns, Map.of(), ones, ones).duplicates()).isEqualTo(1);
    columns.put("U", new double[] {7, 8, 7, 7});
    assertThat(RunSet.of(columns, Map.of(), ones, ones).duplicates()).isZero();
  }

  /** Ten million runs are looked through without an object for each. */
  @Test
  void pointsAreComparedInLittleMemory() {
    int count = 100_000;
    RunSet runs = sized(IntStream.range(1, count + 1).asDoubleStream().toArray());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThat(runs.duplicates()).isZero();
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(40L * count);
  }

  /** The Epoch runs are read off a figure: 142 different N are 41 sizes; Farseer's N are exact. */
  @Test
  void realRunsHaveTheirSizes() {
    RunSet epoch = RealData.epoch();
    assertThat(epoch.distinctN()).isGreaterThan(3 * epoch.sizes());
    assertThat(epoch.sizes()).isBetween(35, 45);
    assertThat(RealData.farseer().sizes()).isEqualTo(RealData.farseer().distinctN());
    assertThat(RealData.farseer().bySize().n()).isEqualTo(RealData.farseer().n());
  }
}

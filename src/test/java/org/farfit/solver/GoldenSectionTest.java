package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Minima that are known, smooth, at a kink and at an end, and how often the function is asked. */
class GoldenSectionTest {

  @Test
  void minimaAreFoundSmoothOrNot() {
    isFound(x -> (x - 2) * (x - 2), 2, 1e-6);
    isFound(x -> Math.abs(x - 0.3), 0.3, 1e-9);
    isFound(x -> x, -1, 1e-9);
  }

  private static void isFound(DoubleUnaryOperator f, double minimum, double width) {
    GoldenSection.Found found = GoldenSection.minimum(f, -1, 5, width);
    assertThat(found.high() - found.low()).isPositive().isLessThanOrEqualTo(width);
    assertThat(found.middle()).isCloseTo(minimum, within(width));
    assertThat(found.least()).isBetween(found.low(), found.high());
  }

  @Test
  void onePointOfASectionServesTheNext() {
    AtomicInteger asked = new AtomicInteger();
    GoldenSection.minimum(
        x -> {
          asked.incrementAndGet();
          return x * x;
        },
        -1,
        1,
        2e-4);
    // ln 1e4 / -ln 0.618 = 19.1 sections, after the first two points.
    assertThat(asked).hasValue(22);
  }
}

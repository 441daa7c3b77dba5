package org.farfit.engine.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.farfit.engine.Engine;
import org.farfit.engine.EngineContract;
import org.farfit.engine.EngineUnavailableException;
import org.farfit.engine.Engines;
import org.farfit.law.Law;
import org.junit.jupiter.api.Test;

/** The SIMD engine: the contract of all engines, and its own exponential. */
class SimdEngineTest extends EngineContract {

  private final Engine simd = new SimdEngineProvider().open("");

  @Override
  protected Engine engine() {
    return simd;
  }

  /**
   * Farseer's derivatives by cA and mA are differences, ln D0 times as large, that may cancel; in
   * the plain engine they are as uncertain.
   */
  @Override
  protected double tolerance(Law law) {
    return law.name().startsWith("farseer") ? 2e-11 : 1e-12;
  }

  @Override
  protected int lanes() {
    return VectorMath.LANES;
  }

  @Test
  void exponentialIsTheLibrarysToARoundingOrTwo() {
    double[] x = new double[VectorMath.LANES];
    double[] out = new double[VectorMath.LANES];
    SplittableRandom random = new SplittableRandom(12);
    for (int trial = 0; trial < 20_000; trial++) {
      x[0] = random.nextDouble(-707, 709);
      VectorMath.exp(1, x, out);
      assertThat(out[0]).isCloseTo(Math.exp(x[0]), within(6e-16 * Math.exp(x[0])));
    }
    double[] specials = {0, -0.0, 1000, -1000, Double.NaN, -1e300, Double.POSITIVE_INFINITY};
    double[] expected = {
      1, 1, Double.POSITIVE_INFINITY, 0, Double.NaN, 0, Double.POSITIVE_INFINITY
    };
    for (int i = 0; i < specials.length; i++) {
      x[0] = specials[i];
      VectorMath.exp(1, x, out);
      assertThat(Double.compare(out[0], expected[i])).as("e^%s", specials[i]).isZero();
    }
  }

  @Test
  void autoPrefersItAndItNamesItsVectors() {
    assertThat(Engines.open("auto").name()).isEqualTo("simd");
    assertThat(simd.device()).contains("vectors of " + VectorMath.LANES + " doubles");
    assertThatThrownBy(() -> Engines.open("simd:0"))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContaining("no devices to choose from");
  }
}

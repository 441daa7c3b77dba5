package org.farfit.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.farfit.fit.FittedSurface;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.junit.jupiter.api.Test;

/** Monotonicity and mixed derivatives, against cases worked out by hand. */
class SurfaceShapeTest {

  private static final SurfaceRange RANGE = new SurfaceRange(1e8, 6e9, 1e9, 5e11);

  @Test
  void everyExampleFallsInItsRange() {
    for (Law law : Laws.all()) {
      SurfaceShape shape = SurfaceShape.of(AllocationTest.surface(law, law.example()), RANGE);
      assertThat(shape.isMonotone()).as(law.name()).isTrue();
      assertThat(shape.certifiedN()).as(law.name()).isTrue();
      assertThat(shape.warning()).isEmpty();
    }
  }

  @Test
  void analyticSlopeInTokensIsTheNumericalOne() {
    for (Law law : Laws.all()) {
      FittedSurface surface = AllocationTest.surface(law, law.example());
      double numerical = LogSlope.of(y -> Math.log(surface.loss(2e9, Math.exp(y))), Math.log(3e10));
      assertThat(surface.slopeByLogD(2e9, 3e10)).as(law.name()).isCloseTo(numerical, within(1e-11));
    }
  }

  /** With gamma above 0 and a3 positive the capacity term of Farseer rises with N. */
  @Test
  void aRiseWithSizeIsFound() {
    double[] published = new Farseer().example();
    published[6] = 0.01;
    SurfaceShape shape = SurfaceShape.of(AllocationTest.surface(new Farseer(), published), RANGE);
    assertThat(shape.isMonotone()).isFalse();
    assertThat(shape.steepestN()).isPositive();
    assertThat(shape.warning()).hasValueSatisfying(w -> assertThat(w).contains("rises with N"));
  }

  @Test
  void chinchillaHasNoMixedDerivative() {
    SurfaceShape shape =
        SurfaceShape.of(
            AllocationTest.surface(new Chinchilla(), new Chinchilla().example()), RANGE);
    assertThat(shape.leastMixed()).isCloseTo(0, within(1e-12));
    assertThat(shape.mostMixed()).isCloseTo(0, within(1e-12));
  }
}

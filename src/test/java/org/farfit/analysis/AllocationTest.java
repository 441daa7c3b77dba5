package org.farfit.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.Surface;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.law.Skaling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compute-optimal N and D against closed forms and dense searches. */
class AllocationTest {

  private static final SurfaceRange RANGE = new SurfaceRange(1e8, 6e9, 1e9, 5e11);
  private static final Centre CENTRE = new Centre(Math.log(1e9), Math.log(2e10), Math.log(0.6));

  static FittedSurface surface(Law law, double... published) {
    double[] centred = new double[published.length];
    law.toCentred(CENTRE, published, centred);
    return new FittedSurface(
        law, CENTRE, Arrays.stream(centred).boxed().toList(), 400, Optional.empty());
  }

  private static FittedSurface example(Law law) {
    return surface(law, law.example());
  }

  private static Allocation allocation(Surface surface) {
    return new Allocation(surface, RANGE, ComputeModel.USUAL);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e19, 1e21, 1e23})
  void searchFindsTheClosedForms(double flops) {
    for (Law law : new Law[] {new Chinchilla(), new Skaling()}) {
      Allocation allocation = allocation(example(law));
      Allocation.Point closed = allocation.at(flops).best().orElseThrow();
      Allocation.Point searched = allocation.search(flops).best().orElseThrow();
      assertThat(searched.n()).isCloseTo(closed.n(), within(1e-10 * closed.n()));
      assertThat(6 * closed.n() * closed.d()).isCloseTo(flops, within(1e-12 * flops));
    }
  }

  /**
   * With k of a hundredth A and B are beyond all numbers, though the surface is an ordinary one.
   */
  @Test
  void publishedParametersThatOverflowLeaveTheOptimum() {
    double k = 0.01;
    double[] c = {Math.log(0.5), -1.1, -1.3, 0.33, 0.36, Math.log(k)};
    FittedSurface surface =
        new FittedSurface(
            new Skaling(), CENTRE, Arrays.stream(c).boxed().toList(), 400, Optional.empty());
    assertThat(surface.published()[2]).isInfinite();
    double flops = 1e21;
    // Where both slopes are equal: sA u^(1/k) = sB w^(1/k), in logarithms, on the isoFLOP line.
    double line = Math.log(flops / 6) - CENTRE.logN() - CENTRE.logD();
    double x = (k * Math.log(c[3] / c[4]) + c[1] - c[2] + c[4] * line) / (c[3] + c[4]);
    Allocation.Point best = allocation(surface).at(flops).best().orElseThrow();
    assertThat(Math.log(best.n()) - CENTRE.logN()).isCloseTo(x, within(1e-5));
  }

  /** Hoffmann et al. 2022, eq. 4, written out. */
  @Test
  void closedFormIsThePublishedOne() {
    double[] p = new Chinchilla().example();
    double g = Math.pow(p[3] * p[1] / (p[4] * p[2]), 1 / (p[3] + p[4]));
    double expected = g * Math.pow(1e22 / 6, p[4] / (p[3] + p[4]));
    double n = allocation(example(new Chinchilla())).at(1e22).best().orElseThrow().n();
    assertThat(n).isCloseTo(expected, within(1e-12 * expected));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e20, 1e22})
  void farseerMatchesADenseSearch(double flops) {
    FittedSurface surface = example(new Farseer());
    double best = Double.NaN;
    double least = Double.POSITIVE_INFINITY;
    double low = Math.log(1e7);
    double high = Math.log(3e10);
    for (int level = 0; level < 6; level++) {
      double step = (high - low) / 2000;
      for (int i = 0; i <= 2000; i++) {
        double x = low + i * step;
        double loss = surface.loss(Math.exp(x), flops / 6 / Math.exp(x));
        if (loss < least) {
          least = loss;
          best = x;
        }
      }
      low = best - step;
      high = best + step;
    }
    Allocation.Point point = allocation(surface).at(flops).best().orElseThrow();
    // Near a minimum the loss is flat: a search by values finds N to about 1e-7.
    assertThat(point.n()).isCloseTo(Math.exp(best), within(1e-6 * point.n()));
    assertThat(point.loss()).isLessThanOrEqualTo(least * (1 + 1e-15));
  }

  @Test
  void inverseQuestionsInvert() {
    Allocation allocation = allocation(example(new Farseer()));
    Allocation.Point point = allocation.at(3e21).best().orElseThrow();
    assertThat(allocation.computeFor(point.loss()).orElseThrow())
        .isCloseTo(3e21, within(3e21 * 1e-9));
    assertThat(allocation.tokensFor(point.n()).orElseThrow())
        .isCloseTo(point.d(), within(point.d() * 1e-9));
    assertThat(allocation.computeFor(1e-3)).isEmpty();
    Allocation.Point small = allocation.smallestWithin(3e21, 0.01).orElseThrow();
    assertThat(small.n()).isLessThan(point.n());
    assertThat(small.loss()).isCloseTo(1.01 * point.loss(), within(1e-10));
    assertThat(6 * small.n() * small.d()).isCloseTo(3e21, within(1e10));
  }

  @Test
  void formulaForFlopsMovesTheOptimum() {
    Surface surface = example(new Chinchilla());
    ComputeModel attention = ComputeModel.of("6*N*D + 1e4*N^(2/3)*D");
    Allocation.Point point =
        new Allocation(surface, RANGE, attention).at(1e21).best().orElseThrow();
    assertThat(attention.flops(point.n(), point.d())).isCloseTo(1e21, within(1e21 * 1e-10));
    assertThat(new Allocation(surface, RANGE, ComputeModel.of("N * 6 * D")).at(1e21).best())
        .hasValueSatisfying(same ->
            assertThat(same.n())
                .isCloseTo(
                    allocation(surface).at(1e21).best().orElseThrow().n(),
                    within(1e-9 * same.n())));
    assertThatThrownBy(() -> ComputeModel.of("6*N*X")).hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> ComputeModel.of("6*N/D")).hasMessageContaining("does not grow");
  }

  @Test
  void saysWhenThereIsNoInteriorOptimumOrSeveralOrAFarOne() {
    Surface falling = surfaceOf("falling", (n, d) -> 1 / Math.log(n) + 1e-3 * Math.log(d));
    Allocation.Answer none = allocation(falling).at(1e22);
    assertThat(none.best()).isEmpty();
    assertThat(none.warnings()).singleElement().asString().contains("no interior optimum");

    Surface wavy = surfaceOf("wavy", (n, d) -> 2 + Math.cos(2 * Math.log(n)) + 1e-3 * Math.log(n));
    Allocation.Answer several = allocation(wavy).at(1e22);
    assertThat(several.optima()).hasSizeGreaterThan(3);
    assertThat(several.warnings()).anyMatch(warning -> warning.contains("local optima"));

    Allocation.Answer far = allocation(example(new Chinchilla())).at(1e26);
    assertThat(far.warnings()).anyMatch(warning -> warning.contains("beyond the fitted runs"));
    assertThatThrownBy(() -> allocation(wavy).at(0)).isInstanceOf(IllegalArgumentException.class);
  }

  static Surface surfaceOf(String name, DoubleBinaryOperator loss) {
    return new Surface() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public double loss(double n, double d) {
        return loss.applyAsDouble(n, d);
      }
    };
  }

  private static Surface named(DoubleBinaryOperator loss) {
    return new Surface() {
      @Override
      public String name() {
        return "test";
      }

      @Override
      public double loss(double n, double d) {
        return loss.applyAsDouble(n, d);
      }
    };
  }

  @Test
  void saysWhyThereIsNoOptimum() {
    assertThat(allocation(named((n, d) -> 1 + Math.pow(n, -0.1))).problem(1e21))
        .contains("the loss keeps falling towards larger N");
    assertThat(allocation(named((n, d) -> 1 + Math.pow(n, 0.1))).problem(1e21))
        .contains("the loss keeps falling towards smaller N");
    assertThat(allocation(named((n, d) -> Double.NaN)).problem(1e21))
        .contains("the loss is not a number");
    assertThat(allocation(example(new Farseer())).problem(1e21)).isEmpty();
  }

  /** A surface that is NaN beside a known optimum is searched as a whole; nothing is thrown. */
  @Test
  void aLossThatIsNotANumberNearbyIsNoRoot() {
    Surface broken = named((n, d) -> n > 1e9 ? 1 + Math.pow(n, 0.1) : Double.NaN);
    assertThat(allocation(broken).near(1e21, 1.05e9)).isEmpty();
  }
}

package org.farfit.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.farfit.data.RunSet;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.extrapolation.AverageSurface;
import org.farfit.fit.extrapolation.GuardedSurface;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.junit.jupiter.api.Test;

/** Which predicted losses are refused, and why. */
class LossLimitsTest {

  private static final Law LAW = new Chinchilla();
  private static final RunSet RUNS =
      Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 1e-3, 1);
  private static final LossLimits LIMITS = LossLimits.of(RUNS);

  private static FittedSurface surface(double alpha) {
    double[] published = LAW.example();
    double atCentre = Math.exp(Arrays.stream(RUNS.n()).map(Math::log).average().orElseThrow());
    published[1] *= Math.pow(atCentre, alpha - published[3]);
    published[3] = alpha;
    Centre centre = Centre.of(RUNS.n(), RUNS.d(), RUNS.loss());
    double[] centred = new double[published.length];
    LAW.toCentred(centre, published, centred);
    return FittedSurface.of(LAW, centre, centred, RUNS.size());
  }

  private static GuardedSurface average(double weightOfSteep) {
    return new GuardedSurface(
        new AverageSurface(
            List.of(surface(LAW.example()[3]), surface(1.15 * LAW.example()[3])),
            List.of(1 - weightOfSteep, weightOfSteep)),
        RUNS);
  }

  /** A size at which the steeper law alone is refused; found by bisection. */
  private static double whereTheSteeperIsJustRefused(double d) {
    FittedSurface steep = surface(1.15 * LAW.example()[3]);
    double low = 1;
    double high = 1e8;
    for (int i = 0; i < 200; i++) {
      double middle = Math.sqrt(low * high);
      if (LIMITS.refusal(steep.loss(middle, d)).isPresent()) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Test
  void anAverageIsRefusedWhereMostOfItIs() {
    double d = 1e9;
    double n = whereTheSteeperIsJustRefused(d);
    for (double weight : new double[] {0.4, 0.6}) {
      GuardedSurface average = average(weight);
      double loss = average.loss(n, d);
      assertThat(average.refusal(n, d)).isEmpty();
      assertThat(LIMITS.refusal(n, d, loss)).isEmpty();
      Optional<String> refusal = LIMITS.refusal(average, n, d, loss);
      assertThat(refusal.isPresent()).as("weight %s", weight).isEqualTo(weight > 0.5);
      refusal.ifPresent(words ->
          assertThat(words)
              .startsWith(
                  "laws of 60% of its weight predict nothing there (chinchilla: the surface"));
    }
  }

  @Test
  void anIntervalThatHoldsEveryLossIsToldAsSuch() {
    assertThat(LIMITS.emptiness(LIMITS.least() * 0.99, LIMITS.largest() * 1.01).orElseThrow())
        .startsWith("its interval holds every loss of the fitted runs (");
    assertThat(LIMITS.emptiness(LIMITS.least() * 1.01, LIMITS.largest() * 1.01)).isEmpty();
    assertThat(LossLimits.NONE.emptiness(0, 1e9)).isEmpty();
  }
}

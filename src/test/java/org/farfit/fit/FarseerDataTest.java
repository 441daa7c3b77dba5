package org.farfit.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.farfit.RealData;
import org.farfit.data.ColumnOptions;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Kaplan;
import org.farfit.law.Law;
import org.farfit.law.Skaling;
import org.junit.jupiter.api.Test;

/** The 404 runs of the Farseer paper, against optima found by other tools. */
class FarseerDataTest {

  private static LawFit fit(Law law, RunSet runs) {
    return new GlobalFit(new ScalarEngine(), FitOptions.DEFAULT).fit(law, runs);
  }

  @Test
  void farseerReachesTheBestKnownOptimum() {
    LawFit fit = fit(new Farseer(), RealData.farseer());
    assertThat(fit.cost()).isCloseTo(6.28081006e-4, within(5e-13));
    assertThat(fit.quality().rmse()).isCloseTo(1.763e-3, within(5e-7));
    assertThat(fit.status().isConverged()).isTrue();
    assertThat(fit.multiStart().orElseThrow().starts()).isEqualTo(200);
    assertThat(fit.multiStart().orElseThrow().atBest()).isGreaterThanOrEqualTo(155);
    // 36 per start before steps knew of terms and starts of others that ended where they do.
    assertThat(fit.multiStart().orElseThrow().totalEvaluations()).isLessThan(200 * 25);
    double[] expected = {
      -3.48804, 0.0257208, 4.72927, 111.2465, -0.143656, -1.00738, -0.848490, 0.0480120, 1.489381
    };
    double[] published = fit.surface().published();
    for (int j = 0; j < expected.length; j++) {
      assertThat(published[j]).isCloseTo(expected[j], within(1e-5 * Math.abs(expected[j])));
    }
  }

  /** What docs/deciding.md says of its residuals: neighbours along D are alike. */
  @Test
  void residualsOfNeighboursAlongDCorrelate() {
    RunSet runs = RealData.farseer();
    LawFit fit = fit(new Farseer(), runs);
    int[] order =
        IntStream.range(0, runs.size())
            .boxed()
            .sorted(Comparator.<Integer>comparingDouble(runs::n).thenComparingDouble(runs::d))
            .mapToInt(i -> i)
            .toArray();
    double[] residual =
        Arrays.stream(order)
            .mapToDouble(i -> Math.log(runs.loss(i) / fit.loss(runs.n(i), runs.d(i))))
            .toArray();
    double product = 0;
    double squares = 0;
    for (int k = 1; k < order.length; k++) {
      if (runs.n(order[k]) == runs.n(order[k - 1])) {
        product += residual[k] * residual[k - 1];
        squares += 0.5 * (residual[k] * residual[k] + residual[k - 1] * residual[k - 1]);
      }
    }
    assertThat(product / squares).isCloseTo(0.78, within(0.03));
  }

  @Test
  void lawsRankAsTheyDoInTheLiterature() {
    RunSet runs = RealData.farseer();
    LawFit kaplan = fit(new Kaplan(), runs);
    LawFit chinchilla = fit(new Chinchilla(), runs);
    LawFit skaling = fit(new Skaling(), runs);
    LawFit farseer = fit(new Farseer(), runs);
    assertThat(kaplan.quality().aic()).isGreaterThan(chinchilla.quality().aic());
    assertThat(chinchilla.quality().aic()).isGreaterThan(skaling.quality().aic());
    assertThat(skaling.quality().aic()).isGreaterThan(farseer.quality().aic());
    assertThat(skaling.quality().bic()).isGreaterThan(farseer.quality().bic());
    assertThat(chinchilla.cost()).isCloseTo(1.45915e-2, within(1e-7));
  }

  /** Videau et al., table 1, protocol B: the fitting set of 302 runs. */
  @Test
  void theFittingSetOfTheEdgeHoldOutIsWellConditionedInCentredCoordinates() {
    RunSet all = RealData.farseer();
    double[] sizes = Arrays.stream(all.n()).distinct().sorted().toArray();
    int[] kept =
        Arrays.stream(sizes)
            .limit(sizes.length - 3)
            .mapToObj(size -> allButLongestThree(all, size))
            .flatMapToInt(Arrays::stream)
            .toArray();
    assertThat(kept).hasSize(302);
    RunSet fitting =
        new RunSet(
            Arrays.stream(kept).mapToDouble(all::n).toArray(),
            Arrays.stream(kept).mapToDouble(all::d).toArray(),
            Arrays.stream(kept).mapToDouble(all::loss).toArray());
    LawFit fit = fit(new Farseer(), fitting);
    assertThat(fit.cost()).isCloseTo(3.90804e-4, within(1e-9));
    // In published coordinates it is beyond 1e7.
    assertThat(fit.condition()).isBetween(100.0, 300.0);
    assertThat(fit.multiStart().orElseThrow().atBest()).isGreaterThanOrEqualTo(120);
    assertThat(fit.quality().mape()).isCloseTo(0.127, within(5e-4));
  }

  private static int[] allButLongestThree(RunSet all, double size) {
    List<Integer> byTokens =
        IntStream.range(0, all.size())
            .filter(i -> all.n(i) == size)
            .boxed()
            .sorted(Comparator.comparingDouble(all::d))
            .toList();
    return byTokens.stream().limit(byTokens.size() - 3L).mapToInt(i -> i).toArray();
  }

  @Test
  void theSizesOfThePaperGiveAConvergedFitToo() {
    RunSet runs =
        RunFile.read(RealData.file("farseer_1222_full.csv"), ColumnOptions.usual().where("N > 2e8"))
            .runs();
    assertThat(runs.distinctN()).isEqualTo(21);
    LawFit fit = fit(new Farseer(), runs);
    assertThat(fit.status().isConverged()).isTrue();
    assertThat(fit.cost()).isLessThan(6.2808e-4);
  }
}

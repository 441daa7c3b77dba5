package org.farfit.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import org.farfit.RealData;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.ScalarEngine;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.law.Skaling;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;

/** Regularised fits and the choice of what to extrapolate with. */
class ExtrapolationTest {

  private static final FitOptions OPTIONS = FitOptions.DEFAULT.withStarts(24, 1);

  private static AutoFit auto() {
    return new AutoFit(new ScalarEngine(), OPTIONS, ProgressListener.NONE);
  }

  private static RunSet simulated(Law law, double noise) {
    return Simulation.runs(law, law.example(), DesignGrid.paper(), noise, 5);
  }

  @Test
  void originsPredictTheNextSizeFromSmallerOnes() {
    RunSet runs = simulated(new Farseer(), 2e-3);
    double[] sizes = Arrays.stream(runs.n()).distinct().sorted().toArray();
    double[] weights = runs.weight();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = runs.n(i) == sizes[20] ? 0 : 1;
    }
    List<RollingOrigin> origins = RollingOrigin.within(runs, weights);
    assertThat(origins).hasSize(20 - RollingOrigin.FEWEST_SIZES);
    for (int o = 0; o < origins.size(); o++) {
      for (int i = 0; i < runs.size(); i++) {
        int size = Arrays.binarySearch(sizes, runs.n(i));
        assertThat(origins.get(o).fit()[i]).isEqualTo(size < 5 + o ? 1 : 0);
        assertThat(origins.get(o).test()[i]).isEqualTo(size == 5 + o ? 1 : 0);
      }
    }
  }

  /** Held-out runs, however absurd, change nothing in what is chosen without them. */
  @Test
  void heldOutRunsHaveNoSay() {
    RunSet runs = simulated(new Farseer(), 2e-3);
    double[] weights = runs.weight();
    double[] spoilt = runs.loss();
    for (int i = 0; i < weights.length; i++) {
      if (runs.n(i) > 2e9) {
        weights[i] = 0;
        spoilt[i] *= 1.5;
      }
    }
    // The losses of held-out runs enter the centre, which sets where starts are drawn.
    RunSet other = new RunSet(runs.n(), runs.d(), spoilt);
    AutoFit.Choice clean = auto().choose(runs, List.of(weights)).getFirst();
    AutoFit.Choice dirty = auto().choose(other, List.of(weights)).getFirst();
    assertThat(dirty.name()).isEqualTo(clean.name());
    assertThat(dirty.surface().loss(1e10, 1e12))
        .isCloseTo(clean.surface().loss(1e10, 1e12), within(1e-6));
  }

  @Test
  void choosesTheLawThatMadeTheRuns() {
    AutoFit.Choice choice = auto().choose(simulated(new Skaling(), 1e-4));
    assertThat(choice.name()).contains("skaling/global");
    assertThat(choice.scores()).hasSize(15);
    assertThat(choice.scores())
        .isSortedAccordingTo(Comparator.comparingDouble(AutoFit.Score::error));
    assertThat(choice.reason()).startsWith(choice.name());
  }

  @Test
  void fewSizesFallBackToALawOfFewParameters() {
    RunSet all = simulated(new Chinchilla(), 1e-3);
    double[] sizes = Arrays.stream(all.n()).distinct().sorted().limit(4).toArray();
    double[] weights = all.weight();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Arrays.binarySearch(sizes, all.n(i)) >= 0 ? 1 : 0;
    }
    AutoFit.Choice choice = auto().choose(all.weighted(weights));
    assertThat(choice.name()).isEqualTo("skaling/global");
    assertThat(choice.reason()).contains("too few sizes");
  }

  @Test
  void withoutRegularisationNoPriorIsUsed() {
    RunSet runs = simulated(new Farseer(), 2e-3);
    AutoFit.Choice choice =
        new AutoFit(new ScalarEngine(), OPTIONS, ProgressListener.NONE, EnumSet.of(Method.GLOBAL))
            .choose(runs);
    assertThat(choice.scores()).noneMatch(score -> score.name().contains("regularised"));
    assertThat(choice.scores()).anyMatch(score -> score.name().equals("farseer/global"));
  }

  @Test
  void regularisedFitSaysWhatItChose() {
    RunSet runs = simulated(new Farseer(), 2e-3);
    LawFit fit =
        new RegularisedFit(new ScalarEngine(), OPTIONS, ProgressListener.NONE)
            .fit(new Farseer(), runs);
    Regularisation regularisation = fit.regularisation().orElseThrow();
    assertThat(fit.method()).isEqualTo(Method.REGULARISED);
    assertThat(fit.status().isConverged()).isTrue();
    assertThat(regularisation.errors()).hasSize(CurvaturePrior.DEVIATIONS.length);
    double least = regularisation.errors().values().stream().min(Double::compare).orElseThrow();
    assertThat(regularisation.errors().get(regularisation.deviation())).isEqualTo(least);
    assertThat(regularisation.residualScale()).isBetween(1.5e-3, 2.5e-3);
    LawFit free = new GlobalFit(new ScalarEngine(), OPTIONS).fit(new Farseer(), runs);
    assertThat(fit.cost()).isGreaterThanOrEqualTo(free.cost());
    assertThat(fit.cost() + regularisation.penalty())
        .isLessThanOrEqualTo(
            free.cost()
                + new CurvaturePrior(regularisation.deviation(), regularisation.residualScale())
                    .penalty(new Farseer(), free.surface().centredArray()));
  }

  /** A fit by weights over all runs is the fit of the runs alone. */
  @Test
  void weightsOfZeroLeaveRunsOut() {
    RunSet all = simulated(new Farseer(), 2e-3);
    double[] weights = all.weight();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = all.n(i) > 3e9 ? 0 : 1;
    }
    Surface masked =
        new HoldoutFits(
                new ScalarEngine(), OPTIONS, PiecewiseSettings.DEFAULT, ProgressListener.NONE)
            .fit(new Farseer(), Method.GLOBAL, all, List.of(weights))
            .getFirst()
            .surface()
            .orElseThrow();
    LawFit alone =
        new GlobalFit(new ScalarEngine(), OPTIONS).fit(new Farseer(), all.weighted(weights));
    assertThat(masked.loss(1e10, 1e12)).isCloseTo(alone.loss(1e10, 1e12), within(1e-9));
  }

  /** Protocol A of the Farseer paper; bounds are those that the project set itself. */
  @Test
  void extrapolatesTheRealRunsWithoutAnyBadCutOff() {
    RunSet all = RealData.farseer();
    double[] kept = Arrays.stream(all.n()).map(n -> n > 2e8 ? 1 : 0).toArray();
    RunSet runs = all.weighted(kept);
    double[] sizes = Arrays.stream(runs.n()).distinct().sorted().toArray();
    double largest = sizes[sizes.length - 1];
    List<double[]> weightings =
        Arrays.stream(sizes)
            .filter(size -> size > 1.9e9 && size < largest)
            .mapToObj(cut -> Arrays.stream(runs.n()).map(n -> n <= cut ? 1 : 0).toArray())
            .toList();
    assertThat(weightings).hasSize(7);
    HoldoutFits fits =
        new HoldoutFits(
            new ScalarEngine(), OPTIONS, PiecewiseSettings.DEFAULT, ProgressListener.NONE);
    double[] regularised =
        errors(runs, largest, fits.fit(new Farseer(), Method.REGULARISED, runs, weightings));
    assertThat(Arrays.stream(regularised).max().orElseThrow()).isLessThan(6e-3);
    assertThat(geometricMean(regularised)).isLessThan(3.3e-3);
    double[] auto = errors(runs, largest, fits.auto(runs, weightings, EnumSet.allOf(Method.class)));
    assertThat(Arrays.stream(auto).max().orElseThrow()).isLessThan(4.5e-3);
    assertThat(geometricMean(auto)).isLessThan(2.5e-3);
  }

  private static double[] errors(RunSet runs, double size, List<HoldoutFits.Outcome> outcomes) {
    return outcomes.stream()
        .mapToDouble(outcome -> {
          Surface surface = outcome.surface().orElseThrow();
          double sum = 0;
          int count = 0;
          for (int i = 0; i < runs.size(); i++) {
            if (runs.n(i) == size) {
              sum += Math.abs(surface.loss(runs.n(i), runs.d(i)) / runs.loss(i) - 1);
              count++;
            }
          }
          return sum / count;
        })
        .toArray();
  }

  private static double geometricMean(double[] values) {
    return Math.exp(Arrays.stream(values).map(Math::log).average().orElseThrow());
  }

  @Test
  void onlyAllowedMethodsAreCandidates() {
    RunSet runs = simulated(new Farseer(), 2e-3);
    AutoFit regularised =
        new AutoFit(
            new ScalarEngine(), OPTIONS, ProgressListener.NONE, EnumSet.of(Method.REGULARISED));
    AutoFit.Choice choice = regularised.choose(runs);
    assertThat(choice.scores()).isNotEmpty();
    assertThat(choice.scores()).allMatch(score -> score.name().equals("farseer/regularised"));
    // Too few sizes for an origin leave no way to choose, but one method is allowed.
    double[] sizes = Arrays.stream(runs.n()).distinct().sorted().limit(4).toArray();
    double[] weights = runs.weight();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Arrays.binarySearch(sizes, runs.n(i)) >= 0 ? 1 : 0;
    }
    assertThat(regularised.choose(runs.weighted(weights)).name()).isEqualTo("farseer/regularised");
  }

  /** Each weighting has the laws that its own runs suffice for. */
  @Test
  void fewRunsOfOneWeightingDoNotLimitAnother() {
    RunSet runs = simulated(new Farseer(), 2e-3);
    double[] few = new double[runs.size()];
    for (int i = 0; i < few.length; i += 50) {
      few[i] = 1;
    }
    List<AutoFit.Choice> choices = auto().choose(runs, List.of(few, runs.weight()));
    assertThat(choices.get(1).name()).isEqualTo(auto().choose(runs).name());
    assertThat(choices.get(0).members())
        .allMatch(member -> member.surface().law().parameterCount() < RunSet.countWeighted(few));
  }

  /** An origin whose runs share one D tells nothing of a surface. */
  @Test
  void anOriginMeetsTheRequirementsOfAFit() {
    int sizes = 9;
    double[] n = new double[4 * sizes];
    double[] d = new double[n.length];
    double[] loss = new double[n.length];
    for (int i = 0; i < n.length; i++) {
      n[i] = 1e8 * Math.pow(2, Math.floorDiv(i, 4));
      d[i] = i < 4 * 7 ? 1e10 : 1e10 * (1 + i % 4);
      loss[i] =
          new Chinchilla().loss(new Chinchilla().example(), n[i], d[i]) * (1 + 1e-3 * (i % 3));
    }
    RunSet runs = new RunSet(n, d, loss);
    List<RollingOrigin> used =
        new RegularisedFits(new ScalarEngine(), OPTIONS, ProgressListener.NONE, false)
            .fit(new Chinchilla(), runs, List.of(runs.weight()))
            .getFirst()
            .origins();
    assertThat(RollingOrigin.within(runs, runs.weight())).hasSize(4);
    assertThat(used).hasSize(1);
    assertThat(used.getFirst().fitted()).isEqualTo(32);
  }

  /** N with an error of reading: origins are those of the sizes. */
  @Test
  void originsGoBySizesNotByDigits() {
    RunSet exact = simulated(new Farseer(), 2e-3);
    double[] read = exact.n();
    for (int i = 0; i < read.length; i++) {
      read[i] *= 1 + 1e-3 * Math.sin(i);
    }
    RunSet runs = new RunSet(read, exact.d(), exact.loss());
    List<RollingOrigin> origins = RollingOrigin.within(runs, runs.weight());
    List<RollingOrigin> expected = RollingOrigin.within(exact, exact.weight());
    assertThat(origins).hasSameSizeAs(expected);
    for (int o = 0; o < origins.size(); o++) {
      assertThat(origins.get(o).fit()).isEqualTo(expected.get(o).fit());
      assertThat(origins.get(o).test()).isEqualTo(expected.get(o).test());
    }
    assertThat(RollingOrigin.within(runs.withSizeTolerance(0), runs.weight()))
        .hasSizeGreaterThan(100);
  }

  @Test
  void thePiecewiseProcedureTakesSizesAsOne() {
    RunSet exact = simulated(new Farseer(), 1e-4);
    double[] read = exact.n();
    for (int i = 0; i < read.length; i++) {
      read[i] *= 1 + 1e-6 * Math.sin(i);
    }
    PiecewiseFit procedure = new PiecewiseFit(OPTIONS.objective(), PiecewiseSettings.DEFAULT);
    RunSet runs = new RunSet(read, exact.d(), exact.loss());
    assertThat(procedure.fit(new Farseer(), runs).fit().loss(1e10, 2e11))
        .isCloseTo(procedure.fit(new Farseer(), exact).fit().loss(1e10, 2e11), within(1e-4));
  }
}

package org.farfit.fit.extrapolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import org.farfit.RealData;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.Regularisation;
import org.farfit.fit.Surface;
import org.farfit.fit.piecewise.PiecewiseFit;
import org.farfit.fit.piecewise.PiecewiseSettings;
import org.farfit.fit.regularised.RegularisedFit;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.law.Skaling;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Regularised fits and the choice of what to extrapolate with. */
class ExtrapolationTest {

  private static final FitOptions OPTIONS = FitOptions.DEFAULT.withStarts(24, 1);

  private static AutoFit auto() {
    return new AutoFit(new ScalarEngine(), OPTIONS, ProgressListener.NONE);
  }

  private static RunSet simulated(Law law, double noise) {
    return Simulation.runs(law, law.example(), DesignGrid.paper(), noise, 5);
  }

  /** Largest fitted and least predicted value in each direction, written here once more. */
  @Test
  void originsPredictLargerRunsFromSmallerOnes() {
    RunSet runs = simulated(new Farseer(), 2e-3);
    double[] weights = runs.weight();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = runs.n(i) > 3e9 ? 0 : 1;
    }
    List<ExtrapolationOrigin> origins = ExtrapolationOrigin.within(runs, weights);
    assertThat(origins).hasSizeBetween(18, 24);
    for (ExtrapolationOrigin origin : origins) {
      double largestFitted = 0;
      double leastPredicted = Double.POSITIVE_INFINITY;
      int taken = 0;
      for (int i = 0; i < runs.size(); i++) {
        double size =
            switch (origin.direction()) {
              case N -> runs.n(i);
              case D -> runs.d(i);
              case COMPUTE -> runs.n(i) * runs.d(i);
            };
        assertThat(origin.fit()[i] + origin.test()[i]).isEqualTo(weights[i]);
        assertThat(origin.fit()[i] * origin.test()[i]).isZero();
        largestFitted = Math.max(largestFitted, origin.fit()[i] * size);
        leastPredicted = origin.test()[i] > 0 ? Math.min(leastPredicted, size) : leastPredicted;
        taken += origin.fit()[i] > 0 ? 1 : 0;
      }
      assertThat(leastPredicted).isGreaterThan(1.02 * largestFitted);
      assertThat(taken).isGreaterThanOrEqualTo(FitRequirements.FEWEST_REGULARISED);
    }
  }

  /** Sizes that differ by a reading error are one: no origin lies between them. */
  @Test
  void originsDoNotSplitAlmostEqualSizes() {
    double[] n = new double[40];
    double[] d = new double[40];
    double[] loss = new double[40];
    for (int i = 0; i < 40; i++) {
      n[i] = 1e8 * Math.pow(4, Math.floorDiv(i, 10)) * (1 + 1e-3 * (i % 10));
      d[i] = 1e9 * (1 + i % 10);
      loss[i] = new Chinchilla().loss(new Chinchilla().example(), n[i], d[i]);
    }
    RunSet runs = new RunSet(n, d, loss);
    List<Integer> fitted =
        ExtrapolationOrigin.within(runs, runs.weight()).stream()
            .filter(origin -> origin.direction() == ExtrapolationOrigin.Direction.N)
            .map(origin -> RunSet.countWeighted(origin.fit()))
            .toList();
    assertThat(fitted).containsExactly(10, 20, 30);
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
    AutoFit.Choice clean = auto().choose(runs.weighted(weights));
    AutoFit.Choice dirty = auto().choose(other.weighted(weights));
    assertThat(dirty.name()).isEqualTo(clean.name());
    assertThat(dirty.surface().loss(1e10, 1e12))
        .isCloseTo(clean.surface().loss(1e10, 1e12), within(1e-6));
  }

  @Test
  void choosesTheLawThatMadeTheRuns() {
    AutoFit.Choice choice = auto().choose(simulated(new Skaling(), 1e-4));
    assertThat(choice.members().getFirst().label()).isEqualTo("skaling/regularised");
    assertThat(choice.members().getFirst().weight()).isGreaterThan(0.9);
    assertThat(choice.scores())
        .isSortedAccordingTo(Comparator.comparingDouble(AutoFit.Score::error));
    assertThat(choice.scores().stream().mapToDouble(AutoFit.Score::weight).sum())
        .isCloseTo(1, within(1e-12));
    assertThat(choice.reason()).contains("skaling/regularised: mean error");
  }

  /** A twentieth of the runs 5% too high moves a prediction less than that of least squares. */
  @Test
  void outliersPullNoHarderThanTheyMay() {
    RunSet clean = simulated(new Chinchilla(), 2e-3);
    double[] loss = clean.loss();
    for (int i = 0; i < loss.length; i += 20) {
      loss[i] *= 1.05;
    }
    RunSet spoilt = new RunSet(clean.n(), clean.d(), loss);
    double truth = new Chinchilla().loss(new Chinchilla().example(), 3e10, 1e12);
    FitOptions chosen = OPTIONS.withObjective(auto().choose(spoilt).objective());
    double robust =
        new GlobalFit(new ScalarEngine(), chosen).fit(new Chinchilla(), spoilt).loss(3e10, 1e12);
    double plain =
        new GlobalFit(new ScalarEngine(), OPTIONS).fit(new Chinchilla(), spoilt).loss(3e10, 1e12);
    assertThat(Math.abs(robust / truth - 1)).isLessThan(0.6 * Math.abs(plain / truth - 1));
  }

  /** Of five times the loss, at the largest N and D, and amid the runs. */
  @Test
  void aRunThatDivergedChangesNextToNothing() {
    RunSet clean =
        Simulation.runs(new Chinchilla(), new Chinchilla().example(), DesignGrid.small(), 2e-3, 5);
    AutoFit.Choice without = auto().choose(clean);
    double drift = BackTest.drift(without.backTest());
    for (int run : new int[] {clean.size() - 1, clean.size() / 2}) {
      double[] loss = clean.loss().clone();
      loss[run] *= 5;
      AutoFit.Choice with = auto().choose(clean.withLosses(loss));
      assertThat(BackTest.drift(with.backTest())).isBetween(drift / 1.5, 1.5 * drift);
      assertThat(with.surface().loss(3e10, 1e12) / without.surface().loss(3e10, 1e12))
          .isCloseTo(1, within(5e-3));
      assertThat(with.reason())
          .contains("left out where laws and intervals are judged: the run of");
    }
  }

  /** Such as error rates or squared errors: no law expects E above the least of them. */
  @Test
  void lossesMayFallNearZero() {
    double[] truth = {0.01, 0.5 * Math.pow(1e6, 0.4), 0.6 * Math.pow(1e7, 0.45), 0.4, 0.45};
    DesignGrid grid = DesignGrid.small();
    RunSet runs = Simulation.runs(new Chinchilla(), truth, grid, 1e-2, 1);
    AutoFit.Choice choice = auto().choose(runs);
    double n = 4 * Arrays.stream(runs.n()).max().orElseThrow();
    double d = 4 * Arrays.stream(runs.d()).max().orElseThrow();
    double expected = new Chinchilla().loss(truth, n, d);
    assertThat(expected).isLessThan(Arrays.stream(runs.loss()).average().orElseThrow() / 3);
    assertThat(choice.surface().loss(n, d) / expected).isCloseTo(1, within(0.1));
  }

  /** A loss that the user chose stays. */
  @Test
  void aChosenLossStays() {
    Objective huber = new Objective(Objective.Residual.LOG, 1e-2);
    AutoFit.Choice choice =
        new AutoFit(new ScalarEngine(), OPTIONS.withObjective(huber), ProgressListener.NONE)
            .choose(simulated(new Chinchilla(), 2e-3));
    assertThat(choice.objective()).isEqualTo(huber);
  }

  /** Seven runs: no six of them are smaller than the others, in more than one size. */
  @Test
  void whereRunsCannotBePredictedFromOthersTheSimplestLawWeighsMost() {
    double[] n = {1e8, 1e8, 1e8, 4e8, 4e8, 4e8, 4e8};
    double[] d = {2e9, 8e9, 2e10, 2e9, 8e9, 2e10, 2e10};
    double[] loss = new double[7];
    for (int i = 0; i < 7; i++) {
      loss[i] = new Chinchilla().loss(new Chinchilla().example(), n[i], d[i]);
    }
    AutoFit.Choice choice = auto().choose(new RunSet(n, d, loss));
    assertThat(choice.scores()).isEmpty();
    assertThat(choice.members())
        .isNotEmpty()
        .allSatisfy(member ->
            assertThat(member.weight())
                .isEqualTo(
                    member.surface().name().equals("chinchilla") ? 0.45 : 0.275, within(1e-12)));
    assertThat(choice.reason()).contains(": too few runs");
    double truth = new Chinchilla().loss(new Chinchilla().example(), 4e9, 8e10);
    assertThat(choice.surface().loss(4e9, 8e10)).isCloseTo(truth, within(0.15 * truth));
  }

  @Test
  void fewerThanSixRunsAreRefused() {
    RunSet runs =
        new RunSet(
            new double[] {1e8, 1e8, 2e8, 2e8, 4e8},
            new double[] {1e9, 2e9, 1e9, 2e9, 1e9},
            new double[] {4, 3.8, 3.7, 3.5, 3.6});
    assertThatThrownBy(() -> auto().choose(runs))
        .isInstanceOf(InputException.class)
        .hasMessage("5 runs, expected at least 6; add runs");
  }

  /** Where no run is, laws of like fit part: there is no number, but a reason. */
  @Test
  void whereLawsPartThereIsNoPrediction() {
    RunSet runs = simulated(new Chinchilla(), 2e-3);
    FittedSurface one = surface(runs, new Chinchilla().example());
    FittedSurface other = surface(runs, 0.4, 21.4, 2085.43, 0.12, 0.3658);
    GuardedSurface guarded =
        new GuardedSurface(new AverageSurface(List.of(one, other), List.of(1.0, 1.0)), runs);
    assertThat(guarded.refusal(1e9, 2e10)).isEmpty();
    assertThat(guarded.loss(1e9, 2e10))
        .isEqualTo((one.loss(1e9, 2e10) + other.loss(1e9, 2e10)) / 2);
    assertThat(guarded.refusal(1e14, 1e16).orElseThrow()).contains("laws that describe the runs");
    assertThat(guarded.loss(1e14, 1e16)).isNaN();
  }

  /** A loss above that of a run that is smaller in N and in D cannot be. */
  @Test
  void aPredictionThatContradictsARunIsRefused() {
    RunSet runs = simulated(new Chinchilla(), 2e-3);
    FittedSurface rising = surface(runs, 2, 1e-3, 2085.43, -0.3, 0.3658);
    double[] loss = new double[runs.size()];
    Arrays.setAll(loss, i -> rising.loss(runs.n(i), runs.d(i)));
    GuardedSurface guarded =
        new GuardedSurface(
            new AverageSurface(List.of(rising), List.of(1.0)),
            new RunSet(runs.n(), runs.d(), loss));
    double least = Arrays.stream(runs.n()).min().orElseThrow();
    assertThat(guarded.refusal(least, 1e12)).isEmpty();
    assertThat(guarded.loss(1e13, 1e13)).isNaN();
    assertThat(guarded.refusal(1e13, 1e13).orElseThrow())
        .contains("above the loss of a smaller run");
    // A tenth above a run: more than these runs lie off, which is nothing.
    double high = largestBesideSmaller(guarded, 3e9, 1e12);
    assertThat(high).isBetween(1.05, 1.25);
    assertThat(guarded.refusal(3e9, 1e12).orElseThrow())
        .contains("above the loss of a smaller run");
  }

  /** How much the average exceeds the loss of some run that is smaller in N and in D. */
  private static double largestBesideSmaller(GuardedSurface guarded, double n, double d) {
    RunSet runs = guarded.runs();
    double ratio = 0;
    for (int i = 0; i < runs.size(); i++) {
      if (runs.n(i) <= n && runs.d(i) <= d) {
        ratio = Math.max(ratio, guarded.average().loss(n, d) / runs.loss(i));
      }
    }
    return ratio;
  }

  /**
   * Runs that scatter by 4% may lie 12% off; those that scatter by more than 7% not more than a
   * quarter.
   */
  @ParameterizedTest
  @CsvSource({"1e-4, 1.01, 1e-9", "0.04, 1.1275, 0.02", "0.2, 1.25, 1e-9"})
  void runsMayLieOffAPredictionByWhatTheyScatter(double noise, double slack, double tolerance) {
    RunSet runs = simulated(new Chinchilla(), noise);
    FittedSurface truth = surface(runs, new Chinchilla().example());
    assertThat(new GuardedSurface(new AverageSurface(List.of(truth), List.of(1.0)), runs).slack())
        .isCloseTo(slack, within(tolerance));
  }

  /** A run that is 40% too low forbids no prediction of larger ones. */
  @Test
  void anOutlierForbidsNothing() {
    RunSet runs = simulated(new Chinchilla(), 2e-3);
    double[] loss = runs.loss();
    loss[0] *= 0.6;
    FittedSurface truth = surface(runs, new Chinchilla().example());
    GuardedSurface guarded =
        new GuardedSurface(
            new AverageSurface(List.of(truth), List.of(1.0)), new RunSet(runs.n(), runs.d(), loss));
    assertThat(guarded.loss(runs.n(0) * 2, runs.d(0) * 2))
        .isEqualTo(truth.loss(runs.n(0) * 2, runs.d(0) * 2));
  }

  private static FittedSurface surface(RunSet runs, double... published) {
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    double[] centred = new double[5];
    new Chinchilla().toCentred(centre, published, centred);
    return FittedSurface.of(new Chinchilla(), centre, centred, runs.size());
  }

  /** Weights by a search over the simplex, independently of the solver that finds them. */
  @Test
  void stackingMinimisesWhatItSays() {
    double[][] near = {{0.01, 0.02, -0.01}, {-0.02, -0.01, -0.02}};
    double[][] far = {{0.05, 0.01}, {0.03, 0.04}};
    double[] weights =
        Stacking.weights(List.of(near, far), Stacking.alike(2), Stacking.equal(2), 6);
    double best = Double.POSITIVE_INFINITY;
    double at = Double.NaN;
    for (int k = 0; k <= 100_000; k++) {
      double w = k / 100_000.0;
      double penalised = 0;
      double[] ratios = new double[2];
      for (double[][] origin : List.of(near, far)) {
        double[] squares = new double[3];
        int runs = origin[0].length;
        for (int i = 0; i < runs; i++) {
          squares[0] += Math.pow(origin[0][i], 2) / runs;
          squares[1] += Math.pow(origin[1][i], 2) / runs;
          squares[2] += Math.pow(w * origin[0][i] + (1 - w) * origin[1][i], 2) / runs;
        }
        double least = Math.min(squares[0], squares[1]) + 1e-8;
        penalised += squares[2] / least / 2;
        ratios[0] += (squares[0] + 1e-8) / least / 2;
        ratios[1] += (squares[1] + 1e-8) / least / 2;
      }
      penalised += 6.0 / 2 * 2 * Math.min(ratios[0], ratios[1]) * 2 * Math.pow(w - 0.5, 2);
      if (penalised < best) {
        best = penalised;
        at = w;
      }
    }
    assertThat(weights[0]).isCloseTo(at, within(1e-4));
    assertThat(weights[0] + weights[1]).isCloseTo(1, within(1e-12));
  }

  @Test
  void withoutRegularisationNoPriorIsUsed() {
    RunSet runs = simulated(new Farseer(), 2e-3);
    AutoFit.Choice choice =
        new AutoFit(new ScalarEngine(), OPTIONS, ProgressListener.NONE, EnumSet.of(Method.GLOBAL))
            .choose(runs);
    assertThat(choice.scores())
        .isNotEmpty()
        .noneMatch(score -> score.name().contains("regularised"));
    assertThat(choice.scores()).anyMatch(score -> score.name().equals("farseer/global"));
  }

  @Test
  void regularisedFitMinimisesThePenalisedCost() {
    RunSet runs = simulated(new Farseer(), 2e-3);
    LawFit fit =
        new RegularisedFit(new ScalarEngine(), OPTIONS, ProgressListener.NONE)
            .fit(new Farseer(), runs);
    Regularisation regularisation = fit.regularisation().orElseThrow();
    assertThat(fit.method()).isEqualTo(Method.REGULARISED);
    assertThat(fit.status().isConverged()).isTrue();
    assertThat(regularisation.residualScale()).isBetween(1.5e-3, 2.5e-3);
    LawFit free = new GlobalFit(new ScalarEngine(), OPTIONS).fit(new Farseer(), runs);
    assertThat(fit.cost()).isGreaterThanOrEqualTo(free.cost());
    assertThat(fit.cost() + regularisation.penalty())
        .isLessThanOrEqualTo(
            free.cost()
                + regularisation
                    .prior()
                    .penalty(regularisation.residualScale(), free.surface().centredArray()));
  }

  /** Seven runs do not determine nine parameters; with a prior they still give a loss surface. */
  @Test
  void aPriorStandsInForRuns() {
    RunSet all = simulated(new Chinchilla(), 1e-3);
    double[] weights = new double[all.size()];
    for (int i = 0; i < 7; i++) {
      weights[i * (all.size() / 7)] = 1;
    }
    RunSet few = all.weighted(weights);
    for (Law law : List.of(new Chinchilla(), new Skaling(), new Farseer())) {
      LawFit fit =
          new RegularisedFit(new ScalarEngine(), OPTIONS, ProgressListener.NONE).fit(law, few);
      assertThat(fit.loss(1e10, 2e11))
          .isCloseTo(new Chinchilla().loss(new Chinchilla().example(), 1e10, 2e11), within(0.25));
    }
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
    assertThat(choice.scores())
        .extracting(AutoFit.Score::name)
        .containsExactlyInAnyOrder(
            "chinchilla/regularised", "skaling/regularised", "farseer/regularised");
  }

  /** Each weighting has the laws that its own runs suffice for. */
  @Test
  void fewRunsOfOneWeightingDoNotLimitAnother() {
    RunSet runs = simulated(new Farseer(), 2e-3);
    double[] few = new double[runs.size()];
    for (int i = 0; i < few.length; i += 50) {
      few[i] = 1;
    }
    List<HoldoutFits.Outcome> choices =
        new HoldoutFits(
                new ScalarEngine(), OPTIONS, PiecewiseSettings.DEFAULT, ProgressListener.NONE)
            .auto(runs, List.of(few, runs.weight()), EnumSet.allOf(Method.class));
    assertThat(choices.get(1).method()).isEqualTo(auto().choose(runs).name());
    assertThat(choices.get(0).method()).isEqualTo(auto().choose(runs.weighted(few)).name());
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
    List<ExtrapolationOrigin> used = ExtrapolationOrigin.within(runs, runs.weight());
    assertThat(used).isNotEmpty();
    assertThat(used)
        .allSatisfy(origin -> {
          RunSet fitted = runs.weighted(origin.fit());
          assertThat(fitted.distinctN()).isGreaterThan(1);
          assertThat(Arrays.stream(fitted.d()).distinct().count()).isGreaterThan(1);
        });
    assertThat(used)
        .filteredOn(origin -> origin.direction() == ExtrapolationOrigin.Direction.N)
        .extracting(origin -> RunSet.countWeighted(origin.fit()))
        .containsExactly(32);
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
    List<double[]> origins = fittedByN(runs);
    List<double[]> expected = fittedByN(exact);
    assertThat(origins).hasSameSizeAs(expected);
    for (int o = 0; o < origins.size(); o++) {
      assertThat(origins.get(o)).isEqualTo(expected.get(o));
    }
  }

  private static List<double[]> fittedByN(RunSet runs) {
    return ExtrapolationOrigin.within(runs, runs.weight()).stream()
        .filter(origin -> origin.direction() == ExtrapolationOrigin.Direction.N)
        .map(ExtrapolationOrigin::fit)
        .toList();
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
    assertThat(procedure.fit(new Farseer(), runs).loss(1e10, 2e11))
        .isCloseTo(procedure.fit(new Farseer(), exact).loss(1e10, 2e11), within(1e-4));
  }
}

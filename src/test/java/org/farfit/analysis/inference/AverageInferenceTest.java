package org.farfit.analysis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.farfit.analysis.inference.ExampleFit.ENGINE;
import static org.farfit.analysis.inference.ExampleFit.FEW;
import static org.farfit.analysis.inference.ExampleFit.FIT;
import static org.farfit.analysis.inference.ExampleFit.LAW;
import static org.farfit.analysis.inference.ExampleFit.REPLICATES;
import static org.farfit.analysis.inference.ExampleFit.RUNS;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.SurfaceRange;
import org.farfit.analysis.study.AllocationStudy;
import org.farfit.fit.LawFit;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.extrapolation.BackTest;
import org.farfit.fit.extrapolation.GuardedSurface;
import org.farfit.fit.search.GlobalFit;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.law.Skaling;
import org.farfit.solver.ProgressListener;
import org.hipparchus.distribution.continuous.TDistribution;
import org.junit.jupiter.api.Test;

/** Intervals of averages of laws, of losses that drift, and of optima that drift with them. */
class AverageInferenceTest {

  /** Errors within the runs that tell of no drift at all. */
  private static final Optional<BackTest> NO_DRIFT =
      Optional.of(
          new BackTest(
              3,
              List.of(
                  new BackTest.Way(
                      "N", 50, IntStream.rangeClosed(1, 99).mapToObj(i -> i / 60.0).toList())),
              0,
              0));

  /** Three quarters of the replicates of an average are one law's, a quarter the other's. */
  @Test
  void replicatesOfAnAverageAreThoseOfItsMembersByWeight() {
    LawFit other = new GlobalFit(ENGINE, FEW).fit(new Skaling(), RUNS);
    Replicates others =
        new Bootstrap(ENGINE, BootstrapOptions.pairs(1000, 1), ProgressListener.NONE)
            .run(other, RUNS);
    Inference inference =
        Inference.ofChoice(
            ENGINE,
            List.of(
                new Inference.Member(FIT, Optional.of(REPLICATES)).weighing(0.6, 0.6),
                new Inference.Member(other, Optional.of(others)).weighing(0.2, 0.2)),
            RUNS,
            0.9,
            IntervalType.DEFAULT,
            NO_DRIFT);
    String own = FIT.law().name();
    assertThat(inference.surfaces().stream().filter(each -> each.name().equals(own)).count())
        .isBetween(745L, 755L);
    assertThat(inference.surfaces().stream().limit(40).map(Surface::name)).contains(own, "skaling");
    Estimands loss = Estimands.losses(List.of(new Estimands.Point(1e9, 1e10)));
    assertThat(inference.of(loss, true).getFirst().value())
        .isCloseTo(0.75 * FIT.loss(1e9, 1e10) + 0.25 * other.loss(1e9, 1e10), within(1e-12));
    assertThat(
            inference
                .of(loss, true)
                .getFirst()
                .interval()
                .contains(LAW.loss(LAW.example(), 1e9, 1e10)))
        .isTrue();
    // Where the laws part, the interval holds both.
    Estimands far = Estimands.losses(List.of(new Estimands.Point(1e12, 1e11)));
    Interval interval = inference.of(far, false).getFirst().interval();
    assertThat(interval.contains(FIT.loss(1e12, 1e11))).isTrue();
    assertThat(interval.contains(other.loss(1e12, 1e11))).isTrue();
  }

  /** What was chosen to extrapolate with is held back by the runs, be it one law. */
  @Test
  void aChoiceOfOneLawIsGuarded() {
    List<Inference.Member> one = List.of(new Inference.Member(FIT, Optional.empty()));
    Inference chosen =
        Inference.ofChoice(ENGINE, one, RUNS, 0.9, IntervalType.DEFAULT, Optional.empty());
    assertThat(chosen.surface()).isInstanceOf(GuardedSurface.class);
    assertThat(chosen.surface().loss(1e9, 1e10)).isEqualTo(FIT.loss(1e9, 1e10));
    assertThat(Inference.ofLaw(ENGINE, one.getFirst(), RUNS, 0.9, IntervalType.DEFAULT).surface())
        .isSameAs(FIT.surface());
  }

  /** Without replicates: what members are uncertain by, differ by, and may have drifted by. */
  @Test
  void averagesHaveIntervalsOfTheirOwn() {
    LawFit other = new GlobalFit(ENGINE, FEW).fit(new Skaling(), RUNS);
    List<Inference.Member> members =
        List.of(
            new Inference.Member(FIT, Optional.empty()).weighing(1, 0.75),
            new Inference.Member(other, Optional.empty()).weighing(0, 0.25));
    double n = 1e12;
    double d = 1e11;
    Estimands far = Estimands.losses(List.of(new Estimands.Point(n, d)));
    Inference plain =
        Inference.ofChoice(ENGINE, members, RUNS, 0.9, IntervalType.DEFAULT, NO_DRIFT);
    Interval interval = plain.of(far, true).getFirst().interval();
    double first = FIT.surface().logLossError(n, d).orElseThrow();
    double second = other.surface().logLossError(n, d).orElseThrow();
    double apart = Math.log(other.loss(n, d) / FIT.loss(n, d));
    int parameters = Math.max(FIT.law().parameterCount(), other.law().parameterCount());
    double half =
        new TDistribution(RUNS.size() - parameters).inverseCumulativeProbability(0.95)
            * Math.sqrt(0.75 * first * first + 0.25 * (second * second + apart * apart));
    assertThat(Math.log(interval.high() / FIT.loss(n, d))).isCloseTo(half, within(1e-4 * half));
    assertThat(Math.log(FIT.loss(n, d) / interval.low())).isCloseTo(half, within(1e-4 * half));
    BackTest test =
        new BackTest(
            3,
            List.of(
                new BackTest.Way(
                    "D", 50, IntStream.rangeClosed(1, 99).mapToObj(i -> i / 30.0).toList())),
            0.02,
            0);
    Inference drifting =
        Inference.ofChoice(ENGINE, members, RUNS, 0.9, IntervalType.DEFAULT, Optional.of(test));
    Interval wider = drifting.of(far, true).getFirst().interval();
    double largest = Arrays.stream(RUNS.n()).max().orElseThrow();
    double most =
        IntStream.range(0, RUNS.size()).mapToDouble(i -> RUNS.n(i) * RUNS.d(i)).max().orElseThrow();
    double folds = Math.hypot(0.25, Math.hypot(Math.log(n / largest), Math.log(n * d / most)));
    double drifted = Math.hypot(half, 1.644854 * 0.02 * folds);
    assertThat(Math.log(wider.high() / FIT.loss(n, d))).isCloseTo(drifted, within(1e-3 * half));
    assertThat(Math.log(FIT.loss(n, d) / wider.low())).isCloseTo(drifted, within(1e-3 * half));
    assertThat(drifting.backTest().orElseThrow()).contains("drifted by 2.0%");
    assertThat(drifting.ofRuns(List.of(new Estimands.Point(n, d))).getFirst().width())
        .isGreaterThan(wider.width());
  }

  /** Where the back-test speaks against a law, its own intervals allow for that drift. */
  @Test
  void aLawByItselfDriftsWhereItsBackTestSaysSo() {
    double n = 1e12;
    double d = 1e11;
    Estimands far = Estimands.losses(List.of(new Estimands.Point(n, d)));
    Estimate usual = ofLaw(0.9).of(far, true).getFirst();
    Estimate drifting = ofLaw(1.1).of(far, true).getFirst();
    double largest = Arrays.stream(RUNS.n()).max().orElseThrow();
    double most =
        IntStream.range(0, RUNS.size()).mapToDouble(i -> RUNS.n(i) * RUNS.d(i)).max().orElseThrow();
    double folds = Math.hypot(0.25, Math.hypot(Math.log(n / largest), Math.log(n * d / most)));
    double at = Math.log(FIT.loss(n, d));
    double half = 1.644854 * 0.02 * folds;
    assertThat(Math.log(drifting.interval().high()) - at)
        .isCloseTo(Math.hypot(Math.log(usual.interval().high()) - at, half), within(1e-4 * half));
    Interval before = usual.others().get(Inference.PROFILE);
    Interval after = drifting.others().get(Inference.PROFILE);
    assertThat(at - Math.log(after.low()))
        .isCloseTo(Math.hypot(at - Math.log(before.low()), half), within(1e-4 * half));
    assertThat(ofLaw(1.1).backTest().orElseThrow()).contains("drifted from it by 2.0%");
  }

  private static Inference ofLaw(double evidence) {
    BackTest test =
        new BackTest(
            3,
            List.of(
                new BackTest.Way(
                    "D", 50, IntStream.rangeClosed(1, 99).mapToObj(i -> i / 30.0).toList())),
            0.02,
            evidence);
    return Inference.ofLaw(
        ENGINE,
        new Inference.Member(FIT, Optional.empty()),
        RUNS,
        0.9,
        IntervalType.DEFAULT,
        Optional.of(test));
  }

  /** N* of losses that drift in N, in D and in compute, each found on a fine grid. */
  @Test
  void optimaMoveWhereLossesDrift() {
    double perFold = 0.01;
    double budget = 2e23;
    BackTest test =
        new BackTest(
            3,
            List.of(
                new BackTest.Way(
                    "N", 50, IntStream.rangeClosed(1, 99).mapToObj(i -> i / 30.0).toList())),
            perFold,
            0);
    List<Inference.Member> members = List.of(new Inference.Member(FIT, Optional.empty()));
    Estimands optimum =
        Estimands.optima(
            SurfaceRange.of(RUNS), ComputeModel.USUAL, new double[] {budget}, new double[] {3e10});
    Interval usual =
        Inference.ofLaw(ENGINE, members.getFirst(), RUNS, 0.9, IntervalType.DEFAULT)
            .of(optimum, false)
            .getFirst()
            .interval();
    Estimate drifting =
        Inference.ofChoice(ENGINE, members, RUNS, 0.9, IntervalType.DEFAULT, Optional.of(test))
            .of(optimum, false)
            .getFirst();
    double[] largest = {
      Arrays.stream(RUNS.n()).max().orElseThrow(),
      Arrays.stream(RUNS.d()).max().orElseThrow(),
      IntStream.range(0, RUNS.size()).mapToDouble(i -> RUNS.n(i) * RUNS.d(i)).max().orElseThrow()
    };
    double squares = 0;
    for (int direction = 0; direction < 3; direction++) {
      double[] best = new double[2];
      for (int side = 0; side < 2; side++) {
        double least = Double.POSITIVE_INFINITY;
        for (double logN = Math.log(1e9); logN < Math.log(1e13); logN += 1e-3) {
          double n = Math.exp(logN);
          double d = budget / (6 * n);
          double size = direction == 0 ? n : direction == 1 ? d : n * d;
          // Beyond the largest compute slopes have drifted amid the largest N and D, too, and by
          // more than losses, which are their sum.
          double folds = Math.sqrt(3) * Math.log(size / largest[direction]);
          double loss = FIT.loss(n, d) * Math.exp((side == 0 ? perFold : -perFold) * folds);
          if (loss < least) {
            least = loss;
            best[side] = logN;
          }
        }
      }
      squares += Math.pow((best[0] - best[1]) / 2, 2);
    }
    double half = Math.log(usual.high() / drifting.value());
    double expected = Math.sqrt(half * half + Math.pow(1.644854, 2) * squares);
    assertThat(expected).isGreaterThan(3 * half);
    assertThat(Math.log(drifting.interval().high() / drifting.value()))
        .isCloseTo(expected, within(2e-2 * expected));
  }

  /**
   * Optima have intervals as far as a back-test reached; losses, and laws by themselves, beyond.
   */
  @Test
  void optimaBeyondTheBackTestHaveNoIntervals() {
    double most =
        IntStream.range(0, RUNS.size()).mapToDouble(i -> RUNS.n(i) * RUNS.d(i)).max().orElseThrow();
    BackTest test =
        new BackTest(
            3,
            List.of(
                new BackTest.Way(
                    "N", 50, IntStream.rangeClosed(1, 99).mapToObj(i -> i / 30.0).toList())),
            0.01,
            0);
    // Predictions of larger from smaller runs reach 90 times the compute of the latter.
    double[] budgets = {6 * 80 * most, 6 * 100 * most};
    Estimands optima =
        Estimands.optima(
            SurfaceRange.of(RUNS), ComputeModel.USUAL, budgets, new double[] {3e10, 3e10});
    Inference.Member member = new Inference.Member(FIT, Optional.empty());
    Inference average =
        Inference.ofChoice(
            ENGINE, List.of(member), RUNS, 0.9, IntervalType.DEFAULT, Optional.of(test));
    assertThat(known(average.of(optima, true)))
        .containsExactly(true, true, true, true, false, false, false, true);
    assertThat(average.of(optima, true).get(4).others()).isEmpty();
    assertThat(average.of(optima, true).get(4).value()).isPositive();
    Inference law =
        Inference.ofLaw(ENGINE, member, RUNS, 0.9, IntervalType.DEFAULT, Optional.of(test));
    assertThat(known(law.of(optima, false))).hasSize(8).containsOnly(true);
    Inference untested =
        Inference.ofChoice(
            ENGINE, List.of(member), RUNS, 0.9, IntervalType.DEFAULT, Optional.empty());
    assertThat(known(untested.of(optima, false))).hasSize(8).containsOnly(true);
    AllocationStudy.Findings found =
        new AllocationStudy(RUNS, ComputeModel.USUAL)
            .of(
                average,
                AllocationStudy.Questions.budgets(budgets[0], budgets[1]),
                ProgressListener.NONE);
    assertThat(found.answers().get(0).intervals()).containsOnlyKeys("n", "d", "ratio", "loss");
    assertThat(found.answers().get(1).intervals()).containsOnlyKeys("loss");
    assertThat(found.answers().get(1).point()).isPresent();
    assertThat(found.warnings())
        .anyMatch(each ->
            each.contains("100 times the most of the fitted runs")
                && each.endsWith("N*, D* and D*/N* have no interval there"));
  }

  private static List<Boolean> known(List<Estimate> estimates) {
    return estimates.stream().map(each -> each.interval().isKnown()).toList();
  }

  /** A law beside itself is as uncertain, and as well known to be, as it is alone. */
  @Test
  void membersWhoseErrorsGoBySizesHaveTheirDegreesOfFreedom() {
    LawFit fit = FIT.withNoise(RUNS, Optional.of(NoiseModel.Kind.SIZE));
    Estimands far = Estimands.losses(List.of(new Estimands.Point(3e10, 6e11)));
    double[] value = far.values().apply(fit.surface());
    Inference.Member member = new Inference.Member(fit, Optional.empty());
    AverageSpread alone = AverageSpread.of(List.of(member), k -> gradient -> 3.5, far, value);
    AverageSpread twice =
        AverageSpread.of(List.of(member, member), k -> gradient -> 3.5, far, value);
    assertThat(alone.degrees()[0]).isCloseTo(3.5, within(1e-9));
    assertThat(twice.degrees()[0]).isCloseTo(3.5, within(1e-9));
    assertThat(twice.deviations()[0]).isCloseTo(alone.deviations()[0], within(1e-15));
    // Laws as far apart as each is uncertain: twice the variance, of which half is known.
    double[] moved = {value[0] * Math.exp(alone.deviations()[0])};
    AverageSpread apart = AverageSpread.of(List.of(member), k -> gradient -> 3.5, far, moved);
    assertThat(apart.degrees()[0]).isCloseTo(4 * 3.5, within(1e-6));
    assertThat(apart.within()[0]).isCloseTo(alone.deviations()[0], within(1e-15));
    assertThat(apart.apart()[0]).isCloseTo(alone.deviations()[0], within(1e-12));
    Inference.Member other = new Inference.Member(FIT, Optional.empty());
    assertThat(AverageSpread.of(List.of(other), k -> gradient -> 3.5, far, value).degrees()[0])
        .isInfinite();
  }
}

package org.farfit.analysis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.farfit.RealData;
import org.farfit.analysis.Allocation;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.CostScan;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.SurfaceRange;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapIntervals;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.ReplicateScatter;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.bootstrap.Resampling;
import org.farfit.fit.extrapolation.BackTest;
import org.farfit.fit.search.GlobalFit;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.law.Skaling;
import org.farfit.solver.ProgressListener;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;
import org.junit.jupiter.api.Test;

/** Intervals against each other, against exact cases and against the truth. */
class InferenceTest {

  private static final Engine ENGINE = Engines.open("auto");
  private static final FitOptions FEW = FitOptions.DEFAULT.withStarts(12, 1);
  private static final Law LAW = new Chinchilla();
  private static final RunSet RUNS =
      Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 2e-3, 1);
  private static final LawFit FIT = new GlobalFit(ENGINE, FEW).fit(LAW, RUNS);
  private static final Replicates REPLICATES =
      new Bootstrap(ENGINE, BootstrapOptions.pairs(1000, 1), ProgressListener.NONE).run(FIT, RUNS);

  /** Only ln E is uncertain, and the data term is negligible: d ln L / d ln E = E / L = 1/2. */
  @Test
  void anAsymptoticIntervalIsALogLossErrorTimesAQuantile() {
    double[][] covariance = new double[5][5];
    covariance[0][0] = 0.01;
    FittedSurface surface =
        new FittedSurface(
            LAW,
            new Centre(0, 0, 0),
            List.of(0.0, 0.0, -800.0, 0.5, 0.5),
            15,
            Optional.of(covariance));
    Interval interval =
        new AsymptoticInference(surface)
            .intervals(Estimands.losses(List.of(new Estimands.Point(1, 1))), 0.95)
            .getFirst();
    // 2.228139 is the 97.5% quantile of Student's t on 10 degrees of freedom (any table).
    double factor = Math.exp(2.228139 * 0.1 * 0.5);
    assertThat(interval.high()).isCloseTo(2 * factor, within(1e-6));
    assertThat(interval.low()).isCloseTo(2 / factor, within(1e-6));
  }

  @Test
  void withoutCovarianceThereIsNoAsymptoticInterval() {
    FittedSurface surface =
        FittedSurface.of(LAW, new Centre(0, 0, 0), new double[] {0, 0, 0, 0.5, 0.5}, 5);
    assertThat(
            new AsymptoticInference(surface)
                .intervals(Estimands.losses(List.of(new Estimands.Point(1, 1))), 0.9))
        .containsExactly(Interval.UNKNOWN);
  }

  /** On a nearly linear problem every kind of interval is nearly the same. */
  @Test
  void allKindsOfIntervalsAgreeWhereTheModelIsNearlyLinear() {
    Estimands losses =
        Estimands.losses(
            List.of(new Estimands.Point(2.5e10, 5e11), new Estimands.Point(1e9, 2e10)));
    List<BootstrapInference.Row> rows =
        new BootstrapInference(ENGINE, FIT, RUNS, REPLICATES)
            .intervals(losses, 0.9, EnumSet.allOf(IntervalType.class));
    List<Interval> asymptotic = new AsymptoticInference(FIT.surface()).intervals(losses, 0.9);
    for (int k = 0; k < 2; k++) {
      Interval reference = asymptotic.get(k);
      Interval profile = new ProfileInference(FIT, RUNS).interval(losses, k, 0.9);
      assertThat(profile.low()).isCloseTo(reference.low(), within(0.05 * reference.width()));
      assertThat(profile.high()).isCloseTo(reference.high(), within(0.05 * reference.width()));
      for (Interval interval : rows.get(k).intervals().values()) {
        assertThat(interval.low()).isCloseTo(reference.low(), within(0.25 * reference.width()));
        assertThat(interval.high()).isCloseTo(reference.high(), within(0.25 * reference.width()));
      }
      assertThat(rows.get(k).undefined()).isZero();
    }
  }

  /** At the end of a profile interval of a parameter the scan of the cost says the same. */
  @Test
  void profileIntervalsEndWhereAScanOfTheCostSays() {
    Law law = new Farseer();
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 24);
    LawFit fit = new GlobalFit(ENGINE, FEW).fit(law, runs);
    ProfileInference profiles = new ProfileInference(fit, runs);
    double t = AsymptoticInference.quantile(runs.size() - 9, 0.95);
    double variance = 2 * fit.cost() / (runs.size() - 9);
    for (int j : new int[] {2, 5, 8}) {
      Interval interval = profiles.interval(Estimands.centred(law), j, 0.95);
      for (double end : new double[] {interval.low(), interval.high()}) {
        CostScan.Axis axis = new CostScan.Axis(law.centredNames().get(j), end, end, 1);
        double cost =
            new CostScan(new ScalarEngine(), FEW, ProgressListener.NONE)
                .run(fit, runs, List.of(axis), true, List.of())
                .cost()[0];
        assertThat(Math.sqrt(2 * (cost - fit.cost()) / variance)).isCloseTo(t, within(2e-3));
      }
    }
  }

  /** Far along a curved direction the profile is followed to where the cost says, too. */
  @Test
  void profileIntervalsOfAnExtrapolationAreFound() {
    Law law = new Farseer();
    // A data set on which the upper end is hard to follow.
    RunSet runs =
        Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 1 + 1_000_003L * 24);
    LawFit fit = new GlobalFit(ENGINE, FEW).fit(law, runs);
    Estimands loss = Estimands.losses(List.of(new Estimands.Point(2.548e10, 5.1e11)));
    Interval interval = new ProfileInference(fit, runs).interval(loss, 0, 0.9);
    assertThat(interval.isKnown()).isTrue();
    assertThat(interval.contains(fit.loss(2.548e10, 5.1e11))).isTrue();
  }

  @Test
  void intervalsOfTheOptimumHoldTheTrueOne() {
    SurfaceRange range = SurfaceRange.of(RUNS);
    double near =
        new Allocation(FIT.surface(), range, ComputeModel.USUAL).at(1e23).best().orElseThrow().n();
    Estimands optimum =
        Estimands.optima(range, ComputeModel.USUAL, new double[] {1e23}, new double[] {near});
    List<BootstrapInference.Row> rows =
        new BootstrapInference(ENGINE, FIT, RUNS, REPLICATES)
            .intervals(optimum, 0.99, EnumSet.of(IntervalType.DEFAULT));
    double[] published = LAW.example();
    double[] centred = new double[5];
    LAW.toCentred(FIT.surface().centre(), published, centred);
    double[] truth =
        optimum.values().apply(FittedSurface.of(LAW, FIT.surface().centre(), centred, RUNS.size()));
    for (int k = 0; k < truth.length; k++) {
      Interval interval = rows.get(k).intervals().get(IntervalType.DEFAULT);
      assertThat(interval.contains(truth[k])).as(rows.get(k).item().name()).isTrue();
      assertThat(interval.width()).isPositive().isLessThan(truth[k]);
    }
    // D*/N* = D* / N* on every replicate.
    double[][] values = new BootstrapInference(ENGINE, FIT, RUNS, REPLICATES).values(optimum);
    assertThat(values[5][2]).isCloseTo(values[5][1] / values[5][0], within(1e-9 * values[5][2]));
  }

  /** The search near a known optimum finds what the search of the whole range finds. */
  @Test
  void nearbyOptimaAreTheOptima() {
    Law law = new Farseer();
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 0, 1);
    double[] centred = new double[9];
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    law.toCentred(centre, law.example(), centred);
    Allocation allocation =
        new Allocation(
            FittedSurface.of(law, centre, centred, runs.size()),
            SurfaceRange.of(runs),
            ComputeModel.USUAL);
    for (double budget : new double[] {1e20, 1e21, 1e22}) {
      Allocation.Point best = allocation.at(budget).best().orElseThrow();
      for (double off : new double[] {0.3, 0.9, 1, 1.2, 5}) {
        assertThat(allocation.near(budget, off * best.n()).orElseThrow().n())
            .isCloseTo(best.n(), within(1e-6 * best.n()));
      }
      assertThat(
              allocation
                  .computeFor(best.loss(), new Allocation.Point(2 * budget, best.n(), 1, 1, 1))
                  .orElseThrow())
          .isCloseTo(budget, within(1e-5 * budget));
    }
  }

  @Test
  void singleRunsScatterMoreThanTheSurface() {
    List<Estimands.Point> points = List.of(new Estimands.Point(6e9, 1e11));
    Estimands loss = Estimands.losses(points);
    Inference bootstrapped =
        new Inference(
            ENGINE,
            List.of(new Inference.Member(FIT, Optional.of(REPLICATES))),
            RUNS,
            0.9,
            IntervalType.DEFAULT);
    Inference asymptotic =
        new Inference(
            ENGINE,
            List.of(new Inference.Member(FIT, Optional.empty())),
            RUNS,
            0.9,
            IntervalType.DEFAULT);
    double value = FIT.loss(6e9, 1e11);
    for (Inference inference : List.of(bootstrapped, asymptotic)) {
      Interval surface = inference.of(loss, true).getFirst().interval();
      Interval run = inference.ofRuns(points).getFirst();
      assertThat(run.width()).isGreaterThan(2 * surface.width());
      // Nearly all of it is the noise of 0.2%: 1.645 standard deviations to either side.
      assertThat(run.width()).isCloseTo(2 * 1.645 * 2e-3 * value, within(0.15 * run.width()));
    }
    assertThat(bootstrapped.of(loss, true).getFirst().others())
        .containsOnlyKeys(Inference.ASYMPTOTIC, Inference.PROFILE);
  }

  /** Three quarters of the replicates of an average are one law's, a quarter the other's. */
  @Test
  void replicatesOfAnAverageAreThoseOfItsMembersByWeight() {
    LawFit other = new GlobalFit(ENGINE, FEW).fit(new Skaling(), RUNS);
    Replicates others =
        new Bootstrap(ENGINE, BootstrapOptions.pairs(1000, 1), ProgressListener.NONE)
            .run(other, RUNS);
    Inference inference =
        new Inference(
            ENGINE,
            List.of(
                new Inference.Member(FIT, Optional.of(REPLICATES)).weighing(0.6, 0.6),
                new Inference.Member(other, Optional.of(others)).weighing(0.2, 0.2)),
            RUNS,
            0.9,
            IntervalType.DEFAULT);
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
    Inference plain = new Inference(ENGINE, members, RUNS, 0.9, IntervalType.DEFAULT);
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
            0.02);
    Inference drifting =
        new Inference(ENGINE, members, RUNS, 0.9, IntervalType.DEFAULT, Optional.of(test));
    Interval wider = drifting.of(far, true).getFirst().interval();
    double largest = Arrays.stream(RUNS.n()).max().orElseThrow();
    double most =
        IntStream.range(0, RUNS.size()).mapToDouble(i -> RUNS.n(i) * RUNS.d(i)).max().orElseThrow();
    double folds = Math.hypot(Math.log(n / largest), Math.log(n * d / most));
    double drifted = Math.hypot(half, 1.644854 * 0.02 * folds);
    assertThat(Math.log(wider.high() / FIT.loss(n, d))).isCloseTo(drifted, within(1e-3 * half));
    assertThat(Math.log(FIT.loss(n, d) / wider.low())).isCloseTo(drifted, within(1e-3 * half));
    assertThat(drifting.backTest().orElseThrow()).contains("drifted by 2.0%");
    assertThat(drifting.ofRuns(List.of(new Estimands.Point(n, d))).getFirst().width())
        .isGreaterThan(wider.width());
  }

  /** N* of losses that drift in N, in D and in compute, each found on a fine grid. */
  @Test
  void optimaMoveWhereLossesDrift() {
    double perFold = 0.01;
    double budget = 1e24;
    BackTest test =
        new BackTest(
            3,
            List.of(
                new BackTest.Way(
                    "N", 50, IntStream.rangeClosed(1, 99).mapToObj(i -> i / 30.0).toList())),
            perFold);
    List<Inference.Member> members = List.of(new Inference.Member(FIT, Optional.empty()));
    Estimands optimum =
        Estimands.optima(
            SurfaceRange.of(RUNS), ComputeModel.USUAL, new double[] {budget}, new double[] {6e10});
    Interval usual =
        new Inference(ENGINE, members, RUNS, 0.9, IntervalType.DEFAULT)
            .of(optimum, false)
            .getFirst()
            .interval();
    Inference.Estimate drifting =
        new Inference(ENGINE, members, RUNS, 0.9, IntervalType.DEFAULT, Optional.of(test))
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

  /** Two recipes from one surface: a coin toss. One half a percent worse: certainty. */
  @Test
  void probabilitiesToWinFollowTheGap() {
    Replicates[] all = new Replicates[2];
    double[] gaps = {1, 1.005};
    for (int k = 0; k < 2; k++) {
      double gap = gaps[k];
      RunSet simulated = Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 2e-3, 77);
      RunSet runs =
          new RunSet(
              simulated.n(),
              simulated.d(),
              Arrays.stream(simulated.loss()).map(loss -> gap * loss).toArray());
      LawFit fit = new GlobalFit(ENGINE, FEW).fit(LAW, runs);
      all[k] =
          new Bootstrap(ENGINE, BootstrapOptions.pairs(500, 1), ProgressListener.NONE)
              .run(fit, runs);
    }
    List<Surface> base = surfaces(all[0]);
    ComparedInference same = compared(base, base);
    assertThat(same.probabilityThatAWins(1e9, 2e10)).isBetween(0.4, 0.6);
    assertThat(same.logRatio(1e9, 2e10).contains(0)).isTrue();
    ComparedInference better = compared(base, surfaces(all[1]));
    assertThat(better.probabilityThatAWins(1e9, 2e10)).isGreaterThan(0.99);
    assertThat(better.logRatio(1e9, 2e10).contains(-Math.log(1.005))).isTrue();
  }

  private static ComparedInference compared(List<Surface> a, List<Surface> b) {
    ComparedInference.Scatter normal = (n, d) -> new ReplicateScatter(1, 100);
    return new ComparedInference(
        new ComparisonStudy.Side(a.getFirst(), a, normal, RUNS),
        new ComparisonStudy.Side(b.getFirst(), b, normal, RUNS),
        0.9);
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
    Inference.Member other = new Inference.Member(FIT, Optional.empty());
    assertThat(AverageSpread.of(List.of(other), k -> gradient -> 3.5, far, value).degrees()[0])
        .isInfinite();
  }

  /** What is known of variances alone, or adds to them, follows Student's t and the normal law. */
  @Test
  void comparisonsFollowWhatIsKnownOfEitherSide() {
    double n = 1e9;
    double d = 2e10;
    List<Surface> own = surfaces(REPLICATES);
    double[] values = own.stream().mapToDouble(each -> Math.log(each.loss(n, d))).toArray();
    double[] shifted = new double[values.length];
    Arrays.setAll(shifted, i -> values[(i + values.length / 2) % values.length]);
    double[] ratios = new double[values.length];
    Arrays.setAll(ratios, i -> values[i] - shifted[i]);
    double deviation = BootstrapIntervals.standardError(ratios);
    double gap = 1.5 * deviation;
    Surface worse = shifted(FIT.surface(), gap);
    List<Surface> others = own.stream().map(each -> shifted(each, gap)).toList();
    double t =
        new TDistribution(20) // Welch: two of 10, alike
            .cumulativeProbability(gap / deviation);
    assertThat(compared(own, worse, others, true, 0).probabilityThatAWins(n, d))
        .isCloseTo(t, within(1e-3));
    double drift = 2 * deviation;
    ComparedInference drifting = compared(own, worse, others, true, drift);
    double z = new NormalDistribution().inverseCumulativeProbability(t) / Math.sqrt(1 + 2 * 4);
    assertThat(drifting.probabilityThatAWins(n, d))
        .isCloseTo(new NormalDistribution().cumulativeProbability(z), within(1e-3));
    Interval alone = compared(own, worse, others, true, 0).logRatio(n, d);
    double half = 1.644854 * drift * Math.sqrt(2);
    assertThat(drifting.logRatio(n, d).high())
        .isCloseTo(-gap + Math.hypot(alone.high() + gap, half), within(1e-4 * half));
  }

  private static Surface shifted(Surface surface, double by) {
    return new Surface() {
      @Override
      public String name() {
        return "shifted";
      }

      @Override
      public double loss(double n, double d) {
        return surface.loss(n, d) * Math.exp(by);
      }
    };
  }

  private static ComparedInference compared(
      List<Surface> a, Surface worse, List<Surface> b, boolean variance, double drift) {
    ComparedInference.Scatter scatter =
        new ComparedInference.Scatter() {
          @Override
          public ReplicateScatter at(double n, double d) {
            return new ReplicateScatter(1, 10);
          }

          @Override
          public boolean isVarianceAlone() {
            return variance;
          }

          @Override
          public double drift(double n, double d) {
            return drift;
          }
        };
    return new ComparedInference(
        new ComparisonStudy.Side(FIT.surface(), a, scatter, RUNS),
        new ComparisonStudy.Side(worse, b, scatter, RUNS),
        0.9);
  }

  private static List<Surface> surfaces(Replicates replicates) {
    return replicates.usable().<Surface>mapToObj(replicates::surface).toList();
  }

  /** Coverage of a small study; the page docs/uncertainty.md has large ones. */
  @Test
  void intervalsCoverTheTruth() {
    List<Coverage.Row> rows =
        new Coverage(ENGINE, BootstrapOptions.pairs(200, 1).withRestarts(0), ProgressListener.NONE)
            .run(Coverage.Study.ofSizes(LAW, DesignGrid.paper(), 2e-3, 100, 1, 0.9, 4));
    assertThat(rows).hasSize(IntervalType.values().length + 2);
    for (Coverage.Row row : rows) {
      assertThat(row.sets()).isEqualTo(100);
      // 90 expected, standard deviation 3.
      assertThat(row.covered()).as(row.interval()).isBetween(80, 99);
      assertThat(row.covered() + row.above() + row.below()).isEqualTo(100);
    }
  }

  /** From sizes below 6e9 the interval holds the mean of the runs of 6.37e9 parameters. */
  @Test
  void theIntervalForTheLargestMeasuredModelsHoldsTheirMean() {
    RunSet all = RealData.farseer();
    RunSet smaller = all.weighted(Arrays.stream(all.n()).map(n -> n < 6e9 ? 1 : 0).toArray());
    int[] heldOut = IntStream.range(0, all.size()).filter(i -> all.n(i) > 6e9).toArray();
    Estimands mean =
        new Estimands(
            List.of(new Estimands.Item("mean log loss", false)),
            surface ->
                new double[] {
                  Arrays.stream(heldOut)
                      .mapToDouble(i -> Math.log(surface.loss(all.n(i), all.d(i))))
                      .average()
                      .orElseThrow()
                });
    LawFit fit = new GlobalFit(ENGINE, FitOptions.DEFAULT).fit(new Farseer(), smaller);
    Replicates replicates =
        new Bootstrap(ENGINE, BootstrapOptions.pairs(2000, 1), ProgressListener.NONE)
            .run(fit, smaller);
    Interval interval =
        new BootstrapInference(ENGINE, fit, smaller, replicates)
            .intervals(mean, 0.9, EnumSet.of(IntervalType.DEFAULT))
            .getFirst()
            .intervals()
            .get(IntervalType.DEFAULT);
    double measured =
        Arrays.stream(heldOut).mapToDouble(i -> Math.log(all.loss(i))).average().orElseThrow();
    assertThat(interval.contains(measured)).isTrue();
    assertThat(interval.width()).isLessThan(3e-3);
  }

  /** What a replicate has no value for is left out of the interval, and kept to be counted. */
  @Test
  void replicatesWithoutAValueAreKept() {
    double[][] centred = new double[20][];
    for (int b = 0; b < centred.length; b++) {
      centred[b] = REPLICATES.centred(b);
    }
    BitSet failed = new BitSet();
    failed.set(3);
    Replicates few =
        new Replicates(
            LAW,
            FIT.surface().centre(),
            RUNS.size(),
            REPLICATES.options(),
            centred,
            failed,
            new BitSet());
    Inference inference =
        new Inference(
            ENGINE,
            List.of(new Inference.Member(FIT, Optional.of(few))),
            RUNS,
            0.5,
            IntervalType.DEFAULT);
    double middle = REPLICATES.surface(0).loss(1e10, 2e11);
    Estimands large =
        new Estimands(
            List.of(new Estimands.Item("loss if not below", true)),
            surface -> {
              double loss = surface.loss(1e10, 2e11);
              return new double[] {loss < middle ? Double.NaN : loss};
            });
    Inference.Estimate estimate = inference.of(large, false).getFirst();
    assertThat(inference.drawn()).isEqualTo(20);
    assertThat(inference.surfaces()).hasSize(19);
    long below = inference.surfaces().stream().filter(s -> s.loss(1e10, 2e11) < middle).count();
    assertThat(below).isBetween(1L, 18L);
    assertThat(estimate.undefined()).hasSize((int) below);
    assertThat(estimate.undefined()).allMatch(s -> s.loss(1e10, 2e11) < middle);
    assertThat(estimate.interval().low()).isGreaterThanOrEqualTo(middle);
  }

  /**
   * 25 sizes whose runs share an error: intervals by groups for the loss at four times the largest
   * N and for one amid the runs, against those that count every run, or that take every parameter
   * from the groups.
   */
  @Test
  void intervalsByGroupsCoverWhereSizesShareErrors() {
    int sets = 300;
    Estimands losses =
        Estimands.losses(
            List.of(new Estimands.Point(2.56e10, 5e11), new Estimands.Point(1e9, 2e10)));
    double[] truth = {LAW.loss(LAW.example(), 2.56e10, 5e11), LAW.loss(LAW.example(), 1e9, 2e10)};
    int[] runs = new int[2];
    int[] groups = new int[2];
    int[] parameters = new int[2];
    for (int set = 0; set < sets; set++) {
      RunSet drawn = withSharedErrors(25, 0.0015, 0.001, set);
      LawFit fit = new GlobalFit(ENGINE, FitOptions.DEFAULT.withStarts(4, 1)).fit(LAW, drawn);
      BootstrapOptions options =
          BootstrapOptions.pairs(200, set).with(Resampling.GROUPS).withRestarts(0);
      Replicates replicates = new Bootstrap(ENGINE, options, ProgressListener.NONE).run(fit, drawn);
      List<BootstrapInference.Row> rows =
          new BootstrapInference(ENGINE, fit, drawn, replicates)
              .intervals(losses, 0.9, EnumSet.of(IntervalType.EXPANDED));
      double[][] values = new BootstrapInference(ENGINE, fit, drawn, replicates).values(losses);
      for (int k = 0; k < 2; k++) {
        int at = k;
        double[] own = Arrays.stream(values).mapToDouble(row -> row[at]).toArray();
        Interval stated = rows.get(k).intervals().get(IntervalType.EXPANDED);
        groups[k] += stated.contains(truth[k]) ? 1 : 0;
        runs[k] +=
            BootstrapIntervals.expanded(own, 0.9, drawn.size(), 5).contains(truth[k]) ? 1 : 0;
        parameters[k] += BootstrapIntervals.expanded(own, 0.9, 25, 5).contains(truth[k]) ? 1 : 0;
      }
    }
    for (int k = 0; k < 2; k++) {
      assertThat(groups[k] / (double) sets).isBetween(0.86, 0.94);
      assertThat(runs[k]).isLessThan(groups[k]);
      assertThat(parameters[k]).isGreaterThan(groups[k]);
    }
  }

  /** Runs of the law's example at some sizes, each of which moves all its runs alike. */
  private static RunSet withSharedErrors(int sizes, double shared, double own, long seed) {
    SplittableRandom random = new SplittableRandom(new SplittableRandom(seed).nextLong());
    double[] n = new double[12 * sizes];
    double[] d = new double[n.length];
    double[] loss = new double[n.length];
    double error = 0;
    for (int i = 0; i < n.length; i++) {
      if (i % 12 == 0) {
        error = shared * random.nextGaussian();
      }
      n[i] = 2e8 * Math.pow(32, Math.floorDiv(i, 12) / (sizes - 1.0));
      d[i] = 1e9 * Math.pow(2, 0.7 * (i % 12));
      loss[i] = LAW.loss(LAW.example(), n[i], d[i]) * Math.exp(error + own * random.nextGaussian());
    }
    return new RunSet(n, d, loss);
  }
}

package org.farfit.analysis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.farfit.analysis.inference.ExampleFit.ENGINE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.SurfaceRange;
import org.farfit.data.RunSet;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.hipparchus.stat.regression.OLSMultipleLinearRegression;
import org.junit.jupiter.api.Test;

/** Fits whose irreducible loss vanished, which the truth's has not. */
class VanishedTermsTest {

  private static final Law LAW = new Chinchilla();

  /** Losses of 1.4 to 2.2, so that an E of 0.05 is half a standard error of what the runs say. */
  private static final double[] TRUTH = {0.05, 20, 30, 0.15, 0.13};

  private static final double LARGEST = 1e8 * Math.pow(1.6, DesignGrid.SMALL_SIZES - 1);

  private static final List<Estimands.Point> FAR =
      List.of(new Estimands.Point(16 * LARGEST, 320 * LARGEST));

  private static RunSet runs(int seed) {
    Random random = new Random(seed);
    RunSet plan = DesignGrid.small().runs();
    double[] loss = new double[plan.size()];
    Arrays.setAll(
        loss, i -> LAW.loss(TRUTH, plan.n(i), plan.d(i)) * Math.exp(0.002 * random.nextGaussian()));
    return new RunSet(plan.n(), plan.d(), loss);
  }

  private static LawFit fit(RunSet runs) {
    return new GlobalFit(ENGINE, FitOptions.DEFAULT.withStarts(12, 1)).fit(LAW, runs);
  }

  private static Inference inference(LawFit fit, RunSet runs) {
    return Inference.ofLaw(
        ENGINE, new Inference.Member(fit, Optional.empty()), runs, 0.9, IntervalType.DEFAULT);
  }

  /** The data sets among some whose fit has no irreducible loss left. */
  private static List<RunSet> sets(int some) {
    List<RunSet> found = new ArrayList<>();
    for (int seed = 0; seed < some; seed++) {
      RunSet runs = runs(seed);
      if (!fit(runs).vanished().isEmpty()) {
        found.add(runs);
      }
    }
    return found;
  }

  /** Such intervals held two in five; those of E as known end where they did on the lower side. */
  @Test
  void intervalsHoldTheTruthWhereItsIrreducibleLossWasNotSeen() {
    double truth = LAW.loss(TRUTH, FAR.getFirst().n(), FAR.getFirst().d());
    List<RunSet> sets = sets(160);
    assertThat(sets).hasSizeBetween(20, 80);
    int held = 0;
    int heldAsKnown = 0;
    for (RunSet runs : sets) {
      LawFit fit = fit(runs);
      Interval interval =
          inference(fit, runs).of(Estimands.losses(FAR), false).getFirst().interval();
      Interval asKnown =
          new AsymptoticInference(fit.surface()).intervals(Estimands.losses(FAR), 0.9).getFirst();
      held += interval.contains(truth) ? 1 : 0;
      heldAsKnown += asKnown.contains(truth) ? 1 : 0;
      assertThat(interval.low()).isCloseTo(asKnown.low(), within(0.05 * asKnown.width()));
      assertThat(interval.high()).isGreaterThan(asKnown.high() - 0.05 * asKnown.width());
    }
    assertThat(heldAsKnown).isLessThan(sets.size() / 2);
    assertThat(held).isGreaterThan(3 * sets.size() / 4);
  }

  /** Profiles follow E from zero on, by fits: their upper ends agree. */
  @Test
  void upperEndsAreThoseOfProfiles() {
    int compared = 0;
    for (RunSet runs : sets(60)) {
      Estimate loss = inference(fit(runs), runs).of(Estimands.losses(FAR), true).getFirst();
      Interval profile = loss.others().get(Inference.PROFILE);
      if (profile == null || !profile.isKnown()) {
        continue;
      }
      compared++;
      // The profile is of the constrained fit, whose cost is the larger the more E is missed.
      assertThat(loss.interval().high())
          .isBetween(
              profile.high() - 0.25 * profile.width(), profile.high() + 0.1 * profile.width());
    }
    assertThat(compared).isGreaterThan(5);
  }

  /** The step is that of least squares in which E itself is a parameter. */
  @Test
  void theStepIsThatOfAnIrreducibleLossOfAnySign() {
    RunSet runs = sets(20).getFirst();
    LawFit fit = fit(runs);
    VanishedTerms terms = VanishedTerms.of(fit, runs).orElseThrow();
    double[] centred = fit.surface().centredArray();
    double e = Math.exp(centred[0]);
    double[][] rows = new double[runs.size()][];
    double[] wanted = new double[runs.size()];
    for (int i = 0; i < rows.length; i++) {
      double[] row = new double[5];
      double logLoss =
          LAW.logLossAt(fit.surface().centre(), centred, new double[] {runs.n(i), runs.d(i)}, row);
      row[0] = Math.exp(-logLoss); // d ln L / d E
      rows[i] = row;
      wanted[i] = Math.log(runs.loss(i)) - logLoss;
    }
    double[] step = leastSquares(rows, wanted);
    assertThat(step[0]).isNegative();
    assertThat(terms.step()[0] * e).isCloseTo(step[0], within(1e-5 * Math.abs(step[0])));
    for (int j = 1; j < 5; j++) {
      assertThat(terms.step()[j]).isCloseTo(step[j], within(1e-5 * Math.abs(step[j])));
    }
  }

  private static double[] leastSquares(double[][] rows, double[] wanted) {
    OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression();
    regression.setNoIntercept(true);
    regression.newSampleData(wanted, rows);
    return regression.estimateRegressionParameters();
  }

  /** Where E did not vanish nothing is added. */
  @Test
  void otherFitsStayAsTheyAre() {
    assertThat(VanishedTerms.of(ExampleFit.FIT, ExampleFit.RUNS)).isEmpty();
  }

  /** Optima reach as far on one side, and not less on the other. */
  @Test
  void optimaReachAsFar() {
    for (RunSet runs : sets(30)) {
      LawFit fit = fit(runs);
      double near = LARGEST;
      Estimands optimum =
          Estimands.optima(
              SurfaceRange.of(runs), ComputeModel.USUAL, new double[] {1e22}, new double[] {near});
      Interval asKnown = new AsymptoticInference(fit.surface()).intervals(optimum, 0.9).getFirst();
      Interval reached = inference(fit, runs).of(optimum, false).getFirst().interval();
      assertThat(reached.low()).isLessThanOrEqualTo(asKnown.low() * (1 + 1e-9));
      assertThat(reached.high()).isGreaterThanOrEqualTo(asKnown.high() * (1 - 1e-9));
    }
  }
}

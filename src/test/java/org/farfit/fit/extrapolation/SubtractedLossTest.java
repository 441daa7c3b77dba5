package org.farfit.fit.extrapolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.piecewise.PiecewiseSettings;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.farfit.law.Skaling;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;

/** Losses from which more was subtracted than is irreducible of them are not extrapolated. */
class SubtractedLossTest {

  private static final FitOptions OPTIONS = FitOptions.DEFAULT.withStarts(20, 1);
  private static final Objective SQUARES =
      new Objective(Objective.Residual.LOG, Double.POSITIVE_INFINITY);

  /** E = 1.7 of a loss of 2.2 to 3.8. */
  private static final double[] TRUTH = {1.7, 400, 410, 0.34, 0.28};

  private static RunSet runs(double subtracted) {
    RunSet runs = Simulation.runs(new Chinchilla(), TRUTH, DesignGrid.small(), 3e-3, 1);
    return runs.withLosses(Arrays.stream(runs.loss()).map(loss -> loss - subtracted).toArray());
  }

  private static LawFit free(Law law, RunSet runs) {
    return new GlobalFit(new ScalarEngine(), OPTIONS).fit(law, runs);
  }

  private static AutoFit auto() {
    return new AutoFit(new ScalarEngine(), OPTIONS, ProgressListener.NONE);
  }

  @Test
  void whatNoLawCanFollowIsRefused() {
    assertThatThrownBy(() -> auto().choose(runs(2.1)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("no law can extrapolate these losses; they fall as if their")
        .hasMessageContaining("standard errors for chinchilla")
        .hasMessageEndingWith("give losses as they were measured, with nothing subtracted");
  }

  /** Half of what is irreducible may be subtracted, or all of it: laws follow that. */
  @Test
  void whatLawsCanFollowIsNot() {
    for (double subtracted : new double[] {0, 0.85, 1.7}) {
      AutoFit.Choice choice = auto().choose(runs(subtracted));
      double expected = new Chinchilla().loss(TRUTH, 1e10, 2e11) - subtracted;
      assertThat(choice.surface().loss(1e10, 2e11) / expected).isCloseTo(1, within(0.05));
    }
  }

  /**
   * Losses that fall as the logarithm of compute would cross zero some day, but are far from it.
   */
  @Test
  void lossesThatFallFasterThanPowersButFarFromZeroAreNot() {
    RunSet runs = runs(0);
    double[] losses = new double[runs.size()];
    Arrays.setAll(losses, i -> bending(runs.n(i), runs.d(i)) * runs.loss(i) / truth(runs, i));
    AutoFit.Choice choice = auto().choose(runs.withLosses(losses));
    assertThat(choice.surface().loss(4e9, 8e10) / bending(4e9, 8e10)).isCloseTo(1, within(0.05));
  }

  private static double bending(double n, double d) {
    return 4 - 0.003 * Math.pow(Math.log(n * d) - 30, 2);
  }

  private static double truth(RunSet runs, int i) {
    return new Chinchilla().loss(TRUTH, runs.n(i), runs.d(i));
  }

  /**
   * The step from the limit in units of its error is that of ordinary least squares: found again by
   * a fit of the same law whose E may be negative, to first order.
   */
  @Test
  void theSizeOfTheStepIsThatOfALinearFit() {
    RunSet runs = runs(1.75);
    LawFit fit = free(new Chinchilla(), runs);
    double found = SubtractedLoss.studentised(fit.surface(), runs, SQUARES).orElseThrow();
    double[] p = fit.surface().published();
    int n = runs.size();
    double[][] columns = new double[5][n];
    double[] residual = new double[n];
    for (int i = 0; i < n; i++) {
      double a = p[1] * Math.pow(runs.n(i), -p[3]);
      double b = p[2] * Math.pow(runs.d(i), -p[4]);
      double loss = p[0] + a + b;
      residual[i] = Math.log(runs.loss(i) / loss);
      double[] slopes = {1, a, b, -a * Math.log(runs.n(i)), -b * Math.log(runs.d(i))};
      for (int j = 0; j < 5; j++) {
        columns[j][i] = slopes[j] / loss;
      }
    }
    // By Frisch, Waugh and Lovell: what is left of E's column once the others are taken out.
    for (int j = 1; j < 5; j++) {
      for (int k = 1; k < j; k++) {
        takeOut(columns[j], columns[k]);
      }
    }
    for (int j = 1; j < 5; j++) {
      takeOut(columns[0], columns[j]);
      takeOut(residual, columns[j]);
    }
    double step = dot(residual, columns[0]) / dot(columns[0], columns[0]);
    takeOut(residual, columns[0]);
    double error = Math.sqrt(dot(residual, residual) / (n - 5) / dot(columns[0], columns[0]));
    assertThat(found).isNegative().isCloseTo(step / error, within(1e-3 * Math.abs(found)));
  }

  private static void takeOut(double[] from, double[] what) {
    double share = dot(from, what) / dot(what, what);
    for (int i = 0; i < from.length; i++) {
      from[i] -= share * what[i];
    }
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  @Test
  void aLawWhoseIrreducibleLossIsThereHasNoStep() {
    RunSet runs = runs(0);
    assertThat(SubtractedLoss.studentised(free(new Skaling(), runs).surface(), runs, SQUARES))
        .isEmpty();
  }

  /** A hold-out whose runs cannot be extrapolated has the reason; the others are fitted. */
  @Test
  void oneHoldOutMayBeRefusedAndTheOthersNot() {
    RunSet bad = runs(2.1);
    RunSet good = runs(0);
    int n = good.size();
    double[] loss = Arrays.copyOf(good.loss(), 2 * n);
    double[] sizes = Arrays.copyOf(good.n(), 2 * n);
    double[] tokens = Arrays.copyOf(good.d(), 2 * n);
    double[] first = new double[2 * n];
    double[] second = new double[2 * n];
    for (int i = 0; i < n; i++) {
      loss[n + i] = bad.loss(i);
      sizes[n + i] = bad.n(i);
      tokens[n + i] = bad.d(i);
      first[i] = 1;
      second[n + i] = 1;
    }
    List<HoldoutFits.Outcome> outcomes =
        new HoldoutFits(
                new ScalarEngine(), OPTIONS, PiecewiseSettings.DEFAULT, ProgressListener.NONE)
            .auto(
                new RunSet(sizes, tokens, loss),
                List.of(first, second),
                EnumSet.of(Method.REGULARISED));
    assertThat(outcomes.getFirst().surface()).isPresent();
    assertThat(outcomes.getFirst().problem()).isEmpty();
    assertThat(outcomes.getLast().surface()).isEmpty();
    assertThat(outcomes.getLast().problem().orElseThrow()).contains("irreducible loss");
  }

  /** Accuracies rise: laws that rise are none, and one that cannot is worse than a constant. */
  @Test
  void whatDescribesRunsNoBetterThanAConstantIsLeftOut() {
    RunSet runs = runs(0);
    RunSet accuracies = runs.withLosses(Arrays.stream(runs.loss()).map(loss -> 1 / loss).toArray());
    assertThatThrownBy(() -> auto().choose(accuracies))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("it rises with N")
        .hasMessageContaining(
            "farseer/regularised left out: it describes the runs no better than a constant does");
  }

  /**
   * Eight runs are fewer than farseer's parameters: intervals go by the laws that they suffice for.
   */
  @Test
  void heldOutRunsAreHeldOrNotWhereOneLawHasNoErrors() {
    RunSet all = runs(0);
    double[] fitted = new double[all.size()];
    for (int i = 0; i < all.size(); i++) {
      fitted[i] = i % 7 == 0 || i == 47 ? 1 : 0;
    }
    assertThat(RunSet.countWeighted(fitted)).isEqualTo(8);
    HoldoutFits.Outcome outcome =
        new HoldoutFits(
                new ScalarEngine(), OPTIONS, PiecewiseSettings.DEFAULT, ProgressListener.NONE)
            .auto(all, List.of(fitted), EnumSet.of(Method.REGULARISED))
            .getFirst();
    AutoFit.Choice choice = outcome.choice().orElseThrow();
    assertThat(choice.members())
        .anySatisfy(member -> assertThat(member.label()).contains("farseer"));
    int[] others = IntStream.range(0, all.size()).filter(i -> fitted[i] == 0).toArray();
    assertThat(choice.held(0.9, all, others)).isBetween(0.8, 1.0);
  }
}

package org.farfit.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.farfit.RealData;
import org.farfit.data.ColumnOptions;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Approach 2 by budget, on profiles that are parabolas, on noise, and on public sweeps. */
class IsoFlopProfilesTest {

  private static final double A = 0.46;
  private static final double[] BUDGETS = {6e18, 1e19, 3e19, 6e19, 1e20, 3e20, 6e20, 1e21};

  private final IsoFlopProfiles profiles = new IsoFlopProfiles(IsoFlopProfiles.Settings.DEFAULT);

  /** Runs, and the budget of each. */
  private record Sweep(RunSet runs, double[] budget) {}

  private static double optimum(double budget) {
    return Math.exp(A * Math.log(budget) + Math.log(1e9) - A * Math.log(1e20));
  }

  /**
   * A sweep whose profiles are parabolas in ln N.
   *
   * @param counted FLOPs of a budget that a size spends on 6 N D, as a share
   * @param shared standard deviation of ln N* about its line
   */
  private static Sweep sweep(DoubleUnaryOperator counted, double shared, long seed) {
    SplittableRandom random = new SplittableRandom(new SplittableRandom(seed).nextLong());
    List<double[]> rows = new ArrayList<>();
    for (double budget : BUDGETS) {
      double best = Math.log(optimum(budget)) + shared * random.nextGaussian();
      for (int k = -5; k <= 5; k++) {
        double n =
            1e9 * Math.pow(1.5, Math.rint(Math.log(optimum(budget) / 1e9) / Math.log(1.5)) + k);
        double d = budget * counted.applyAsDouble(n) / (6 * n);
        double x = Math.log(n) - best;
        rows.add(new double[] {n, d, 2.5 * Math.exp(0.02 * x * x), budget});
      }
    }
    return new Sweep(
        new RunSet(column(rows, 0), column(rows, 1), column(rows, 2)), column(rows, 3));
  }

  private static double[] column(List<double[]> rows, int column) {
    return rows.stream().mapToDouble(row -> row[column]).toArray();
  }

  @Test
  void parabolasAreFoundAgain() {
    IsoFlopProfiles.Found found = profiles.of(sweep(n -> 1, 0, 1).runs());
    assertThat(found.budgets()).hasSize(8);
    assertThat(found.leftOut()).isZero();
    for (int i = 0; i < 8; i++) {
      IsoFlopProfiles.Optimum budget = found.budgets().get(i);
      assertThat(budget.compute()).isCloseTo(BUDGETS[i], within(1e-9 * BUDGETS[i]));
      assertThat(budget.runs()).isEqualTo(11);
      assertThat(budget.n()).isCloseTo(optimum(BUDGETS[i]), within(1e-9 * budget.n()));
      assertThat(6 * budget.n() * budget.d()).isCloseTo(BUDGETS[i], within(1e-9 * BUDGETS[i]));
      assertThat(budget.loss()).isCloseTo(2.5, within(1e-9));
    }
    assertThat(found.sizes().exponent()).isCloseTo(A, within(1e-9));
    assertThat(found.tokens().exponent()).isCloseTo(1 - A, within(1e-9));
    assertThat(found.sizes().interval().width()).isLessThan(1e-8);
  }

  /** Small models spend more of 6 N D than large ones: budgets overlap less than they vary. */
  @Test
  void budgetsThatCountOtherFlopsAreToldApartAndCanBeStated() {
    DoubleUnaryOperator counted = n -> 1 + 0.35 * Math.pow(n / 1e8, -0.5);
    Sweep sweep = sweep(counted, 0, 1);
    IsoFlopProfiles.Found found = profiles.of(sweep.runs());
    assertThat(found.budgets()).hasSize(8).allMatch(budget -> budget.runs() == 11);
    IsoFlopProfiles.Found stated = profiles.of(sweep.runs(), sweep.budget());
    assertThat(stated.sizes().exponent()).isCloseTo(A, within(1e-9));
    assertThat(stated.how()).isEqualTo("as stated");
    // D* has the share of the optimal size, so that a and b do not sum to one.
    assertThat(stated.tokens().exponent()).isBetween(0.5, 0.539);
  }

  @Test
  void runsWithoutBudgetsHaveNone() {
    SplittableRandom random = new SplittableRandom(5);
    double[] n = random.doubles(200, 18, 23).map(Math::exp).toArray();
    double[] d = random.doubles(200, 21, 26).map(Math::exp).toArray();
    RunSet runs = new RunSet(n, d, random.doubles(200, 2, 4).toArray());
    IsoFlopProfiles.Found found = profiles.of(runs);
    assertThat(found.budgets()).isEmpty();
    assertThat(found.leftOut()).isEqualTo(200);
    assertThat(found.sizes().exponent()).isNaN();
    assertThat(found.sizes().interval().isKnown()).isFalse();
  }

  @Test
  void aBudgetWithoutAMinimumSaysSo() {
    Sweep sweep = sweep(n -> 1, 0, 1);
    double[] loss = sweep.runs().loss();
    for (int i = 0; i < 11; i++) {
      loss[i] = 3 - 0.1 * i;
    }
    RunSet runs = new RunSet(sweep.runs().n(), sweep.runs().d(), loss);
    IsoFlopProfiles.Found found = profiles.of(runs);
    assertThat(found.budgets().getFirst().problem()).contains("no minimum between its sizes");
    assertThat(found.optima()).isEqualTo(7);
    assertThat(found.sizes().exponent()).isCloseTo(A, within(1e-9));
    IsoFlopProfiles narrow = new IsoFlopProfiles(new IsoFlopProfiles.Settings(1.6, 10, 0.9, 1));
    assertThat(narrow.of(sweep.runs()).budgets().getFirst().problem())
        .contains("3 sizes, expected at least 4");
    IsoFlopProfiles wider = new IsoFlopProfiles(new IsoFlopProfiles.Settings(2.3, 10, 0.9, 1));
    assertThat(wider.of(sweep.runs()).budgets())
        .isNotEmpty()
        .allMatch(budget -> budget.runs() == 5);
  }

  /** Optima scatter by what the runs of a budget share. */
  @Test
  void intervalsCoverTheExponent() {
    int covered = 0;
    int sets = 400;
    for (int set = 0; set < sets; set++) {
      IsoFlopProfiles own =
          new IsoFlopProfiles(
              new IsoFlopProfiles.Settings(Double.POSITIVE_INFINITY, 300, 0.9, set));
      IsoFlopProfiles.Line line = own.of(sweep(n -> 1, 0.1, set).runs()).sizes();
      covered += line.interval().contains(A) ? 1 : 0;
    }
    assertThat(covered / (double) sets).isBetween(0.86, 0.94);
  }

  /**
   * Exponents by NumPy's polyfit on the same runs. Published for all ten budgets of Llama 3 is
   * 0.463; the two largest are not in this file. Marin's sweeps are published between 0.42 and
   * 0.44.
   */
  @ParameterizedTest
  @CsvSource({
    "llama3_exp, 8, 0.4955",
    "comma, 6, 0.4348",
    "fineweb, 14, 0.5235",
    "epoch_iso, 7, 0.5420",
    "porian_chin, 12, 0.5687"
  })
  void publicSweepsHaveTheirBudgetsAndExponents(String name, int budgets, double exponent) {
    RunSet runs =
        RunFile.read(RealData.file("collections/" + name + ".csv"), ColumnOptions.usual()).runs();
    IsoFlopProfiles.Found found = profiles.of(runs);
    assertThat(found.budgets()).hasSize(budgets);
    assertThat(found.leftOut()).isZero();
    assertThat(found.sizes().exponent()).isCloseTo(exponent, within(5.1e-5));
    assertThat(found.sizes().interval().contains(exponent)).isTrue();
  }
}

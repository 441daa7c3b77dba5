package org.farfit.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import org.farfit.analysis.ColumnAllocation.Goal;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.Surface;
import org.farfit.law.Chinchilla;
import org.junit.jupiter.api.Test;

/** The best values of any columns against closed forms and the conditions of an optimum. */
class ColumnAllocationTest {

  private static final Lever N = new Lever("N", 1e8, 6e9);
  private static final Lever D = new Lever("D", 1e9, 5e11);
  private static final Lever U = new Lever("U", 1e9, 1e12);

  private static final FittedSurface CHINCHILLA =
      AllocationTest.surface(new Chinchilla(), new Chinchilla().example());

  private static Optional<Cost> cost(String formula) {
    return Optional.of(Cost.of("--cost", formula, List.of("N", "D", "U", "lr", "bs")));
  }

  private static ColumnAllocation ask(
      Surface surface, List<Lever> over, Map<String, Double> at, Optional<Cost> cost, Goal goal) {
    return new ColumnAllocation(surface, new ColumnAllocation.Question(over, at, cost, goal));
  }

  /** A surface over any columns. */
  private static Surface of(ToDoubleFunction<Map<String, Double>> loss) {
    return new Surface() {
      @Override
      public String name() {
        return "test";
      }

      @Override
      public double loss(double n, double d) {
        throw new AssertionError("asked by columns");
      }

      @Override
      public double at(Map<String, Double> row) {
        return loss.applyAsDouble(row);
      }
    };
  }

  /** Chinchilla with C = 6 N D has a closed form (Hoffmann et al. 2022, eq. 4). */
  @Test
  void chinchillaIsTheClosedForm() {
    Allocation closed =
        new Allocation(CHINCHILLA, new SurfaceRange(1e8, 6e9, 1e9, 5e11), ComputeModel.USUAL);
    for (double budget : new double[] {1e19, 1e21, 1e24}) {
      Allocation.Point expected = closed.at(budget).best().orElseThrow();
      for (List<Lever> over : List.of(List.of(N, D), List.of(D, N))) {
        ColumnAllocation.Answer answer =
            ask(CHINCHILLA, over, Map.of(), cost("6*N*D"), Goal.LEAST).within(budget);
        ColumnAllocation.Best best = answer.best().orElseThrow();
        assertThat(best.row().get("N")).isCloseTo(expected.n(), within(1e-9 * expected.n()));
        assertThat(best.row().get("D")).isCloseTo(expected.d(), within(1e-9 * expected.d()));
        assertThat(best.value()).isCloseTo(expected.loss(), within(1e-13));
        assertThat(best.cost()).isCloseTo(budget, within(1e-12 * budget));
        assertThat(best.factorBeyond())
            .isCloseTo(expected.factorBeyond(), within(1e-8 * expected.factorBeyond()));
        assertThat(answer.others()).isEmpty();
        assertThat(answer.problem()).isEmpty();
      }
    }
  }

  /** Tokens that are served as well as trained on; slopes of loss and cost are in one ratio. */
  @Test
  void lagrangesConditionHoldsForACostOfServing() {
    double budget = 1e23;
    Cost cost = cost("6*N*D + 2*N*10T").orElseThrow();
    ColumnAllocation.Best best =
        ask(CHINCHILLA, List.of(N, D), Map.of(), Optional.of(cost), Goal.LEAST)
            .within(budget)
            .best()
            .orElseThrow();
    assertThat(best.cost()).isCloseTo(budget, within(1e-12 * budget));
    double byN = ratio(CHINCHILLA, cost, best.row(), "N");
    double byD = ratio(CHINCHILLA, cost, best.row(), "D");
    assertThat(byN).isCloseTo(byD, within(1e-6 * Math.abs(byD)));
    // Serving makes smaller models better.
    Allocation training =
        new Allocation(CHINCHILLA, new SurfaceRange(1e8, 6e9, 1e9, 5e11), ComputeModel.USUAL);
    assertThat(best.row().get("N")).isLessThan(0.9 * training.at(budget).best().orElseThrow().n());
  }

  /** d loss / d cost along one column, by differences. */
  private static double ratio(
      Surface surface, Cost cost, SequencedMap<String, Double> row, String column) {
    Map<String, Double> up = new LinkedHashMap<>(row);
    Map<String, Double> down = new LinkedHashMap<>(row);
    up.computeIfPresent(column, (name, value) -> value * 1.0001);
    down.computeIfPresent(column, (name, value) -> value / 1.0001);
    return (surface.at(up) - surface.at(down)) / (cost.of(up) - cost.of(down));
  }

  /** Three columns under a cost of all: L = sum of c x^-a, so that a c x^-a / (k x) is one. */
  @Test
  void threeColumnsUnderACostMeetTheConditions() {
    Surface surface =
        of(row ->
            1.7
                + 400 * Math.pow(row.get("N"), -0.34)
                + 900 * Math.pow(row.get("D"), -0.37)
                + 20 * Math.pow(row.get("U"), -0.2));
    Cost cost = cost("6*N*D + 3e9*U").orElseThrow();
    ColumnAllocation.Answer answer =
        ask(surface, List.of(N, D, U), Map.of(), Optional.of(cost), Goal.LEAST).within(1e22);
    SequencedMap<String, Double> row = answer.best().orElseThrow().row();
    double multiplier = ratio(surface, cost, row, "U");
    for (String column : List.of("N", "D")) {
      assertThat(ratio(surface, cost, row, column))
          .isCloseTo(multiplier, within(1e-6 * Math.abs(multiplier)));
    }
    assertThat(answer.others()).isEmpty();
  }

  /** A column that is held moves the optimum as its value in the formula does. */
  @Test
  void aHeldColumnIsAConstant() {
    Surface surface =
        of(row ->
            1.7
                + 400 * Math.pow(row.get("N"), -0.34)
                + 900 * Math.pow(row.get("D"), -0.34) * Math.pow(row.get("U"), -0.1));
    for (double fixed : new double[] {1e9, 1e12}) {
      double n =
          ask(surface, List.of(N, D), Map.of("U", fixed), cost("6*N*D"), Goal.LEAST)
              .within(6e20)
              .best()
              .orElseThrow()
              .row()
              .get("N");
      double expected = Math.pow(400 / (900 * Math.pow(fixed, -0.1)), 1 / 0.68) * Math.sqrt(1e20);
      assertThat(n).isCloseTo(expected, within(1e-9 * expected));
    }
  }

  /** Without a cost: the best learning rate and batch size, of which the former depends on both. */
  @Test
  void bestValuesWithoutACost() {
    Surface surface =
        of(row -> {
          double lr = Math.log(row.get("lr") / 3e-4);
          double bs = Math.log(row.get("bs") / 2e5);
          return 2.5 + 0.02 * lr * lr + 0.01 * bs * bs - 0.008 * lr * bs;
        });
    List<Lever> over = List.of(new Lever("lr", 1e-5, 1e-2), new Lever("bs", 1e4, 1e6));
    ColumnAllocation.Best best =
        ask(surface, over, Map.of(), Optional.empty(), Goal.LEAST).anywhere().best().orElseThrow();
    assertThat(best.row().get("lr")).isCloseTo(3e-4, within(3e-13));
    assertThat(best.row().get("bs")).isCloseTo(2e5, within(2e-4));
    assertThat(best.cost()).isNaN();
    Surface accuracy = of(row -> -Math.log(surface.at(row)));
    assertThat(
            ask(accuracy, over, Map.of(), Optional.empty(), Goal.MOST)
                .anywhere()
                .best()
                .orElseThrow()
                .row()
                .get("lr"))
        .isCloseTo(3e-4, within(3e-13));
  }

  /** What is not worth its cost is not spent. */
  @Test
  void aBudgetNeedNotBeSpent() {
    Surface surface = of(row -> 2 + Math.pow(Math.log(row.get("bs") / 2e5), 2));
    ColumnAllocation allocation =
        ask(surface, List.of(new Lever("bs", 1e4, 1e6)), Map.of(), cost("7*bs"), Goal.LEAST);
    assertThat(allocation.within(1e9).best().orElseThrow().row().get("bs"))
        .isCloseTo(2e5, within(2e-4));
    assertThat(allocation.within(7e4).best().orElseThrow().row().get("bs"))
        .isCloseTo(1e4, within(1e-8));
  }

  /** Terms that take turns meet where they are equal: a A^-1 = b B^-1 under a cost of A B. */
  @Test
  void aMinimumAtAKinkOfTheFormulaIsFound() {
    Surface surface =
        of(row -> {
          double byN = 400 * Math.pow(row.get("N"), -0.34);
          double byD = 900 * Math.pow(row.get("D"), -0.37);
          return 1.7 + Math.max(byN, byD);
        });
    double budget = 1e22;
    ColumnAllocation.Answer answer =
        ask(surface, List.of(N, D), Map.of(), cost("6*N*D"), Goal.LEAST).within(budget);
    // 400 N^-0.34 = 900 (C / 6 N)^-0.37
    double n = Math.exp((Math.log(400.0 / 900) + 0.37 * Math.log(budget / 6)) / (0.34 + 0.37));
    ColumnAllocation.Best best = answer.best().orElseThrow();
    assertThat(best.row().get("N")).isCloseTo(n, within(1e-7 * n));
    assertThat(best.cost()).isCloseTo(budget, within(1e-12 * budget));
    assertThat(answer.problem()).isEmpty();
    assertThat(answer.others()).isEmpty();
  }

  /** A valley along a kink that runs across both columns, at whose bottom both slopes jump. */
  @Test
  void aValleyAlongAKinkIsFollowed() {
    List<Lever> over = List.of(new Lever("lr", 1e-5, 1e-2), new Lever("bs", 1e4, 1e6));
    Surface surface =
        of(row -> {
          double lr = Math.log(row.get("lr") / 3e-4);
          double bs = Math.log(row.get("bs") / 2e5);
          return 2.5 + 0.02 * Math.abs(lr - 0.7 * bs) + 0.01 * Math.pow(bs - 0.3, 2);
        });
    ColumnAllocation allocation = ask(surface, over, Map.of(), Optional.empty(), Goal.LEAST);
    ColumnAllocation.Best best = allocation.anywhere().best().orElseThrow();
    assertThat(best.row().get("bs"))
        .isCloseTo(2e5 * Math.exp(0.3), within(1e-6 * 2e5 * Math.exp(0.3)));
    assertThat(best.row().get("lr"))
        .isCloseTo(3e-4 * Math.exp(0.21), within(1e-6 * 3e-4 * Math.exp(0.21)));
    assertThat(allocation.near(OptionalDouble.empty(), best).orElseThrow().row().get("lr"))
        .isCloseTo(best.row().get("lr"), within(1e-9));
  }

  /** Two optima: the better first, and a replicate is followed from where it is asked. */
  @Test
  void severalOptimaAreFoundAndFollowed() {
    Surface surface =
        of(row -> {
          double x = Math.log(row.get("lr") / 1e-3);
          return 2 + 0.1 * (x * x - 4) * (x * x - 4) - 0.05 * x;
        });
    ColumnAllocation allocation =
        ask(surface, List.of(new Lever("lr", 1e-5, 1e-1)), Map.of(), Optional.empty(), Goal.LEAST);
    ColumnAllocation.Answer answer = allocation.anywhere();
    assertThat(answer.others()).hasSize(1);
    ColumnAllocation.Best other = answer.others().getFirst();
    assertThat(other.value()).isGreaterThan(answer.best().orElseThrow().value());
    assertThat(Math.log(other.row().get("lr") / 1e-3)).isCloseTo(-2, within(0.1));
    assertThat(allocation.near(OptionalDouble.empty(), other).orElseThrow().row().get("lr"))
        .isCloseTo(other.row().get("lr"), within(1e-12));
  }

  @Test
  void whatHasNoOptimumSaysWhereItFalls() {
    assertThat(
            ask(CHINCHILLA, List.of(N, D), Map.of(), Optional.empty(), Goal.LEAST)
                .anywhere()
                .problem()
                .orElseThrow())
        .startsWith("no optimum inside: the surface keeps falling towards larger ");
    assertThat(
            ask(of(row -> 2.0), List.of(U), Map.of(), Optional.empty(), Goal.LEAST)
                .anywhere()
                .best())
        .isEmpty();
    assertThatThrownBy(() -> ask(CHINCHILLA, List.of(N), Map.of("D", 1e9), cost("D"), Goal.LEAST))
        .hasMessage("the cost D does not grow with N");
    assertThatThrownBy(() -> ask(CHINCHILLA, List.of(N), Map.of(), cost("N*D"), Goal.LEAST))
        .hasMessage("the cost N*D needs a value for 'D'");
    assertThatThrownBy(
            () -> ask(CHINCHILLA, List.of(N), Map.of("N", 1.0), Optional.empty(), Goal.LEAST))
        .hasMessage("'N' is to be chosen and also fixed");
    assertThatThrownBy(() -> cost("6*N*dd"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("--cost: character 5: unknown name 'dd'; nearest is 'D'");
  }

  @Test
  void leversAreColumnsOfNumbers() {
    SequencedMap<String, double[]> columns = new LinkedHashMap<>();
    columns.put("share", new double[] {0, 0.5, 1});
    columns.put("kind", new double[] {0, 1, 0});
    RunSet runs =
        RunSet.of(
            columns,
            Map.of("kind", List.of("a", "b")),
            new double[] {1, 2, 3},
            new double[] {1, 1, 1});
    Lever share = Lever.of(runs, "share");
    assertThat(share.isPositive()).isFalse();
    assertThat(share.factorBeyond(0.7)).isEqualTo(1);
    assertThat(share.factorBeyond(-1)).isEqualTo(2);
    assertThatThrownBy(() -> Lever.of(runs, "kind")).hasMessage("'kind' is no column of numbers");
  }
}

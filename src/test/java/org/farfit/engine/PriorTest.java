package org.farfit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.law.Centre;
import org.farfit.law.Farseer;
import org.junit.jupiter.api.Test;

/** Priors on parameters, against literal sums and finite differences of the cost. */
class PriorTest {

  private static final Farseer LAW = new Farseer();

  private final RunSet runs = Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 2e-3, 1);
  private final Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
  private final double[] point = point();

  private double[] point() {
    double[] centred = new double[9];
    LAW.toCentred(centre, LAW.example(), centred);
    return centred;
  }

  private SurfaceProblem problem() {
    return new SurfaceProblem(
        LAW, centre, runs, Objective.LOG_SQUARED, WeightTable.of(runs.weight(), runs.weight()));
  }

  private static NormalEquations at(SurfaceProblem problem, double[] point, int row) {
    NormalEquations equations = new NormalEquations(9, 1);
    equations.setParameters(0, point);
    equations.weightRow[0] = row;
    try (Evaluator evaluator = new ScalarEngine().evaluator(problem)) {
      evaluator.evaluate(equations, 1);
    }
    return equations;
  }

  @Test
  void priorAddsHalfItsWeightedSquareToTheCost() {
    double[] mean = new double[9];
    mean[2] = 0.1;
    double[] precision = new double[9];
    precision[2] = 3;
    precision[8] = 5;
    SurfaceProblem bound = problem().withPrior(PriorTable.of(mean, new double[9], precision));
    double free = at(problem(), point, 0).cost[0];
    assertThat(at(bound, point, 0).cost[0]).isEqualTo(free);
    double expected = 1.5 * (point[2] - 0.1) * (point[2] - 0.1) + 2.5 * point[8] * point[8];
    assertThat(at(bound, point, 1).cost[0]).isCloseTo(free + expected, within(1e-15));
  }

  @Test
  void eachRowHasAMeanOfItsOwn() {
    double[][] mean = new double[2][9];
    mean[1][4] = 0.3;
    double[] precision = new double[9];
    precision[4] = 2;
    SurfaceProblem bound =
        problem().withPrior(PriorTable.of(mean, new double[][] {precision, precision}));
    double free = at(problem(), point, 0).cost[0];
    assertThat(at(bound, point, 0).cost[0]).isCloseTo(free + point[4] * point[4], within(1e-15));
    assertThat(at(bound, point, 1).cost[0])
        .isCloseTo(free + (point[4] - 0.3) * (point[4] - 0.3), within(1e-15));
  }

  @Test
  void gradientAndMatrixAreThoseOfThePenalisedCost() {
    double[] precision = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    SurfaceProblem bound = problem().withPrior(PriorTable.of(new double[9], precision, precision));
    NormalEquations equations = at(bound, point, 0);
    NormalEquations free = at(problem(), point, 0);
    for (int j = 0; j < 9; j++) {
      double step = 1e-5;
      double[] high = point.clone();
      double[] low = point.clone();
      high[j] += step;
      low[j] -= step;
      double slope = (at(bound, high, 0).cost[0] - at(bound, low, 0).cost[0]) / (2 * step);
      assertThat(equations.gradient[j]).isCloseTo(slope, within(1e-4 * (1 + Math.abs(slope))));
      int diagonal = j * (j + 3) / 2;
      assertThat(equations.matrix[diagonal] - free.matrix[diagonal])
          .isCloseTo(precision[j], within(1e-9));
    }
  }

  @Test
  void heldParameterStaysHeld() {
    double[] precision = new double[9];
    precision[2] = 7;
    NormalEquations equations =
        at(
            problem()
                .withPrior(PriorTable.of(new double[9], precision, precision))
                .fixing(List.of(2)),
            point,
            0);
    assertThat(equations.gradient[2]).isZero();
    assertThat(equations.matrix[5]).isEqualTo(1);
  }

  @Test
  void rowsMustBelongToWeights() {
    assertThatThrownBy(() -> problem().withPrior(PriorTable.of(new double[9], new double[9])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 rows of priors for 2 of weights");
    assertThatThrownBy(() -> PriorTable.of(new double[1], new double[] {-1}))
        .hasMessage("precision -1.0 is negative or not finite");
    assertThatThrownBy(() -> PriorTable.of(new double[1], new double[2]))
        .hasMessage("2 precisions for 1 parameters");
  }

  @Test
  void aFlatPriorIsNone() {
    assertThat(
            problem().withPrior(PriorTable.of(new double[9], new double[9], new double[9])).prior())
        .isEmpty();
    double[] precision = new double[9];
    precision[3] = 1;
    assertThat(problem().withPrior(PriorTable.of(new double[9], new double[9], precision)).prior())
        .isPresent();
  }
}

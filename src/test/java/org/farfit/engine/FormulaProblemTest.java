package org.farfit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.farfit.formula.Derivation;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows of responses, priors and fixed parameters of formulas, against literal sums and against the
 * same problem stated without them.
 */
class FormulaProblemTest {

  private static final int RUNS = 37;
  private static final int PROBLEMS = 9;
  private static final Model MODEL = Model.of(LawText.formula("E + A*N^-alpha + B*D^-beta"));

  private final SplittableRandom random = new SplittableRandom(3);
  private final double[][] loss = new double[PROBLEMS][];
  private final double[][] weight = new double[PROBLEMS][];
  private final double[][] points = new double[PROBLEMS][];
  private final Map<String, double[]> columns = new LinkedHashMap<>();

  FormulaProblemTest() {
    columns.put("N", random.ints(RUNS, 1, 7).mapToDouble(i -> i).toArray());
    columns.put("D", random.doubles(RUNS, 1, 40).toArray());
    for (int k = 0; k < PROBLEMS; k++) {
      loss[k] = random.doubles(RUNS, 1, 3).toArray();
      weight[k] = random.ints(RUNS, 0, 4).mapToDouble(i -> i).toArray();
      points[k] = random.doubles(5, 0, 0.5).toArray();
    }
  }

  private FormulaProblem problem(Objective objective, double[] losses, double[]... weights) {
    Map<String, double[]> all = new LinkedHashMap<>(columns);
    all.put("loss", losses);
    FormulaRuns runs = FormulaRuns.of("random", all);
    boolean log = objective.residual() == Objective.Residual.LOG;
    return new FormulaProblem(
        new Derivation(MODEL, log, FormulaProblem.grouped(MODEL, runs)),
        runs,
        objective,
        WeightTable.of(weights));
  }

  private static NormalEquations evaluate(String engine, FormulaProblem problem, double[]... at) {
    NormalEquations batch = new NormalEquations(5, at.length);
    for (int k = 0; k < at.length; k++) {
      batch.setParameters(k, at[k]);
      batch.weightRow[k] = k % problem.weights().rows();
    }
    try (Engine opened = Engines.open(engine);
        Evaluator evaluator = opened.formulaEvaluator(problem)) {
      evaluator.evaluate(batch, at.length);
    }
    return batch;
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "simd"})
  void eachRowIsFittedToItsOwnResponses(String engine) {
    for (Objective objective :
        List.of(
            Objective.LOG_SQUARED,
            Objective.logHuber(0.1),
            new Objective(Objective.Residual.LINEAR, 0.3))) {
      FormulaProblem rows = problem(objective, loss[0], weight).withLosses(LossTable.of(loss));
      NormalEquations together = evaluate(engine, rows, points);
      for (int k = 0; k < PROBLEMS; k++) {
        NormalEquations alone = evaluate(engine, problem(objective, loss[k], weight[k]), points[k]);
        assertThat(together.cost[k]).isCloseTo(alone.cost[0], within(1e-13 * alone.cost[0]));
        for (int j = 0; j < 5; j++) {
          assertThat(together.gradient[j * PROBLEMS + k])
              .isCloseTo(alone.gradient[j], within(1e-12 * RUNS));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "simd"})
  void priorsAndHeldParameters(String engine) {
    FormulaProblem free = problem(Objective.LOG_SQUARED, loss[0], weight[0], weight[1]);
    double[] mean = {0.1, 0.2, 0, 0, -0.3};
    FormulaProblem bound =
        free.withPrior(PriorTable.of(mean, new double[5], new double[] {3, 0, 0, 0, 5}))
            .fixing(List.of(4));
    NormalEquations without = evaluate(engine, free, points[0], points[1]);
    NormalEquations with = evaluate(engine, bound, points[0], points[1]);
    assertThat(with.cost[0]).isEqualTo(without.cost[0]);
    double first = points[1][0] - 0.1;
    double last = points[1][4] + 0.3;
    assertThat(with.cost[1])
        .isCloseTo(without.cost[1] + 1.5 * first * first + 2.5 * last * last, within(1e-12));
    assertThat(with.gradient[1]).isCloseTo(without.gradient[1] + 3 * first, within(1e-12));
    assertThat(with.matrix[1]).isCloseTo(without.matrix[1] + 3, within(1e-12));
    for (int k = 0; k < 2; k++) {
      assertThat(with.gradient[4 * 2 + k]).isZero();
      for (int i = 0; i < 5; i++) {
        assertThat(with.matrix[(4 * 5 / 2 + i) * 2 + k]).isEqualTo(i == 4 ? 1 : 0);
      }
    }
  }

  @Test
  void componentsKeepTheirPriorsAndWhatIsHeld() {
    double[] precision = {1, 2, 3, 4, 5};
    FormulaProblem part =
        problem(Objective.LOG_SQUARED, loss[0], weight[0])
            .withPrior(PriorTable.of(new double[5], precision))
            .fixing(List.of(2))
            .component(new int[] {1, 2, 4});
    assertThat(part.fixed()).hasToString("{1}");
    assertThat(part.prior().orElseThrow().precision(0, 2)).isEqualTo(5);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    FormulaProblem problem = problem(Objective.LOG_SQUARED, loss[0], weight[0]);
    assertThatThrownBy(() -> problem.withPrior(PriorTable.of(new double[4], new double[4])))
        .hasMessageContaining("1 rows of 4 priors for 1 of weights and 5 parameters");
    assertThatThrownBy(() -> problem.withLosses(LossTable.of(loss[0], loss[1])))
        .hasMessageContaining("2 x 37 losses for 1 x 37 weights");
    double[] negative = loss[0].clone();
    negative[3] = -1;
    assertThatThrownBy(() -> problem.withLosses(LossTable.ofResponses(negative)))
        .hasMessageContaining("not positive");
  }
}

package org.farfit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
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
    NormalEquations batch = new NormalEquations(problem.parameterCount(), at.length);
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

  /**
   * Half of r'V^-1 r with V written out, J'V^-1 r and J'V^-1 J by differences of the response:
   * where parameters are indexed, and where every run has two responses, which its size shares.
   */
  @ParameterizedTest
  @ValueSource(strings = {"scalar", "simd"})
  void errorsThatSizesShareAreThoseOfTheMatrixWrittenOut(String engine) {
    for (String formula :
        List.of(
            "E + A*N^-alpha + B*D^-beta",
            "E[kind] + A[kind]*N^-alpha + B*D^-beta",
            "loss = a + b*ln(N); y = a*ln(D) + c*exp(-d*ln(N))")) {
      Model model = Model.of(LawText.formula(formula));
      FormulaRuns runs = kinds();
      double[] sizes = runs.column("N");
      for (boolean log : new boolean[] {true, false}) {
        FormulaProblem plain =
            new FormulaProblem(
                new Derivation(model, log, FormulaProblem.grouped(model, runs)),
                runs,
                log ? Objective.LOG_SQUARED : Objective.LINEAR_SQUARED,
                WeightTable.of(weight));
        int p = plain.parameterCount();
        double[][] at = new double[PROBLEMS][];
        Arrays.setAll(at, k -> random.doubles(p, 0.2, 0.5).toArray());
        for (boolean copies : new boolean[] {false, true}) {
          FormulaProblem shared = plain.sharing(0.7, sizes);
          FormulaProblem problem = copies ? shared.copyingSizes(runs.weight()) : shared;
          assertThat(problem.components()).hasSize(1);
          NormalEquations found = evaluate(engine, problem, at);
          for (int k = 0; k < PROBLEMS; k++) {
            assertIsDense(new Dense(problem, runs, at[k], weight[k], copies), found, k, formula);
          }
        }
      }
    }
  }

  private FormulaRuns kinds() {
    Map<String, double[]> all = new LinkedHashMap<>(columns);
    all.put("loss", loss[0]);
    all.put("y", loss[1]);
    List<String> kinds = IntStream.range(0, RUNS).mapToObj(i -> i % 3 == 0 ? "p" : "q").toList();
    List<String> places = IntStream.range(0, RUNS).mapToObj(i -> "run " + i).toList();
    double[] ones = new double[RUNS];
    Arrays.fill(ones, 1);
    return new FormulaRuns("random", places, all, Map.of("kind", kinds), ones);
  }

  private static void assertIsDense(Dense dense, NormalEquations found, int k, String formula) {
    double cost = dense.product(dense.residual, dense.residual) / 2;
    assertThat(found.cost[k]).as(formula).isCloseTo(cost, within(1e-11 * cost));
    for (int i = 0; i < dense.slope.length; i++) {
      double scale = Math.sqrt(dense.product(dense.slope[i], dense.slope[i]));
      assertThat(found.gradient[i * PROBLEMS + k])
          .as(formula)
          .isCloseTo(
              dense.product(dense.slope[i], dense.residual),
              within(1e-6 * scale * Math.sqrt(2 * cost) + 1e-9));
      for (int j = 0; j <= i; j++) {
        double other = Math.sqrt(dense.product(dense.slope[j], dense.slope[j]));
        assertThat(found.matrix[(i * (i + 1) / 2 + j) * PROBLEMS + k])
            .as(formula)
            .isCloseTo(
                dense.product(dense.slope[i], dense.slope[j]), within(1e-6 * scale * other + 1e-9));
      }
    }
  }

  /** Residuals of all responses, their slopes, and the inverse of their covariance. */
  private static final class Dense {

    private final FormulaProblem problem;
    private final FormulaRuns runs;
    private final double[] residual;
    private final double[][] slope;
    private final DMatrixRMaj inverse;

    /** With copies a size of m times its weight is m sizes, whose sums of V^-1 are those of one. */
    Dense(FormulaProblem problem, FormulaRuns runs, double[] at, double[] weight, boolean copies) {
      this.problem = problem;
      this.runs = runs;
      residual = residuals(at);
      slope = new double[at.length][];
      for (int j = 0; j < at.length; j++) {
        double[] up = at.clone();
        double[] down = at.clone();
        up[j] += 1e-5;
        down[j] -= 1e-5;
        double[] above = residuals(up);
        double[] below = residuals(down);
        slope[j] = new double[residual.length];
        Arrays.setAll(slope[j], i -> (above[i] - below[i]) / 2e-5);
      }
      double[] n = runs.column("N");
      int count = residual.length;
      inverse = new DMatrixRMaj(count, count);
      for (double size : Arrays.stream(n).distinct().toArray()) {
        int[] own =
            IntStream.range(0, count)
                .filter(i -> n[i % RUNS] == size && weight[i % RUNS] > 0)
                .toArray();
        if (own.length == 0) {
          continue;
        }
        double times =
            copies
                ? Arrays.stream(own).mapToDouble(i -> weight[i % RUNS]).sum() / ones(n, size)
                : 1;
        DMatrixRMaj v = new DMatrixRMaj(own.length, own.length);
        for (int i = 0; i < own.length; i++) {
          for (int j = 0; j < own.length; j++) {
            v.set(i, j, 0.7 / times + (i == j ? 1 / weight[own[i] % RUNS] : 0));
          }
        }
        CommonOps_DDRM.invert(v);
        for (int i = 0; i < own.length; i++) {
          for (int j = 0; j < own.length; j++) {
            inverse.set(own[i], own[j], v.get(i, j));
          }
        }
      }
    }

    private static double ones(double[] n, double size) {
      return Arrays.stream(n).filter(each -> each == size).count();
    }

    /** Those of the formula that a run has. */
    private double[] parameters(Model model, double[] natural, int run) {
      return model.parameters().stream()
          .map(parameter -> FormulaProblem.name(parameter, runs.of(parameter.indices(), run)))
          .mapToDouble(name -> natural[problem.parameterNames().indexOf(name)])
          .toArray();
    }

    private double[] residuals(double[] at) {
      Model model = problem.derivation().model();
      double[] natural = problem.coordinates().parameters(at);
      boolean log = problem.derivation().logResiduals();
      double[] residuals = new double[model.responses().size() * RUNS];
      for (int r = 0; r < model.responses().size(); r++) {
        double[] measured = runs.response(model.responses().get(r).name());
        for (int i = 0; i < RUNS; i++) {
          int run = i;
          double[] row =
              model.columns().stream().mapToDouble(name -> runs.column(name)[run]).toArray();
          double value =
              problem.derivation().naturalSurface(r).value(parameters(model, natural, run), row);
          residuals[r * RUNS + i] =
              log ? Math.log(value) - Math.log(measured[i]) : value - measured[i];
        }
      }
      return residuals;
    }

    double product(double[] a, double[] b) {
      DMatrixRMaj right = new DMatrixRMaj(a.length, 1);
      CommonOps_DDRM.mult(inverse, new DMatrixRMaj(b), right);
      return CommonOps_DDRM.dot(new DMatrixRMaj(a), right);
    }
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
    FormulaProblem robust = problem(Objective.logHuber(0.1), loss[0], weight[0]);
    assertThatThrownBy(() -> robust.sharing(0.3, columns.get("N")))
        .hasMessageContaining("shared errors of ratio 0.3 under");
  }
}

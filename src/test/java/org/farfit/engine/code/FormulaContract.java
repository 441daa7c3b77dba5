package org.farfit.engine.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.farfit.engine.Engine;
import org.farfit.engine.Evaluator;
import org.farfit.engine.FormulaProblem;
import org.farfit.engine.FormulaRuns;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.Objective;
import org.farfit.engine.WeightTable;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.formula.Bounds;
import org.farfit.formula.Derivation;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.formula.Shelf;
import org.junit.jupiter.api.Test;

/**
 * What every engine that takes formulas must do as plain generated code does. The tests of an
 * engine extend it.
 */
public abstract class FormulaContract {

  /** The engine under test. */
  protected abstract Engine engine();

  /** The most runs times 23 of a formula; each number of runs may need code of its own. */
  protected int sizes() {
    return 9;
  }

  /** What laws are tried with; residuals of logarithms need code of their own. */
  protected List<Objective> objectives() {
    return List.of(
        Objective.LINEAR_SQUARED,
        new Objective(Objective.Residual.LINEAR, 0.3),
        Objective.LOG_SQUARED,
        Objective.logHuber(0.1));
  }

  /** What laws of the shelf are tried with. */
  protected List<Objective> objectivesOfTheShelf() {
    return objectives();
  }

  /** How far numbers may be off where a denominator nearly vanishes at some points. */
  protected double agreementNearPole() {
    return agreement();
  }

  /** Which laws of the benchmark are tried. */
  protected boolean takes(String law) {
    return !law.isEmpty();
  }

  /** Random points of each law; {@code -Dfarfit.problems=1000} for the long run. */
  protected int points() {
    return Integer.getInteger("farfit.problems", 45);
  }

  /** Problems of the largest batch. */
  protected int largestBatch() {
    return 9;
  }

  /** Whether laws are tried with an indexed parameter, too. */
  protected boolean triesIndexed() {
    return true;
  }

  /** How far engines may be off, beside the scale of the numbers. */
  static final double AGREEMENT = 1e-11;

  /** The same of this engine. */
  protected double agreement() {
    return AGREEMENT;
  }

  /** Rows that are smaller than this share of the largest are judged by that share. */
  static final double LEAST_SHARE = 1e-3;

  /**
   * For random points in the boxes of the benchmark, where exponents reach hundreds and amplify
   * rounding, the largest row is the measure of all.
   */
  private static final double NORMWISE = 1;

  static final List<String> FORMULAS =
      List.of(
          "E + A*N^-alpha + B*D^-beta",
          "E[kind] + A[kind]*N^-alpha + B*D^-beta",
          "exp(a3*N^gamma + b3) + exp(a2*N^beta + b2)*D^(-exp(a1*N^alpha + b1))",
          "E + (A*N^-alpha + B*D^-beta)^k",
          "a + b*tanh(c*ln(N)) + d*sigmoid(e*ln(D)) + f*softplus(g*ln(N)) + h*abs(ln(D) - i)",
          "a + min(b*ln(N), c*ln(D)) + max(d, ln(N)) + sign(e)*sqrt(f + ln(D)) + g/(h + ln(N))",
          "loss = a + b*ln(N); y = a*ln(D) + c*exp(-d*ln(N))");

  static FormulaRuns runs(int count, Set<String> columns, SplittableRandom random) {
    Map<String, double[]> numbers = new LinkedHashMap<>();
    for (String name : columns) {
      double[] few = random.doubles(7, 1.5, 30).toArray();
      boolean grid = random.nextBoolean();
      double scale = name.equals("U") ? 0.03 : 1; // unique tokens are fewer than tokens
      numbers.put(
          name,
          IntStream.range(0, count)
              .mapToDouble(
                  i -> scale * (grid ? few[random.nextInt(7)] : 1 + 20 * random.nextDouble()))
              .toArray());
    }
    numbers.put("loss", random.doubles(count, 1, 3).toArray());
    for (String response : List.of("y", "lr", "bs", "accuracy")) {
      numbers.put(response, random.doubles(count, 1, 3).toArray());
    }
    List<String> kinds =
        IntStream.range(0, count).mapToObj(i -> random.nextBoolean() ? "p" : "q").toList();
    return new FormulaRuns(
        "random",
        IntStream.range(0, count).mapToObj(i -> "run " + i).toList(),
        numbers,
        Map.of("kind", kinds),
        random.doubles(count, 0.5, 2).toArray());
  }

  static NormalEquations evaluate(
      Engine engine, FormulaProblem problem, double[][] points, int[] rows) {
    return evaluate(engine, problem, points, rows, 9);
  }

  /** Evaluates one problem, then two, up to the largest batch, and again, as a batch each. */
  private static NormalEquations evaluate(
      Engine engine, FormulaProblem problem, double[][] points, int[] rows, int largest) {
    int p = problem.parameterCount();
    NormalEquations all = new NormalEquations(p, points.length);
    try (Evaluator evaluator = engine.formulaEvaluator(problem)) {
      int size = 1;
      for (int from = 0; from < points.length; from += size, size = size % largest + 1) {
        size = Math.min(size, points.length - from);
        NormalEquations batch = new NormalEquations(p, size);
        for (int k = 0; k < size; k++) {
          batch.setParameters(k, points[from + k]);
          batch.weightRow[k] = rows[from + k];
        }
        evaluator.evaluate(batch, size);
        for (int k = 0; k < size; k++) {
          all.copy(from + k, batch, k);
        }
      }
    }
    return all;
  }

  /** A law with one parameter more for each further category: the last is indexed. */
  private static LawText indexed(LawText law, Model model) {
    String last = model.parameters().getLast().name();
    return new LawText(
        law.origin(),
        law.name(),
        law.source(),
        law.notes(),
        law.columns(),
        law.text().replaceAll("\\b" + last + "\\b", last + "[kind]"),
        law.bounds(),
        law.coefficients(),
        law.closed());
  }

  /**
   * Differences relative to the size of each number's row and column of the Jacobian, or to a share
   * of that of the largest: what hardly matters may have fewer digits.
   */
  static void assertAgree(
      NormalEquations one, NormalEquations other, double leastShare, String what) {
    assertAgree(one, other, leastShare, what, AGREEMENT);
  }

  private static void assertAgree(
      NormalEquations one,
      NormalEquations other,
      double leastShare,
      String what,
      double agreement) {
    int p = one.parameterCount();
    int capacity = one.capacity();
    double[] size = new double[p];
    for (int k = 0; k < capacity; k++) {
      if (!one.isFinite(k)) {
        assertThat(other.isFinite(k)).as(what).isFalse();
        continue;
      }
      double scale = Math.max(1e-300, one.cost[k]);
      assertThat(Math.abs(one.cost[k] - other.cost[k])).as(what).isLessThan(agreement * scale);
      double largest = 0;
      for (int i = 0; i < p; i++) {
        size[i] = Math.sqrt(diagonal(one, i, k));
        largest = Math.max(largest, size[i]);
      }
      for (int i = 0; i < p; i++) {
        size[i] = Math.max(size[i], leastShare * largest);
      }
      for (int i = 0; i < p; i++) {
        double rowScale = size[i];
        double gradient =
            Math.abs(one.gradient[i * capacity + k] - other.gradient[i * capacity + k]);
        assertThat(gradient)
            .as(
                what
                    + " gradient "
                    + i
                    + " of problem "
                    + k
                    + ": "
                    + one.gradient[i * capacity + k]
                    + " scale "
                    + rowScale
                    + " cost "
                    + scale)
            .isLessThanOrEqualTo(agreement * rowScale * Math.sqrt(2 * scale) + 1e-280);
        for (int j = 0; j <= i; j++) {
          int at = (i * (i + 1) / 2 + j) * capacity + k;
          assertThat(Math.abs(one.matrix[at] - other.matrix[at]))
              .as(
                  what
                      + " matrix "
                      + i
                      + " "
                      + j
                      + ": "
                      + one.matrix[at]
                      + " scale "
                      + rowScale
                      + " other "
                      + diagonal(one, j, k))
              .isLessThanOrEqualTo(agreement * rowScale * size[j] + 1e-280);
        }
      }
    }
  }

  static double diagonal(NormalEquations batch, int j, int k) {
    return batch.matrix[j * (j + 3) / 2 * batch.capacity() + k];
  }

  /** Random coordinates near those of random natural parameters. */
  static double[][] points(
      FormulaProblem problem, int count, Map<String, Bounds> bounds, SplittableRandom random) {
    Derivation derivation = problem.derivation();
    Derivation.Change change = derivation.change(problem.centres());
    int templates = derivation.model().parameters().size();
    double[][] points = new double[count][problem.parameterCount()];
    for (double[] point : points) {
      double[] natural = new double[templates];
      for (int t = 0; t < templates; t++) {
        Bounds box = bounds.get(derivation.model().parameters().get(t).name());
        double unit = 0.2 + 0.6 * random.nextDouble();
        natural[t] = box == null ? unit : within(box, unit);
        if (derivation.logged().get(t)) {
          natural[t] = Math.log(Math.max(natural[t], 1e-6));
        }
      }
      change.toCoordinates(natural);
      for (int j = 0; j < point.length; j++) {
        point[j] = natural[problem.templates().get(j)];
      }
    }
    return points;
  }

  private static double within(Bounds box, double unit) {
    return box.lower() > 0 && box.upper() / box.lower() > 50
        ? box.lower() * Math.pow(box.upper() / box.lower(), unit)
        : box.lower() + unit * (box.upper() - box.lower());
  }

  /** Errors that runs of a size share, whatever their category and response. */
  @Test
  void enginesAgreeOnErrorsThatSizesShare() {
    for (String formula : FORMULAS) {
      Model model = Model.of(LawText.formula(formula));
      SplittableRandom random = new SplittableRandom(7);
      for (int count : new int[] {5, 150}) {
        FormulaRuns runs = runs(count, new TreeSet<>(Set.of("N", "D")), random);
        double[] sizes = Arrays.stream(runs.column("N")).map(Math::floor).toArray();
        double[] copies = random.ints(count, 0, 3).mapToDouble(i -> i).toArray();
        for (boolean log : new boolean[] {true, false}) {
          Derivation derivation = new Derivation(model, log, FormulaProblem.grouped(model, runs));
          FormulaProblem plain =
              new FormulaProblem(
                  derivation,
                  runs,
                  log ? Objective.LOG_SQUARED : Objective.LINEAR_SQUARED,
                  WeightTable.of(runs.weight(), copies, copies));
          FormulaProblem shared = plain.sharing(0.3, sizes);
          double[] ones = new double[count];
          Arrays.fill(ones, 1);
          for (FormulaProblem problem : List.of(shared, shared.copyingSizes(ones))) {
            double[][] points = points(problem, 20, Map.of(), random);
            int[] rows = random.ints(20, 0, 3).toArray();
            NormalEquations expected = evaluate(new ScalarEngine(), problem, points, rows);
            NormalEquations independent = evaluate(new ScalarEngine(), plain, points, rows);
            int finite = 0;
            for (int k = 0; k < 20; k++) {
              finite += expected.isFinite(k) ? 1 : 0;
              assertThat(expected.cost[k] >= independent.cost[k]).as(formula).isFalse();
            }
            assertThat(finite).as(formula).isPositive();
            assertAgree(
                expected,
                evaluate(engine(), problem, points, rows, largestBatch()),
                LEAST_SHARE,
                formula,
                formula.contains("g/(h + ln(N))") ? agreementNearPole() : agreement());
          }
        }
      }
    }
  }

  private int compared(
      String formula,
      Model model,
      FormulaRuns runs,
      Map<String, Bounds> bounds,
      int problems,
      List<Objective> objectives) {
    SplittableRandom random = new SplittableRandom(formula.hashCode());
    double[] some = random.doubles(runs.size()).map(u -> u < 0.2 ? 0 : 1).toArray();
    WeightTable weights = WeightTable.of(runs.weight(), some);
    int finite = 0;
    for (Objective objective : objectives) {
      boolean log = objective.residual() == Objective.Residual.LOG;
      boolean positive =
          model.responses().stream()
              .flatMapToDouble(r -> Arrays.stream(runs.column(r.name())))
              .allMatch(value -> value > 0);
      if (log && !positive) {
        continue;
      }
      Derivation derivation = new Derivation(model, log, FormulaProblem.grouped(model, runs));
      FormulaProblem problem = new FormulaProblem(derivation, runs, objective, weights);
      double[][] points = points(problem, problems, bounds, random);
      int[] rows = random.ints(problems, 0, 2).toArray();
      NormalEquations plain = evaluate(new ScalarEngine(), problem, points, rows);
      double share = bounds.isEmpty() ? LEAST_SHARE : NORMWISE;
      assertAgree(
          plain,
          evaluate(engine(), problem, points, rows, largestBatch()),
          share,
          formula + " " + objective,
          formula.contains("g/(h + ln(N))") ? agreementNearPole() : agreement());
      for (int k = 0; k < problems; k++) {
        finite += plain.isFinite(k) ? 1 : 0;
      }
    }
    return finite;
  }

  @Test
  void enginesAgreeOnEveryFunctionAndLane() {
    for (String formula : FORMULAS) {
      SplittableRandom random = new SplittableRandom(5);
      for (int problems = 1; problems <= sizes(); problems++) {
        FormulaRuns runs = runs(1 + 23 * problems, new TreeSet<>(Set.of("N", "D")), random);
        Model model = Model.of(LawText.formula(formula));
        assertThat(compared(formula, model, runs, Map.of(), problems, objectives())).isPositive();
      }
    }
  }

  @Test
  void enginesAgreeOnTheShelf() {
    for (String name : Shelf.names()) {
      LawText law = Shelf.named(name).orElseThrow();
      Model model = Model.of(law);
      FormulaRuns runs = runs(60, new TreeSet<>(model.columns()), new SplittableRandom(9));
      assertThat(compared(name, model, runs, Map.of(), points(), objectivesOfTheShelf()))
          .as(name)
          .isPositive();
      Model other = Model.of(indexed(law, model));
      assertThat(other.indices()).containsExactly("kind");
      if (triesIndexed()) {
        assertThat(compared(name, other, runs, Map.of(), points(), objectivesOfTheShelf()))
            .as(name)
            .isPositive();
      }
    }
  }

  @Test
  void enginesAgreeOnEveryLawOfTheBenchmark() throws Exception {
    List<BenchmarkLaw> laws = BenchmarkLaw.all();
    assertThat(laws).hasSize(34);
    for (BenchmarkLaw law : laws) {
      if (takes(law.id())) {
        Model model = law.model();
        compared(law.id(), model, law.runs(), law.bounds(), points(), objectives());
        if (triesIndexed()) {
          Model other = law.model(indexed(law.text(), model));
          compared(law.id(), other, law.runs(), law.bounds(), points(), objectives());
        }
      }
    }
  }
}

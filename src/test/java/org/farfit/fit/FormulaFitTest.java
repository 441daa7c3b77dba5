package org.farfit.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.farfit.RealData;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.search.GlobalFit;
import org.farfit.fit.search.RunStructure;
import org.farfit.formula.Bounds;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.formula.Shelf;
import org.farfit.law.Laws;
import org.farfit.literature.ScaleBench;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fits of formulas: against the built-in laws, against exact answers, and at bounds. */
class FormulaFitTest {

  private static final Objective LINEAR = Objective.LINEAR_SQUARED;

  private static LawFit fit(Model model, RunSet runs, FitOptions options) {
    boolean log = options.objective().residual() == Objective.Residual.LOG;
    return new GlobalFit(new ScalarEngine(), options).fit(FormulaLaw.of(model, log, runs), runs);
  }

  private static RunSet runs(SequencedMap<String, double[]> columns, double[] measured) {
    return RunSet.of(columns, Map.of(), measured, ones(measured.length));
  }

  private static double[] ones(int length) {
    double[] ones = new double[length];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static RunSet runs(String column, double[] values, double[] measured) {
    return runs(new TreeMap<>(Map.of(column, values)), measured);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kaplan", "chinchilla", "skaling", "farseer"})
  void filesOfTheBuiltInLawsFindTheSameOptima(String law) {
    RunSet runs = RealData.farseer();
    FitOptions options = FitOptions.DEFAULT.withStarts(24, 1);
    double builtIn =
        new GlobalFit(new ScalarEngine(), options)
            .fit(Laws.named(law), runs)
            .multiStart()
            .orElseThrow()
            .best()
            .cost();
    LawFit fit = fit(Model.of(Shelf.named(law).orElseThrow()), runs, options);
    assertThat(fit.status().isConverged()).isTrue();
    assertThat(fit.cost()).isCloseTo(builtIn, within(1e-9 * builtIn));
  }

  @Test
  void theFarseerFormulaIsAsWellConditionedAsTheOneMadeByHand() {
    LawFit fit =
        fit(Model.of(Shelf.named("farseer").orElseThrow()), RealData.farseer(), FitOptions.DEFAULT);
    assertThat(fit.multiStart().orElseThrow().atBest() / 200.0).isGreaterThan(0.7);
  }

  @Test
  void linearLawsAreSolved() {
    SplittableRandom random = new SplittableRandom(2);
    double[] x = random.doubles(50, 1, 9).toArray();
    double[] y =
        IntStream.range(0, 50).mapToDouble(i -> 3 - 2 * x[i] + 0.5 * x[i] * x[i]).toArray();
    RunSet runs = runs("x", x, y);
    Model model = Model.of(LawText.formula("a + b*x + c*x^2"), Set.of("x"), Set.of());
    LawFit fit = fit(model, runs, FitOptions.DEFAULT.withObjective(LINEAR).withStarts(3, 1));
    assertThat(fit.surface().published()).containsExactly(new double[] {3, -2, 0.5}, within(1e-9));
  }

  @Test
  void solutionsMayLieAtBounds() {
    double[] x = {1, 2, 3, 4};
    double[] y = {1, 2, 3, 4};
    Map<String, Bounds> bounds = Map.of("b", Bounds.between(-1, 0.5));
    Model model = Model.of(LawText.formula("a + b*x", bounds), Set.of("x"), Set.of());
    LawFit fit =
        fit(model, runs("x", x, y), FitOptions.DEFAULT.withObjective(LINEAR).withStarts(4, 1));
    // With b = 1/2 the best a is the mean of y - x/2.
    assertThat(fit.surface().published()).containsExactly(new double[] {1.25, 0.5}, within(1e-8));
    assertThat(fit.cost()).isCloseTo(0.5 * 1.25, within(1e-12));
    assertThat(fit.atLimit()).containsExactly(1);
    assertThat(fit.limitStatements().getFirst()).contains("b is at its bound, 0.5");
    assertThat(fit.status().isConverged()).isTrue();
  }

  @Test
  void parametersWithIndicesAreOnePerCategory() {
    int count = 40;
    SplittableRandom random = new SplittableRandom(4);
    double[] n = random.doubles(count, 1e6, 1e9).toArray();
    List<String> kinds = IntStream.range(0, count).mapToObj(i -> i % 2 == 0 ? "a" : "b").toList();
    double[] loss =
        IntStream.range(0, count)
            .mapToDouble(i -> (i % 2 == 0 ? 1 : 2) + (i % 2 == 0 ? 50 : 80) * Math.pow(n[i], -0.3))
            .toArray();
    SequencedMap<String, double[]> columns = new LinkedHashMap<>();
    columns.put("N", n);
    columns.put("kind", kinds.stream().mapToDouble(kind -> kind.equals("a") ? 0 : 1).toArray());
    RunSet runs = RunSet.of(columns, Map.of("kind", List.of("a", "b")), loss, ones(count));
    Model model = Model.of(LawText.formula("E[kind] + A[kind]*N^-alpha"));
    LawFit fit = fit(model, runs, FitOptions.DEFAULT.withObjective(LINEAR).withStarts(20, 1));
    assertThat(fit.law().parameterNames()).containsExactly("E[a]", "E[b]", "A[a]", "A[b]", "alpha");
    assertThat(fit.surface().published())
        .containsExactly(new double[] {1, 2, 50, 80, 0.3}, within(1e-4));
  }

  @Test
  void separateOutputsAreFittedApart() {
    SplittableRandom random = new SplittableRandom(4);
    double[] x = random.doubles(30, 1, 9).toArray();
    double[] u = IntStream.range(0, 30).mapToDouble(i -> 1 + Math.exp(-0.5 * x[i])).toArray();
    double[] w = IntStream.range(0, 30).mapToDouble(i -> 2 + Math.exp(-0.2 * x[i])).toArray();
    SequencedMap<String, double[]> columns = new LinkedHashMap<>();
    columns.put("x", DoubleStream.concat(Arrays.stream(x), Arrays.stream(x)).toArray());
    columns.put(
        FormulaLaw.RESPONSE, IntStream.range(0, 60).mapToDouble(i -> i < 30 ? 0 : 1).toArray());
    RunSet runs =
        RunSet.of(
            columns,
            Map.of(FormulaLaw.RESPONSE, List.of("u", "w")),
            DoubleStream.concat(Arrays.stream(u), Arrays.stream(w)).toArray(),
            ones(60));
    Model model =
        Model.of(
            LawText.formula("u = a + b*exp(-c*x); w = d + e*exp(-f*x)"), Set.of("x"), Set.of());
    LawFit fit = fit(model, runs, FitOptions.DEFAULT.withObjective(LINEAR).withStarts(20, 1));
    assertThat(fit.surface().published())
        .containsExactly(new double[] {1, 1, 0.5, 2, 1, 0.2}, within(1e-5));
  }

  /** Residuals are the rounding of losses: no step reduces them, and yet the fit is at its end. */
  @Test
  void runsOnTheSurfaceEndConverged() {
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      double n = 1e8 * Math.pow(2, i % 5);
      double d = 2e9 * Math.pow(2, Math.floorDiv(i, 5));
      rows.add(new double[] {n, d, 1.7 + 406.4 * Math.pow(n, -0.34) + 410.7 * Math.pow(d, -0.28)});
    }
    RunSet runs =
        new RunSet(
            rows.stream().mapToDouble(row -> row[0]).toArray(),
            rows.stream().mapToDouble(row -> row[1]).toArray(),
            rows.stream().mapToDouble(row -> row[2]).toArray());
    for (long seed = 1; seed <= 3; seed++) {
      LawFit fit =
          fit(
              Model.of(LawText.formula("E + A*N^-alpha + B*D^-beta")),
              runs,
              FitOptions.DEFAULT.withStarts(20, seed));
      assertThat(fit.status().isConverged()).as(fit.status().label()).isTrue();
      assertThat(fit.surface().published()[0]).isCloseTo(1.7, within(1e-9));
    }
  }

  @Test
  void theAnswerDoesNotDependOnThreads() {
    RunSet runs = RealData.farseer();
    Model model = Model.of(LawText.formula("E + A*N^-alpha + B*D^-beta"));
    FitOptions options = FitOptions.DEFAULT.withStarts(12, 3);
    assertThat(fit(model, runs, options.withThreads(1)).surface().published())
        .containsExactly(fit(model, runs, options.withThreads(2)).surface().published());
  }

  @Test
  void parametersThatRunsDoNotDetermineAreNamed() {
    RunSet runs = RealData.farseer();
    Model model = Model.of(LawText.formula("E + F + A*N^-alpha"));
    FitOptions options = FitOptions.DEFAULT.withStarts(8, 1);
    LawFit fit = fit(model, runs, options);
    assertThat(RunStructure.remarks(fit.law(), Method.GLOBAL, runs))
        .singleElement()
        .asString()
        .contains("the runs cannot tell E and F apart");
    assertThat(RunStructure.undetermined(fit, runs)).as("told before").isEmpty();
  }

  @Test
  void parametersWithoutAnyEffectAreNamed() {
    RunSet runs = RealData.farseer();
    Model model = Model.of(LawText.formula("E + A*N^-alpha + 0*B*D^-beta"));
    LawFit fit = fit(model, runs, FitOptions.DEFAULT.withStarts(8, 1));
    assertThat(RunStructure.undetermined(fit, runs))
        .singleElement()
        .asString()
        .contains("the runs say nothing of B and beta: the surface does not change with them");
  }

  @Test
  void columnsOutsideTheDomainAreNamed() {
    RunSet runs = runs("r", new double[] {0, 1, 2}, new double[] {1, 2, 3});
    Model model = Model.of(LawText.formula("a + b*r^c"), Set.of("r"), Set.of());
    assertThatThrownBy(() -> fit(model, runs, FitOptions.DEFAULT))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("run 1: column 'r': found 0.0");
  }

  /** A law with bounds of each task that is quick; all of them are in docs/laws.md. */
  @ParameterizedTest
  @ValueSource(strings = {"farseer/sl_1", "data_constrained/sl_4", "domain_mixture/sl_8"})
  void lawsOfTheBenchmarkReachTheBestThatIsKnown(String law) {
    List<Integer> totals = new ArrayList<>();
    List<ScaleBench.Row> rows =
        new ScaleBench(
                RealData.file("scalebench/laws.yaml").getParent(),
                new ScalarEngine(),
                FitOptions.DEFAULT.withStarts(40, 1))
            .run(Optional.of(law), (row, total) -> totals.add(total));
    assertThat(rows).isNotEmpty();
    assertThat(totals).hasSameSizeAs(rows).containsOnly(rows.size());
    for (ScaleBench.Row row : rows) {
      assertThat(row.ratio()).isLessThan(1 + 1e-6);
    }
  }
}

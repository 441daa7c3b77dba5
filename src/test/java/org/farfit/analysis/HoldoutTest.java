package org.farfit.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.farfit.RealData;
import org.farfit.analysis.study.Validation;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.Method;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.law.Skaling;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;

/** Hold-outs by their published counts, and validations against published figures. */
class HoldoutTest {

  private static final FitOptions OPTIONS = FitOptions.DEFAULT.withStarts(24, 1);

  @Test
  void edgeHoldsOutThePublishedRuns() {
    Holdout edge = Holdout.edge(RealData.farseer()).getFirst();
    assertThat(RunSet.countWeighted(edge.fit())).isEqualTo(302);
    assertThat(RunSet.countWeighted(edge.tests().get("ext N"))).isEqualTo(36);
    assertThat(RunSet.countWeighted(edge.tests().get("ext D"))).isEqualTo(66);
  }

  @Test
  void computeHoldsOutEightRunsOfEachSlice() {
    Holdout compute = Holdout.compute(RealData.farseer()).getFirst();
    assertThat(RunSet.countWeighted(compute.fit())).isEqualTo(292);
    assertThat(RunSet.countWeighted(compute.tests().get("largest compute"))).isEqualTo(112);
  }

  @Test
  void sizeFitsUpToEveryLargestSize() {
    RunSet runs =
        new RunSet(
            new double[] {1, 2, 3, 4, 4},
            new double[] {1, 1, 1, 1, 2},
            new double[] {5, 4, 3, 2, 1});
    List<Holdout> holdouts = Holdout.size(runs, 2);
    assertThat(holdouts).hasSize(2);
    assertThat(holdouts.get(0).fit()).containsExactly(1, 1, 0, 0, 0);
    assertThat(holdouts.get(1).fit()).containsExactly(1, 1, 1, 0, 0);
    assertThat(holdouts.get(1).tests().firstEntry().getValue()).containsExactly(0, 0, 0, 1, 1);
    assertThatThrownBy(() -> Holdout.size(runs, 4))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no size from 4");
  }

  @Test
  void givenRunsMustLeaveSome() {
    RunSet runs = new RunSet(new double[] {1, 2}, new double[] {1, 1}, new double[] {5, 4});
    assertThat(Holdout.of("x", runs, new boolean[] {true, false}).getFirst().fit())
        .containsExactly(0, 1);
    assertThatThrownBy(() -> Holdout.of("x", runs, new boolean[] {true, true}))
        .hasMessageContaining("every run is held out");
    assertThatThrownBy(() -> Holdout.of("x", runs, new boolean[2]))
        .hasMessageContaining("no run is held out");
  }

  private static double mape(RunSet runs, List<Holdout> holdouts, Law law, int row) {
    return new Validation(new ScalarEngine(), OPTIONS, ProgressListener.NONE)
        .run(runs, holdouts, List.of(Validation.Candidate.of(law, Method.GLOBAL)))
        .get(row)
        .errors()
        .mape();
  }

  @Test
  void protocolBIsReproduced() {
    RunSet runs = RealData.farseer();
    List<Holdout> edge = Holdout.edge(runs);
    assertThat(mape(runs, edge, new Chinchilla(), 1)).isLessThan(1.05);
    assertThat(mape(runs, edge, new Chinchilla(), 2)).isLessThan(1.45);
    assertThat(mape(runs, edge, new Skaling(), 1)).isLessThan(0.26);
    assertThat(mape(runs, edge, new Skaling(), 2)).isLessThan(0.47);
    assertThat(mape(runs, edge, new Farseer(), 1)).isLessThan(0.27);
    assertThat(mape(runs, edge, new Farseer(), 2)).isLessThan(0.34);
  }

  @Test
  void protocolCIsReproduced() {
    RunSet runs = RealData.farseer();
    List<Holdout> compute = Holdout.compute(runs);
    assertThat(mape(runs, compute, new Skaling(), 1)).isLessThan(0.26);
    assertThat(mape(runs, compute, new Farseer(), 1)).isLessThan(0.45);
    assertThat(mape(runs, compute, new Chinchilla(), 1)).isLessThan(1.70);
  }

  @Test
  void rowsTellErrorsOfASurfaceThatIsKnown() {
    Law law = new Chinchilla();
    RunSet exact = Simulation.runs(law, law.example(), DesignGrid.paper(), 0, 1);
    double[] losses = exact.loss();
    boolean[] heldOut = new boolean[losses.length];
    heldOut[3] = true;
    heldOut[9] = true;
    losses[3] /= 1.02;
    losses[9] /= 0.99;
    RunSet runs = new RunSet(exact.n(), exact.d(), losses);
    List<Validation.Row> rows =
        new Validation(new ScalarEngine(), OPTIONS, ProgressListener.NONE)
            .run(
                runs,
                Holdout.of("two", runs, heldOut),
                List.of(Validation.Candidate.of(law, Method.GLOBAL)));
    assertThat(rows).hasSize(2);
    Validation.Row test = rows.get(1);
    assertThat(test.runs()).isEqualTo(2);
    assertThat(test.errors().mape()).isCloseTo(1.5, within(1e-6));
    assertThat(test.errors().meanSigned()).isCloseTo(0.5, within(1e-6));
    assertThat(test.errors().worst()).isCloseTo(2, within(1e-6));
    assertThat(test.errors().worstN()).isEqualTo(runs.n(3));
  }

  @Test
  void aFitThatIsNotPossibleIsARowWithItsReason() {
    RunSet runs =
        Simulation.runs(new Farseer(), new Farseer().example(), DesignGrid.paper(), 1e-3, 1);
    boolean[] heldOut = new boolean[runs.size()];
    for (int i = 0; i < heldOut.length; i++) {
      heldOut[i] = runs.d(i) > 4e9;
    }
    List<Validation.Row> rows =
        new Validation(new ScalarEngine(), OPTIONS, ProgressListener.NONE)
            .run(
                runs,
                Holdout.of("short", runs, heldOut),
                List.of(Validation.Candidate.of(new Farseer(), Method.PIECEWISE)));
    assertThat(rows).extracting(row -> row.errors().mape()).containsOnly(Double.NaN);
    assertThat(rows)
        .extracting(row -> row.problem().orElse(""))
        .allMatch(reason -> reason.contains("0 of 21 can be used (fewer than 5 runs: 21)"));
  }

  /** Four sizes of three runs: the edge takes the three largest sizes and all of the least. */
  @Test
  void aHoldoutThatLeavesNothingIsRefused() {
    double[] n = new double[12];
    double[] d = new double[12];
    double[] loss = new double[12];
    for (int i = 0; i < 12; i++) {
      n[i] = 1e8 * Math.pow(2, Math.floorDiv(i, 3));
      d[i] = n[i] * Math.pow(2, 20 + i % 3);
      loss[i] = 3 - 0.1 * i;
    }
    RunSet runs = new RunSet(n, d, loss);
    assertThatThrownBy(() -> Holdout.edge(runs))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("edge hold-out: every run would be held out")
        .hasMessageContaining("hold out fewer, such as top:0.25");
    RunSet ofThreeSizes =
        new RunSet(new double[] {1, 2, 3}, new double[] {1, 2, 3}, new double[] {5, 4, 3});
    assertThatThrownBy(() -> Holdout.edge(ofThreeSizes))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "edge hold-out: 3 sizes, expected more than 3; hold out fewer, such as")
        .hasMessageContaining("top:0.25");
    assertThatThrownBy(() -> Holdout.compute(runs))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("compute hold-out: no run is held out");
  }

  /** Of a law without D no run has a compute, which nothing can go by. */
  @Test
  void whatALawLacksIsNamed() {
    double[] n = {1e8, 2e8, 4e8, 8e8};
    RunSet runs =
        RunSet.of(
            new TreeMap<>(Map.of("N", n)),
            Map.of(),
            new double[] {4, 3.5, 3, 2.8},
            new double[] {1, 1, 1, 1});
    for (ThrowingCallable holdout :
        List.<ThrowingCallable>of(
            () -> Holdout.top(runs, 0.25), () -> Holdout.compute(runs), () -> Holdout.edge(runs))) {
      assertThatThrownBy(holdout)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("goes by N and D, but the law has no D");
    }
    assertThat(Holdout.lastSizes(runs, 1)).hasSize(1);
  }

  @Test
  void fewerRunsThanParametersAreNotFitted() {
    RunSet runs =
        Simulation.runs(new Chinchilla(), new Chinchilla().example(), DesignGrid.paper(), 1e-3, 1);
    boolean[] heldOut = new boolean[runs.size()];
    for (int i = 0; i < heldOut.length; i++) {
      heldOut[i] = i % 60 != 0;
    }
    List<Validation.Row> rows =
        new Validation(new ScalarEngine(), OPTIONS, ProgressListener.NONE)
            .run(
                runs,
                Holdout.of("most", runs, heldOut),
                List.of(
                    Validation.Candidate.of(new Skaling(), Method.GLOBAL),
                    Validation.Candidate.of(new Farseer(), Method.GLOBAL),
                    Validation.Candidate.of(new Farseer(), Method.REGULARISED),
                    Validation.Candidate.of(new Farseer(), Method.PIECEWISE),
                    Validation.Candidate.AUTO));
    assertThat(rows).hasSize(10);
    assertThat(rows.get(1).fit().runs()).isEqualTo(6);
    assertThat(rows.get(1).errors().mape()).isNotNaN();
    for (Validation.Row row : List.of(rows.get(2), rows.get(3), rows.get(6), rows.get(7))) {
      assertThat(row.errors().mape()).isNaN();
      assertThat(row.problem().orElseThrow())
          .startsWith("6 runs, expected at least 9 for the 9 parameters of farseer");
    }
    // A prior stands in for runs.
    assertThat(rows.get(5).errors().mape()).isLessThan(5);
    assertThat(rows.get(9).fit().method()).contains("regularised").doesNotContain("global");
    assertThat(rows.get(9).errors().mape()).isLessThan(5);
  }

  @Test
  void topHoldsOutAShareOfMostCompute() {
    double[] n = {1, 2, 4, 8, 8, 4, 2, 1};
    double[] d = {8, 4, 2, 1, 2, 4, 8, 16 * (1 + 1e-9)};
    double[] loss = {9, 8, 7, 6, 5, 4, 3, 2};
    RunSet runs = new RunSet(n, d, loss);
    // Compute is 8 four times and 16 four times: no quarter without its equals.
    Holdout top = Holdout.top(runs, 0.25).getFirst();
    assertThat(top.fit()).containsExactly(1, 1, 1, 1, 0, 0, 0, 0);
    assertThat(top.tests().get("most compute")).containsExactly(0, 0, 0, 0, 1, 1, 1, 1);
    assertThat(Holdout.top(RealData.farseer(), 0.25))
        .isNotEmpty()
        .allSatisfy(holdout ->
            assertThat(RunSet.countWeighted(holdout.tests().get("most compute")))
                .isBetween(101, 110));
    assertThatThrownBy(() -> Holdout.top(runs, 0.9))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("none is left to fit");
  }

  @Test
  void sizesReadOffAFigureAreOne() {
    double[] n = {1, 1.001, 2, 2.002, 3, 3.003, 4, 4.004};
    double[] d = {1, 2, 1, 2, 1, 2, 1, 2};
    RunSet runs = new RunSet(n, d, d);
    List<Holdout> holdouts = Holdout.size(runs, 2);
    assertThat(holdouts).hasSize(2);
    assertThat(holdouts.get(0).fit()).containsExactly(1, 1, 1, 1, 0, 0, 0, 0);
    assertThat(holdouts.get(0).tests().firstEntry().getValue())
        .containsExactly(0, 0, 0, 0, 0, 0, 1, 1);
    assertThat(Holdout.lastSizes(runs, 2)).hasSize(2);
  }

  @Test
  void namesOfHoldoutsAreChecked() {
    RunSet runs = RealData.farseer();
    assertThat(HoldoutChoice.parse("top:0.25").of(runs).getFirst().name()).isEqualTo("top:0.25");
    assertThat(HoldoutChoice.parse("size:last:3").of(runs)).hasSize(3);
    assertThat(HoldoutChoice.parse("top:1e-2").number()).isEqualTo(0.01);
    for (String wrong : List.of("top:0", "top:1", "top:25", "top:", "top:0e-1", "sizes")) {
      assertThatThrownBy(() -> HoldoutChoice.parse(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'" + wrong + "'");
    }
  }
}

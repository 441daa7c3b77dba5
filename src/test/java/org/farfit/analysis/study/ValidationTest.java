package org.farfit.analysis.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Holdout;
import org.farfit.analysis.SimulatedNoise;
import org.farfit.analysis.SimulatedTruth;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Inference;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.Method;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Kaplan;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;

/** What is asked of a validation, and what its runs cannot tell. */
class ValidationTest {

  private static final Law LAW = new Chinchilla();
  private static final RunSet RUNS =
      Simulation.runs(LAW, LAW.example(), DesignGrid.small(), 1e-3, 1);

  @Test
  void lawsThatAMethodIsNotDefinedForAreLeftOut() {
    assertThat(
            Validation.Candidate.all(
                List.of(new Kaplan(), new Farseer()), Set.of(Method.PIECEWISE)))
        .extracting(candidate -> candidate.law().orElseThrow().name())
        .containsExactly("farseer");
    assertThatThrownBy(
            () -> Validation.Candidate.all(List.of(new Kaplan()), Set.of(Method.PIECEWISE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("piecewise")
        .hasMessageContaining("kaplan");
  }

  /** A hold-out that leaves a single size: nothing tells how the loss falls with N. */
  @Test
  void holdOutsAreToldOfThatLeaveTooLittle() {
    double smallest = RUNS.n(0);
    double[] one = new double[RUNS.size()];
    double[] others = new double[RUNS.size()];
    for (int i = 0; i < one.length; i++) {
      one[i] = RUNS.n(i) == smallest ? 1 : 0;
      others[i] = 1 - one[i];
    }
    SequencedMap<String, double[]> tests = new LinkedHashMap<>();
    tests.put("others", others);
    Holdout holdout = new Holdout("one size", one, tests);
    assertThat(Validation.remarks(List.of(LAW), Method.GLOBAL, RUNS, Holdout.edge(RUNS))).isEmpty();
    assertThat(Validation.remarks(List.of(LAW), Method.GLOBAL, RUNS, List.of(holdout)))
        .isNotEmpty()
        .allSatisfy(remark -> assertThat(remark).startsWith("hold-out one size: "));
  }

  private static double heldByInference(
      Engine engine, FitOptions options, RunSet runs, Holdout holdout) {
    RunSet fitted = runs.weighted(holdout.fit());
    double[] test = holdout.tests().firstEntry().getValue();
    List<Interval> intervals =
        Inference.ofLaw(
                engine,
                new Inference.Member(
                    new GlobalFit(engine, options).fit(LAW, fitted), Optional.empty()),
                fitted,
                0.9,
                IntervalType.DEFAULT)
            .ofRuns(
                IntStream.range(0, test.length)
                    .mapToObj(i -> new Estimands.Point(runs.n(i), runs.d(i)))
                    .toList());
    return IntStream.range(0, test.length)
        .filter(i -> test[i] > 0)
        .mapToDouble(i -> intervals.get(i).contains(runs.loss(i)) ? 1 : 0)
        .average()
        .orElseThrow();
  }

  /** The same where errors have heavy tails, so that quantiles of residuals are not normal ones. */
  @Test
  void intervalsThatAreCountedReachAsFarAsResidualsDo() {
    Engine engine = new ScalarEngine();
    FitOptions options = FitOptions.DEFAULT.withStarts(4, 1);
    Centre centre = Centre.of(RUNS.n(), RUNS.d(), RUNS.loss());
    for (int seed = 1; seed <= 12; seed++) {
      double[] errors = SimulatedNoise.HEAVY.errors(RUNS, centre, 5e-3, new SplittableRandom(seed));
      RunSet runs = Simulation.runs(SimulatedTruth.of(LAW), RUNS, errors);
      Holdout top = Holdout.top(runs, 0.4).getFirst();
      List<Validation.Row> rows =
          new Validation(engine, options, ProgressListener.NONE)
              .run(runs, List.of(top), List.of(Validation.Candidate.of(LAW, Method.GLOBAL)));
      assertThat(rows.get(1).held()).isEqualTo(heldByInference(engine, options, runs, top));
    }
  }

  /** Of a law counted once more from {@link Inference}; of auto with the words of its back-test. */
  @Test
  void itIsToldHowManyHeldOutRunsIntervalsHold() {
    Engine engine = new ScalarEngine();
    FitOptions options = FitOptions.DEFAULT.withStarts(8, 1);
    // Noise of half a percent, and a run that no interval holds.
    double[] loss = Simulation.runs(LAW, LAW.example(), DesignGrid.small(), 5e-3, 2).loss();
    loss[loss.length - 1] *= 1.1;
    RunSet runs = new RunSet(RUNS.n(), RUNS.d(), loss);
    Holdout top = Holdout.top(runs, 0.3).getFirst();
    List<Validation.Row> rows =
        new Validation(engine, options, ProgressListener.NONE)
            .run(
                runs,
                List.of(top),
                List.of(Validation.Candidate.of(LAW, Method.GLOBAL), Validation.Candidate.AUTO));
    double held = heldByInference(engine, options, runs, top);
    assertThat(held).isBetween(0.5, 0.99);
    assertThat(rows.get(1).held()).isEqualTo(held);
    assertThat(rows.get(1).fit().backTest()).isEmpty();
    assertThat(rows.get(3).fit().law()).isEqualTo("auto");
    assertThat(rows.get(3).held()).isBetween(0.5, 0.99);
    assertThat(rows.get(3).fit().backTest().orElseThrow())
        .matches("90% intervals like these, made from .* held .*% of .* larger runs; .*");
  }
}

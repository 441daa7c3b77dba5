package org.farfit.analysis.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.farfit.analysis.Allocation;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.SurfaceRange;
import org.farfit.analysis.inference.Inference;
import org.farfit.analysis.study.AllocationStudy.Answer;
import org.farfit.analysis.study.AllocationStudy.Question;
import org.farfit.analysis.study.AllocationStudy.Questions;
import org.farfit.data.RunSet;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;

/** Answers on compute-optimal training against the truth that the runs were simulated from. */
class AllocationStudyTest {

  private static final Law LAW = new Chinchilla();
  private static final RunSet RUNS =
      Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 2e-3, 1);
  private static final double BUDGET = 1e21;

  private final LawFit fit =
      new GlobalFit(new ScalarEngine(), FitOptions.DEFAULT.withStarts(20, 1)).fit(LAW, RUNS);
  private final Inference inference =
      Inference.ofLaw(
          new ScalarEngine(),
          new Inference.Member(fit, Optional.empty()),
          RUNS,
          0.99,
          IntervalType.DEFAULT);
  private final AllocationStudy study = new AllocationStudy(RUNS, ComputeModel.USUAL);

  private AllocationStudy.Findings ask(Questions questions) {
    return study.of(inference, questions, ProgressListener.NONE);
  }

  /** Hoffmann et al. 2022, eq. 4, with the parameters of the simulation. */
  @Test
  void intervalsHoldTheOptimumOfTheTruth() {
    double[] p = LAW.example();
    double g = Math.pow(p[3] * p[1] / (p[4] * p[2]), 1 / (p[3] + p[4]));
    double truth = g * Math.pow(BUDGET / 6, p[4] / (p[3] + p[4]));
    Answer answer = ask(Questions.budgets(BUDGET)).answers().getFirst();
    assertThat(answer.question()).isEqualTo(Question.OPTIMUM);
    assertThat(answer.intervals()).containsOnlyKeys("n", "d", "ratio", "loss");
    assertThat(answer.intervals().get("n").low()).isLessThan(truth).isGreaterThan(truth / 2);
    assertThat(answer.intervals().get("n").high()).isGreaterThan(truth).isLessThan(truth * 2);
    assertThat(answer.support()).isEmpty();
  }

  @Test
  void inverseQuestionsLeadBack() {
    Allocation.Point best =
        ask(Questions.budgets(BUDGET)).answers().getFirst().point().orElseThrow();
    List<Answer> back =
        ask(new Questions(
                List.of(), List.of(best.loss()), List.of(best.n()), OptionalDouble.empty()))
            .answers();
    assertThat(back)
        .extracting(Answer::question)
        .containsExactly(Question.TARGET_LOSS, Question.FOR_N);
    assertThat(back)
        .allSatisfy(answer -> {
          assertThat(answer.compute()).isCloseTo(BUDGET, within(1e-8 * BUDGET));
          assertThat(answer.point().orElseThrow().d()).isCloseTo(best.d(), within(1e-8 * best.d()));
        });
  }

  @Test
  void theSmallestModelWithinAShareIsWorseByThatShare() {
    List<Answer> answers =
        ask(new Questions(List.of(BUDGET), List.of(), List.of(), OptionalDouble.of(0.01)))
            .answers();
    Allocation.Point best = answers.get(0).point().orElseThrow();
    Allocation.Point small = answers.get(1).point().orElseThrow();
    assertThat(answers.get(1).question()).isEqualTo(Question.WITHIN);
    assertThat(small.n()).isLessThan(best.n());
    assertThat(small.loss()).isCloseTo(1.01 * best.loss(), within(1e-9));
  }

  @Test
  void aLossBelowTheIrreducibleHasNoAnswer() {
    double irreducible = LAW.example()[LAW.parameterNames().indexOf("E")];
    AllocationStudy.Findings found =
        ask(
            new Questions(
                List.of(), List.of(0.9 * irreducible), List.of(), OptionalDouble.empty()));
    AllocationStudy.Answer answer = found.answers().getFirst();
    assertThat(found.answers()).hasSize(1);
    assertThat(answer.point()).isEmpty();
    assertThat(answer.problem().orElseThrow())
        .startsWith("no budget reaches a loss of")
        .endsWith("at an optimum (1e+09 to 1e+33 FLOPs were searched)");
    // The answer says so; a warning would say it twice.
    assertThat(found.warnings()).isEmpty();
  }

  @Test
  void whatHoldsOfManyBudgetsIsSaidOnce() {
    Double[] budgets = new Double[300];
    Arrays.setAll(budgets, i -> Math.pow(10, 20 + i / 30.0));
    List<Double> reported = new ArrayList<>();
    AllocationStudy.Findings found =
        study.of(
            inference,
            Questions.budgets(budgets),
            (done, count) -> reported.add((double) done / count));
    assertThat(found.answers()).extracting(Answer::compute).containsExactly(budgets);
    assertThat(reported).hasSizeGreaterThan(10).isSorted().endsWith(1.0);
    double first =
        found.answers().stream()
            .flatMap(answer -> answer.point().stream())
            .filter(point -> point.factorBeyond() > SurfaceRange.FAR)
            .findFirst()
            .orElseThrow()
            .compute();
    assertThat(found.warnings())
        .singleElement()
        .asString()
        .contains(" of 300 budgets, from C = %.3g to 9.26e+29; at the last".formatted(first));
  }

  @Test
  void budgetsTogetherAreAnsweredAsByThemselves() {
    Double[] budgets = {1e20, 3e20, 1e21};
    List<Answer> together = ask(Questions.budgets(budgets)).answers();
    for (int i = 0; i < budgets.length; i++) {
      assertThat(together.get(i))
          .isEqualTo(ask(Questions.budgets(budgets[i])).answers().getFirst());
    }
  }

  /** Five runs leave nothing for errors of five parameters, and these losses rise with N and D. */
  @Test
  void whatAnOptimumLacksIsToldWithTheReason() {
    double[] n = {1e8, 2e8, 4e8, 8e8, 1.6e9, 3e8, 6e8};
    double[] d = {4e9, 1e9, 8e9, 2e9, 1.6e10, 3e9, 1e10};
    double[] falling = new double[n.length];
    double[] rising = new double[n.length];
    for (int i = 0; i < n.length; i++) {
      falling[i] = 1.69 + 406.4 * Math.pow(n[i], -0.34) + 410.7 * Math.pow(d[i], -0.28);
      rising[i] = 2 + 0.1 * Math.log(n[i] / 1e7) + 0.1 * Math.log(d[i] / 1e9);
    }
    RunSet five = new RunSet(Arrays.copyOf(n, 5), Arrays.copyOf(d, 5), Arrays.copyOf(falling, 5));
    assertThat(warnings(five))
        .containsExactly(
            "no intervals: standard errors cannot be estimated: 5 runs are too few for errors of 5"
                + " parameters; fit with a bootstrap");
    assertThat(warnings(new RunSet(n, d, rising)))
        .anySatisfy(words -> assertThat(words).startsWith("surface is not monotone: "));
  }

  private static List<String> warnings(RunSet runs) {
    LawFit fit =
        new GlobalFit(new ScalarEngine(), FitOptions.DEFAULT.withStarts(20, 1)).fit(LAW, runs);
    Inference inference =
        Inference.ofLaw(
            new ScalarEngine(),
            new Inference.Member(fit, Optional.empty()),
            runs,
            0.9,
            IntervalType.DEFAULT);
    return new AllocationStudy(runs, ComputeModel.USUAL)
        .of(inference, Questions.budgets(BUDGET), ProgressListener.NONE)
        .warnings();
  }
}

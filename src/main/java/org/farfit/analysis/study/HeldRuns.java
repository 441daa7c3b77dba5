package org.farfit.analysis.study;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Inference;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.extrapolation.HoldoutFits;

/**
 * How many runs the intervals of single runs hold that follow from others: of a law those that
 * predictions have ({@link Inference#ofRuns}), of a choice those that its back-test tries.
 */
final class HeldRuns {

  private final Engine engine;
  private final RunSet all;
  private final RunSet fitted;
  private final HoldoutFits.Outcome outcome;

  /**
   * What follows from some of the runs.
   *
   * @param weights of each run in the fit, 0 for those left out
   * @param outcome what was fitted
   */
  HeldRuns(Engine engine, RunSet all, double[] weights, HoldoutFits.Outcome outcome) {
    this.engine = engine;
    this.all = all;
    this.fitted = all.weighted(weights);
    this.outcome = outcome;
  }

  /**
   * The share of runs that intervals hold.
   *
   * @param predicted which of all runs
   * @param level probability that an interval should hold its run
   * @return NaN where there are no intervals, as without standard errors
   */
  double share(int[] predicted, double level) {
    if (!all.isPositive()) {
      return Double.NaN;
    }
    if (outcome.choice().isPresent()) {
      return outcome.choice().get().held(level, all, predicted);
    }
    Optional<LawFit> fit = outcome.fit().filter(each -> each.surface().covariance().isPresent());
    return fit.isPresent() ? share(fit.get(), predicted, level) : Double.NaN;
  }

  private double share(LawFit fit, int[] predicted, double level) {
    Inference inference =
        Inference.ofLaw(
            engine,
            new Inference.Member(fit, Optional.empty()),
            fitted,
            level,
            IntervalType.DEFAULT);
    List<Interval> intervals =
        inference.ofRuns(
            Arrays.stream(predicted)
                .mapToObj(i -> Estimands.Point.of(all, i, fit.law().columns()))
                .toList());
    int held = 0;
    for (int k = 0; k < predicted.length; k++) {
      held += intervals.get(k).contains(all.loss(predicted[k])) ? 1 : 0;
    }
    return (double) held / predicted.length;
  }
}

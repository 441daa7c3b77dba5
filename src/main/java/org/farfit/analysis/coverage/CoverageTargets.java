package org.farfit.analysis.coverage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.farfit.analysis.Allocation;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.SimulatedNoise;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.SurfaceRange;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Estimate;
import org.farfit.analysis.inference.Inference;
import org.farfit.data.RunSet;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.law.Centre;

/**
 * What intervals are tried on by simulation: a surface that is known, runs that scatter around it,
 * and what is asked at multiples of their largest N: losses, single runs and the best ratio of D
 * and N.
 */
final class CoverageTargets {

  private static final double TOKENS_PER_PARAMETER = 20;

  /** Single runs that each data set's intervals are tried on. */
  private static final int FURTHER_RUNS = 8;

  private final Surface truth;
  private final RunSet plan;
  private final SimulatedNoise noise;
  private final double deviation;
  private final double[] factors;
  private final Centre centre;
  private final SurfaceRange range;
  private final List<Estimands.Point> points = new ArrayList<>();
  private final double[] budgets;
  private final double[] ratio;

  /**
   * Targets of a truth.
   *
   * @param noise how runs scatter
   * @param deviation standard deviation of the errors of ln L that are a run's own, at the centre
   * @param factors multiples of the largest N
   */
  CoverageTargets(
      Surface truth, DesignGrid grid, SimulatedNoise noise, double deviation, double... factors) {
    this.truth = truth;
    this.noise = noise;
    this.deviation = deviation;
    this.factors = factors.clone();
    this.plan = grid.runs();
    RunSet exact = Simulation.runs(truth, plan, new double[plan.size()]);
    this.centre = Centre.of(exact.n(), exact.d(), exact.loss());
    this.range = SurfaceRange.of(exact);
    double largest = Arrays.stream(plan.n()).max().orElseThrow();
    this.budgets = new double[factors.length];
    this.ratio = new double[factors.length];
    for (int k = 0; k < factors.length; k++) {
      double n = factors[k] * largest;
      points.add(new Estimands.Point(n, TOKENS_PER_PARAMETER * n));
      budgets[k] = ComputeModel.USUAL.flops(n, TOKENS_PER_PARAMETER * n);
      ratio[k] = optimum(truth, budgets[k]).map(Allocation.Point::ratio).orElse(Double.NaN);
    }
  }

  private Optional<Allocation.Point> optimum(Surface surface, double budget) {
    return new Allocation(surface, range, ComputeModel.USUAL).at(budget).best();
  }

  /** A data set. */
  RunSet runs(RandomGenerator random) {
    return Simulation.runs(truth, plan, noise.errors(plan, centre, deviation, random));
  }

  /**
   * One interval, and how often it covered.
   *
   * @param width over the truth; infinite where a scale has no end on a side
   */
  record Outcome(double covered, double above, double below, double width) {

    static Outcome of(Interval interval, double truth) {
      return new Outcome(
          interval.contains(truth) ? 1 : 0,
          interval.low() > truth ? 1 : 0,
          interval.high() < truth ? 1 : 0,
          interval.isOpen() ? Double.POSITIVE_INFINITY : interval.width() / truth);
    }
  }

  /** A name of an interval and an estimand. */
  record Key(String interval, String estimand) {}

  /**
   * Judges the intervals that are made of one data set.
   *
   * @param method what they are
   * @param random draws further runs
   */
  void judge(
      Inference inference, String method, RandomGenerator random, Map<Key, Outcome> outcomes) {
    List<Estimate> losses = inference.of(Estimands.losses(points), false);
    List<Interval> single = inference.ofRuns(points);
    for (int k = 0; k < factors.length; k++) {
      String where = " at %.0f N".formatted(factors[k]);
      Estimands.Point point = points.get(k);
      double loss = truth.loss(point.n(), point.d());
      put(outcomes, method, "loss" + where, losses.get(k).interval(), loss);
      if (single.get(k).isKnown()) {
        outcomes.put(new Key(method, "run" + where), ofRuns(point, single.get(k), random));
      }
      if (!Double.isNaN(ratio[k])) {
        Estimands optimum =
            Estimands.optima(
                range,
                ComputeModel.USUAL,
                new double[] {budgets[k]},
                new double[] {
                  optimum(inference.surface(), budgets[k])
                      .map(Allocation.Point::n)
                      .orElse(Double.NaN)
                });
        int item = Estimands.OPTIMUM.indexOf("D*/N*");
        Interval found = inference.of(optimum, false).get(item).interval();
        put(outcomes, method, "D*/N*" + where, found, ratio[k]);
      }
    }
  }

  private static void put(
      Map<Key, Outcome> outcomes, String method, String what, Interval interval, double truth) {
    if (interval.isKnown()) {
      outcomes.put(new Key(method, what), Outcome.of(interval, truth));
    }
  }

  /** The mean over further runs of a new size. */
  private Outcome ofRuns(Estimands.Point point, Interval interval, RandomGenerator random) {
    double covered = 0;
    double above = 0;
    double below = 0;
    double loss = truth.loss(point.n(), point.d());
    RunSet further = new DesignGrid(List.of(new DesignGrid.Point(point.n(), point.d()))).runs();
    for (int k = 0; k < FURTHER_RUNS; k++) {
      double error = noise.errors(further, centre, deviation, random)[0];
      Outcome one = Outcome.of(interval, loss * Math.exp(error));
      covered += one.covered() / FURTHER_RUNS;
      above += one.above() / FURTHER_RUNS;
      below += one.below() / FURTHER_RUNS;
    }
    return new Outcome(covered, above, below, interval.width() / loss);
  }

  /** Rows of the outcomes of all data sets. */
  List<CoverageRow> rows(List<Map<Key, Outcome>> found) {
    Map<Key, List<Outcome>> all = new LinkedHashMap<>();
    found.forEach(outcomes ->
        outcomes.forEach(
            (key, one) -> all.computeIfAbsent(key, none -> new ArrayList<>()).add(one)));
    List<CoverageRow> rows = new ArrayList<>();
    all.forEach((key, outcomes) -> {
      List<Outcome> bounded =
          outcomes.stream().filter(one -> Double.isFinite(one.width())).toList();
      double coverage = outcomes.stream().mapToDouble(Outcome::covered).average().orElseThrow();
      rows.add(
          new CoverageRow(
              truth.name(),
              noise.label(),
              key.interval(),
              key.estimand(),
              outcomes.size(),
              coverage,
              CoverageRow.standardError(coverage, outcomes.size()),
              outcomes.stream().mapToDouble(Outcome::above).average().orElseThrow(),
              outcomes.stream().mapToDouble(Outcome::below).average().orElseThrow(),
              1 - bounded.size() / (double) outcomes.size(),
              bounded.stream().mapToDouble(Outcome::width).average().orElse(0)));
    });
    return rows;
  }
}

package org.farfit.analysis.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.solver.Parallel;
import org.farfit.solver.ProgressListener;

/**
 * How often two data sets of one truth are told apart: the probability that one wins should lie
 * outside 0.05 to 0.95 in a tenth of the pairs.
 */
public final class Ties {

  /** A probability below this, or above one less it, tells recipes apart. */
  public static final double TOLD_APART = 0.05;

  private static final double TOKENS_PER_PARAMETER = 20;

  private final Engine engine;
  private final int replicates;
  private final int threads;
  private final ProgressListener progress;

  public Ties(Engine engine, int replicates, int threads, ProgressListener progress) {
    this.engine = engine;
    this.replicates = replicates;
    this.threads = threads;
    this.progress = progress;
  }

  /**
   * How a comparison did.
   *
   * @param noise how runs scatter
   * @param of what is compared
   * @param pairs how many pairs of data sets
   * @param toldApart share of these
   */
  public record Row(String law, String noise, String of, int pairs, double toldApart) {}

  /** Runs a study; its data sets are taken two by two. */
  public List<Row> run(DefaultCoverage.Study study) {
    int pairs = study.sets() / 2;
    DefaultCoverage sets = new DefaultCoverage(engine, replicates, 1, ProgressListener.NONE);
    double[] largest = {0};
    study.grid().points().forEach(point -> largest[0] = Math.max(largest[0], point.n()));
    Map<String, Estimands.Point> points = new LinkedHashMap<>();
    for (double factor : new double[] {0.25, 4}) {
      double n = factor * largest[0];
      points.put(
          "loss at %s N".formatted(factor < 1 ? "0.25" : "4"),
          new Estimands.Point(n, TOKENS_PER_PARAMETER * n));
    }
    List<Map<String, Double>> found = new ArrayList<>();
    for (int pair = 0; pair < pairs; pair++) {
      found.add(Map.of());
    }
    AtomicInteger done = new AtomicInteger();
    Parallel.forEach(
        pairs,
        threads,
        pair -> {
          ComparisonStudy.Side[] sides = new ComparisonStudy.Side[2];
          for (int side = 0; side < 2; side++) {
            RunSet runs = sets.runs(study, 2 * pair + side);
            LawFit fit = sets.fit(study, runs);
            BootstrapOptions drawn =
                BootstrapOptions.pairs(replicates, study.seed()).withThreads(1).suitedTo(fit);
            Replicates own = new Bootstrap(engine, drawn, ProgressListener.NONE).run(fit, runs);
            sides[side] =
                ComparisonStudy.Side.of(
                    new Inference(
                        engine,
                        List.of(new Inference.Member(fit, Optional.of(own))),
                        runs,
                        study.level(),
                        IntervalType.DEFAULT),
                    runs);
          }
          ComparedInference compared = new ComparedInference(sides[0], sides[1], study.level());
          Map<String, Double> p = new LinkedHashMap<>();
          points.forEach(
              (name, point) -> p.put(name, compared.probabilityThatAWins(point.n(), point.d())));
          synchronized (found) {
            found.set(pair, p);
          }
          progress.done(done.incrementAndGet(), pairs);
        });
    List<Row> rows = new ArrayList<>();
    for (String name : points.keySet()) {
      double[] p = found.stream().mapToDouble(each -> each.get(name)).toArray();
      double apart =
          Arrays.stream(p).filter(value -> value < TOLD_APART || value > 1 - TOLD_APART).count();
      rows.add(
          new Row(study.law().name(), study.noise().label(), name, p.length, apart / p.length));
    }
    return rows;
  }
}

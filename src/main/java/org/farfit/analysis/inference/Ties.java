package org.farfit.analysis.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.farfit.analysis.DesignGrid;
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

  private final int threads;
  private final ProgressListener progress;

  /** A study of pairs, several at a time. */
  public Ties(int threads, ProgressListener progress) {
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

  /** What is made of a data set. */
  @FunctionalInterface
  public interface Sides {

    /** The inference on a data set, whose replicates are compared with those of another. */
    Inference of(int set);
  }

  /**
   * Runs a study; its data sets are taken two by two.
   *
   * @param law what data sets are drawn from, and the noise, as tables call them
   * @param grid the plan of a data set
   * @param sets how many data sets
   * @param level of the inference on these
   */
  public List<Row> run(
      String law, String noise, DesignGrid grid, int sets, double level, Sides inference) {
    int pairs = sets / 2;
    double[] largest = {0};
    grid.points().forEach(point -> largest[0] = Math.max(largest[0], point.n()));
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
            Inference own = inference.of(2 * pair + side);
            sides[side] = ComparisonStudy.Side.of(own, own.runs());
          }
          ComparedInference compared = new ComparedInference(sides[0], sides[1], level);
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
      rows.add(new Row(law, noise, name, p.length, apart / p.length));
    }
    return rows;
  }
}

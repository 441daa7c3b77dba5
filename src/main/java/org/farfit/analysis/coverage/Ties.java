package org.farfit.analysis.coverage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.farfit.analysis.inference.ComparedInference;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Inference;
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
  Ties(int threads, ProgressListener progress) {
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

  /**
   * Runs a study; its data sets are taken two by two.
   *
   * @param inference on a data set, whose replicates are compared with those of another
   */
  List<Row> run(CoverageStudy study, IntFunction<Inference> inference) {
    double[] largest = {0};
    study.grid().points().forEach(point -> largest[0] = Math.max(largest[0], point.n()));
    Map<String, Estimands.Point> points = new LinkedHashMap<>();
    for (double factor : new double[] {0.25, 4}) {
      double n = factor * largest[0];
      points.put(
          "loss at %s N".formatted(factor < 1 ? "0.25" : "4"),
          new Estimands.Point(n, TOKENS_PER_PARAMETER * n));
    }
    List<Map<String, Double>> found =
        Parallel.map(
            study.sets() / 2,
            threads,
            progress,
            pair -> {
              ComparedInference.Side[] sides = new ComparedInference.Side[2];
              for (int side = 0; side < 2; side++) {
                Inference own = inference.apply(2 * pair + side);
                sides[side] = ComparedInference.Side.of(own);
              }
              ComparedInference compared = new ComparedInference(sides[0], sides[1], study.level());
              Map<String, Double> p = new LinkedHashMap<>();
              points.forEach((name, point) ->
                  p.put(name, compared.probabilityThatAWins(point.n(), point.d())));
              return p;
            });
    List<Row> rows = new ArrayList<>();
    for (String name : points.keySet()) {
      double[] p = found.stream().mapToDouble(each -> each.get(name)).toArray();
      double apart =
          Arrays.stream(p).filter(value -> value < TOLD_APART || value > 1 - TOLD_APART).count();
      rows.add(
          new Row(study.truth().name(), study.noise().label(), name, p.length, apart / p.length));
    }
    return rows;
  }
}

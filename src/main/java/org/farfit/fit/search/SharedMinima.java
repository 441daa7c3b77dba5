package org.farfit.fit.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.farfit.engine.Engine;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.SurfaceProblem;
import org.farfit.solver.Solutions;
import org.farfit.solver.StartingPoints;

/**
 * Which starts ended where others did. Most of many starts come to one of a few minima, and all
 * digits of these need to be found only once: each is gone on with from one start that represents
 * it, and the others have its answer if they ended near enough.
 *
 * <p>A start ended near a minimum if its cost is, and if the curvature there says so as well: the
 * difference of the two points would raise the cost by no more than a hundredth. All starts have
 * ended before any two are compared, so that who represents whom depends on nothing but the starts.
 */
final class SharedMinima {

  /** The minima of each row of weights that are represented, those of least cost. */
  private static final int MOST = 8;

  /** The share of the cost that a point near a minimum may have above it. */
  private static final double NEAR = 1e-2;

  /** The share below it, which is rounding: nobody takes the answer of a worse one. */
  private static final double NOT_BELOW = 1e-6;

  private final Engine engine;
  private final SurfaceProblem problem;
  private final StartingPoints starts;
  private final int rows;
  private final Solutions solutions;

  /**
   * Minima of one problem.
   *
   * @param rows how many rows of weights the starts use
   * @param solutions where they ended
   */
  SharedMinima(
      Engine engine, SurfaceProblem problem, StartingPoints starts, int rows, Solutions solutions) {
    this.engine = engine;
    this.problem = problem;
    this.starts = starts;
    this.rows = rows;
    this.solutions = solutions;
  }

  /** A start, its point, cost and J'WJ there. */
  private record Minimum(int start, double[] point, double cost, double[] matrix) {

    boolean isNear(double[] other, double otherCost) {
      double sum = 0;
      int p = point.length;
      for (int i = 0; i < p; i++) {
        for (int j = 0; j < p; j++) {
          sum += matrix[i * p + j] * (other[i] - point[i]) * (other[j] - point[j]);
        }
      }
      return otherCost <= cost * (1 + NEAR)
          && otherCost >= cost * (1 - NOT_BELOW)
          && sum <= 2 * NEAR * cost;
    }
  }

  /** Starts that represent the minima of lowest costs, of those that converged. */
  int[] representatives() {
    List<List<Integer>> waiting = convergedByRow();
    List<Integer> all = new ArrayList<>();
    for (int round = 0; round < MOST; round++) {
      int[] next =
          waiting.stream()
              .filter(row -> !row.isEmpty())
              .mapToInt(row -> row.removeFirst())
              .toArray();
      if (next.length == 0) {
        break;
      }
      for (Minimum minimum : minima(next)) {
        all.add(minimum.start());
        waiting
            .get(starts.weightRow(minimum.start()))
            .removeIf(k -> minimum.isNear(solutions.parameters(k), solutions.cost(k)));
      }
    }
    return all.stream().mapToInt(k -> k).sorted().toArray();
  }

  /** Those that converged, by row, the lowest cost first. */
  private List<List<Integer>> convergedByRow() {
    List<List<Integer>> byRow = listPerRow();
    converged(IntStream.range(0, solutions.count()))
        .forEach(k -> byRow.get(starts.weightRow(k)).add(k));
    return byRow;
  }

  /** Those of some starts that converged, the lowest cost first. */
  private IntStream converged(IntStream which) {
    return which
        .filter(k -> solutions.status(k).isConverged())
        .boxed()
        .sorted(Comparator.<Integer>comparingDouble(solutions::cost).thenComparingInt(k -> k))
        .mapToInt(k -> k);
  }

  /** An empty list for each row of weights. */
  private <T> List<List<T>> listPerRow() {
    return IntStream.range(0, rows).<List<T>>mapToObj(row -> new ArrayList<>()).toList();
  }

  /**
   * By whom each start is represented: by itself if it did not converge near a minimum of the
   * others.
   *
   * @param representatives where their minima are by now
   */
  int[] represented(int[] representatives) {
    int[] by = IntStream.range(0, solutions.count()).toArray();
    List<List<Minimum>> byRow = listPerRow();
    for (Minimum minimum : minima(converged(Arrays.stream(representatives)).toArray())) {
      byRow.get(starts.weightRow(minimum.start())).add(minimum);
    }
    boolean[] isRepresentative = new boolean[by.length];
    Arrays.stream(representatives).forEach(k -> isRepresentative[k] = true);
    for (int k = 0; k < by.length; k++) {
      if (!isRepresentative[k] && solutions.status(k).isConverged()) {
        double[] point = solutions.parameters(k);
        double cost = solutions.cost(k);
        by[k] =
            byRow.get(starts.weightRow(k)).stream()
                .filter(minimum -> minimum.isNear(point, cost))
                .findFirst()
                .map(Minimum::start)
                .orElse(k);
      }
    }
    return by;
  }

  /** The points where some starts ended, with the curvature there. */
  private List<Minimum> minima(int[] which) {
    List<Minimum> found = new ArrayList<>();
    if (which.length == 0) {
      return found;
    }
    int capacity = Math.min(which.length, engine.preferredBatch());
    try (Evaluator evaluator = engine.evaluator(problem)) {
      NormalEquations batch = new NormalEquations(evaluator.parameterCount(), capacity);
      for (int from = 0; from < which.length; from += capacity) {
        int count = Math.min(capacity, which.length - from);
        for (int i = 0; i < count; i++) {
          batch.setParameters(i, solutions.parameters(which[from + i]));
          batch.weightRow[i] = starts.weightRow(which[from + i]);
        }
        evaluator.evaluate(batch, count);
        for (int i = 0; i < count; i++) {
          int k = which[from + i];
          found.add(
              new Minimum(k, solutions.parameters(k), solutions.cost(k), batch.fullMatrix(i)));
        }
      }
    }
    return found;
  }
}

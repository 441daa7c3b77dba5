package org.farfit.engine.code;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.farfit.engine.FormulaProblem;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.ScheduledProblem;
import org.farfit.engine.ScheduledProblem.SharedSizes;
import org.farfit.engine.SurfaceProblem;
import org.farfit.formula.Schedule;

/**
 * What runs of a size share, taken off normal equations ({@link SurfaceProblem#sharing}): for each
 * size the sum of weights, of weighted residuals and of weighted rows of the Jacobian, over the
 * runs of all parts.
 */
final class SharedRows {

  private final SharedSizes sizes;
  private final List<SharedSums> parts = new ArrayList<>();
  private final int lanes;
  private final int p;

  /** By size, the parameters that its runs depend on, in order. */
  private final int[][] parameters;

  /** By size, parameter and lane. */
  final double[] row;

  private final double[] right;
  private final double[] weight;

  SharedRows(ScheduledProblem problem, SharedSizes sizes, int lanes) {
    this.sizes = sizes;
    this.lanes = lanes;
    this.p = problem.parameterCount();
    int all = sizes.once().length;
    List<TreeSet<Integer>> used =
        IntStream.range(0, all).mapToObj(size -> new TreeSet<Integer>()).toList();
    for (FormulaProblem.Part part : problem.parts()) {
      Schedule schedule = problem.schedules().get(part.response());
      parts.add(new SharedSums(part, schedule, lanes));
      for (int size : Arrays.stream(part.runs()).map(i -> sizes.sizeOf()[i]).distinct().toArray()) {
        Arrays.stream(schedule.parameters())
            .forEach(parameter -> used.get(size).add(part.parameters()[parameter]));
      }
    }
    this.parameters =
        used.stream()
            .map(of -> of.stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new);
    this.row = new double[all * p * lanes];
    this.right = new double[all * lanes];
    this.weight = new double[all * lanes];
  }

  /** The sums of a part, by its place among the parts. */
  SharedSums of(int part) {
    return parts.get(part);
  }

  /** Begins an evaluation. */
  void begin() {
    Arrays.fill(row, 0);
    Arrays.fill(right, 0);
    Arrays.fill(weight, 0);
  }

  /** Where in {@link #row} a parameter of a size begins. */
  int at(int size, int parameter) {
    return (size * p + parameter) * lanes;
  }

  /** Adds sums of weights and of weighted residuals. */
  void add(int size, double[] sums, int atWeight, int atRight) {
    for (int lane = 0; lane < lanes; lane++) {
      right[size * lanes + lane] += sums[atRight + lane];
      weight[size * lanes + lane] += sums[atWeight + lane];
    }
  }

  /** Takes off what sizes share. */
  void takeOff(double[] cost, double[] gradient, double[] matrix) {
    for (int size = 0; size < parameters.length; size++) {
      takeOff(size, cost, gradient, matrix);
    }
  }

  private void takeOff(int size, double[] cost, double[] gradient, double[] matrix) {
    double once = sizes.once()[size];
    int[] used = parameters[size];
    for (int lane = 0; lane < lanes; lane++) {
      double w = weight[size * lanes + lane];
      double r = right[size * lanes + lane];
      double c = SurfaceProblem.sharedFactor(sizes.ratio(), w, once);
      cost[lane] -= 0.5 * c * r * r;
      for (int a = 0; a < used.length; a++) {
        int i = used[a];
        double scaled = c * row[at(size, i) + lane];
        gradient[i * lanes + lane] -= scaled * r;
        int packed = NormalEquations.packedSize(i);
        for (int b = 0; b <= a; b++) {
          int j = used[b];
          matrix[(packed + j) * lanes + lane] -= scaled * row[at(size, j) + lane];
        }
      }
    }
  }
}

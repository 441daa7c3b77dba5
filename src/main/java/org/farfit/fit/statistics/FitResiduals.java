package org.farfit.fit.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.law.Centre;

/**
 * The weighted residuals of a fit, ordered by size and along D, and the directions in which the
 * linearised fit follows errors. All arrays go by position in that order.
 */
final class FitResiduals {

  final Centre centre;
  final RunSet runs;

  /** How many runs there are. */
  final int n;

  /** How many parameters are free. */
  final int p;

  /** How many sizes there are. */
  final int groups;

  /** Which run stands at each position. */
  final int[] run;

  final int[] groupOf;

  /** ln N - ln N0 and ln D - ln D0. */
  final double[] x;

  final double[] y;

  /** Square roots of the weights. */
  final double[] root;

  final double[] residual;

  /** An orthonormal basis of the columns of the Jacobian, one array per column. */
  final double[][] basis;

  /**
   * The residuals of a fit.
   *
   * @param at the fit on its runs
   * @param fixed parameters at a limit, which count as known
   */
  FitResiduals(Evaluation at, List<Integer> fixed) {
    this.centre = at.centre();
    this.runs = at.runs();
    this.n = runs.size();
    int[] group = runs.sizeIndex();
    this.groups = Arrays.stream(group).max().orElse(-1) + 1;
    this.run =
        IntStream.range(0, n)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(i -> group[i])
                    .thenComparingDouble(runs::d)
                    .thenComparingInt(i -> i))
            .mapToInt(i -> i)
            .toArray();
    this.groupOf = Arrays.stream(run).map(i -> group[i]).toArray();
    this.x = byPosition(i -> centre.x(runs.n(i)));
    this.y = byPosition(i -> centre.y(runs.d(i)));
    this.root = byPosition(i -> Math.sqrt(runs.weight(i)));
    this.residual = byPosition(i -> Math.sqrt(runs.weight(i)) * at.influence(i));
    FreeDirections free = at.free(fixed);
    this.p = free.count();
    double[][] jacobian = free.along(at.jacobian());
    JacobianColumns.scale(jacobian);
    this.basis = basis(jacobian);
  }

  /** What belongs to runs, by position. */
  double[] byPosition(IntToDoubleFunction ofRun) {
    return Arrays.stream(run).mapToDouble(ofRun).toArray();
  }

  /** Whether there is something to study: finite numbers, and residuals that are not all 0. */
  boolean isFinite() {
    return Arrays.stream(basis).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite)
        && Arrays.stream(residual).allMatch(Double::isFinite)
        && Arrays.stream(residual).anyMatch(r -> r != 0);
  }

  /**
   * Of each size, with z the roots of the weights of its runs and 0 elsewhere: z'z.
   *
   * @return by size
   */
  double[] weightOfSizes() {
    double[] weight = new double[groups];
    for (int i = 0; i < n; i++) {
      weight[groupOf[i]] += root[i] * root[i];
    }
    return weight;
  }

  /**
   * Of each size, what z is along the directions that the linearised fit follows: Q'z.
   *
   * @return shape [sizes][directions]
   */
  double[][] alongOfSizes() {
    double[][] along = new double[groups][basis.length];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < basis.length; j++) {
        along[groupOf[i]][j] += root[i] * basis[j][i];
      }
    }
    return along;
  }

  /**
   * How many degrees of freedom the fit leaves of errors that runs of a size share: the sum over
   * sizes of the share of such an error that residuals show.
   */
  double freedomOfSizes() {
    double[] weight = weightOfSizes();
    double[][] along = alongOfSizes();
    double freedom = 0;
    for (int g = 0; g < groups; g++) {
      freedom += 1 - dot(along[g], along[g]) / weight[g];
    }
    return Math.max(0, freedom);
  }

  /** Takes away what the linearised fit follows; the vector is changed. */
  void project(double[] vector) {
    for (double[] direction : basis) {
      projectOut(vector, direction);
    }
  }

  private double[][] basis(double[][] jacobian) {
    List<double[]> found = new ArrayList<>();
    for (int j = 0; j < p; j++) {
      int parameter = j;
      double[] column = byPosition(i -> jacobian[i][parameter]);
      // Twice is enough (Giraud, Langou and Rozloznik 2005).
      found.forEach(direction -> projectOut(column, direction));
      found.forEach(direction -> projectOut(column, direction));
      double length = Math.sqrt(dot(column, column));
      if (!(length <= 1e-10)) {
        found.add(Arrays.stream(column).map(v -> v / length).toArray());
      }
    }
    return found.toArray(double[][]::new);
  }

  private static void projectOut(double[] vector, double[] direction) {
    double along = dot(vector, direction);
    for (int i = 0; i < vector.length; i++) {
      vector[i] -= along * direction[i];
    }
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}

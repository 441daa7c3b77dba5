package org.farfit.analysis.design;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.farfit.engine.FormulaRuns;

/**
 * How far runs are from one another: columns in logarithms where all are positive, on the scale of
 * their standard deviations in the pool. One that is the same throughout the pool does not count.
 */
final class Distances {

  private Distances() {}

  /**
   * Squared distances, rows for the runs of the one, columns for those of the other.
   *
   * @param pool gives the scale
   * @param columns those of the law
   */
  static double[][] squares(RunPool pool, List<String> columns, FormulaRuns from, FormulaRuns to) {
    double[][] squares = new double[from.size()][to.size()];
    for (String name : columns) {
      double[] all = pool.runs().column(name);
      boolean logs =
          DoubleStream.concat(Arrays.stream(all), Arrays.stream(pool.target().column(name)))
              .allMatch(x -> x > 0);
      double variance = variance(scaled(all, logs));
      if (variance > 0) {
        add(scaled(from.column(name), logs), scaled(to.column(name), logs), variance, squares);
      }
    }
    return squares;
  }

  private static double[] scaled(double[] column, boolean logs) {
    return logs ? Arrays.stream(column).map(Math::log).toArray() : column;
  }

  private static double variance(double[] x) {
    double mean = Arrays.stream(x).average().orElse(0);
    return Arrays.stream(x).map(at -> (at - mean) * (at - mean)).average().orElse(0);
  }

  private static void add(double[] from, double[] to, double variance, double[][] squares) {
    for (int i = 0; i < from.length; i++) {
      for (int t = 0; t < to.length; t++) {
        squares[i][t] += (from[i] - to[t]) * (from[i] - to[t]) / variance;
      }
    }
  }
}

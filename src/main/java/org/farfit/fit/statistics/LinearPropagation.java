package org.farfit.fit.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;

/** Standard errors of functions of uncertain parameters, by linear propagation (delta method). */
public final class LinearPropagation {

  /** Relative step of central differences: the cube root of the rounding of a double. */
  private static final double STEP = 6e-6;

  /** Variances of correlations that are less are rounding. */
  private static final double ROUNDING = 0x1p-52;

  private LinearPropagation() {}

  /**
   * Derivatives by central differences.
   *
   * @param f functions of the parameters, as many values at every point
   * @param parameters the point
   * @return one array per parameter, with the derivative of each function
   */
  public static double[][] gradient(UnaryOperator<double[]> f, double[] parameters) {
    double[][] gradient = new double[parameters.length][];
    for (int j = 0; j < parameters.length; j++) {
      double step = STEP * Math.max(1e-2, Math.abs(parameters[j]));
      double[] high = f.apply(moved(parameters, j, step));
      double[] low = f.apply(moved(parameters, j, -step));
      gradient[j] = new double[high.length];
      for (int k = 0; k < high.length; k++) {
        gradient[j][k] = (high[k] - low[k]) / (2 * step);
      }
    }
    return gradient;
  }

  private static double[] moved(double[] parameters, int j, double step) {
    double[] moved = parameters.clone();
    moved[j] += step;
    return moved;
  }

  /**
   * Square roots of the diagonal of G'CG, G as {@link #gradient} of the functions.
   *
   * @param covariance of the parameters, p x p
   */
  public static double[] errors(
      UnaryOperator<double[]> f, double[] parameters, double[][] covariance) {
    return errors(gradient(f, parameters), covariance);
  }

  /**
   * The same for functions of known derivatives.
   *
   * @param gradient as {@link #gradient} gives it
   * @param covariance of the parameters, p x p
   * @return the standard error of each function
   */
  public static double[] errors(double[][] gradient, double[][] covariance) {
    double[] errors = new double[gradient[0].length];
    for (int k = 0; k < errors.length; k++) {
      int at = k;
      errors[k] = error(Arrays.stream(gradient).mapToDouble(row -> row[at]).toArray(), covariance);
    }
    return errors;
  }

  /**
   * The standard error of one function.
   *
   * @param gradient by the parameters
   * @param covariance of the parameters, p x p
   */
  public static double error(double[] gradient, double[][] covariance) {
    double variance = 0;
    for (int i = 0; i < gradient.length; i++) {
      for (int j = 0; j < gradient.length; j++) {
        variance += gradient[i] * covariance[i][j] * gradient[j];
      }
    }
    return Math.sqrt(Math.max(0, variance));
  }

  /**
   * Independent directions in which uncertain parameters scatter, each as far as its standard
   * error: the columns of a root of the covariance. Principal ones of the correlations, so that
   * parameters of any scale are alike; as many as there are that are not nothing.
   *
   * @param covariance of the parameters, p x p; those without variance are moved by none
   */
  public static List<double[]> directions(double[][] covariance) {
    int p = covariance.length;
    double[] errors = new double[p];
    Arrays.setAll(errors, j -> Math.sqrt(Math.max(0, covariance[j][j])));
    DMatrixRMaj correlations = new DMatrixRMaj(p, p);
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < p; j++) {
        correlations.set(
            i, j, errors[i] > 0 && errors[j] > 0 ? covariance[i][j] / (errors[i] * errors[j]) : 0);
      }
    }
    DMatrixRMaj root = ClusteredErrors.root(correlations);
    List<double[]> directions = new ArrayList<>();
    for (int k = 0; k < p; k++) {
      int column = k;
      double variance =
          IntStream.range(0, p).mapToDouble(j -> root.get(j, column) * root.get(j, column)).sum();
      if (variance > p * ROUNDING) {
        double[] direction = new double[p];
        Arrays.setAll(direction, j -> errors[j] * root.get(j, column));
        directions.add(direction);
      }
    }
    return directions;
  }
}

package org.farfit.engine;

import java.util.Arrays;

/**
 * A batch of problems at one point each: parameters and weighting in, cost, gradient and normal
 * matrix out. Mutable; one owner at a time.
 *
 * <p>Layout is parameter-major, so that problems are neighbours in memory: value j of problem k is
 * at {@code j * capacity + k}. The normal matrix is packed by its lower triangle: entry (i, j), j
 * &lt;= i, is value {@code i (i + 1) / 2 + j}. The arrays are open to engines and solvers, which
 * are the hot path.
 */
public final class NormalEquations {

  private final int parameterCount;
  private final int capacity;

  /** Input, p x capacity: centred parameters. */
  public final double[] parameters;

  /** Input, capacity: which row of the weight table each problem uses. */
  public final int[] weightRow;

  /**
   * Input, capacity: the share of the majoriser's curvature that runs beyond the threshold of a
   * robust loss have in the matrix, positive; {@link Objective#MAJORISER_SHARE} unless told. Cost
   * and gradient do not depend on it.
   */
  public final double[] curvatureBeyond;

  /** Output, capacity: sum of w rho(r); not finite where a prediction is not. */
  public final double[] cost;

  /** Output, p x capacity: gradient of the cost, J'Wr. */
  public final double[] gradient;

  /** Output, p (p + 1) / 2 x capacity: J'WJ, lower triangle by rows. */
  public final double[] matrix;

  /**
   * Room for a batch.
   *
   * @param parameterCount p
   * @param capacity the largest number of problems
   */
  public NormalEquations(int parameterCount, int capacity) {
    this.parameterCount = parameterCount;
    this.capacity = capacity;
    this.parameters = new double[parameterCount * capacity];
    this.weightRow = new int[capacity];
    this.curvatureBeyond = new double[capacity];
    Arrays.fill(curvatureBeyond, Objective.MAJORISER_SHARE);
    this.cost = new double[capacity];
    this.gradient = new double[parameterCount * capacity];
    this.matrix = new double[packedSize(parameterCount) * capacity];
  }

  /** How many numbers a packed symmetric matrix of order p has. */
  public static int packedSize(int p) {
    return p * (p + 1) / 2;
  }

  /** p, the number of parameters of each problem. */
  public int parameterCount() {
    return parameterCount;
  }

  /** The distance in memory between two values of one problem. */
  public int capacity() {
    return capacity;
  }

  /**
   * Sets the parameters of problem k.
   *
   * @param values input, p values, copied
   */
  public void setParameters(int k, double[] values) {
    for (int j = 0; j < parameterCount; j++) {
      parameters[j * capacity + k] = values[j];
    }
  }

  /**
   * Reads the parameters of problem k.
   *
   * @param values output, p values
   */
  public void getParameters(int k, double[] values) {
    for (int j = 0; j < parameterCount; j++) {
      values[j] = parameters[j * capacity + k];
    }
  }

  /** Copies everything about problem {@code from} of another batch of the same p here. */
  public void copy(int k, NormalEquations other, int from) {
    weightRow[k] = other.weightRow[from];
    curvatureBeyond[k] = other.curvatureBeyond[from];
    cost[k] = other.cost[from];
    copyColumn(parameters, capacity, k, other.parameters, other.capacity, from);
    copyColumn(gradient, capacity, k, other.gradient, other.capacity, from);
    copyColumn(matrix, capacity, k, other.matrix, other.capacity, from);
  }

  private static void copyColumn(
      double[] to, int toStride, int k, double[] from, int fromStride, int fromK) {
    for (int a = k, b = fromK; a < to.length; a += toStride, b += fromStride) {
      to[a] = from[b];
    }
  }

  /** Sets the outputs of problem k to zero. */
  public void clear(int k) {
    cost[k] = 0;
    for (int j = k; j < gradient.length; j += capacity) {
      gradient[j] = 0;
    }
    for (int j = k; j < matrix.length; j += capacity) {
      matrix[j] = 0;
    }
  }

  /** Adds the outputs of problem k of a batch of the same shape to those here. */
  public void add(int k, NormalEquations other) {
    cost[k] += other.cost[k];
    for (int j = k; j < gradient.length; j += capacity) {
      gradient[j] += other.gradient[j];
    }
    for (int j = k; j < matrix.length; j += capacity) {
      matrix[j] += other.matrix[j];
    }
  }

  /** Holds parameter j of problem k: no gradient, no products, a one on the diagonal. */
  public void fix(int j, int k) {
    gradient[j * capacity + k] = 0;
    for (int i = 0; i < parameterCount; i++) {
      int high = Math.max(i, j);
      int low = Math.min(i, j);
      matrix[(high * (high + 1) / 2 + low) * capacity + k] = i == j ? 1 : 0;
    }
  }

  /** Whether cost, gradient and matrix of problem k are all finite. */
  public boolean isFinite(int k) {
    // A sum of finite numbers times zero is zero; one infinity or NaN makes it NaN.
    double probe = 0 * cost[k];
    for (int j = k; j < gradient.length; j += capacity) {
      probe += 0 * gradient[j];
    }
    for (int j = k; j < matrix.length; j += capacity) {
      probe += 0 * matrix[j];
    }
    return probe == 0;
  }

  /** The packed normal matrix of problem k as a full symmetric one, row-major p x p. */
  public double[] fullMatrix(int k) {
    double[] full = new double[parameterCount * parameterCount];
    for (int i = 0; i < parameterCount; i++) {
      for (int j = 0; j <= i; j++) {
        double value = matrix[(i * (i + 1) / 2 + j) * capacity + k];
        full[i * parameterCount + j] = value;
        full[j * parameterCount + i] = value;
      }
    }
    return full;
  }

  @Override
  public String toString() {
    return "NormalEquations[p=%d, capacity=%d, cost=%s]"
        .formatted(parameterCount, capacity, Arrays.toString(cost));
  }
}

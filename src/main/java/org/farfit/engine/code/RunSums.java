package org.farfit.engine.code;

/**
 * Where the sums over a chunk of runs are taken from and put: for each value of the column that the
 * runs are sorted by, and each lane, right-hand sides m[k] = sum of weight residual factor_k, then
 * products M[k][l] = sum of weight factor_k factor_l, the lower triangle by rows. Mutable, one per
 * evaluator.
 */
public final class RunSums {

  /** Whether {@link #weight} and {@link #residual} are asked for beside the sums. */
  public final boolean keepsResiduals;

  /** Slots of the chunk, by run and lane. */
  public double[] own;

  /** Where in {@link #own} each factor begins. */
  public int[] slots;

  /** Weight of products, the robust one included, by run of the chunk and lane. */
  public final double[] weight;

  /** Residuals that with this weight give the gradient, by run of the chunk and lane. */
  public final double[] residual;

  /** By lane; see {@link org.farfit.engine.NormalEquations#curvatureBeyond}. */
  public final double[] curvatureBeyond;

  /** Cost by lane; added to. */
  public final double[] cost;

  /** The first run of each value; one more entry closes the last. */
  public int[] start;

  /** The first run of the chunk. */
  public int first;

  /** The run after its last. */
  public int end;

  /** The first value that has runs of the chunk. */
  public int firstValue;

  /** The value after the last that has. */
  public int endValue;

  /** The sums; added to. */
  public double[] sums = new double[0];

  /** The distance between two sums: values times lanes. */
  public int stride;

  RunSums(int chunk, int lanes, boolean keepsResiduals) {
    this.keepsResiduals = keepsResiduals;
    weight = new double[chunk * lanes];
    residual = new double[chunk * lanes];
    curvatureBeyond = new double[lanes];
    cost = new double[lanes];
  }

  /** Where the right-hand side of a factor begins. */
  public int rightSide(int k) {
    return k * stride;
  }

  /** Where the products of two factors, l &lt;= k, begin. */
  public int product(int k, int l) {
    return (slots.length + k * (k + 1) / 2 + l) * stride;
  }

  /** The first run of a value within the chunk, counted from the chunk's first. */
  public int begin(int value) {
    return Math.max(start[value], first) - first;
  }

  /** The run after the last of a value within the chunk, counted likewise. */
  public int finish(int value) {
    return Math.min(start[value + 1], end) - first;
  }
}

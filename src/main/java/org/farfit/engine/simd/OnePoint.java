package org.farfit.engine.simd;

import static org.farfit.engine.simd.VectorMath.LANES;
import static org.farfit.engine.simd.VectorMath.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.law.SizeLaw;

/**
 * Normal equations of many weightings of the same runs at one point, such as the start of all
 * replicates of a bootstrap. What a run adds to cost, gradient and matrix per unit of its weight is
 * computed once per point; each problem's are sums of that, weighted. Lanes are entries of one
 * problem here, and {@link #ROWS} problems are summed together.
 */
final class OnePoint {

  /** Problems that are summed together, so that a product is loaded once for all. */
  private static final int ROWS = 8;

  private final SurfaceProblem problem;
  private final int p;
  private final int runs;

  /** Entries of cost, gradient and packed matrix, filled up to whole vectors. */
  private final int width;

  /** By run of the weight table and entry. */
  private final double[] products;

  private final double[] point;
  private final double[] here;
  private double share = Double.NaN;
  private boolean finite;
  private final double[] weights;
  private final double[] sums;

  OnePoint(SurfaceProblem problem) {
    this.problem = problem;
    this.p = problem.law().parameterCount();
    this.runs = problem.weights().runs();
    int entries = 1 + p + NormalEquations.packedSize(p);
    this.width = (entries + LANES - 1) / LANES * LANES;
    this.products = new double[runs * width];
    this.point = new double[p];
    this.here = new double[p];
    this.weights = new double[ROWS * runs];
    this.sums = new double[ROWS * width];
  }

  /** Whether problems differ by their weights alone, and sums over runs are all there is. */
  static boolean serves(SurfaceProblem problem) {
    return !problem.hasLossRows() && !problem.sharesErrors();
  }

  /** Evaluates a batch; false, with nothing done, where not all products are finite. */
  boolean evaluate(NormalEquations batch, int count) {
    batch.getParameters(0, here);
    if (share != batch.curvatureBeyond[0] || !Arrays.equals(here, point)) {
      multiply(batch.curvatureBeyond[0]);
    }
    for (int from = 0; finite && from < count; from += ROWS) {
      int used = Math.min(ROWS, count - from);
      for (int row = 0; row < ROWS; row++) {
        int k = from + Math.min(row, used - 1);
        problem.weights().copyRow(batch.weightRow[k], weights, row * runs);
      }
      for (int entry = 0; entry < width; entry += LANES) {
        sum(entry);
      }
      for (int row = 0; row < used; row++) {
        store(row, batch, from + row);
      }
    }
    return finite;
  }

  /** Products of all runs at a new point. */
  private void multiply(double curvatureBeyond) {
    System.arraycopy(here, 0, point, 0, p);
    share = curvatureBeyond;
    SizeLaw law = (SizeLaw) problem.law();
    Objective objective = problem.objective();
    int q = law.sizeTermCount();
    double[] terms = new double[q];
    double[] termGradients = new double[q * p];
    double[] byTerm = new double[q];
    double[] slope = new double[p];
    for (int group = 0; group < problem.groups(); group++) {
      law.sizeTerms(problem.centre(), point, problem.x(group), terms, termGradients);
      for (int run = problem.groupStart(group); run < problem.groupStart(group + 1); run++) {
        double value = law.logLoss(terms, problem.y(run), byTerm);
        law.expand(termGradients, byTerm, slope);
        if (objective.residual() == Objective.Residual.LINEAR) {
          value = Math.exp(value);
          for (int j = 0; j < p; j++) {
            slope[j] *= value; // dL = L d ln L
          }
        }
        place(problem.sourceIndex(run) * width, value - problem.target(0, run), slope);
      }
    }
    finite = SimdEvaluator.isFinite(products);
  }

  private void place(int at, double residual, double[] slope) {
    double delta = problem.objective().huberDelta();
    double curvature = Objective.curvature(residual, delta, share);
    double pull = curvature * Objective.workingResidual(residual, delta, share);
    products[at] = Objective.loss(residual, delta);
    int entry = at + 1 + p;
    for (int i = 0; i < p; i++) {
      products[at + 1 + i] = pull * slope[i];
      for (int j = 0; j <= i; j++) {
        products[entry++] = curvature * slope[i] * slope[j];
      }
    }
  }

  /** Sums a vector of entries for all rows. */
  private void sum(int entry) {
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    DoubleVector s1 = s0;
    DoubleVector s2 = s0;
    DoubleVector s3 = s0;
    DoubleVector s4 = s0;
    DoubleVector s5 = s0;
    DoubleVector s6 = s0;
    DoubleVector s7 = s0;
    for (int run = 0; run < runs; run++) {
      DoubleVector product = DoubleVector.fromArray(SPECIES, products, run * width + entry);
      s0 = product.fma(DoubleVector.broadcast(SPECIES, weights[run]), s0);
      s1 = product.fma(DoubleVector.broadcast(SPECIES, weights[runs + run]), s1);
      s2 = product.fma(DoubleVector.broadcast(SPECIES, weights[2 * runs + run]), s2);
      s3 = product.fma(DoubleVector.broadcast(SPECIES, weights[3 * runs + run]), s3);
      s4 = product.fma(DoubleVector.broadcast(SPECIES, weights[4 * runs + run]), s4);
      s5 = product.fma(DoubleVector.broadcast(SPECIES, weights[5 * runs + run]), s5);
      s6 = product.fma(DoubleVector.broadcast(SPECIES, weights[6 * runs + run]), s6);
      s7 = product.fma(DoubleVector.broadcast(SPECIES, weights[7 * runs + run]), s7);
    }
    s0.intoArray(sums, entry);
    s1.intoArray(sums, width + entry);
    s2.intoArray(sums, 2 * width + entry);
    s3.intoArray(sums, 3 * width + entry);
    s4.intoArray(sums, 4 * width + entry);
    s5.intoArray(sums, 5 * width + entry);
    s6.intoArray(sums, 6 * width + entry);
    s7.intoArray(sums, 7 * width + entry);
  }

  private void store(int row, NormalEquations batch, int k) {
    int capacity = batch.capacity();
    int from = row * width;
    batch.cost[k] = sums[from];
    for (int j = 0; j < p; j++) {
      batch.gradient[j * capacity + k] = sums[from + 1 + j];
    }
    for (int e = 0; e < NormalEquations.packedSize(p); e++) {
      batch.matrix[e * capacity + k] = sums[from + 1 + p + e];
    }
  }
}

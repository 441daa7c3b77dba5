package org.farfit.engine.scalar;

import java.util.Arrays;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.law.SizeLaw;

/**
 * Normal equations of one problem after the other, by distinct N: within one N the Jacobian row of
 * a run is a combination of the few rows of size-term gradients, so products are accumulated over
 * the runs in the size terms and expanded to parameters once per N.
 *
 * <p>With q size terms and p parameters this costs q (q + 3) / 2 multiply-adds per run instead of p
 * (p + 3) / 2, and q p (p + q) or so per distinct N.
 */
final class ScalarEvaluator implements Evaluator {

  private final SurfaceProblem problem;
  private final SizeLaw law;
  private final Objective objective;
  private final boolean logResiduals;
  private final int p;
  private final int q;

  private final double[] parameters;
  private final double[] terms;
  private final double[] termGradients;
  private final double[] runGradient;
  private final double[] termRight;
  private final double[] termMatrix;
  private final double[] expandedRow;
  private final double[] gradient;
  private final double[] matrix;
  private final double[] termShared;
  private final double[] sizeRow;
  private double sizeRight;
  private double sizeWeight;

  ScalarEvaluator(SurfaceProblem problem) {
    this.problem = problem;
    this.law = (SizeLaw) problem.law();
    this.objective = problem.objective();
    this.logResiduals = objective.residual() == Objective.Residual.LOG;
    this.p = law.parameterCount();
    this.q = law.sizeTermCount();
    this.parameters = new double[p];
    this.terms = new double[q];
    this.termGradients = new double[q * p];
    this.runGradient = new double[q];
    this.termRight = new double[q];
    this.termMatrix = new double[q * q];
    this.expandedRow = new double[p];
    this.gradient = new double[p];
    this.matrix = new double[NormalEquations.packedSize(p)];
    this.termShared = new double[q];
    this.sizeRow = new double[p];
  }

  @Override
  public int parameterCount() {
    return p;
  }

  @Override
  public void evaluate(NormalEquations batch, int count) {
    for (int k = 0; k < count; k++) {
      batch.getParameters(k, parameters);
      Arrays.fill(gradient, 0);
      Arrays.fill(matrix, 0);
      double cost = 0;
      for (int group = 0; group < problem.groups(); group++) {
        if (weighs(group, batch.weightRow[k])) {
          cost += accumulate(group, batch.weightRow[k], batch.curvatureBeyond[k]);
          expand();
        }
        if (problem.sharesErrors() && problem.endsSize(group)) {
          cost += endSize(problem.copiedWeight(group));
        }
      }
      store(batch, k, cost);
      fix(batch, k);
    }
  }

  /** Whether any run of a group counts; what is not fitted need not even be finite. */
  private boolean weighs(int group, int weightRow) {
    for (int run = problem.groupStart(group); run < problem.groupStart(group + 1); run++) {
      if (problem.weights().weight(weightRow, problem.sourceIndex(run)) > 0) {
        return true;
      }
    }
    return false;
  }

  private void fix(NormalEquations batch, int k) {
    for (int j = 0; j < p; j++) {
      if ((problem.fixedMask() >>> j & 1) != 0) {
        batch.fix(j, k);
      }
    }
  }

  /** Sums the runs of one N into {@code termRight} and {@code termMatrix}; returns their cost. */
  private double accumulate(int group, int weightRow, double share) {
    law.sizeTerms(problem.centre(), parameters, problem.x(group), terms, termGradients);
    Arrays.fill(termRight, 0);
    Arrays.fill(termMatrix, 0);
    Arrays.fill(termShared, 0);
    double cost = 0;
    for (int run = problem.groupStart(group); run < problem.groupStart(group + 1); run++) {
      double weight = problem.weights().weight(weightRow, problem.sourceIndex(run));
      if (weight == 0) {
        continue;
      }
      double value = law.logLoss(terms, problem.y(run), runGradient);
      double scale = 1;
      if (!logResiduals) {
        value = Math.exp(value);
        scale = value; // dL = L d ln L
      }
      double residual = value - problem.target(weightRow, run);
      cost += weight * objective.loss(residual);
      addProducts(
          weight * Objective.curvature(residual, objective.huberDelta(), share),
          Objective.workingResidual(residual, objective.huberDelta(), share),
          scale);
      sizeRight += weight * residual;
      sizeWeight += weight;
    }
    return cost;
  }

  /**
   * Takes off what the runs of a size share: c (sum of w r)^2 / 2 of the cost, and as much of its
   * derivatives; begins the next size.
   *
   * @param once weight of the size when it is there once, 0 if it is
   * @return what the cost changes by
   */
  private double endSize(double once) {
    double c = SurfaceProblem.sharedFactor(problem.sharedRatio(), sizeWeight, once);
    for (int i = 0; i < p; i++) {
      gradient[i] -= c * sizeRow[i] * sizeRight;
      for (int j = 0; j <= i; j++) {
        matrix[i * (i + 1) / 2 + j] -= c * sizeRow[i] * sizeRow[j];
      }
    }
    double change = -0.5 * c * sizeRight * sizeRight;
    Arrays.fill(sizeRow, 0);
    sizeRight = 0;
    sizeWeight = 0;
    return change;
  }

  private void addProducts(double weight, double residual, double scale) {
    for (int a = 0; a < q; a++) {
      double weighted = weight * scale * runGradient[a];
      termRight[a] += weighted * residual;
      termShared[a] += weighted;
      for (int b = 0; b <= a; b++) {
        termMatrix[a * q + b] += weighted * scale * runGradient[b];
      }
    }
  }

  /** Adds Z'm to the gradient and Z'MZ to the matrix, Z being the size-term gradients. */
  private void expand() {
    for (int a = 0; a < q; a++) {
      Arrays.fill(expandedRow, 0);
      for (int b = 0; b < q; b++) {
        double m = termMatrix[Math.max(a, b) * q + Math.min(a, b)];
        for (int j = 0; j < p; j++) {
          expandedRow[j] += m * termGradients[b * p + j];
        }
      }
      for (int i = 0; i < p; i++) {
        double z = termGradients[a * p + i];
        if (z != 0) { // most parameters feed one term
          int row = i * (i + 1) / 2;
          gradient[i] += z * termRight[a];
          sizeRow[i] += z * termShared[a];
          for (int j = 0; j <= i; j++) {
            matrix[row + j] += z * expandedRow[j];
          }
        }
      }
    }
  }

  private void store(NormalEquations batch, int k, double cost) {
    int stride = batch.capacity();
    batch.cost[k] = cost;
    for (int j = 0; j < p; j++) {
      batch.gradient[j * stride + k] = gradient[j];
    }
    for (int e = 0; e < matrix.length; e++) {
      batch.matrix[e * stride + k] = matrix[e];
    }
  }
}

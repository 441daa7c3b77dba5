package org.farfit.fit.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.farfit.data.RunSet;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.law.Centre;
import org.farfit.law.Law;

/**
 * A surface evaluated on runs under an objective: predictions, residuals, Jacobian and what follows
 * from them. For statistics off the hot path; every number is computed when it is asked for, but
 * the predictions, which all others need.
 */
public final class Evaluation {

  private final Law law;
  private final Centre centre;
  private final double[] centred;
  private final RunSet runs;
  private final Objective objective;
  private final double[] predicted;
  private double insideShare = -1;

  private Evaluation(Law law, Centre centre, double[] centred, RunSet runs, Objective objective) {
    this.law = law;
    this.centre = centre;
    this.centred = centred.clone();
    this.runs = runs;
    this.objective = objective;
    this.predicted = new double[runs.size()];
    for (int i = 0; i < predicted.length; i++) {
      predicted[i] =
          objective.residual().predicted(law, centre, centred, runs.row(law.columns(), i));
    }
  }

  /**
   * Evaluates.
   *
   * @param centred the parameters; see {@link Law}
   */
  public static Evaluation of(
      Law law, Centre centre, double[] centred, RunSet runs, Objective objective) {
    return new Evaluation(law, centre, centred, runs, objective);
  }

  /** The law. */
  public Law law() {
    return law;
  }

  /** What the parameters are centred at. */
  public Centre centre() {
    return centre;
  }

  /** The centred parameters. */
  public double[] centred() {
    return centred.clone();
  }

  /** The runs, with their weights. */
  public RunSet runs() {
    return runs;
  }

  /** The objective. */
  public Objective objective() {
    return objective;
  }

  /** The residual of a run, unweighted, on the scale of the objective. */
  public double residual(int run) {
    return predicted[run] - objective.residual().target(runs.loss(run));
  }

  /**
   * What a residual counts for in the fit: itself under squared loss. A fit by robust loss is, to
   * first order, that by least squares of psi(r) / b in the place of r, psi = rho' and b the mean
   * of psi', the share of residuals below the threshold (Huber 1981, section 7.6); NaN where there
   * are none.
   */
  public double influence(int run) {
    double residual = residual(run);
    return objective.isSquared() ? residual : objective.weight(residual) * residual / insideShare();
  }

  /** The share of residuals that are not beyond the threshold of the loss. */
  double insideShare() {
    if (insideShare < 0) {
      insideShare =
          objective.insideShare(
              IntStream.range(0, predicted.length).mapToDouble(this::residual).toArray());
    }
    return insideShare;
  }

  /** The predicted over the measured loss of a run, less 1. */
  public double relativeError(int run) {
    return objective.residual().loss(predicted[run]) / runs.loss(run) - 1;
  }

  /** The weighted sum of losses of the residuals. */
  public double cost() {
    return sum(i -> runs.weight(i) * objective.loss(residual(i)));
  }

  /** The weighted sum of squared residuals, whatever the objective. */
  public double sumOfSquares() {
    return sum(i -> runs.weight(i) * residual(i) * residual(i));
  }

  /**
   * The log-likelihood at the scale that maximises it; see {@link LogLikelihood}. A run of weight w
   * has scale s / sqrt(w).
   */
  public double logLikelihood() {
    return LogLikelihood.maximum(cost(), runs.size(), objective.huberDelta())
        + 0.5 * sum(i -> Math.log(runs.weight(i)));
  }

  /**
   * The log-likelihood of normal errors of a model, at the variance that maximises it, the ratios
   * of variances being those of the model: -(n ln(2 pi s^2) + ln|V| + n) / 2, s^2 = r'V^-1 r / n.
   */
  public double logLikelihood(NoiseModel noise) {
    int n = runs.size();
    double squares = 2 * generalised(noise).cost[0];
    return -0.5 * (n * Math.log(2 * Math.PI * squares / n) + logDeterminant(noise) + n);
  }

  /** Cost, gradient and matrix of generalised least squares, see {@link NoiseModel#problem}. */
  public NormalEquations generalised(NoiseModel noise) {
    NormalEquations at = new NormalEquations(law.parameterCount(), 1);
    at.setParameters(0, centred);
    SurfaceProblem problem =
        noise.problem(law, centre, runs, objective, WeightTable.of(runs.weight()));
    try (Evaluator evaluator = new ScalarEngine().evaluator(problem)) {
      evaluator.evaluate(at, 1);
    }
    return at;
  }

  /** ln|V|, V being the covariance over the variance of a run's own error at the centre. */
  private double logDeterminant(NoiseModel noise) {
    double[] precisions = noise.precisions(centre, runs);
    double[] sizeOf = runs.bySize().n();
    Map<Double, Double> weight = new TreeMap<>();
    double sum = 0;
    for (int i = 0; i < precisions.length; i++) {
      sum -= Math.log(precisions[i] * runs.weight(i));
      weight.merge(sizeOf[i], precisions[i] * runs.weight(i), Double::sum);
    }
    double ratio = Math.pow(noise.sizeDeviation() / noise.deviation(), 2);
    for (double ofSize : weight.values()) {
      sum += Math.log1p(ratio * ofSize);
    }
    return sum;
  }

  /**
   * The Jacobian of the residuals by the centred parameters.
   *
   * @return n x p: a row per run, multiplied by the square root of its weight
   */
  public double[][] jacobian() {
    int p = law.parameterCount();
    double[][] jacobian = new double[runs.size()][p];
    for (int i = 0; i < jacobian.length; i++) {
      double[] row = runs.row(law.columns(), i);
      objective.residual().predicted(law, centre, centred, row, jacobian[i]);
      double factor = Math.sqrt(runs.weight(i));
      for (int j = 0; j < p; j++) {
        jacobian[i][j] *= factor;
      }
    }
    return jacobian;
  }

  /**
   * The Jacobian with the rows of a prior.
   *
   * @param precision of the prior on each parameter, 0 for none
   * @return (n + p) x p: {@link #jacobian()}, and a row per parameter with the square root of its
   *     precision
   */
  public double[][] jacobian(double[] precision) {
    int n = runs.size();
    int p = law.parameterCount();
    double[][] rows = Arrays.copyOf(jacobian(), n + p);
    for (int j = 0; j < p; j++) {
      rows[n + j] = new double[p];
      rows[n + j][j] = Math.sqrt(precision[j]);
    }
    return rows;
  }

  /** The leverages: the diagonal of J (J'J)^-1 J' of the weighted Jacobian. */
  public double[] leverage() {
    int n = runs.size();
    int p = law.parameterCount();
    DMatrixRMaj jacobian = new DMatrixRMaj(jacobian());
    DMatrixRMaj normal = new DMatrixRMaj(p, p);
    CommonOps_DDRM.multInner(jacobian, normal);
    DMatrixRMaj inverse = new DMatrixRMaj(p, p);
    CommonOps_DDRM.pinv(normal, inverse);
    DMatrixRMaj product = new DMatrixRMaj(n, p);
    CommonOps_DDRM.mult(jacobian, inverse, product);
    double[] leverage = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < p; j++) {
        leverage[i] += product.get(i, j) * jacobian.get(i, j);
      }
    }
    return leverage;
  }

  /** Share of the variance of the losses themselves that a prediction of them explains. */
  public static double linearR2(RunSet runs, DoubleBinaryOperator predicted) {
    double mean = Arrays.stream(runs.loss()).average().orElseThrow();
    double residual = 0;
    double spread = 0;
    for (int i = 0; i < runs.size(); i++) {
      residual += Math.pow(predicted.applyAsDouble(runs.n(i), runs.d(i)) - runs.loss(i), 2);
      spread += Math.pow(runs.loss(i) - mean, 2);
    }
    return 1 - residual / spread;
  }

  /** In the order of the runs, so that the digits are the same everywhere. */
  private double sum(IntToDoubleFunction term) {
    double sum = 0;
    for (int i = 0; i < predicted.length; i++) {
      sum += term.applyAsDouble(i);
    }
    return sum;
  }

  /**
   * The directions in which parameters may move when some are fixed, see {@link FreeDirections}.
   */
  public FreeDirections free(List<Integer> fixed) {
    return FreeDirections.of(law, centre, centred, fixed);
  }
}

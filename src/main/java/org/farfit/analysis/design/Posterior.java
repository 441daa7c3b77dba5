package org.farfit.analysis.design;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.farfit.engine.FormulaRuns;
import org.farfit.fit.search.FormulaOptima;
import org.farfit.formula.Bounds;
import org.farfit.formula.Derivation;
import org.farfit.formula.Model;

/**
 * What is known of the losses of a pool and of the runs to predict, once some of the pool have been
 * trained: normal, with the covariance of a mixture of the optima that describe those runs about
 * equally well. Each optimum contributes the linearised covariance around itself and its distance
 * from the mean of all, so that what optima disagree about counts as unknown, too. Where residuals
 * are of logarithms their variance becomes that of a typical loss.
 *
 * <p>Losses are kept as features f: the covariance of two of them is f'Sg, with S the identity at
 * first. A run that is trained changes S alone.
 */
final class Posterior {

  /** A prior of a parameter: a quarter of its box is a standard deviation. */
  private static final double BOX_TO_DEVIATION = 0.25;

  /** The standard deviation of noise is at least this share of a typical loss. */
  private static final double LEAST_NOISE = 1e-3;

  /**
   * Optima that describe the runs so much worse, in units of the noise, are none: exp(-4) is 2%.
   */
  private static final double MOST_MISFIT = 4;

  /** A prior of a parameter without a box: none. */
  private static final double UNKNOWN = 1e6;

  /** Optima whose predictions differ by less than this many noises are one. */
  private static final double DISTINCT = 0.5;

  private final int modes;
  private final double[] weights;
  private final List<Part> parts = new ArrayList<>();

  /** Features of one set of parameters that no other shares a run with. */
  private static final class Part {
    final int[] responses;
    final double noise;
    final int q;
    final double[][] pool;
    final DMatrixRMaj target;
    DMatrixRMaj s;
    DMatrixRMaj h;

    Part(int[] responses, double noise, double[][] pool, double[][] target) {
      this.responses = responses;
      this.noise = noise;
      this.pool = pool;
      this.q = pool[0].length;
      this.target = new DMatrixRMaj(target);
      this.s = CommonOps_DDRM.identity(q);
      refresh();
    }

    /** S F'F S of the runs to predict. */
    void refresh() {
      DMatrixRMaj g = new DMatrixRMaj(target.numRows, q);
      CommonOps_DDRM.mult(target, s, g);
      h = new DMatrixRMaj(q, q);
      CommonOps_DDRM.multInner(g, h);
    }

    double quadratic(DMatrixRMaj m, double[] f) {
      double sum = 0;
      for (int i = 0; i < q; i++) {
        double row = 0;
        int at = i * q;
        for (int j = 0; j < q; j++) {
          row += m.data[at + j] * f[j];
        }
        sum += f[i] * row;
      }
      return sum;
    }

    void take(double[] f, double weight) {
      double[] sf = new double[q];
      double variance = noise / weight;
      for (int i = 0; i < q; i++) {
        for (int j = 0; j < q; j++) {
          sf[i] += s.data[i * q + j] * f[j];
        }
        variance += f[i] * sf[i];
      }
      for (int i = 0; i < q; i++) {
        for (int j = 0; j < q; j++) {
          s.data[i * q + j] -= sf[i] * sf[j] / variance;
        }
      }
    }
  }

  /**
   * Knowledge from some runs.
   *
   * @param found their optima
   * @param taken positions in the pool of the runs that were fitted
   * @param weights of all runs of the pool, whose variances are the noise over these
   * @param modes how many optima at most
   */
  Posterior(
      Derivation derivation,
      List<FormulaOptima.Component> found,
      RunPool pool,
      List<Integer> taken,
      double[] weights,
      int modes) {
    int[] fitted = taken.stream().mapToInt(Integer::intValue).toArray();
    this.modes = modes;
    this.weights = weights;
    for (FormulaOptima.Component component : found) {
      parts.add(part(derivation, component, pool.runs(), fitted, pool.target()));
    }
  }

  private Part part(
      Derivation derivation,
      FormulaOptima.Component component,
      FormulaRuns pool,
      int[] taken,
      FormulaRuns target) {
    Model model = derivation.model();
    int p = component.parameters().length;
    int[] responses = component.responses();
    int observations = taken.length * responses.length;
    double typical = typical(model, responses, pool, taken);
    double floor = LEAST_NOISE * LEAST_NOISE * typical * typical;
    double best = component.ended().getFirst().cost();
    double unit = derivation.logResiduals() ? typical * typical : 1;
    double noise = Math.max(floor, 2 * best * unit / Math.max(1, observations - p));
    List<Mode> kept = new ArrayList<>();
    for (FormulaOptima.Ended ended : component.ended()) {
      double misfit = (ended.cost() - best) * unit / noise;
      if (kept.size() == modes || misfit > MOST_MISFIT) {
        break;
      }
      Mode mode = new Mode(derivation, component, ended.parameters(), pool, target, misfit);
      if (mode.isFinite()
          && kept.stream().noneMatch(other -> other.distance(mode) < DISTINCT * DISTINCT * noise)) {
        kept.add(mode);
      }
    }
    double[] shares = kept.stream().mapToDouble(mode -> Math.exp(-mode.misfit)).toArray();
    double sum = Arrays.stream(shares).sum();
    int q = kept.size() * (p + 1);
    double[][] poolFeatures = new double[pool.size() * responses.length][q];
    double[][] targetFeatures = new double[target.size() * responses.length][q];
    for (int m = 0; m < kept.size(); m++) {
      double w = shares[m] / sum;
      Mode mode = kept.get(m);
      DMatrixRMaj factor = mode.factor(taken, weights, noise);
      fill(poolFeatures, mode.poolJacobian, factor, Math.sqrt(w), m * (p + 1), p);
      fill(targetFeatures, mode.targetJacobian, factor, Math.sqrt(w), m * (p + 1), p);
    }
    distances(poolFeatures, kept.stream().map(k -> k.poolValue).toList(), shares, sum, p);
    distances(targetFeatures, kept.stream().map(k -> k.targetValue).toList(), shares, sum, p);
    return new Part(responses, noise, poolFeatures, targetFeatures);
  }

  /** The mean size of the losses that were measured. */
  private static double typical(Model model, int[] responses, FormulaRuns pool, int[] taken) {
    return Arrays.stream(responses)
        .mapToObj(r -> pool.column(model.responses().get(r).name()))
        .flatMapToDouble(losses -> Arrays.stream(taken).mapToDouble(i -> Math.abs(losses[i])))
        .average()
        .orElseThrow();
  }

  private static void fill(
      double[][] features, double[][] jacobian, DMatrixRMaj factor, double scale, int at, int p) {
    for (int i = 0; i < features.length; i++) {
      for (int j = 0; j < p; j++) {
        double sum = 0;
        for (int k = 0; k < p; k++) {
          sum += jacobian[i][k] * factor.get(k, j);
        }
        features[i][at + j] = scale * sum;
      }
    }
  }

  private static void distances(
      double[][] features, List<double[]> values, double[] weights, double sum, int p) {
    for (int i = 0; i < features.length; i++) {
      double mean = 0;
      for (int m = 0; m < weights.length; m++) {
        mean += weights[m] / sum * values.get(m)[i];
      }
      for (int m = 0; m < weights.length; m++) {
        features[i][m * (p + 1) + p] = Math.sqrt(weights[m] / sum) * (values.get(m)[i] - mean);
      }
    }
  }

  /** One optimum: predictions and derivatives by parameters on their scales. */
  private static final class Mode {
    final double misfit;
    final double[] deviation;
    final double[] poolValue;
    final double[][] poolJacobian;
    final double[] targetValue;
    final double[][] targetJacobian;
    final int responses;

    Mode(
        Derivation derivation,
        FormulaOptima.Component component,
        double[] parameters,
        FormulaRuns pool,
        FormulaRuns target,
        double misfit) {
      this.misfit = misfit;
      this.responses = component.responses().length;
      int p = parameters.length;
      deviation = new double[p];
      double[] scale = new double[p];
      for (int j = 0; j < p; j++) {
        Bounds bounds = derivation.model().parameters().get(component.parameters()[j]).bounds();
        boolean log = bounds.lower() > 0;
        double width =
            log ? Math.log(bounds.upper() / bounds.lower()) : bounds.upper() - bounds.lower();
        deviation[j] = Double.isFinite(width) ? BOX_TO_DEVIATION * width : UNKNOWN;
        scale[j] = log ? parameters[j] : 1;
      }
      poolValue = new double[pool.size() * responses];
      poolJacobian = new double[poolValue.length][p];
      evaluate(derivation, component, parameters, scale, pool, poolValue, poolJacobian);
      targetValue = new double[target.size() * responses];
      targetJacobian = new double[targetValue.length][p];
      evaluate(derivation, component, parameters, scale, target, targetValue, targetJacobian);
    }

    private static void evaluate(
        Derivation derivation,
        FormulaOptima.Component component,
        double[] parameters,
        double[] scale,
        FormulaRuns runs,
        double[] value,
        double[][] jacobian) {
      Model model = derivation.model();
      double[] all = new double[model.parameters().size()];
      double[] gradient = new double[all.length];
      for (int j = 0; j < parameters.length; j++) {
        all[component.parameters()[j]] = parameters[j];
      }
      double[][] columns = model.columns().stream().map(runs::column).toArray(double[][]::new);
      double[] row = new double[columns.length];
      int count = component.responses().length;
      for (int r = 0; r < count; r++) {
        Derivation.NaturalSurface surface = derivation.naturalSurface(component.responses()[r]);
        for (int i = 0; i < runs.size(); i++) {
          for (int c = 0; c < row.length; c++) {
            row[c] = columns[c][i];
          }
          value[i * count + r] = surface.gradient(all, row, gradient);
          for (int j = 0; j < parameters.length; j++) {
            double slope = scale[j] * gradient[component.parameters()[j]];
            jacobian[i * count + r][j] = Double.isFinite(slope) ? slope : 0;
          }
        }
      }
    }

    boolean isFinite() {
      return Arrays.stream(poolValue).allMatch(Double::isFinite)
          && Arrays.stream(targetValue).allMatch(Double::isFinite);
    }

    /** Mean squared difference of predictions. */
    double distance(Mode other) {
      double sum = 0;
      for (int i = 0; i < targetValue.length; i++) {
        double difference = targetValue[i] - other.targetValue[i];
        sum += difference * difference / targetValue.length;
      }
      return sum;
    }

    /** A factor of the covariance of the parameters, with the prior. */
    DMatrixRMaj factor(int[] taken, double[] weights, double noise) {
      int p = deviation.length;
      DMatrixRMaj information = new DMatrixRMaj(p, p);
      for (int i : taken) {
        for (int r = 0; r < responses; r++) {
          double[] row = poolJacobian[i * responses + r];
          double precision = weights[i] / noise;
          for (int a = 0; a < p; a++) {
            for (int b = 0; b < p; b++) {
              information.data[a * p + b] +=
                  precision * row[a] * row[b] * deviation[a] * deviation[b];
            }
          }
        }
      }
      for (int a = 0; a < p; a++) {
        information.data[a * p + a] = information.data[a * p + a] * (1 + 1e-9) + 1;
      }
      CholeskyDecomposition_F64<DMatrixRMaj> cholesky = DecompositionFactory_DDRM.chol(p, true);
      DMatrixRMaj factor = new DMatrixRMaj(p, p);
      if (!cholesky.decompose(information)) {
        return factor;
      }
      DMatrixRMaj lower = cholesky.getT(null);
      DMatrixRMaj inverse = new DMatrixRMaj(p, p);
      CommonOps_DDRM.invert(lower, inverse);
      CommonOps_DDRM.transpose(inverse, factor);
      for (int a = 0; a < p; a++) {
        for (int b = 0; b < p; b++) {
          factor.data[a * p + b] *= deviation[a];
        }
      }
      return factor;
    }
  }

  /** By how much a run would lower the summed variance of the predictions. */
  double fall(int run) {
    double sum = 0;
    for (Part part : parts) {
      int count = part.responses.length;
      for (int r = 0; r < count; r++) {
        double[] f = part.pool[run * count + r];
        sum += part.quadratic(part.h, f) / (part.noise / weights[run] + part.quadratic(part.s, f));
      }
    }
    return sum;
  }

  /** By how much a run would lower the logarithm of the volume of the parameters. */
  double shrinkage(int run) {
    double sum = 0;
    for (Part part : parts) {
      int count = part.responses.length;
      for (int r = 0; r < count; r++) {
        double variance = part.noise / weights[run];
        sum += Math.log1p(part.quadratic(part.s, part.pool[run * count + r]) / variance);
      }
    }
    return sum;
  }

  /** Learns that a run will be trained; its loss does not matter for how much is known. */
  void take(int run) {
    for (Part part : parts) {
      int count = part.responses.length;
      for (int r = 0; r < count; r++) {
        part.take(part.pool[run * count + r], weights[run]);
      }
      part.refresh();
    }
  }
}

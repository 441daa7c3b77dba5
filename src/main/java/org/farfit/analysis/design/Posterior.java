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
 * <p>Losses have features f and what is left of the law's {@link Departures}: the covariance of two
 * of them is f'g and, of one response, that of their departures. Of a run that is trained the
 * covariances with all others are taken off.
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
  private final Departures.Known known;
  private final List<Part> parts = new ArrayList<>();

  /** Losses whose parameters no others share: of a run one after another by response. */
  private static final class Part {
    final int[] responses;
    final double noise;
    final double[][] pool;
    final Departures.Known departures;

    /** Covariances of the losses of the pool with those of the runs to predict. */
    final double[][] cross;

    /** Variances of the losses of the pool. */
    final double[] variance;

    /**
     * Of each loss that became known, its covariances with those of the pool over its standard
     * deviation.
     */
    final List<double[]> told = new ArrayList<>();

    Part(
        int[] responses,
        double noise,
        double[][] pool,
        double[][] target,
        Departures.Known departures) {
      this.responses = responses;
      this.noise = noise;
      this.pool = pool;
      this.departures = departures;
      this.cross = new double[pool.length][target.length];
      this.variance = new double[pool.length];
      for (int i = 0; i < pool.length; i++) {
        for (int t = 0; t < target.length; t++) {
          cross[i][t] = dot(pool[i], target[t]) + departed(i, pool.length + t);
        }
        variance[i] = dot(pool[i], pool[i]) + departed(i, i);
      }
    }

    /** Losses of the pool count from zero, those of the runs to predict go on from there. */
    private double departed(int i, int j) {
      int count = responses.length;
      return i % count == j % count ? noise * departures.covariance(i / count, j / count) : 0;
    }

    private static double dot(double[] f, double[] g) {
      double sum = 0;
      for (int k = 0; k < f.length; k++) {
        sum += f[k] * g[k];
      }
      return sum;
    }

    /** The variance of what a run will show, if its scatter has so much weight. */
    double shown(int loss, double weight) {
      return noise / weight + Math.max(0, variance[loss]);
    }

    double fall(int loss, double weight) {
      return dot(cross[loss], cross[loss]) / shown(loss, weight);
    }

    void take(int loss, double weight) {
      double deviation = Math.sqrt(shown(loss, weight));
      double[] with = new double[pool.length];
      for (int i = 0; i < with.length; i++) {
        with[i] = dot(pool[i], pool[loss]) + departed(i, loss);
        for (double[] before : told) {
          with[i] -= before[i] * before[loss];
        }
        with[i] /= deviation;
      }
      double[] withTarget = cross[loss].clone();
      for (int i = 0; i < with.length; i++) {
        for (int t = 0; t < withTarget.length; t++) {
          cross[i][t] -= with[i] * withTarget[t] / deviation;
        }
        variance[i] -= with[i] * with[i];
      }
      told.add(with);
    }
  }

  /**
   * Knowledge from some runs.
   *
   * @param found their optima
   * @param taken positions in the pool of the runs that were fitted
   * @param weights of all runs of the pool, whose variances are the noise over these
   * @param departures what the law may miss of losses
   * @param modes how many optima at most
   */
  Posterior(
      Derivation derivation,
      List<FormulaOptima.Component> found,
      RunPool pool,
      List<Integer> taken,
      double[] weights,
      Departures departures,
      int modes) {
    int[] fitted = taken.stream().mapToInt(Integer::intValue).toArray();
    this.modes = modes;
    this.weights = weights;
    this.known = departures.given(fitted, weights);
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
    double residual = Math.max(floor, 2 * best * unit / Math.max(1, observations - p));
    List<Mode> kept = new ArrayList<>();
    for (FormulaOptima.Ended ended : component.ended()) {
      double misfit = (ended.cost() - best) * unit / residual;
      if (kept.size() == modes || misfit > MOST_MISFIT) {
        break;
      }
      Mode mode = new Mode(derivation, component, ended.parameters(), pool, target, misfit);
      if (mode.isFinite()
          && kept.stream()
              .noneMatch(other -> other.distance(mode) < DISTINCT * DISTINCT * residual)) {
        kept.add(mode);
      }
    }
    double[] shares = kept.stream().mapToDouble(mode -> Math.exp(-mode.misfit)).toArray();
    double sum = Arrays.stream(shares).sum();
    int q = kept.size() * (p + 1);
    double noise = residual * known.scatter();
    double[][] poolFeatures = new double[pool.size() * responses.length][q];
    double[][] targetFeatures = new double[target.size() * responses.length][q];
    for (int m = 0; m < kept.size(); m++) {
      double w = shares[m] / sum;
      Mode mode = kept.get(m);
      double[][][] whitened = mode.whitened(taken, known);
      DMatrixRMaj factor = mode.factor(whitened, noise);
      mode.free(mode.poolJacobian, whitened, known, 0);
      mode.free(mode.targetJacobian, whitened, known, pool.size());
      fill(poolFeatures, mode.poolJacobian, factor, Math.sqrt(w), m * (p + 1), p);
      fill(targetFeatures, mode.targetJacobian, factor, Math.sqrt(w), m * (p + 1), p);
    }
    distances(poolFeatures, kept.stream().map(k -> k.poolValue).toList(), shares, sum, p);
    distances(targetFeatures, kept.stream().map(k -> k.targetValue).toList(), shares, sum, p);
    return new Part(responses, noise, poolFeatures, targetFeatures, known);
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

    /**
     * Derivatives of the losses that are known, whitened by what they depart and scatter by, shape
     * [responses][parameters][runs].
     */
    double[][][] whitened(int[] taken, Departures.Known known) {
      double[][][] rows = new double[responses][deviation.length][taken.length];
      for (int r = 0; r < responses; r++) {
        for (int j = 0; j < deviation.length; j++) {
          for (int i = 0; i < taken.length; i++) {
            rows[r][j][i] = poolJacobian[taken[i] * responses + r][j];
          }
          known.whiten(rows[r][j]);
        }
      }
      return rows;
    }

    /**
     * Takes off derivatives what the known runs say of a departure: a change of parameters that
     * changes these changes the departure that they seem to have.
     */
    void free(double[][] jacobian, double[][][] whitened, Departures.Known known, int first) {
      for (int i = 0; i < jacobian.length; i++) {
        double[] e = known.whitened(first + i / responses);
        for (int j = 0; j < deviation.length; j++) {
          jacobian[i][j] -= Part.dot(whitened[i % responses][j], e);
        }
      }
    }

    /** A factor of the covariance of the parameters, with the prior. */
    DMatrixRMaj factor(double[][][] whitened, double noise) {
      int p = deviation.length;
      DMatrixRMaj information = new DMatrixRMaj(p, p);
      for (double[][] rows : whitened) {
        for (int a = 0; a < p; a++) {
          for (int b = 0; b < p; b++) {
            information.data[a * p + b] +=
                Part.dot(rows[a], rows[b]) / noise * deviation[a] * deviation[b];
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
        sum += part.fall(run * count + r, weights[run]);
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
        sum += Math.log1p(Math.max(0, part.variance[run * count + r]) * weights[run] / part.noise);
      }
    }
    return sum;
  }

  /** Learns that a run will be trained; its loss does not matter for how much is known. */
  void take(int run) {
    for (Part part : parts) {
      int count = part.responses.length;
      for (int r = 0; r < count; r++) {
        part.take(run * count + r, weights[run]);
      }
    }
  }
}

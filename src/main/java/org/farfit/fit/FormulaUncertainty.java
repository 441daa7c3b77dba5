package org.farfit.fit;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import org.farfit.engine.Objective;
import org.farfit.engine.WeightTable;
import org.farfit.engine.code.FormulaProblem;
import org.farfit.engine.code.FormulaRuns;
import org.farfit.formula.Derivation;
import org.farfit.formula.Derivations;

/**
 * Standard errors of a formula's parameters by linear propagation from the scatter of the
 * residuals, parameters at a bound held; and which parameters the runs do not determine at all.
 *
 * @param errors one per parameter; NaN where there is none
 * @param undetermined names of parameters that may change together without changing a prediction
 */
public record FormulaUncertainty(double[] errors, List<String> undetermined) {

  /** A singular value of the Jacobian in columns of unit length below which a direction is lost. */
  private static final double LOST = 1e-9;

  /** A parameter has a part in a direction if its component is above this. */
  private static final double PART = 0.05;

  /** Of a fit. */
  public static FormulaUncertainty of(
      FormulaFit.Result fit, FormulaRuns runs, Objective objective) {
    boolean log = objective.residual() == Objective.Residual.LOG;
    Derivation derivation = Derivations.of(fit.model(), log, List.of());
    FormulaProblem problem =
        new FormulaProblem(derivation, runs, objective, WeightTable.of(runs.weight()));
    int p = problem.parameterCount();
    int[] free =
        IntStream.range(0, p).filter(j -> !fit.atBounds().contains(fit.names().get(j))).toArray();
    DMatrixRMaj jacobian = new DMatrixRMaj(problem.residuals(), free.length);
    double sum = fill(problem, fit.parameters(), free, jacobian, log);
    double[] size = new double[free.length];
    for (int a = 0; a < free.length; a++) {
      for (int i = 0; i < jacobian.numRows; i++) {
        size[a] = Math.hypot(size[a], jacobian.get(i, a));
      }
      for (int i = 0; i < jacobian.numRows && size[a] > 0; i++) {
        jacobian.set(i, a, jacobian.get(i, a) / size[a]);
      }
    }
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(jacobian.numRows, free.length, false, true, true);
    double[] errors = new double[p];
    Arrays.fill(errors, Double.NaN);
    boolean[] lost = new boolean[p];
    if (free.length > 0 && svd.decompose(jacobian)) {
      double scatter = Math.sqrt(sum / Math.max(1, jacobian.numRows - free.length));
      describe(svd, free, size, scatter, errors, lost);
    }
    return new FormulaUncertainty(
        errors, IntStream.range(0, p).filter(j -> lost[j]).mapToObj(fit.names()::get).toList());
  }

  private static void describe(
      SingularValueDecomposition_F64<DMatrixRMaj> svd,
      int[] free,
      double[] size,
      double scatter,
      double[] errors,
      boolean[] lost) {
    double[] values = svd.getSingularValues();
    DMatrixRMaj v = svd.getV(null, false);
    double largest = Arrays.stream(values).max().orElse(0);
    double[] variance = new double[free.length];
    for (int d = 0; d < free.length; d++) {
      boolean vanishes = values[d] <= LOST * largest;
      for (int a = 0; a < free.length; a++) {
        double component = v.get(a, d);
        if (vanishes) {
          lost[free[a]] |= Math.abs(component) > PART;
        } else {
          variance[a] += component * component / (values[d] * values[d]);
        }
      }
    }
    for (int a = 0; a < free.length; a++) {
      if (!lost[free[a]] && size[a] > 0) {
        errors[free[a]] = scatter * Math.sqrt(variance[a]) / size[a];
      }
    }
  }

  /** Weighted derivatives of residuals by natural parameters; gives the weighted sum of squares. */
  private static double fill(
      FormulaProblem problem, double[] parameters, int[] free, DMatrixRMaj jacobian, boolean log) {
    Derivation derivation = problem.derivation();
    List<String> columns = derivation.model().columns();
    int templates = derivation.model().parameters().size();
    double[] local = new double[templates];
    double[] gradient = new double[templates];
    double[] row = new double[columns.size()];
    double sum = 0;
    int at = 0;
    for (FormulaProblem.Part part : problem.parts()) {
      Derivation.NaturalSurface surface = derivation.naturalSurface(part.response());
      for (int t = 0; t < templates; t++) {
        local[t] = parameters[part.parameters()[t]];
      }
      for (int i = 0; i < part.runs().length; i++) {
        int run = part.runs()[i];
        for (int c = 0; c < row.length; c++) {
          row[c] = problem.runs().column(columns.get(c))[run];
        }
        double value = surface.gradient(local, row, gradient);
        double weight = Math.sqrt(problem.weights().weight(0, run));
        double residual = (log ? Math.log(value) : value) - part.target()[i];
        sum += weight * weight * residual * residual;
        for (int t = 0; t < templates; t++) {
          int a = Arrays.binarySearch(free, part.parameters()[t]);
          if (a >= 0) {
            jacobian.add(at, a, weight * gradient[t] / (log ? value : 1));
          }
        }
        at++;
      }
    }
    return sum;
  }
}

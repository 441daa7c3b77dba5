package org.farfit.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.farfit.engine.code.FormulaProblem;
import org.farfit.formula.Bounds;
import org.farfit.formula.Coordinates;
import org.farfit.formula.Derivation;
import org.farfit.solver.BoundedCoordinates;

/**
 * The coordinates of a formula's problem, where parameters with indices occur once per category.
 * Bounds of a parameter that is held by its logarithm are those of the logarithm.
 */
final class FormulaCoordinates implements BoundedCoordinates {

  /** Enough to make a singular block regular, too little to slow the solution of linear ones. */
  private static final double LINEAR_DAMPING = 1e-6;

  private final Derivation.Change change;
  private final BitSet logged;
  private final int p;
  private final int templateCount;
  private final List<int[]> contexts;
  private final double[] lower;
  private final double[] upper;
  private final double[] dampingShare;
  private final boolean[] floored;
  private final double[] local;
  private final double[] localNatural;
  private final double[] localJacobian;

  FormulaCoordinates(FormulaProblem problem) {
    Derivation derivation = problem.derivation();
    change = derivation.change(problem.centres());
    logged = derivation.logged();
    p = problem.parameterCount();
    templateCount = derivation.model().parameters().size();
    contexts = contexts(problem);
    lower = new double[p];
    upper = new double[p];
    dampingShare = new double[p];
    floored = new boolean[p];
    for (int j = 0; j < p; j++) {
      int template = problem.templates().get(j);
      Bounds bounds = derivation.model().parameters().get(template).bounds();
      boolean log = logged.get(template);
      lower[j] = log ? Math.log(Math.max(0, bounds.lower())) : bounds.lower();
      upper[j] = log ? Math.log(bounds.upper()) : bounds.upper();
      boolean linear = !derivation.logResiduals() && derivation.linear().get(template);
      dampingShare[j] = linear && !log ? LINEAR_DAMPING : 1;
      floored[j] =
          derivation.logarithmic().get(template)
              && derivation.roles().get(template) != Coordinates.Role.OTHER;
    }
    local = new double[templateCount];
    localNatural = new double[templateCount];
    localJacobian = new double[templateCount * templateCount];
  }

  /** Which parameter of the problem each of the formula is, in every combination of categories. */
  private static List<int[]> contexts(FormulaProblem problem) {
    List<int[]> distinct = new ArrayList<>();
    for (FormulaProblem.Part part : problem.parts()) {
      if (distinct.stream().noneMatch(known -> Arrays.equals(known, part.parameters()))) {
        distinct.add(part.parameters());
      }
    }
    return distinct;
  }

  @Override
  public int dimension() {
    return p;
  }

  @Override
  public double[] lower() {
    return lower;
  }

  @Override
  public double[] upper() {
    return upper;
  }

  @Override
  public double[] dampingShare() {
    return dampingShare;
  }

  @Override
  public boolean[] floored() {
    return floored;
  }

  private void gather(int[] context, double[] from) {
    for (int t = 0; t < templateCount; t++) {
      local[t] = context[t] < 0 ? 0 : from[context[t]];
    }
  }

  @Override
  public void toNatural(double[] coordinates, double[] natural, double[] jacobian) {
    if (jacobian != null) {
      Arrays.fill(jacobian, 0);
    }
    for (int[] context : contexts) {
      gather(context, coordinates);
      change.toNatural(local, localNatural, jacobian == null ? null : localJacobian);
      for (int t = 0; t < templateCount; t++) {
        if (context[t] >= 0) {
          natural[context[t]] = localNatural[t];
          for (int s = 0; jacobian != null && s < templateCount; s++) {
            if (context[s] >= 0) {
              jacobian[context[t] * p + context[s]] = localJacobian[t * templateCount + s];
            }
          }
        }
      }
    }
  }

  @Override
  public void toCoordinates(double[] parameters) {
    double[] result = parameters.clone();
    for (int[] context : contexts) {
      gather(context, parameters);
      change.toCoordinates(local);
      for (int t = 0; t < templateCount; t++) {
        if (context[t] >= 0) {
          result[context[t]] = local[t];
        }
      }
    }
    System.arraycopy(result, 0, parameters, 0, p);
  }

  /** Natural parameters of coordinates, within the bounds to the last digit. */
  double[] natural(FormulaProblem problem, double[] coordinates) {
    double[] natural = new double[p];
    toNatural(coordinates, natural, null);
    for (int j = 0; j < p; j++) {
      int template = problem.templates().get(j);
      Bounds bounds = problem.derivation().model().parameters().get(template).bounds();
      double value = logged.get(template) ? Math.exp(natural[j]) : natural[j];
      natural[j] = Math.min(Math.max(value, bounds.lower()), bounds.upper());
    }
    return natural;
  }

  /** Coordinates of natural parameters. */
  double[] of(FormulaProblem problem, double[] natural) {
    double[] coordinates = natural.clone();
    for (int j = 0; j < p; j++) {
      if (logged.get(problem.templates().get(j))) {
        coordinates[j] = Math.log(natural[j]);
      }
    }
    toCoordinates(coordinates);
    return coordinates;
  }
}

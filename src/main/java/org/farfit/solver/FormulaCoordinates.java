package org.farfit.solver;

import org.farfit.engine.FormulaProblem;
import org.farfit.formula.Bounds;
import org.farfit.formula.Coordinates;
import org.farfit.formula.Derivation;
import org.farfit.formula.LawCoordinates;

/**
 * The coordinates of a formula's problem, with the bounds of its parameters. Bounds of a parameter
 * that is held by its logarithm are those of the logarithm.
 */
final class FormulaCoordinates implements BoundedCoordinates {

  /** Enough to make a singular block regular, too little to slow the solution of linear ones. */
  private static final double LINEAR_DAMPING = 1e-6;

  private final LawCoordinates coordinates;
  private final double[] lower;
  private final double[] upper;
  private final double[] dampingShare;
  private final boolean[] floored;

  FormulaCoordinates(FormulaProblem problem) {
    coordinates = problem.coordinates();
    Derivation derivation = problem.derivation();
    int p = coordinates.dimension();
    lower = new double[p];
    upper = new double[p];
    dampingShare = new double[p];
    floored = new boolean[p];
    for (int j = 0; j < p; j++) {
      int template = problem.templates().get(j);
      Bounds bounds = coordinates.bounds(j);
      boolean log = coordinates.isLogged(j);
      lower[j] = log ? Math.log(Math.max(0, bounds.lower())) : bounds.lower();
      upper[j] = log ? Math.log(bounds.upper()) : bounds.upper();
      boolean linear = !derivation.logResiduals() && derivation.linear().get(template);
      dampingShare[j] = linear && !log ? LINEAR_DAMPING : 1;
      floored[j] =
          derivation.logarithmic().get(template)
              && derivation.roles().get(template) != Coordinates.Role.OTHER;
    }
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

  @Override
  public void toNatural(double[] point, double[] natural, double[] jacobian) {
    coordinates.toNatural(point, natural, jacobian);
  }

  @Override
  public void toCoordinates(double[] parameters) {
    coordinates.toCoordinates(parameters);
  }
}

package org.farfit.formula;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The coordinates of a formula's parameters at a centre, where parameters with indices occur once
 * per category. One thread at a time.
 *
 * <p>Between coordinates and parameters stand <em>natural</em> values: the parameters, but of those
 * that are {@linkplain Derivation#logged held by their logarithm}, that.
 */
public final class LawCoordinates {

  /** A parameter this close to a bound, as a share of its size, is at it. */
  private static final double AT_BOUND = 1e-9;

  private final Derivation derivation;
  private final Derivation.Change change;
  private final BitSet logged;
  private final int p;
  private final int templateCount;
  private final List<Integer> templates;
  private final List<int[]> contexts;
  private final double[] local;
  private final double[] localNatural;
  private final double[] localJacobian;

  /**
   * Coordinates.
   *
   * @param centres the columns of the law at the centre
   * @param templates for each parameter, that of the formula
   * @param contexts for each combination of categories, which parameter each of the formula is; -1
   *     for one that takes no part
   */
  public LawCoordinates(
      Derivation derivation, double[] centres, List<Integer> templates, List<int[]> contexts) {
    this.derivation = derivation;
    this.change = derivation.change(centres);
    this.logged = derivation.logged();
    this.templates = templates;
    this.contexts = contexts;
    this.p = templates.size();
    this.templateCount = derivation.model().parameters().size();
    this.local = new double[templateCount];
    this.localNatural = new double[templateCount];
    this.localJacobian = new double[templateCount * templateCount];
  }

  /** How many parameters there are. */
  public int dimension() {
    return p;
  }

  /** What was derived from the law. */
  public Derivation derivation() {
    return derivation;
  }

  /** For each parameter, that of the formula. */
  public List<Integer> templates() {
    return templates;
  }

  /** The bounds of a parameter. */
  public Bounds bounds(int j) {
    return derivation.model().parameters().get(templates.get(j)).bounds();
  }

  /** Whether a parameter is held by its logarithm. */
  public boolean isLogged(int j) {
    return logged.get(templates.get(j));
  }

  private void gather(int[] context, double[] from) {
    for (int t = 0; t < templateCount; t++) {
      local[t] = context[t] < 0 ? 0 : from[context[t]];
    }
  }

  /**
   * Natural values of coordinates.
   *
   * @param natural output
   * @param jacobian output, row-major: d natural value / d coordinate; null if not wanted
   */
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

  /**
   * Natural values become coordinates, in place.
   *
   * @param natural values in the order of the problem's parameters; receives as many coordinates
   */
  public void toCoordinates(double[] natural) {
    double[] result = natural.clone();
    for (int[] context : contexts) {
      gather(context, natural);
      change.toCoordinates(local);
      for (int t = 0; t < templateCount; t++) {
        if (context[t] >= 0) {
          result[context[t]] = local[t];
        }
      }
    }
    System.arraycopy(result, 0, natural, 0, p);
  }

  /**
   * Parameters of coordinates, within the bounds to the last digit.
   *
   * @param coordinates as many as {@link #dimension}
   * @return as many, in the order of the problem's parameters
   */
  public double[] parameters(double[] coordinates) {
    double[] parameters = new double[p];
    toNatural(coordinates, parameters, null);
    for (int j = 0; j < p; j++) {
      double value = isLogged(j) ? Math.exp(parameters[j]) : parameters[j];
      Bounds bounds = bounds(j);
      parameters[j] = Math.min(Math.max(value, bounds.lower()), bounds.upper());
    }
    return parameters;
  }

  /**
   * Coordinates of parameters.
   *
   * @param parameters in the order of the problem's parameters; not changed
   */
  public double[] of(double[] parameters) {
    double[] coordinates = parameters.clone();
    for (int j = 0; j < p; j++) {
      if (isLogged(j)) {
        coordinates[j] = Math.log(parameters[j]);
      }
    }
    toCoordinates(coordinates);
    return coordinates;
  }

  /** Whether a parameter is at a bound. */
  public boolean isAtBound(int j, double value) {
    Bounds bounds = bounds(j);
    return isAt(value, bounds.lower()) || isAt(value, bounds.upper());
  }

  private static boolean isAt(double value, double bound) {
    return Double.isFinite(bound)
        && Math.abs(value - bound) <= AT_BOUND * Math.max(Math.abs(bound), Math.abs(value));
  }
}

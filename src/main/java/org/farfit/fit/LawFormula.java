package org.farfit.fit;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.farfit.formula.Derivation;
import org.farfit.formula.Derivations;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.Model;
import org.farfit.formula.Shelf;
import org.farfit.law.Centre;
import org.farfit.law.Law;

/**
 * The formula of a law that is made by hand, and the coordinates in which its derivation states it.
 * Where the derived coordinates are the law's centred parameters in another order they are taken as
 * they are; else they are made from the published parameters.
 */
public final class LawFormula {

  /** Coordinates are the same numbers if they differ by less than rounding may have left. */
  private static final double SAME = 1e-9;

  private final Law law;
  private final Derivation derivation;

  /** By published position, where the formula has that parameter. */
  private final int[] parameterOf;

  private LawFormula(FormulaLaw law) {
    this.law = law;
    this.derivation = Derivations.of(law.model(), law.logResiduals(), List.of());
    this.parameterOf = new int[0];
  }

  private LawFormula(Law law, Model model) {
    this.law = law;
    this.derivation = Derivations.of(model, true, List.of());
    List<String> names = model.parameters().stream().map(Model.Parameter::name).toList();
    this.parameterOf = law.parameterNames().stream().mapToInt(names::indexOf).toArray();
    if (Arrays.stream(parameterOf).anyMatch(j -> j < 0)) {
      throw new IllegalStateException(
          "%s: the parameters of its formula are %s".formatted(law.name(), names));
    }
  }

  /**
   * Whether a law has one response and no categories, so that it is one function of its columns.
   */
  public static boolean isOneFunction(Law law) {
    return !(law instanceof FormulaLaw formula)
        || (formula.model().indices().isEmpty() && formula.model().responses().size() == 1);
  }

  /**
   * The formula of a law that {@link #isOneFunction}.
   *
   * @throws IllegalStateException if the law has none on the shelf, or one of other parameters
   */
  public static LawFormula of(Law law) {
    if (law instanceof FormulaLaw formula) {
      return new LawFormula(formula);
    }
    return new LawFormula(
        law,
        Model.of(
            Shelf.named(law.name())
                .orElseThrow(() -> new IllegalStateException("no formula of " + law.name()))));
  }

  /** What is derived from the formula, for logarithms of losses. */
  public Derivation derivation() {
    return derivation;
  }

  /** The centre of the runs as values of the columns, in the order of the model. */
  public double[] centres(Centre centre) {
    return derivation.model().columns().stream().mapToDouble(centre::value).toArray();
  }

  /** What makes derived coordinates of centred parameters at a centre. One thread at a time. */
  public UnaryOperator<double[]> coordinates(Centre centre) {
    if (law instanceof FormulaLaw) {
      return double[]::clone;
    }
    Derivation.Change change = derivation.change(centres(centre));
    int[] order = order(centre, change);
    return order.length > 0
        ? centred -> Arrays.stream(order).mapToDouble(k -> centred[k]).toArray()
        : centred -> changed(centre, change, centred);
  }

  /** The centred parameter that each coordinate is; none if one of them is no such. */
  private int[] order(Centre centre, Derivation.Change change) {
    double[] centred = new double[law.parameterCount()];
    law.toCentred(centre, law.example(), centred);
    double[] coordinates = changed(centre, change, centred);
    int[] order =
        Arrays.stream(coordinates)
            .mapToInt(value ->
                IntStream.range(0, centred.length)
                    .filter(k -> Math.abs(centred[k] - value) < SAME)
                    .findFirst()
                    .orElse(-1))
            .toArray();
    return Arrays.stream(order).filter(k -> k >= 0).distinct().count() == order.length
        ? order
        : new int[0];
  }

  private double[] changed(Centre centre, Derivation.Change change, double[] centred) {
    double[] published = new double[centred.length];
    law.toPublished(centre, centred, published);
    double[] values = new double[centred.length];
    for (int k = 0; k < published.length; k++) {
      int j = parameterOf[k];
      values[j] = derivation.logged().get(j) ? Math.log(published[k]) : published[k];
    }
    change.toCoordinates(values);
    return values;
  }
}

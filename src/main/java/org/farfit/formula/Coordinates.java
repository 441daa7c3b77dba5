package org.farfit.formula;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Coordinates in which a fit is well conditioned, found by rules that can be read off:
 *
 * <ol>
 *   <li>a positive parameter that is not an exponent is its logarithm, unless the law is linear in
 *       it and so are the residuals;
 *   <li>a x^g + b in an exponent, or in the exponent of an exponent, is a Box-Cox curve: value,
 *       slope and curvature at the centre of x, and value and slope are those of the whole sum it
 *       stands in;
 *   <li>the factor of ln x in a sum with other terms in x is the slope of the sum by ln x at the
 *       centre;
 *   <li>a parameter that is added to others is the whole sum at the centre of the columns: so the
 *       logarithm of a coefficient becomes the logarithm of its term there;
 *   <li>a coefficient of an exponential is the coefficient times that exponential at the centre;
 *   <li>anything else stays as it is.
 * </ol>
 *
 * <p>Each rule replaces a parameter by an invertible expression of itself and others, so the family
 * of surfaces is the same.
 */
public final class Coordinates {

  /** A positive parameter that may vary by less than this factor needs no logarithm. */
  private static final double WIDE = 50;

  /**
   * A change of coordinates.
   *
   * @param parameters which are replaced
   * @param forward the new ones as nodes of the old ones
   */
  private record Step(int[] parameters, int[] forward) {}

  /** What a coordinate is, from which the range of its starts follows. */
  public enum Role {
    /** The logarithm of a positive parameter. */
    LOGARITHM,
    /** The logarithm of a term at the centre. */
    TERM,
    /** The exponent of an exponent at the centre. */
    INNER_EXPONENT,
    /** The slope of a curve by the logarithm of a column. */
    SLOPE,
    /** The curvature of such a curve. */
    CURVATURE,
    /** An exponent of a column. */
    EXPONENT,
    /** Anything else. */
    OTHER
  }

  private final Model model;
  private final Graph graph = new Graph();
  private final int count;
  private final BitSet linear;
  private final List<Step> steps = new ArrayList<>();
  private final String[] meaning;
  private final Role[] roles;
  private final BitSet logarithmic = new BitSet();
  private final BitSet logged = new BitSet();
  private final BitSet done = new BitSet();
  private int[] roots;
  private int[] natural;

  /**
   * Derives coordinates.
   *
   * @param linear parameters that the residuals are linear in; empty for log residuals
   */
  Coordinates(Model model, BitSet linear) {
    this.model = model;
    this.count = model.parameters().size();
    this.linear = linear;
    this.meaning = new String[count];
    this.roles = new Role[count];
    Arrays.fill(roles, Role.OTHER);
    this.natural = new int[count];
    this.roots = model.responses().stream().mapToInt(Model.Response::root).toArray();
    for (int j = 0; j < count; j++) {
      meaning[j] = model.parameters().get(j).name();
      natural[j] = graph.parameter(j);
    }
    takeLogarithms();
    while (replaceCurve()) {
      // until there is none
    }
    while (slope()) {
      // until there is none
    }
    while (shift()) {
      // until there is none
    }
    while (scale()) {
      // until there is none
    }
  }

  /** The graph of everything below. */
  Graph graph() {
    return graph;
  }

  /** The responses in these coordinates. */
  int[] roots() {
    return roots;
  }

  /** The natural parameters in these coordinates; depend on no column but on centres. */
  int[] natural() {
    return natural;
  }

  /** What each coordinate is, in words. */
  List<String> meanings() {
    return List.of(meaning);
  }

  /** Coordinates that are logarithms of terms or of positive parameters, or exponents of them. */
  BitSet logarithmic() {
    return logarithmic;
  }

  /** What each coordinate is. */
  List<Role> roles() {
    return List.of(roles);
  }

  /** Parameters whose logarithm the rules begin with. */
  BitSet logged() {
    return logged;
  }

  /** A function that turns natural parameters, or their logarithms, into coordinates in place. */
  Forward forward(double[] centres) {
    return new Forward(centres);
  }

  /** Turns natural parameters into coordinates. Not thread-safe. */
  final class Forward {

    private final double[] centres;
    private final List<Interpreter> interpreters = new ArrayList<>();

    private Forward(double[] centres) {
      this.centres = centres;
      for (Step step : steps) {
        interpreters.add(new Interpreter(graph, step.forward()));
      }
    }

    void apply(double[] parameters) {
      for (int i = 0; i < steps.size(); i++) {
        Step step = steps.get(i);
        Interpreter interpreter = interpreters.get(i);
        interpreter.run(parameters, null, centres);
        for (int k = 0; k < step.parameters().length; k++) {
          parameters[step.parameters()[k]] = interpreter.value(step.forward()[k]);
        }
      }
    }
  }

  private void takeLogarithms() {
    BitSet exponents = Occurrences.exponents(model.graph(), roots);
    BitSet taken = new BitSet();
    for (int j = 0; j < count; j++) {
      Bounds bounds = model.parameters().get(j).bounds();
      boolean inferred = model.graph().isPositive(model.graph().parameter(j));
      boolean wide = bounds.lower() <= 0 || bounds.upper() / bounds.lower() >= WIDE;
      if (bounds.positive() && inferred && wide && !exponents.get(j) && !linear.get(j)) {
        taken.set(j);
      }
    }
    for (int j = 0; j < count; j++) {
      if (model.parameters().get(j).bounds().positive()) {
        graph.positive(j);
      }
    }
    Graph.Leaves leaves =
        (target, op, index) ->
            op == Op.PARAMETER && taken.get(index)
                ? target.exp(target.parameter(index))
                : Graph.Leaves.SAME.leaf(target, op, index);
    roots = Graph.rebuilt(model.graph(), roots, graph, leaves);
    for (int j = taken.nextSetBit(0); j >= 0; j = taken.nextSetBit(j + 1)) {
      natural[j] = graph.exp(graph.parameter(j));
      meaning[j] = "ln " + meaning[j];
      roles[j] = Role.LOGARITHM;
      logarithmic.set(j);
      logged.set(j);
    }
  }

  private boolean isFree(int node, Occurrences at) {
    return graph.op(node) == Op.PARAMETER && at.uses(node) == 1 && !done.get(graph.index(node));
  }

  /** Whether an expression can be part of the coordinate of a parameter: no more indices. */
  private boolean mayJoin(int rest, int parameter) {
    List<String> own = model.parameters().get(parameter).indices();
    return !graph.parameters(rest).get(parameter)
        && graph.parameters(rest).stream()
            .allMatch(other -> own.containsAll(model.parameters().get(other).indices()));
  }

  private void replace(int[] parameters, int[] forward, int[] replacements) {
    steps.add(new Step(parameters, forward));
    Graph.Leaves leaves =
        (target, op, index) -> {
          if (op == Op.PARAMETER) {
            for (int k = 0; k < parameters.length; k++) {
              if (parameters[k] == index) {
                return replacements[k];
              }
            }
          }
          return Graph.Leaves.SAME.leaf(target, op, index);
        };
    roots = Graph.rebuilt(graph, roots, graph, leaves);
    natural = Graph.rebuilt(graph, natural, graph, leaves);
    for (int parameter : parameters) {
      done.set(parameter);
    }
  }

  // The rules -------------------------------------------------------------------------------------

  /** a x^g + b within an exponent: b, a and g become value, slope and curvature at the centre. */
  private boolean replaceCurve() {
    Occurrences at = new Occurrences(graph, roots);
    for (int sum : at.wholeSums()) {
      List<Occurrences.Term> terms = at.terms(sum);
      for (Occurrences.Term power : terms) {
        Optional<Curve> curve = curve(power, at);
        if (curve.isEmpty()) {
          continue;
        }
        for (Occurrences.Term value : terms) {
          if (isFree(value.node(), at) && !value.negative()) {
            List<Occurrences.Term> rest = new ArrayList<>(terms);
            rest.remove(power);
            rest.remove(value);
            int others = at.total(rest);
            if (mayJoin(others, graph.index(value.node()))
                && mayJoin(others, curve.get().coefficient())
                && !graph.parameters(others).get(curve.get().exponent())) {
              replaceCurve(sum, curve.get(), graph.index(value.node()), others);
              return true;
            }
          }
        }
      }
    }
    return false;
  }

  /** The power a x^g of a column. */
  private record Curve(int coefficient, int exponent, int column) {}

  private Optional<Curve> curve(Occurrences.Term term, Occurrences at) {
    int node = term.node();
    if (term.negative() || graph.op(node) != Op.MUL) {
      return Optional.empty();
    }
    int coefficient = graph.op(graph.a(node)) == Op.EXP ? graph.b(node) : graph.a(node);
    int power = coefficient == graph.a(node) ? graph.b(node) : graph.a(node);
    if (!isFree(coefficient, at) || graph.op(power) != Op.EXP || at.uses(power) != 1) {
      return Optional.empty();
    }
    int product = graph.a(power);
    if (graph.op(product) != Op.MUL || at.uses(product) != 1) {
      return Optional.empty();
    }
    int exponent = graph.op(graph.a(product)) == Op.LN ? graph.b(product) : graph.a(product);
    int log = exponent == graph.a(product) ? graph.b(product) : graph.a(product);
    if (!isFree(exponent, at)
        || graph.op(log) != Op.LN
        || graph.op(graph.a(log)) != Op.COLUMN
        || !model.parameters().get(graph.index(exponent)).indices().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Curve(graph.index(coefficient), graph.index(exponent), graph.index(graph.a(log))));
  }

  private void replaceCurve(int sum, Curve curve, int value, int others) {
    roles[value] = new Occurrences(graph, roots).isInner(sum) ? Role.INNER_EXPONENT : Role.TERM;
    int a = graph.parameter(curve.coefficient());
    int g = graph.parameter(curve.exponent());
    int b = graph.parameter(value);
    int log0 = graph.ln(graph.centre(curve.column()));
    int othersAtCentre = graph.atCentre(others);
    int slopeOfOthers = Occurrences.logSlopeAtCentre(graph, others, count, curve.column());
    int atCentre = graph.mul(a, graph.exp(graph.mul(g, log0)));
    int[] forward = {
      graph.add(graph.add(b, atCentre), othersAtCentre),
      graph.add(graph.mul(g, atCentre), slopeOfOthers)
    };
    // b and a now stand for the whole sum and its slope at the centre.
    int c = graph.subtract(b, othersAtCentre);
    int m = graph.subtract(a, slopeOfOthers);
    int x = graph.subtract(graph.ln(graph.column(curve.column())), log0);
    int bend = graph.mul(x, graph.unary(Op.GROWTH, graph.mul(g, x)));
    int over = graph.div(m, g);
    int[] old = {
      graph.subtract(c, over), graph.mul(over, graph.exp(graph.neg(graph.mul(g, log0))))
    };
    String column = model.columns().get(curve.column());
    replaceCurveInRoots(curve, value, c, graph.mul(m, bend), old, forward);
    meaning[value] = "exponent at the centre (from %s)".formatted(meaning[value]);
    meaning[curve.coefficient()] =
        "its slope by ln %s there (from %s)".formatted(column, meaning[curve.coefficient()]);
    meaning[curve.exponent()] =
        "its curvature by ln %s (%s)".formatted(column, meaning[curve.exponent()]);
    roles[curve.coefficient()] = Role.SLOPE;
    roles[curve.exponent()] = Role.CURVATURE;
    logarithmic.set(value);
    logarithmic.set(curve.coefficient());
    logarithmic.set(curve.exponent());
    done.set(curve.exponent());
  }

  private int powerOf(Curve curve) {
    return graph.exp(
        graph.mul(graph.parameter(curve.exponent()), graph.ln(graph.column(curve.column()))));
  }

  /**
   * Puts value + slope x bend in place of b + a x^g. The two stand apart in the sum, so b becomes c
   * and the product a x^g becomes m x bend; elsewhere, in the natural parameters, a and b become
   * their closed forms.
   */
  private void replaceCurveInRoots(
      Curve curve, int value, int c, int curved, int[] old, int[] forward) {
    steps.add(new Step(new int[] {value, curve.coefficient()}, forward));
    int product = graph.mul(graph.parameter(curve.coefficient()), powerOf(curve));
    int[] image = new int[graph.size()];
    Arrays.fill(image, -1);
    BitSet reached = graph.reachable(roots);
    for (int id = reached.nextSetBit(0); id >= 0; id = reached.nextSetBit(id + 1)) {
      Op op = graph.op(id);
      if (id == product) {
        image[id] = curved;
      } else if (op == Op.PARAMETER && graph.index(id) == value) {
        image[id] = c;
      } else {
        image[id] =
            switch (op.operands()) {
              case 0 -> id;
              case 1 -> graph.unary(op, image[graph.a(id)]);
              default -> graph.binary(op, image[graph.a(id)], image[graph.b(id)]);
            };
      }
    }
    roots = Arrays.stream(roots).map(root -> image[root]).toArray();
    natural =
        Graph.rebuilt(
            graph,
            natural,
            graph,
            (target, op, index) ->
                op == Op.PARAMETER && index == value
                    ? old[0]
                    : op == Op.PARAMETER && index == curve.coefficient()
                        ? old[1]
                        : Graph.Leaves.SAME.leaf(target, op, index));
    done.set(value);
    done.set(curve.coefficient());
  }

  /** p ln x next to other terms with x: p becomes the slope of the sum by ln x at the centre. */
  private boolean slope() {
    Occurrences at = new Occurrences(graph, roots);
    for (int sum : at.wholeSums()) {
      List<Occurrences.Term> terms = at.terms(sum);
      for (Occurrences.Term own : terms) {
        int node = own.node();
        if (graph.op(node) != Op.MUL || at.uses(node) != 1) {
          continue;
        }
        int p = graph.op(graph.a(node)) == Op.PARAMETER ? graph.a(node) : graph.b(node);
        int log = p == graph.a(node) ? graph.b(node) : graph.a(node);
        if (!isFree(p, at) || graph.op(log) != Op.LN || graph.op(graph.a(log)) != Op.COLUMN) {
          continue;
        }
        int column = graph.index(graph.a(log));
        List<Occurrences.Term> rest = new ArrayList<>(terms);
        rest.remove(own);
        int others = at.total(rest);
        int parameter = graph.index(p);
        if (!mayJoin(others, parameter)) {
          continue;
        }
        int slope = Occurrences.logSlopeAtCentre(graph, others, count, column);
        if (graph.parameters(slope).isEmpty()) {
          continue;
        }
        int shift = own.negative() ? graph.neg(slope) : slope;
        meaning[parameter] =
            "slope of its sum by ln %s at the centre (from %s)"
                .formatted(model.columns().get(column), meaning[parameter]);
        roles[parameter] = Role.EXPONENT;
        replace(
            new int[] {parameter},
            new int[] {graph.add(p, shift)},
            new int[] {graph.subtract(p, shift)});
        return true;
      }
    }
    return false;
  }

  /** A parameter added to others that depend on parameters: it becomes the sum at the centre. */
  private boolean shift() {
    Occurrences at = new Occurrences(graph, roots);
    for (int sum : at.wholeSums()) {
      List<Occurrences.Term> terms = at.terms(sum);
      for (Occurrences.Term own : terms) {
        if (!isFree(own.node(), at)) {
          continue;
        }
        int parameter = graph.index(own.node());
        List<Occurrences.Term> rest = new ArrayList<>(terms);
        rest.remove(own);
        int others = at.total(rest);
        if (graph.parameters(others).isEmpty()
            || graph.columns(others).isEmpty()
            || !mayJoin(others, parameter)) {
          continue;
        }
        int atCentre = graph.atCentre(others);
        int shift = own.negative() ? graph.neg(atCentre) : atCentre;
        int p = own.node();
        boolean exponent = at.isExponent(sum);
        meaning[parameter] =
            exponent
                ? "ln of its term at the centre (from %s)".formatted(meaning[parameter])
                : "its sum at the centre (from %s)".formatted(meaning[parameter]);
        if (exponent) {
          logarithmic.set(parameter);
          roles[parameter] = at.isInner(sum) ? Role.INNER_EXPONENT : Role.TERM;
          markExponents(rest);
        }
        replace(
            new int[] {parameter},
            new int[] {graph.add(p, shift)},
            new int[] {graph.subtract(p, shift)});
        return true;
      }
    }
    return false;
  }

  /** alpha of alpha ln N, next to the logarithm of a term, is of the same kind. */
  private void markExponents(List<Occurrences.Term> terms) {
    for (Occurrences.Term term : terms) {
      int node = term.node();
      if (graph.op(node) == Op.MUL) {
        int parameter = graph.op(graph.a(node)) == Op.PARAMETER ? graph.a(node) : graph.b(node);
        int other = parameter == graph.a(node) ? graph.b(node) : graph.a(node);
        if (graph.op(parameter) == Op.PARAMETER && graph.op(other) == Op.LN) {
          logarithmic.set(graph.index(parameter));
          if (roles[graph.index(parameter)] == Role.OTHER) {
            roles[graph.index(parameter)] = Role.EXPONENT;
          }
        }
      }
    }
  }

  /** A coefficient of an exponential: it becomes the product at the centre. */
  private boolean scale() {
    Occurrences at = new Occurrences(graph, roots);
    for (int id : at.products()) {
      List<Integer> factors = at.factors(id);
      for (int own : factors) {
        if (!isFree(own, at)) {
          continue;
        }
        for (int other : factors) {
          if (graph.op(other) == Op.EXP
              && !graph.parameters(other).isEmpty()
              && !graph.columns(other).isEmpty()
              && mayJoin(other, graph.index(own))) {
            int parameter = graph.index(own);
            int exponent = graph.atCentre(graph.a(other));
            meaning[parameter] = "its term at the centre (from %s)".formatted(meaning[parameter]);
            replace(
                new int[] {parameter},
                new int[] {graph.mul(own, graph.exp(exponent))},
                new int[] {graph.mul(own, graph.exp(graph.neg(exponent)))});
            return true;
          }
        }
      }
    }
    return false;
  }
}

package org.farfit.formula;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

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
    BitSet exponents = exponents();
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

  /** Parameters that occur in exponents as factors only, such as alpha in N^-alpha. */
  private BitSet exponents() {
    Graph from = model.graph();
    BitSet reached = from.reachable(roots);
    BitSet inExponent = new BitSet();
    BitSet factors = new BitSet();
    BitSet elsewhere = new BitSet();
    for (int id = from.size() - 1; id >= 0; id--) {
      if (!reached.get(id) || from.op(id).operands() == 0) {
        continue;
      }
      Op op = from.op(id);
      boolean begins = op == Op.EXP || op == Op.LOGSUM;
      boolean passes =
          inExponent.get(id) && (op == Op.ADD || op == Op.NEG || op == Op.MUL || op == Op.DIV);
      for (int side = 0; side < op.operands(); side++) {
        int operand = side == 0 ? from.a(id) : from.b(id);
        if (begins || passes) {
          inExponent.set(operand);
        }
        if (from.op(operand) == Op.PARAMETER) {
          boolean factor = passes && (op == Op.MUL || op == Op.NEG);
          (factor ? factors : elsewhere).set(from.index(operand));
        }
      }
    }
    factors.andNot(elsewhere);
    return factors;
  }

  // Occurrences -----------------------------------------------------------------------------------

  /** How often each node is an operand, or a root. */
  private int[] uses(BitSet reached) {
    int[] uses = new int[graph.size()];
    for (int id = reached.nextSetBit(0); id >= 0; id = reached.nextSetBit(id + 1)) {
      if (graph.op(id).operands() > 0) {
        uses[graph.a(id)]++;
      }
      if (graph.op(id).operands() > 1) {
        uses[graph.b(id)]++;
      }
    }
    return uses;
  }

  private boolean isFree(int node, int[] uses) {
    return graph.op(node) == Op.PARAMETER && uses[node] == 1 && !done.get(graph.index(node));
  }

  /** Sums that are operands of something else than a sum: each is one exponent or argument. */
  private List<Integer> wholeSums(BitSet reached) {
    BitSet operands = new BitSet();
    for (int id = reached.nextSetBit(0); id >= 0; id = reached.nextSetBit(id + 1)) {
      Op op = graph.op(id);
      if (op != Op.ADD && op != Op.NEG) {
        if (op.operands() > 0) {
          operands.set(graph.a(id));
        }
        if (op.operands() > 1) {
          operands.set(graph.b(id));
        }
      }
    }
    return operands.stream().filter(id -> graph.op(id) == Op.ADD).boxed().toList();
  }

  /** A term of a sum, with its sign. */
  private record Term(int node, boolean negative) {}

  private List<Term> terms(int sum) {
    List<Term> terms = new ArrayList<>();
    List<Term> open = new ArrayList<>(List.of(new Term(sum, false)));
    while (!open.isEmpty()) {
      Term term = open.removeLast();
      switch (graph.op(term.node())) {
        case ADD -> {
          open.add(new Term(graph.a(term.node()), term.negative()));
          open.add(new Term(graph.b(term.node()), term.negative()));
        }
        case NEG -> open.add(new Term(graph.a(term.node()), !term.negative()));
        default -> terms.add(term);
      }
    }
    return terms;
  }

  private int total(List<Term> terms) {
    int total = graph.constant(0);
    for (Term term : terms) {
      total = term.negative() ? graph.subtract(total, term.node()) : graph.add(total, term.node());
    }
    return total;
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
    BitSet reached = graph.reachable(roots);
    int[] uses = uses(reached);
    for (int sum : wholeSums(reached)) {
      List<Term> terms = terms(sum);
      for (Term power : terms) {
        Optional<Curve> curve = curve(power, uses);
        if (curve.isEmpty()) {
          continue;
        }
        for (Term value : terms) {
          if (isFree(value.node(), uses) && !value.negative()) {
            List<Term> rest = new ArrayList<>(terms);
            rest.remove(power);
            rest.remove(value);
            int others = total(rest);
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

  private Optional<Curve> curve(Term term, int[] uses) {
    int node = term.node();
    if (term.negative() || graph.op(node) != Op.MUL) {
      return Optional.empty();
    }
    int coefficient = graph.op(graph.a(node)) == Op.EXP ? graph.b(node) : graph.a(node);
    int power = coefficient == graph.a(node) ? graph.b(node) : graph.a(node);
    if (!isFree(coefficient, uses) || graph.op(power) != Op.EXP || uses[power] != 1) {
      return Optional.empty();
    }
    int product = graph.a(power);
    if (graph.op(product) != Op.MUL || uses[product] != 1) {
      return Optional.empty();
    }
    int exponent = graph.op(graph.a(product)) == Op.LN ? graph.b(product) : graph.a(product);
    int log = exponent == graph.a(product) ? graph.b(product) : graph.a(product);
    if (!isFree(exponent, uses)
        || graph.op(log) != Op.LN
        || graph.op(graph.a(log)) != Op.COLUMN
        || !model.parameters().get(graph.index(exponent)).indices().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Curve(graph.index(coefficient), graph.index(exponent), graph.index(graph.a(log))));
  }

  private void replaceCurve(int sum, Curve curve, int value, int others) {
    roles[value] = isInner(sum, graph.reachable(roots)) ? Role.INNER_EXPONENT : Role.TERM;
    int a = graph.parameter(curve.coefficient());
    int g = graph.parameter(curve.exponent());
    int b = graph.parameter(value);
    int log0 = graph.ln(graph.centre(curve.column()));
    int othersAtCentre = graph.atCentre(others);
    int slopeOfOthers = logSlopeAtCentre(others, curve.column());
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

  /** d node / d ln column, at the centre. */
  private int logSlopeAtCentre(int node, int column) {
    if (!graph.columns(node).get(column)) {
      return graph.constant(0);
    }
    int stand = count; // a parameter that no law has
    Graph.Leaves asParameter =
        (target, op, index) ->
            op == Op.COLUMN && index == column
                ? target.exp(target.parameter(stand))
                : Graph.Leaves.SAME.leaf(target, op, index);
    int free = graph.lowered(Graph.rebuilt(graph, new int[] {node}, graph, asParameter))[0];
    SortedMap<Integer, Integer> gradient =
        new Derivatives(graph, new Frequency(graph, new BitSet())).of(free);
    Integer slope = gradient.get(stand);
    if (slope == null) {
      return graph.constant(0);
    }
    Graph.Leaves back =
        (target, op, index) -> {
          if (op == Op.PARAMETER && index == stand) {
            return target.ln(target.centre(column));
          }
          return op == Op.COLUMN ? target.centre(index) : Graph.Leaves.SAME.leaf(target, op, index);
        };
    return Graph.rebuilt(graph, new int[] {slope}, graph, back)[0];
  }

  /** p ln x next to other terms with x: p becomes the slope of the sum by ln x at the centre. */
  private boolean slope() {
    BitSet reached = graph.reachable(roots);
    int[] uses = uses(reached);
    for (int sum : wholeSums(reached)) {
      List<Term> terms = terms(sum);
      for (Term own : terms) {
        int node = own.node();
        if (graph.op(node) != Op.MUL || uses[node] != 1) {
          continue;
        }
        int p = graph.op(graph.a(node)) == Op.PARAMETER ? graph.a(node) : graph.b(node);
        int log = p == graph.a(node) ? graph.b(node) : graph.a(node);
        if (!isFree(p, uses) || graph.op(log) != Op.LN || graph.op(graph.a(log)) != Op.COLUMN) {
          continue;
        }
        int column = graph.index(graph.a(log));
        List<Term> rest = new ArrayList<>(terms);
        rest.remove(own);
        int others = total(rest);
        int parameter = graph.index(p);
        if (!mayJoin(others, parameter)) {
          continue;
        }
        int slope = logSlopeAtCentre(others, column);
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
    BitSet reached = graph.reachable(roots);
    int[] uses = uses(reached);
    for (int sum : wholeSums(reached)) {
      List<Term> terms = terms(sum);
      for (Term own : terms) {
        if (!isFree(own.node(), uses)) {
          continue;
        }
        int parameter = graph.index(own.node());
        List<Term> rest = new ArrayList<>(terms);
        rest.remove(own);
        int others = total(rest);
        if (graph.parameters(others).isEmpty()
            || graph.columns(others).isEmpty()
            || !mayJoin(others, parameter)) {
          continue;
        }
        int atCentre = graph.atCentre(others);
        int shift = own.negative() ? graph.neg(atCentre) : atCentre;
        int p = own.node();
        boolean exponent = isExponent(sum, reached);
        meaning[parameter] =
            exponent
                ? "ln of its term at the centre (from %s)".formatted(meaning[parameter])
                : "its sum at the centre (from %s)".formatted(meaning[parameter]);
        if (exponent) {
          logarithmic.set(parameter);
          roles[parameter] = isInner(sum, reached) ? Role.INNER_EXPONENT : Role.TERM;
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

  private boolean isExponent(int sum, BitSet reached) {
    return reached.stream()
        .anyMatch(id ->
            (graph.op(id) == Op.EXP || graph.op(id) == Op.LOGSUM)
                && (graph.a(id) == sum || graph.b(id) == sum));
  }

  /** alpha of alpha ln N, next to the logarithm of a term, is of the same kind. */
  private void markExponents(List<Term> terms) {
    for (Term term : terms) {
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

  /** Whether the exponential of a sum is itself in an exponent. */
  private boolean isInner(int sum, BitSet reached) {
    BitSet above = new BitSet();
    above.set(sum);
    int exponentials = 0;
    for (int id = reached.nextSetBit(sum + 1); id >= 0; id = reached.nextSetBit(id + 1)) {
      Op op = graph.op(id);
      boolean uses =
          (op.operands() > 0 && above.get(graph.a(id)))
              || (op.operands() > 1 && above.get(graph.b(id)));
      if (uses) {
        above.set(id);
        exponentials += op == Op.EXP ? 1 : 0;
      }
    }
    return exponentials > 1;
  }

  /** A coefficient of an exponential: it becomes the product at the centre. */
  private boolean scale() {
    BitSet reached = graph.reachable(roots);
    int[] uses = uses(reached);
    for (int id = reached.nextSetBit(0); id >= 0; id = reached.nextSetBit(id + 1)) {
      if (graph.op(id) != Op.MUL) {
        continue;
      }
      List<Integer> factors = factors(id);
      for (int own : factors) {
        if (!isFree(own, uses)) {
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

  private List<Integer> factors(int product) {
    List<Integer> factors = new ArrayList<>();
    List<Integer> open = new ArrayList<>(List.of(product));
    while (!open.isEmpty()) {
      int node = open.removeLast();
      if (graph.op(node) == Op.MUL) {
        open.add(graph.a(node));
        open.add(graph.b(node));
      } else {
        factors.add(node);
      }
    }
    return factors;
  }
}

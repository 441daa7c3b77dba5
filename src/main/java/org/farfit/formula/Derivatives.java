package org.farfit.formula;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Exact derivatives of a node by the parameters it depends on, as nodes of the same graph.
 *
 * <p>Adjoints run backwards only through what changes as often as the node itself. Where something
 * that changes less often is reached, such as a curve of one column or an expression of parameters
 * alone, its own derivatives, which change as seldom, are multiplied by its adjoint. So what is
 * computed for each run stays as small as what a careful programmer would write.
 */
final class Derivatives {

  /**
   * A root below it has the slope of this one. Where what is under a root vanishes like e^z, so
   * does its slope, and their quotient is then 0 and not 0/0.
   */
  private static final double LEAST_ROOT = 1e-160;

  private final Graph graph;
  private final Frequency frequency;
  private final Map<Integer, SortedMap<Integer, Integer>> known = new HashMap<>();

  Derivatives(Graph graph, Frequency frequency) {
    this.graph = graph;
    this.frequency = frequency;
  }

  /** The derivatives of a node by each parameter that it depends on. */
  SortedMap<Integer, Integer> of(int node) {
    SortedMap<Integer, Integer> found = known.get(node);
    if (found == null) {
      graph.normalising(false);
      found = backwards(node);
      graph.normalising(true);
      known.put(node, found);
    }
    return found;
  }

  /**
   * What changes less often than a node and its derivative passes through.
   *
   * @param node what is reached
   * @param adjoint the derivative by it
   * @param gradient its own derivatives by parameters
   */
  record Cut(int node, int adjoint, SortedMap<Integer, Integer> gradient) {}

  /** The derivative of a node, taken apart at what changes less often. */
  List<Cut> cuts(int root) {
    if (frequency.of(root).kind() != Frequency.Kind.RUN) {
      return List.of(new Cut(root, graph.constant(1), of(root)));
    }
    List<Cut> cuts = new ArrayList<>();
    adjoints(root)
        .forEach((node, adjoint) -> {
          SortedMap<Integer, Integer> inner = of(node);
          graph.normalising(false);
          cuts.add(new Cut(node, adjoint.value(), inner));
          graph.normalising(true);
        });
    return cuts;
  }

  private SortedMap<Integer, Integer> backwards(int root) {
    SortedMap<Integer, Integer> gradient = new TreeMap<>();
    if (graph.op(root) == Op.PARAMETER) {
      gradient.put(graph.index(root), graph.constant(1));
      return gradient;
    }
    SortedMap<Integer, Adjoint> sums = new TreeMap<>();
    adjoints(root)
        .forEach((node, adjoint) -> {
          Map<Integer, Integer> inner = of(node);
          graph.normalising(false);
          inner.forEach((parameter, derivative) ->
              sums.computeIfAbsent(parameter, key -> new Adjoint()).add(adjoint.times(derivative)));
        });
    sums.forEach((parameter, sum) -> gradient.put(parameter, sum.value()));
    gradient.values().removeIf(derivative -> graph.is(derivative, 0));
    return gradient;
  }

  /** The derivatives of a node by parameters and by what changes less often than it does. */
  private SortedMap<Integer, Adjoint> adjoints(int root) {
    Frequency.Level level = frequency.of(root);
    SortedMap<Integer, Adjoint> reached = new TreeMap<>();
    TreeMap<Integer, Adjoint> adjoints = new TreeMap<>();
    graph.normalising(false);
    adjoints.put(root, new Adjoint().add(graph.constant(1), graph.constant(1)));
    while (!adjoints.isEmpty()) {
      int node = adjoints.lastKey();
      Adjoint adjoint = adjoints.remove(node).withoutCancelling();
      if (graph.op(node) == Op.PARAMETER || !frequency.of(node).equals(level)) {
        reached.put(node, adjoint);
      } else if (graph.logSum(node).isPresent()) {
        Graph.LogSum sum = graph.logSum(node).get();
        int share = graph.unary(Op.SIGMOID, graph.subtract(sum.u(), sum.w()));
        pass(adjoints, sum.u(), adjoint, share);
        pass(adjoints, sum.w(), adjoint, graph.subtract(graph.constant(1), share));
      } else {
        Op op = graph.op(node);
        pass(adjoints, graph.a(node), adjoint, byFirst(op, node));
        if (op.operands() == 2) {
          pass(adjoints, graph.b(node), adjoint, bySecond(op, node));
        }
      }
    }
    graph.normalising(true);
    return reached;
  }

  private void pass(Map<Integer, Adjoint> adjoints, int operand, Adjoint adjoint, int derivative) {
    if (!graph.parameters(operand).isEmpty() && !graph.is(derivative, 0)) {
      adjoints.computeIfAbsent(operand, key -> new Adjoint()).add(adjoint.times(derivative));
    }
  }

  /**
   * A sum of products of something and an expression of columns alone. The latter are gathered, so
   * that what multiplies an adjoint is computed once per data set and not in every problem.
   */
  private final class Adjoint {

    private final SortedMap<Integer, Integer> columnFactors = new TreeMap<>();

    Adjoint add(int base, int columnFactor) {
      columnFactors.merge(base, columnFactor, graph::add);
      return this;
    }

    void add(Adjoint other) {
      other.columnFactors.forEach(this::add);
    }

    Adjoint times(int factor) {
      Adjoint product = new Adjoint();
      if (graph.parameters(factor).isEmpty()) {
        columnFactors.forEach((base, columns) -> product.add(base, graph.mul(columns, factor)));
      } else {
        product.add(graph.mul(value(), factor), graph.constant(1));
      }
      return product;
    }

    /** b c - b s c, s being a sigmoid, as b (1 - s) c. */
    Adjoint withoutCancelling() {
      for (Map.Entry<Integer, Integer> entry : columnFactors.entrySet()) {
        int node = entry.getKey();
        int sigmoid = graph.op(node) == Op.SIGMOID ? node : -1;
        int base = graph.constant(1);
        if (graph.op(node) == Op.MUL) {
          boolean first = graph.op(graph.a(node)) == Op.SIGMOID;
          sigmoid = first ? graph.a(node) : graph.b(node);
          base = first ? graph.b(node) : graph.a(node);
        }
        if (sigmoid < 0 || graph.op(sigmoid) != Op.SIGMOID) {
          continue;
        }
        Integer whole = columnFactors.get(base);
        if (whole != null && whole == graph.neg(entry.getValue())) {
          Adjoint simpler = new Adjoint();
          simpler.add(this);
          simpler.columnFactors.remove(base);
          simpler.columnFactors.remove(node);
          int complement = graph.subtract(graph.constant(1), sigmoid);
          return simpler.add(graph.mul(base, complement), whole).withoutCancelling();
        }
      }
      return this;
    }

    int value() {
      int sum = graph.constant(0);
      for (Map.Entry<Integer, Integer> term : columnFactors.entrySet()) {
        sum = graph.add(sum, graph.mul(term.getKey(), term.getValue()));
      }
      return sum;
    }
  }

  private int byFirst(Op op, int node) {
    int a = graph.a(node);
    int b = graph.b(node);
    return switch (op) {
      case ADD -> graph.constant(1);
      case MUL -> b;
      case DIV -> graph.div(graph.constant(1), b);
      case NEG -> graph.constant(-1);
      case EXP -> node;
      case LN -> graph.div(graph.constant(1), a);
      case SQRT ->
          graph.div(graph.constant(0.5), graph.binary(Op.MAX, node, graph.constant(LEAST_ROOT)));
      // 1 - tanh^2, which would lose the digits of what is left where tanh is near 1.
      case TANH -> {
        int rise = graph.unary(Op.SIGMOID, graph.mul(graph.constant(2), a));
        int fall = graph.unary(Op.SIGMOID, graph.mul(graph.constant(-2), a));
        yield graph.mul(graph.constant(4), graph.mul(rise, fall));
      }
      case ABS -> graph.unary(Op.SIGN, a);
      case MIN -> graph.binary(Op.GREATER, b, a);
      case MAX -> graph.subtract(graph.constant(1), graph.binary(Op.GREATER, b, a));
      case SIGMOID -> graph.mul(node, graph.subtract(graph.constant(1), node));
      case SOFTPLUS -> graph.unary(Op.SIGMOID, a);
      case GROWTH -> graph.unary(Op.GROWTH_SLOPE, a);
      case SIGN, GREATER -> graph.constant(0);
      case GROWTH_SLOPE, LOGSUM, CONST, COLUMN, CENTRE, PARAMETER ->
          throw new IllegalArgumentException("no derivative of " + op);
    };
  }

  private int bySecond(Op op, int node) {
    int a = graph.a(node);
    int b = graph.b(node);
    return switch (op) {
      case ADD -> graph.constant(1);
      case MUL -> a;
      case DIV -> graph.neg(graph.div(node, b));
      case MIN -> graph.subtract(graph.constant(1), graph.binary(Op.GREATER, b, a));
      case MAX -> graph.binary(Op.GREATER, b, a);
      case GREATER -> graph.constant(0);
      default -> throw new IllegalArgumentException(op + " has one operand");
    };
  }
}

package org.farfit.formula;

import java.util.HashMap;
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

  private SortedMap<Integer, Integer> backwards(int root) {
    SortedMap<Integer, Integer> gradient = new TreeMap<>();
    if (graph.op(root) == Op.PARAMETER) {
      gradient.put(graph.index(root), graph.constant(1));
      return gradient;
    }
    Frequency.Level level = frequency.of(root);
    SortedMap<Integer, Adjoint> sums = new TreeMap<>();
    TreeMap<Integer, Adjoint> adjoints = new TreeMap<>();
    adjoints.put(root, new Adjoint().add(graph.constant(1), graph.constant(1)));
    while (!adjoints.isEmpty()) {
      int node = adjoints.lastKey();
      Adjoint adjoint = adjoints.remove(node);
      if (graph.op(node) == Op.PARAMETER) {
        sums.computeIfAbsent(graph.index(node), key -> new Adjoint()).add(adjoint);
      } else if (!frequency.of(node).equals(level)) {
        Map<Integer, Integer> inner = of(node);
        graph.normalising(false);
        inner.forEach((parameter, derivative) ->
            sums.computeIfAbsent(parameter, key -> new Adjoint()).add(adjoint.times(derivative)));
      } else {
        Op op = graph.op(node);
        pass(adjoints, graph.a(node), adjoint, byFirst(op, node));
        if (op.operands() == 2) {
          pass(adjoints, graph.b(node), adjoint, bySecond(op, node));
        }
      }
    }
    sums.forEach((parameter, sum) -> gradient.put(parameter, sum.value()));
    gradient.values().removeIf(derivative -> graph.is(derivative, 0));
    return gradient;
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
      case SQRT -> graph.div(graph.constant(0.5), node);
      case TANH -> graph.subtract(graph.constant(1), graph.mul(node, node));
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

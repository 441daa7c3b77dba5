package org.farfit.formula;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;

/**
 * Where things stand in expressions: what is used how often, which sums are whole, what their terms
 * are, what is an exponent. What {@link Coordinates} looks for its rules in; a view of the
 * expressions as they are when it is made.
 */
final class Occurrences {

  private final Graph graph;
  private final BitSet reached;
  private final int[] uses;

  /** What is reached from some roots. */
  Occurrences(Graph graph, int[] roots) {
    this.graph = graph;
    this.reached = graph.reachable(roots);
    this.uses = new int[graph.size()];
    for (int id = reached.nextSetBit(0); id >= 0; id = reached.nextSetBit(id + 1)) {
      if (graph.op(id).operands() > 0) {
        uses[graph.a(id)]++;
      }
      if (graph.op(id).operands() > 1) {
        uses[graph.b(id)]++;
      }
    }
  }

  /** How often a node is an operand. */
  int uses(int node) {
    return uses[node];
  }

  /** Every product, operands before what they are part of. */
  List<Integer> products() {
    return reached.stream().filter(id -> graph.op(id) == Op.MUL).boxed().toList();
  }

  /** Sums that are operands of something else than a sum: each is one exponent or argument. */
  List<Integer> wholeSums() {
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
  record Term(int node, boolean negative) {}

  List<Term> terms(int sum) {
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

  int total(List<Term> terms) {
    int total = graph.constant(0);
    for (Term term : terms) {
      total = term.negative() ? graph.subtract(total, term.node()) : graph.add(total, term.node());
    }
    return total;
  }

  boolean isExponent(int sum) {
    return reached.stream()
        .anyMatch(id ->
            (graph.op(id) == Op.EXP || graph.op(id) == Op.LOGSUM)
                && (graph.a(id) == sum || graph.b(id) == sum));
  }

  /** Whether the exponential of a sum is itself in an exponent. */
  boolean isInner(int sum) {
    BitSet above = new BitSet();
    above.set(sum);
    int exponentials = 0;
    for (int id = reached.nextSetBit(sum + 1); id >= 0; id = reached.nextSetBit(id + 1)) {
      Op op = graph.op(id);
      boolean used =
          (op.operands() > 0 && above.get(graph.a(id)))
              || (op.operands() > 1 && above.get(graph.b(id)));
      if (used) {
        above.set(id);
        exponentials += op == Op.EXP ? 1 : 0;
      }
    }
    return exponentials > 1;
  }

  List<Integer> factors(int product) {
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

  /**
   * d node / d ln column, at the centre.
   *
   * @param stand the number of a parameter that no law has, which stands for ln column meanwhile
   */
  static int logSlopeAtCentre(Graph graph, int node, int stand, int column) {
    if (!graph.columns(node).get(column)) {
      return graph.constant(0);
    }
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

  /** Parameters that occur in exponents as factors only, such as alpha in N^-alpha. */
  static BitSet exponents(Graph from, int[] roots) {
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
}

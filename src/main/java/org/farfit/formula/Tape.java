package org.farfit.formula;

/**
 * The nodes that some others need, each after its operands, in arrays: what interpreters walk.
 * Immutable.
 */
final class Tape {

  private final int[] nodes;
  private final Op[] ops;
  private final int[] a;
  private final int[] b;
  private final int[] index;
  private final double[] constants;

  /** The nodes that some roots need, and these. */
  Tape(Graph graph, int... roots) {
    nodes = graph.reachable(roots).stream().toArray();
    ops = new Op[nodes.length];
    a = new int[nodes.length];
    b = new int[nodes.length];
    index = new int[nodes.length];
    constants = new double[nodes.length];
    for (int i = 0; i < nodes.length; i++) {
      Op op = graph.op(nodes[i]);
      ops[i] = op;
      a[i] = op.operands() > 0 ? graph.a(nodes[i]) : 0;
      b[i] = op.operands() > 1 ? graph.b(nodes[i]) : a[i];
      switch (op) {
        case CONST -> constants[i] = graph.value(nodes[i]);
        case COLUMN, CENTRE, PARAMETER -> index[i] = graph.index(nodes[i]);
        default -> {}
      }
    }
  }

  /** How many nodes there are. */
  int length() {
    return nodes.length;
  }

  /** The node at a place. */
  int node(int i) {
    return nodes[i];
  }

  /** What it computes. */
  Op op(int i) {
    return ops[i];
  }

  /** The node that is its first operand. */
  int a(int i) {
    return a[i];
  }

  /** The node that is its second operand, or its only one. */
  int b(int i) {
    return b[i];
  }

  /** Which column or parameter it is. */
  int index(int i) {
    return index[i];
  }

  /** The number that a constant is. */
  double constant(int i) {
    return constants[i];
  }
}

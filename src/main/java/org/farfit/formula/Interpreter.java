package org.farfit.formula;

import java.util.BitSet;

/** Evaluates nodes of a graph at one point, one after the other. Slow; the judge of fast code. */
public final class Interpreter {

  private final Graph graph;
  private final int[] order;
  private final double[] values;

  /** An interpreter of some nodes. */
  public Interpreter(Graph graph, int... roots) {
    this.graph = graph;
    BitSet reached = graph.reachable(roots);
    this.order = reached.stream().toArray();
    this.values = new double[graph.size()];
  }

  /**
   * Evaluates.
   *
   * @param columns values of the columns; may be null if no node needs any
   * @param centres values of the columns at the centre; likewise
   */
  public void run(double[] parameters, double[] columns, double[] centres) {
    for (int node : order) {
      Op op = graph.op(node);
      values[node] =
          switch (op) {
            case CONST -> graph.value(node);
            case COLUMN -> columns[graph.index(node)];
            case CENTRE -> centres[graph.index(node)];
            case PARAMETER -> parameters[graph.index(node)];
            default ->
                Scalars.apply(
                    op, values[graph.a(node)], op.operands() > 1 ? values[graph.b(node)] : 0.0);
          };
    }
  }

  /** What {@link #run} computed for a node. */
  public double value(int node) {
    return values[node];
  }
}

package org.farfit.formula;

/** Evaluates nodes of a graph at one point, one after the other. Slow; the judge of fast code. */
public final class Interpreter {

  private final Tape tape;
  private final double[] values;

  /** An interpreter of some nodes. */
  public Interpreter(Graph graph, int... roots) {
    this.tape = new Tape(graph, roots);
    this.values = new double[graph.size()];
  }

  /**
   * Evaluates.
   *
   * @param parameters in the order of the model; may be null if no node needs any
   * @param columns values of the columns; may be null if no node needs any
   * @param centres values of the columns at the centre; likewise
   */
  public void run(double[] parameters, double[] columns, double[] centres) {
    for (int i = 0; i < tape.length(); i++) {
      values[tape.node(i)] =
          switch (tape.op(i)) {
            case CONST -> tape.constant(i);
            case COLUMN -> columns[tape.index(i)];
            case CENTRE -> centres[tape.index(i)];
            case PARAMETER -> parameters[tape.index(i)];
            default -> Scalars.apply(tape.op(i), values[tape.a(i)], values[tape.b(i)]);
          };
    }
  }

  /** What {@link #run} computed for a node. */
  public double value(int node) {
    return values[node];
  }
}

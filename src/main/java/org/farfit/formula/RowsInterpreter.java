package org.farfit.formula;

import java.util.Arrays;

/**
 * Evaluates nodes of a graph at some runs at once, for one point of the parameters after the other:
 * each operation is a loop over the runs. What depends on columns alone is computed once, what
 * depends on parameters alone once for all runs. Not thread-safe.
 */
public final class RowsInterpreter {

  private final Tape tape;
  private final int rows;
  private final double[][] values;
  private final Varies[] varies;

  /** With what a node's values change. */
  private enum Varies {
    RUNS,
    PARAMETERS,
    BOTH
  }

  /**
   * An interpreter of some nodes.
   *
   * @param columns the columns of the formula, each with a value per run
   * @param centres values of the columns at the centre; may be null if no node needs any
   * @param rows how many runs there are
   */
  public RowsInterpreter(
      Graph graph, double[][] columns, double[] centres, int rows, int... roots) {
    this.tape = new Tape(graph, roots);
    this.rows = rows;
    this.values = new double[graph.size()][];
    this.varies = new Varies[tape.length()];
    for (int i = 0; i < tape.length(); i++) {
      int node = tape.node(i);
      values[node] = new double[rows];
      boolean constant = graph.parameters(node).isEmpty();
      boolean same = graph.columns(node).isEmpty();
      varies[i] = constant ? Varies.RUNS : same ? Varies.PARAMETERS : Varies.BOTH;
      switch (tape.op(i)) {
        case CONST -> Arrays.fill(values[node], tape.constant(i));
        case COLUMN -> System.arraycopy(columns[tape.index(i)], 0, values[node], 0, rows);
        case CENTRE -> Arrays.fill(values[node], centres[tape.index(i)]);
        case PARAMETER -> {}
        default -> {
          if (constant) {
            apply(i, rows);
          }
        }
      }
    }
  }

  /**
   * Evaluates at a point.
   *
   * @param parameters in the order of the model
   */
  public void run(double[] parameters) {
    for (int i = 0; i < tape.length(); i++) {
      switch (varies[i]) {
        case RUNS -> {}
        case PARAMETERS -> {
          double[] to = values[tape.node(i)];
          if (tape.op(i) == Op.PARAMETER) {
            to[0] = parameters[tape.index(i)];
          } else {
            apply(i, 1);
          }
          Arrays.fill(to, to[0]);
        }
        case BOTH -> apply(i, rows);
      }
    }
  }

  /** What {@link #run} computed for a node at each run. Not to be changed. */
  public double[] values(int node) {
    return values[node];
  }

  private void apply(int i, int count) {
    double[] to = values[tape.node(i)];
    double[] a = values[tape.a(i)];
    double[] b = values[tape.b(i)];
    Op op = tape.op(i);
    switch (op) {
      case ADD -> {
        for (int row = 0; row < count; row++) {
          to[row] = a[row] + b[row];
        }
      }
      case MUL -> {
        for (int row = 0; row < count; row++) {
          to[row] = a[row] * b[row];
        }
      }
      case DIV -> {
        for (int row = 0; row < count; row++) {
          to[row] = a[row] / b[row];
        }
      }
      case EXP -> {
        for (int row = 0; row < count; row++) {
          to[row] = Math.exp(a[row]);
        }
      }
      default -> {
        for (int row = 0; row < count; row++) {
          to[row] = Scalars.apply(op, a[row], b[row]);
        }
      }
    }
  }
}

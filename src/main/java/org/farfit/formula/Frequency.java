package org.farfit.formula;

import java.util.BitSet;

/**
 * How often each node of a graph must be computed: once per data set (numbers and columns alone),
 * once per problem (parameters alone), once per distinct value of a column, or once per run.
 */
public final class Frequency {

  /** Kinds of frequency, the rarest first. */
  public enum Kind {
    /** No parameter, no column. */
    CONSTANT,
    /** Columns alone. */
    COLUMN,
    /** Parameters alone. */
    PROBLEM,
    /** Parameters and one column of few values. */
    VALUE,
    /** Everything else. */
    RUN
  }

  /**
   * A frequency.
   *
   * @param column for {@link Kind#VALUE} the column, else -1
   */
  public record Level(Kind kind, int column) {

    static final Level CONSTANT = new Level(Kind.CONSTANT, -1);
    static final Level COLUMN = new Level(Kind.COLUMN, -1);
    static final Level PROBLEM = new Level(Kind.PROBLEM, -1);
    static final Level RUN = new Level(Kind.RUN, -1);
  }

  private final Graph graph;
  private final BitSet grouped;

  /**
   * Frequencies of the nodes of a graph.
   *
   * @param grouped columns that have few distinct values
   */
  Frequency(Graph graph, BitSet grouped) {
    this.graph = graph;
    this.grouped = grouped;
  }

  /** The frequency of a node. */
  public Level of(int node) {
    BitSet columns = graph.columns(node);
    if (graph.parameters(node).isEmpty()) {
      return columns.isEmpty() ? Level.CONSTANT : Level.COLUMN;
    }
    if (columns.isEmpty()) {
      return Level.PROBLEM;
    }
    int first = columns.nextSetBit(0);
    return columns.cardinality() == 1 && grouped.get(first)
        ? new Level(Kind.VALUE, first)
        : Level.RUN;
  }
}

package org.farfit.formula;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * On which scale the columns put a parameter: one that is compared with a column, as in {@code
 * (ln(lr) - m)^2}, {@code x/x0} or {@code N + n0}, lies among the column's values; one that divides
 * what a column moves, as a width, is a share of their range; one that multiplies a column, as a
 * rate, is of the size of the inverse of that range. Exponents, which multiply logarithms, have
 * ranges of their own.
 */
public final class ColumnScales {

  /** Widths from this share of the range on. */
  private static final double NARROWEST = 0.03;

  /** Rates up to so many inverse half-ranges. */
  private static final double STEEPEST = 3;

  /**
   * Where a parameter may lie.
   *
   * @param low least value, or its logarithm if {@code log}
   */
  public record Scale(double low, double high, boolean log) {

    /** A value, given a number from 0 to 1. */
    public double at(double unit) {
      double value = low + unit * (high - low);
      return log ? Math.exp(value) : value;
    }
  }

  private enum Kind {
    OFFSET,
    WIDTH,
    RATE
  }

  /**
   * How a parameter meets columns.
   *
   * @param node the expression of columns
   * @param sign by which the parameter is added to it
   * @param log whether its logarithm is
   */
  private record Meeting(Kind kind, int node, int sign, boolean log) {}

  private final Graph graph;
  private final Map<Integer, Meeting> meetings = new HashMap<>();

  ColumnScales(Graph graph, int[] roots) {
    this.graph = graph;
    BitSet reached = graph.reachable(roots);
    BitSet within = withinSums(reached);
    for (int node = reached.nextSetBit(0); node >= 0; node = reached.nextSetBit(node + 1)) {
      switch (graph.op(node)) {
        case ADD -> {
          if (!within.get(node)) {
            compare(graph.a(node), graph.b(node));
            compare(graph.b(node), graph.a(node));
          }
        }
        case DIV -> widen(graph.a(node), graph.b(node));
        case MUL -> {
          multiply(graph.a(node), graph.b(node));
          multiply(graph.b(node), graph.a(node));
        }
        default -> {}
      }
    }
  }

  /** Sums to which another parameter is added, which is compared with the column, too. */
  private BitSet withinSums(BitSet reached) {
    BitSet within = new BitSet();
    for (int node = reached.nextSetBit(0); node >= 0; node = reached.nextSetBit(node + 1)) {
      if (graph.op(node) == Op.ADD) {
        add(within, graph.a(node), graph.b(node));
        add(within, graph.b(node), graph.a(node));
      }
    }
    return within;
  }

  private void add(BitSet within, int sum, int other) {
    if (!graph.parameters(other).isEmpty()) {
      within.set(graph.op(sum) == Op.NEG ? graph.a(sum) : sum);
    }
  }

  private void meet(int parameter, Meeting meeting) {
    meetings.merge(
        parameter,
        meeting,
        (known, other) -> other.kind().compareTo(known.kind()) < 0 ? other : known);
  }

  private void compare(int parameter, int columns) {
    if (!graph.parameters(columns).isEmpty() || graph.columns(columns).isEmpty()) {
      return;
    }
    boolean negative = graph.op(parameter) == Op.NEG;
    int inner = negative ? graph.a(parameter) : parameter;
    boolean log = graph.op(inner) == Op.LN;
    int named = log ? graph.a(inner) : inner;
    if (graph.op(named) == Op.PARAMETER) {
      meet(graph.index(named), new Meeting(Kind.OFFSET, columns, negative ? -1 : 1, log));
    }
  }

  private void widen(int above, int below) {
    if (graph.parameters(below).cardinality() == 1 && graph.columns(below).isEmpty()) {
      base(above)
          .ifPresent(node ->
              meet(graph.parameters(below).nextSetBit(0), new Meeting(Kind.WIDTH, node, 1, false)));
    }
  }

  private void multiply(int parameter, int columns) {
    if (graph.op(parameter) == Op.PARAMETER) {
      base(columns)
          .filter(node -> graph.op(node) == Op.COLUMN)
          .ifPresent(node -> meet(graph.index(parameter), new Meeting(Kind.RATE, node, 1, false)));
    }
  }

  /**
   * The only column that an expression depends on, or its logarithm if it does so by that alone.
   */
  private Optional<Integer> base(int expression) {
    if (graph.columns(expression).cardinality() != 1) {
      return Optional.empty();
    }
    BitSet reached = graph.reachable(new int[] {expression});
    int column = -1;
    int logarithm = -1;
    boolean bare = false;
    for (int node = reached.nextSetBit(0); node >= 0; node = reached.nextSetBit(node + 1)) {
      switch (graph.op(node)) {
        case COLUMN -> column = node;
        case LN -> {
          if (graph.op(graph.a(node)) != Op.COLUMN) {
            return Optional.empty();
          }
          logarithm = node;
        }
        default -> {
          int operands = graph.op(node).operands();
          bare |= operands > 0 && graph.op(graph.a(node)) == Op.COLUMN;
          bare |= operands > 1 && graph.op(graph.b(node)) == Op.COLUMN;
        }
      }
    }
    return Optional.of(logarithm >= 0 && !bare ? logarithm : column);
  }

  /**
   * The scales of parameters for some runs; null where columns say nothing.
   *
   * @param columns the columns of the law, each with a value per run
   * @param parameters how many there are
   */
  public Scale[] of(double[][] columns, int parameters) {
    Scale[] scales = new Scale[parameters];
    int runs = columns.length == 0 ? 0 : columns[0].length;
    double[] row = new double[columns.length];
    meetings.forEach((parameter, meeting) -> {
      Interpreter interpreter = new Interpreter(graph, meeting.node());
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < runs; i++) {
        int run = i;
        Arrays.setAll(row, c -> columns[c][run]);
        interpreter.run(null, row, null);
        double value = interpreter.value(meeting.node());
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      double range = high - low;
      if (range > 0 && range < Double.POSITIVE_INFINITY) {
        scales[parameter] =
            switch (meeting.kind()) {
              case OFFSET ->
                  meeting.sign() < 0
                      ? new Scale(low, high, meeting.log())
                      : meeting.log() ? null : new Scale(-high, -low, false);
              case WIDTH -> new Scale(Math.log(NARROWEST * range), Math.log(range), true);
              case RATE -> new Scale(-2 * STEEPEST / range, 2 * STEEPEST / range, false);
            };
      }
    });
    return scales;
  }
}

package org.farfit.kernels;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import org.farfit.formula.Graph;
import org.farfit.formula.Op;
import org.farfit.formula.Schedule;

/**
 * How a thread of a device goes through a {@link Schedule}: runs are sorted by the column that
 * shares of derivatives change by, or else the one whose values save the most work, and what
 * depends on that column alone is computed once per value, in registers. There is no room for
 * tables of values of other columns, so what depends on those is computed for each run.
 */
final class Arrangement {

  /** What a function costs, in operations of arithmetic. */
  private static final int FUNCTION = 20;

  /** Where a node is found, or when it is computed. */
  enum Level {
    /** A number in the code. */
    CONST,
    /** A number of the data set. */
    SCALAR,
    /** Expressions of columns alone. */
    COLUMN,
    /** Once per problem. */
    PROBLEM,
    /** Once per value of the column by which runs are sorted. */
    GROUP,
    /** Once per run. */
    RUN
  }

  private final Schedule schedule;
  private final Graph graph;
  private final int groupExtent;
  private final List<Integer> problemNodes = new ArrayList<>();
  private final List<Integer> groupColumns = new ArrayList<>();
  private final List<Integer> runColumns = new ArrayList<>();
  private final Level[] levels;

  Arrangement(Schedule schedule) {
    this.schedule = schedule;
    this.graph = schedule.graph();
    this.levels = new Level[graph.size()];
    List<Schedule.Extent> extents = schedule.extents();
    groupExtent = schedule.shareExtent() > 0 ? schedule.shareExtent() : costliest(extents);
    for (int e = 0; e < extents.size(); e++) {
      Level level = e == 0 ? Level.PROBLEM : e == groupExtent ? Level.GROUP : Level.RUN;
      for (int node : nodes(extents.get(e))) {
        levels[node] = level;
      }
    }
    for (int e = 0; e < extents.size(); e++) {
      classifyRest(extents.get(e), e == groupExtent ? groupColumns : runColumns);
    }
    collect(Level.PROBLEM, problemNodes);
  }

  private static int costliest(List<Schedule.Extent> extents) {
    int best = -1;
    int saved = 0;
    for (int e = 1; e < extents.size() - 1; e++) {
      int cost = cost(extents.get(e));
      if (cost > saved) {
        best = e;
        saved = cost;
      }
    }
    return best;
  }

  private static int cost(Schedule.Extent extent) {
    int cost = 0;
    for (Schedule.Stage stage : extent.stages()) {
      cost += FUNCTION * stage.functions().size();
      for (List<Integer> loop : stage.loops()) {
        cost += loop.size();
      }
    }
    return cost;
  }

  /** The nodes that an extent computes itself; copies for its outputs are none. */
  private List<Integer> nodes(Schedule.Extent extent) {
    List<Integer> nodes = new ArrayList<>();
    for (Schedule.Stage stage : extent.stages()) {
      stage.loops().forEach(nodes::addAll);
      nodes.addAll(stage.functions());
    }
    nodes.removeIf(node -> schedule.locate(extent, node).place() != Schedule.Place.OWN);
    return nodes;
  }

  /** Numbers, columns and parameters, which no loop computes. */
  private void classifyRest(Schedule.Extent extent, List<Integer> columns) {
    BitSet read = new BitSet();
    for (int node : nodes(extent)) {
      if (graph.op(node).operands() > 0) {
        read.set(graph.a(node));
      }
      if (graph.op(node).operands() > 1) {
        read.set(graph.b(node));
      }
    }
    if (extent == schedule.runs()) {
      read.set(schedule.valueNode());
      for (int node : schedule.factors()) {
        read.set(node);
      }
    }
    if (extent == schedule.extents().get(schedule.shareExtent())) {
      schedule.shares().stream().filter(s -> s.slot() >= 0).forEach(s -> read.set(s.node()));
    }
    read.stream()
        .filter(node -> levels[node] == null || levels[node] == Level.COLUMN)
        .forEach(node -> {
          if (graph.op(node) == Op.PARAMETER) {
            levels[node] = Level.PROBLEM;
            return;
          }
          switch (schedule.locate(extent, node).place()) {
            case CONST -> levels[node] = Level.CONST;
            case SCALAR -> levels[node] = Level.SCALAR;
            case COLUMN -> {
              levels[node] = Level.COLUMN;
              if (!columns.contains(node)) {
                columns.add(node);
              }
            }
            // The negative of an argument, which functions of both do without.
            default -> levels[node] = levels[graph.a(node)];
          }
        });
  }

  private void collect(Level level, List<Integer> into) {
    for (int node = 0; node < levels.length; node++) {
      if (levels[node] == level && graph.op(node) != Op.PARAMETER) {
        into.add(node);
      }
    }
  }

  Schedule schedule() {
    return schedule;
  }

  /** The extent of the values by which runs are sorted, or -1. */
  int groupExtent() {
    return groupExtent;
  }

  /** When a node is computed. */
  Level level(int node) {
    return levels[node];
  }

  /** Nodes computed once per problem, operands first; parameters are not among them. */
  List<Integer> problemNodes() {
    return Collections.unmodifiableList(problemNodes);
  }

  /** Expressions of columns of which there is one number per value. */
  List<Integer> groupColumns() {
    return Collections.unmodifiableList(groupColumns);
  }

  /** Expressions of columns of which there is one number per run. */
  List<Integer> runColumns() {
    return Collections.unmodifiableList(runColumns);
  }
}

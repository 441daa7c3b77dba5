package org.farfit.formula;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a schedule for people: the loops that generated code has, in the words of Java. */
public final class ScheduleText {

  private final Schedule schedule;
  private final Graph graph;
  private final List<String> columns;
  private final List<String> parameters;
  private final StringBuilder text = new StringBuilder();

  /**
   * A writer.
   *
   * @param columns names of the columns
   * @param parameters what the coordinates are called
   */
  public ScheduleText(Schedule schedule, List<String> columns, List<String> parameters) {
    this.schedule = schedule;
    this.graph = schedule.graph();
    this.columns = columns;
    this.parameters = parameters;
  }

  /** How many operations and functions each extent has, a line for each. */
  public String counts() {
    StringBuilder lines = new StringBuilder();
    for (Schedule.Extent extent : schedule.extents()) {
      Map<String, Integer> functions = new HashMap<>();
      for (int node : extent.functions()) {
        functions.merge(graph.op(node).name().toLowerCase(Locale.ROOT), 1, Integer::sum);
      }
      StringBuilder named = new StringBuilder();
      functions.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(entry -> named.append(", %d %s".formatted(entry.getValue(), entry.getKey())));
      lines.append(
          "  %-28s %d operations%s%n".formatted(label(extent), extent.operations(), named));
    }
    return lines.append(sums()).toString();
  }

  private String label(Schedule.Extent extent) {
    return switch (extent.level().kind()) {
      case PROBLEM -> "once per problem";
      case VALUE -> "per distinct " + columns.get(extent.level().column());
      default -> "per run";
    };
  }

  /** The loops. */
  public String code() {
    for (Schedule.Extent extent : schedule.extents()) {
      text.append("// ").append(label(extent)).append('\n');
      for (Schedule.Stage stage : extent.stages()) {
        for (List<Integer> loop : stage.loops()) {
          if (!loop.isEmpty()) {
            loop(extent, loop);
          }
        }
        for (Schedule.Call call : stage.calls()) {
          call(extent, call);
        }
      }
    }
    text.append("// residual: ").append(slot("run", schedule.valueSlot())).append('\n');
    accumulation();
    return text.toString();
  }

  private void call(Schedule.Extent extent, Schedule.Call call) {
    for (int node : call.results()) {
      if (node >= 0) {
        text.append(
            "%s = %s(%s%s); // over the array%n"
                .formatted(
                    name(extent, node),
                    graph.op(node).name().toLowerCase(Locale.ROOT),
                    graph.a(node) == call.operand() ? "" : "-",
                    name(extent, call.operand())));
      }
    }
  }

  /** What products are summed up in, and how they become gradient and matrix. */
  private void accumulation() {
    int[] slots = schedule.factorSlots();
    Schedule.Extent extent = schedule.extents().get(schedule.shareExtent());
    String where = label(extent);
    for (int k = 0; k < slots.length; k++) {
      text.append("// factor %d: %s%n".formatted(k, slot("run", slots[k])));
    }
    text.append("// sums %s: m[k] of weight * residual * factor k,%n".formatted(where));
    text.append("//   M[k][l] of weight * factor k * factor l%n".formatted());
    for (int j = 0; j < schedule.parameters().length; j++) {
      List<String> parts = new ArrayList<>();
      for (Schedule.Share share : schedule.shares()) {
        if (share.parameter() == j) {
          String times = share.slot() < 0 ? "" : " * " + slot(extent(extent), share.slot());
          parts.add("factor %d%s".formatted(share.factor(), times));
        }
      }
      text.append(
          "// derivative by %s: %s%n"
              .formatted(parameters.get(schedule.parameters()[j]), String.join(" + ", parts)));
    }
  }

  /** Numbers of sums for each run and of products for each value. */
  private String sums() {
    int q = schedule.factors().length;
    int p = schedule.parameters().length;
    String line =
        "  %-28s %d factors, %d sums%n".formatted("summed up per run", q, q + q * (q + 1) / 2);
    if (!schedule.isDirect()) {
      line +=
          "  %-28s %d parts of %d derivatives, %d entries%n"
              .formatted(
                  "expanded " + label(schedule.extents().get(schedule.shareExtent())),
                  schedule.shares().size(),
                  p,
                  p + p * (p + 1) / 2);
    }
    return line;
  }

  private void loop(Schedule.Extent extent, List<Integer> nodes) {
    text.append("for (each) {\n");
    for (int node : nodes) {
      boolean own = schedule.locate(extent, node).place() == Schedule.Place.OWN;
      String right =
          !own
              ? operand(extent, node)
              : switch (graph.op(node)) {
                case ADD -> binary(extent, node, "+");
                case MUL -> binary(extent, node, "*");
                case DIV -> binary(extent, node, "/");
                case NEG -> "-" + operand(extent, graph.a(node));
                default ->
                    "%s(%s%s)"
                        .formatted(
                            graph.op(node).name().toLowerCase(Locale.ROOT),
                            operand(extent, graph.a(node)),
                            graph.op(node).operands() > 1
                                ? ", " + operand(extent, graph.b(node))
                                : "");
              };
      boolean kept = extent.slot(node) >= 0;
      text.append("  double v").append(node).append(" = ").append(right).append(';');
      if (kept) {
        text.append(' ')
            .append(slot(extent(extent), extent.slot(node)))
            .append(" = v")
            .append(node)
            .append(';');
      }
      text.append('\n');
    }
    text.append("}\n");
  }

  private String binary(Schedule.Extent extent, int node, String operator) {
    return operand(extent, graph.a(node)) + " " + operator + " " + operand(extent, graph.b(node));
  }

  private static String slot(String array, int slot) {
    return array + "[" + slot + "]";
  }

  private String extent(Schedule.Extent extent) {
    return switch (extent.level().kind()) {
      case PROBLEM -> "problem";
      case VALUE -> "by_" + columns.get(extent.level().column());
      default -> "run";
    };
  }

  private String name(Schedule.Extent extent, int node) {
    return extent.slot(node) >= 0 ? slot(extent(extent), extent.slot(node)) : "v" + node;
  }

  private String operand(Schedule.Extent extent, int node) {
    Schedule.Location at = schedule.locate(extent, node);
    return switch (at.place()) {
      case CONST -> Double.toString(graph.value(node));
      case SCALAR -> "data[" + at.slot() + "]";
      case COLUMN -> column(node);
      case PROBLEM -> slot("problem", at.slot());
      case VALUE -> slot(extent(schedule.extents().get(at.extent())), at.slot());
      case OWN ->
          extent.slot(node) >= 0 && graph.op(node).isTranscendental()
              ? name(extent, node)
              : graph.op(node) == Op.PARAMETER ? slot("problem", at.slot()) : "v" + node;
    };
  }

  private String column(int node) {
    return switch (graph.op(node)) {
      case COLUMN -> columns.get(graph.index(node));
      case LN ->
          graph.op(graph.a(node)) == Op.COLUMN
              ? "ln_" + columns.get(graph.index(graph.a(node)))
              : "column_" + node;
      default -> "column_" + node;
    };
  }
}

package org.farfit.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.farfit.data.InputException;
import org.farfit.data.Setting;
import org.farfit.formula.Derivation;
import org.farfit.formula.Graph;
import org.farfit.formula.Interpreter;
import org.farfit.formula.Op;
import org.farfit.formula.Schedule;

/**
 * Binds the runs of a part to what its schedule reads of them: their order, the distinct values of
 * columns, and what expressions of columns are for each.
 */
final class PartBinder {

  private final List<String> names;
  private final Function<String, double[]> columns;
  private final IntFunction<String> places;
  private final double[] centres;

  /**
   * For the runs of some data.
   *
   * @param names the columns of the model
   * @param columns the numbers of each column
   * @param places what messages call each run
   * @param centres the columns of the model at the centre
   */
  PartBinder(
      List<String> names,
      Function<String, double[]> columns,
      IntFunction<String> places,
      double[] centres) {
    this.names = names;
    this.columns = columns;
    this.places = places;
    this.centres = centres;
  }

  /**
   * A part of a formula's runs.
   *
   * @param derivation the formula
   * @param own for each parameter of the formula, that of the problem
   * @param unordered the runs, by their places in the data
   * @param measured the response of every run of the data
   * @throws InputException if an expression of columns is not finite for a run, or a response is
   *     not positive though residuals are of logarithms
   */
  FormulaProblem.Part part(
      Derivation derivation, int response, int[] own, int[] unordered, double[] measured) {
    Schedule schedule = derivation.schedules().get(response);
    int[] members = inOrder(schedule, unordered);
    String column = derivation.model().responses().get(response).name();
    double[] target = new double[members.length];
    for (int i = 0; i < members.length; i++) {
      double value = measured[members[i]];
      if (derivation.logResiduals() && !(value > 0)) {
        throw new InputException(
            "%s: '%s' is %s, expected a positive number for residuals of logarithms; use %s"
                .formatted(places.apply(members[i]), column, value, Setting.LINEAR_OBJECTIVE));
      }
      target[i] = derivation.logResiduals() ? Math.log(value) : value;
    }
    return new FormulaProblem.Part(response, own, members, bind(schedule, members), target);
  }

  /**
   * Runs by the column by whose values products are summed up, or else by the first that they look
   * something up by.
   */
  int[] inOrder(Schedule schedule, int[] members) {
    int extent = Math.max(1, schedule.shareExtent());
    int column = schedule.extents().get(extent).level().column();
    if (column < 0) {
      return members;
    }
    double[] values = columns.apply(names.get(column));
    return Arrays.stream(members)
        .boxed()
        .sorted(Comparator.comparingDouble(run -> values[run]))
        .mapToInt(run -> run)
        .toArray();
  }

  /** What a schedule reads of some runs, given in the order of {@link ScheduleInputs}. */
  ScheduleInputs bind(Schedule schedule, int[] members) {
    Graph graph = schedule.graph();
    List<Schedule.Extent> extents = schedule.extents();
    double[][] columns = new double[extents.size()][];
    int[] counts = new int[extents.size()];
    int[] index = new int[extents.size() * members.length];
    for (int e = 0; e < extents.size(); e++) {
      Schedule.Extent extent = extents.get(e);
      int[] at =
          switch (extent.level().kind()) {
            case PROBLEM -> new int[] {members[0]};
            case VALUE -> distinct(extent.level().column(), members, index, e * members.length);
            default -> members;
          };
      counts[e] = at.length;
      columns[e] = expressions(graph, extent.columns(), at);
    }
    Interpreter interpreter = new Interpreter(graph, FormulaProblem.ints(schedule.scalars()));
    interpreter.run(null, null, centres);
    double[] scalars = schedule.scalars().stream().mapToDouble(interpreter::value).toArray();
    return new ScheduleInputs(
        scalars, columns, counts, index, starts(schedule, counts, index, members));
  }

  private static int[] starts(Schedule schedule, int[] counts, int[] index, int[] members) {
    int extent = schedule.shareExtent();
    if (extent == 0) {
      return new int[] {0, members.length};
    }
    int[] start = new int[counts[extent] + 1];
    for (int i = 0; i < members.length; i++) {
      start[index[extent * members.length + i] + 1] = i + 1;
    }
    return start;
  }

  /** One run for each distinct value of a column, and which of them each run has. */
  private int[] distinct(int column, int[] members, int[] index, int from) {
    double[] values = columns.apply(names.get(column));
    Map<Double, Integer> known = new HashMap<>();
    List<Integer> first = new ArrayList<>();
    for (int i = 0; i < members.length; i++) {
      Integer found = known.get(values[members[i]]);
      if (found == null) {
        found = first.size();
        known.put(values[members[i]], found);
        first.add(members[i]);
      }
      index[from + i] = found;
    }
    return FormulaProblem.ints(first);
  }

  private double[] expressions(Graph graph, List<Integer> nodes, int[] at) {
    Interpreter interpreter = new Interpreter(graph, FormulaProblem.ints(nodes));
    double[] row = new double[names.size()];
    double[] values = new double[nodes.size() * at.length];
    for (int i = 0; i < at.length; i++) {
      for (int c = 0; c < row.length; c++) {
        row[c] = columns.apply(names.get(c))[at[i]];
      }
      interpreter.run(null, row, centres);
      for (int k = 0; k < nodes.size(); k++) {
        double value = interpreter.value(nodes.get(k));
        if (!Double.isFinite(value)) {
          throw new InputException(notFinite(graph, nodes.get(k), at[i], row, value));
        }
        values[k * at.length + i] = value;
      }
    }
    return values;
  }

  private String notFinite(Graph graph, int node, int run, double[] row, double value) {
    BitSet used = graph.columns(node);
    int column = used.nextSetBit(0);
    boolean log = graph.op(node) == Op.LN;
    return "%s: column '%s': found %s, where %s of the formula is %s; expected a value at which it is finite, or write max(%s, 1e-12)"
        .formatted(
            places.apply(run),
            names.get(column),
            row[column],
            log ? "the logarithm or power" : "an expression",
            value,
            names.get(column));
  }
}

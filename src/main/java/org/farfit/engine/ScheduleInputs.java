package org.farfit.engine;

import java.util.Arrays;
import org.farfit.formula.Schedule;

/**
 * The runs of a part as a {@link Schedule} reads them: its expressions of columns, computed once.
 * The first extent has one item, the last the runs, those between the distinct values of a column.
 *
 * @param scalars the schedule's scalars, in its order
 * @param columns for each extent, its columns one after the other: columns x items
 * @param counts for each extent, how many items it has
 * @param index for each extent, and then each run, which item of the extent the run has: extents x
 *     runs, used for extents of values
 * @param start the first run of each value of {@link Schedule#shareExtent}, and the number of runs
 */
public record ScheduleInputs(
    double[] scalars, double[][] columns, int[] counts, int[] index, int[] start) {

  /**
   * The same of some runs alone, in order; values that none of them has are left out.
   *
   * @param kept which runs, ascending
   */
  public ScheduleInputs of(int[] kept) {
    int extents = columns.length;
    int runs = start[start.length - 1];
    int[] newCounts = counts.clone();
    int[] newIndex = new int[extents * kept.length];
    double[][] newColumns = columns.clone();
    for (int e = 1; e < extents - 1; e++) {
      int[] from = new int[counts[e]];
      int[] to = new int[counts[e]];
      Arrays.fill(to, -1);
      int values = 0;
      for (int i = 0; i < kept.length; i++) {
        int old = index[e * runs + kept[i]];
        if (to[old] < 0) {
          from[values] = old;
          to[old] = values++;
        }
        newIndex[e * kept.length + i] = to[old];
      }
      newCounts[e] = values;
      newColumns[e] = chosen(columns[e], counts[e], Arrays.copyOf(from, values));
    }
    newCounts[extents - 1] = kept.length;
    newColumns[extents - 1] = chosen(columns[extents - 1], runs, kept);
    int[] newStart = new int[start.length];
    int values = 0;
    int at = 0;
    for (int v = 0; v + 1 < start.length; v++) {
      int begin = at;
      while (at < kept.length && kept[at] < start[v + 1]) {
        at++;
      }
      if (at > begin) {
        newStart[++values] = at;
      }
    }
    return new ScheduleInputs(
        scalars, newColumns, newCounts, newIndex, Arrays.copyOf(newStart, values + 1));
  }

  private static double[] chosen(double[] columns, int stride, int[] kept) {
    int nodes = stride == 0 ? 0 : columns.length / stride;
    double[] chosen = new double[nodes * kept.length];
    for (int node = 0; node < nodes; node++) {
      for (int i = 0; i < kept.length; i++) {
        chosen[node * kept.length + i] = columns[node * stride + kept[i]];
      }
    }
    return chosen;
  }
}

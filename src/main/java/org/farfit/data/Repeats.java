package org.farfit.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What becomes of runs with the same N and D, such as those of several seeds. */
public enum Repeats {
  /** Each is a run of its own. */
  KEEP("are kept"),
  /** One run, with the weighted mean of their losses and the mean of their weights. */
  MEAN("are averaged"),
  /** One run: the first of those of least loss. */
  BEST("give way to the one of least loss");

  private final String words;

  Repeats(String words) {
    this.words = words;
  }

  /** The name by which commands and files call it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What happens to them, in words. */
  String words() {
    return words;
  }

  /**
   * Which runs make up one, in the order of the first of each.
   *
   * @return positions in {@code runs}; one of several stands for all under {@link #BEST}
   */
  List<int[]> groups(RunSet runs) {
    record Point(double n, double d) {}
    Map<Point, List<Integer>> found = new LinkedHashMap<>();
    for (int i = 0; i < runs.size(); i++) {
      found.computeIfAbsent(new Point(runs.n(i), runs.d(i)), point -> new ArrayList<>()).add(i);
    }
    return found.values().stream()
        .map(group ->
            this == BEST
                ? new int[] {group.stream().min(Comparator.comparingDouble(runs::loss)).get()}
                : group.stream().mapToInt(i -> i).toArray())
        .toList();
  }

  /** The runs with repeats merged. */
  RunSet merge(RunSet runs) {
    if (this == KEEP || runs.duplicates() == 0) {
      return runs;
    }
    List<int[]> groups = groups(runs);
    double[][] values = new double[4][groups.size()];
    for (int g = 0; g < groups.size(); g++) {
      int[] group = groups.get(g);
      values[0][g] = runs.n(group[0]);
      values[1][g] = runs.d(group[0]);
      double weights = Arrays.stream(group).mapToDouble(runs::weight).sum();
      values[2][g] =
          Arrays.stream(group).mapToDouble(i -> runs.weight(i) / weights * runs.loss(i)).sum();
      values[3][g] = weights / group.length;
    }
    return new RunSet(values[0], values[1], values[2], values[3])
        .withSizeTolerance(runs.sizeTolerance());
  }
}

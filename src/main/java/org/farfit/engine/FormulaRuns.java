package org.farfit.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Runs as named columns of numbers, columns of categories, and weights. Immutable; arrays that are
 * given or handed out are not to be changed.
 *
 * @param source what messages call the data
 * @param places where each run is in its source, for messages
 * @param columns numbers by column, responses among them
 * @param categories categories by column
 * @param weight weights of squared residuals
 */
public record FormulaRuns(
    String source,
    List<String> places,
    Map<String, double[]> columns,
    Map<String, List<String>> categories,
    double[] weight) {

  /** Runs from columns alone, of equal weight. */
  public static FormulaRuns of(String source, Map<String, double[]> columns) {
    int size = columns.values().iterator().next().length;
    double[] ones = new double[size];
    Arrays.fill(ones, 1);
    return new FormulaRuns(
        source,
        IntStream.rangeClosed(1, size).mapToObj(i -> "run " + i).toList(),
        columns,
        Map.of(),
        ones);
  }

  /**
   * The same runs with other weights.
   *
   * @param weights one per run
   */
  public FormulaRuns weighted(double[] weights) {
    return new FormulaRuns(source, places, columns, categories, weights);
  }

  /** How many runs there are. */
  public int size() {
    return weight.length;
  }

  /** The numbers of a column. */
  public double[] column(String name) {
    double[] values = columns.get(name);
    if (values == null) {
      throw new IllegalArgumentException("no column '%s' in %s".formatted(name, source));
    }
    return values;
  }

  /** The numbers of the column of a response. */
  public double[] response(String name) {
    return column(name);
  }

  /** Where a run is, for messages. */
  public String place(int run) {
    return source + ": " + places.get(run);
  }

  /** The centre of columns: the geometric mean, or the mean of those that are not all positive. */
  public double[] centres(List<String> names) {
    return names.stream()
        .mapToDouble(name -> {
          double[] values = column(name);
          return Arrays.stream(values).allMatch(value -> value > 0)
              ? Math.exp(Arrays.stream(values).map(Math::log).average().orElse(0))
              : Arrays.stream(values).average().orElse(0);
        })
        .toArray();
  }

  /** The combinations of categories that occur; one that is empty if there are no indices. */
  List<List<String>> categories(List<String> indices) {
    Map<List<String>, Boolean> found = new LinkedHashMap<>();
    for (int run = 0; run < size(); run++) {
      found.put(of(indices, run), true);
    }
    return new ArrayList<>(
        new TreeSet<>(found.keySet().stream().map(key -> new Key(key)).toList())
            .stream().map(Key::parts).toList());
  }

  /** Orders combinations. */
  private record Key(List<String> parts) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      return String.join("\0", parts).compareTo(String.join("\0", other.parts));
    }
  }

  List<String> of(List<String> indices, int run) {
    return indices.stream().map(index -> categories.get(index).get(run)).toList();
  }

  int[] withCategories(List<String> indices, List<String> wanted) {
    return IntStream.range(0, size()).filter(run -> of(indices, run).equals(wanted)).toArray();
  }
}

package org.farfit.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.farfit.data.RunSet;

/**
 * Points of a grid over columns of any names: every value of one with every value of the others.
 */
public final class ColumnGrid {

  private ColumnGrid() {}

  /** How many points there are. */
  public static long size(SequencedMap<String, List<Double>> values) {
    return values.values().stream().mapToLong(List::size).reduce(1, Math::multiplyExact);
  }

  /** The points, each the value of every column; the last column changes from one to the next. */
  public static List<Map<String, Double>> points(SequencedMap<String, List<Double>> values) {
    List<Map<String, Double>> points = List.of(Map.of());
    for (Map.Entry<String, List<Double>> column : values.entrySet()) {
      List<Map<String, Double>> longer = new ArrayList<>();
      for (Map<String, Double> point : points) {
        for (double value : column.getValue()) {
          Map<String, Double> with = new LinkedHashMap<>(point);
          with.put(column.getKey(), value);
          longer.add(with);
        }
      }
      points = longer;
    }
    return points;
  }

  /**
   * The points as runs of which nothing was measured: 1 takes its place.
   *
   * @throws IllegalArgumentException if N or D has a value that is not positive and finite
   */
  public static RunSet runs(SequencedMap<String, List<Double>> values) {
    List<Map<String, Double>> points = points(values);
    SequencedMap<String, double[]> columns = new LinkedHashMap<>();
    values
        .keySet()
        .forEach(name ->
            columns.put(name, points.stream().mapToDouble(point -> point.get(name)).toArray()));
    double[] ones = new double[points.size()];
    Arrays.fill(ones, 1);
    return RunSet.of(columns, Map.of(), ones, ones);
  }
}

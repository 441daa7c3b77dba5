package org.farfit.report.figure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.fit.FittedSurface;

/**
 * Slices through a surface over any columns: what it predicts over two of them, within the runs,
 * the others where they are fixed.
 */
public final class SliceFigures {

  /** Cells along each side of a slice, and points of a line. */
  private static final int STEPS = 24;

  private static final int LINE_STEPS = 60;

  /** Columns of which every pair is shown. */
  private static final int MOST_COLUMNS = 4;

  /** Positive values that span this factor are shown by their logarithm. */
  private static final double WIDE = 8;

  private final String name;
  private final FittedSurface surface;
  private final RunSet runs;
  private final String measured;
  private final Map<String, Double> fixed;
  private final List<String> columns;

  /**
   * Slices of a surface.
   *
   * @param name what titles call it
   * @param runs that it was fitted to
   * @param measured what it predicts
   * @param fixed where columns are that a slice does not go along; those not named are at the
   *     centre
   */
  public SliceFigures(
      String name, FittedSurface surface, RunSet runs, String measured, Map<String, Double> fixed) {
    this.name = name;
    this.surface = surface;
    this.runs = runs;
    this.measured = measured;
    this.fixed = new LinkedHashMap<>();
    surface
        .law()
        .columns()
        .forEach(
            each -> this.fixed.put(each, fixed.getOrDefault(each, surface.centre().value(each))));
    this.columns =
        surface.law().columns().stream()
            .filter(each -> !runs.categories().containsKey(each))
            .filter(each -> Arrays.stream(runs.column(each)).distinct().count() > 1)
            .limit(MOST_COLUMNS)
            .toList();
  }

  /** The columns that slices go along, the first that take several values. */
  public List<String> columns() {
    return columns;
  }

  /** Where the columns are that a slice does not go along. */
  public Map<String, Double> fixed() {
    return fixed;
  }

  /** A map over every two columns; of a law of one column its curve. */
  public List<Figure> figures() {
    if (columns.size() == 1) {
      return List.of(curve(columns.getFirst()));
    }
    List<Figure> figures = new ArrayList<>();
    for (int a = 0; a < columns.size(); a++) {
      for (int b = a + 1; b < columns.size(); b++) {
        figures.add(map(columns.get(a), columns.get(b)));
      }
    }
    return figures;
  }

  /** What is predicted along one column, with the runs. */
  public Figure curve(String column) {
    Steps steps = Steps.of(runs.column(column), LINE_STEPS);
    double[] x = steps.lines();
    double[] values = Arrays.stream(x).map(at -> predicted(Map.of(column, at))).toArray();
    return new Figure(
        Figure.id("slice", name, column),
        "%s over %s, %s".formatted(measured, column, name),
        "What %s predicts for %s from %.4g to %.4g, with the measured runs."
            .formatted(name, column, x[0], x[x.length - 1]),
        steps.axis(column),
        new Figure.Axis(measured, false),
        null,
        List.of(
            new Figure.Points("runs", runs.column(column), runs.loss(), new double[0], 0),
            new Figure.Line("fit", x, values, Figure.Style.SOLID, 1)));
  }

  /** What is predicted over two columns, with the places of the runs. */
  private Figure map(String across, String up) {
    Steps x = Steps.of(runs.column(across), STEPS);
    Steps y = Steps.of(runs.column(up), STEPS);
    double[] atX = new double[STEPS * STEPS];
    double[] atY = new double[STEPS * STEPS];
    double[] values = new double[STEPS * STEPS];
    for (int i = 0; i < values.length; i++) {
      atX[i] = x.cell(i / STEPS);
      atY[i] = y.cell(i % STEPS);
      values[i] = predicted(Map.of(across, atX[i], up, atY[i]));
    }
    double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
    double low = DoubleStream.of(finite).min().orElse(Double.NaN);
    double high = DoubleStream.of(finite).max().orElse(Double.NaN);
    return new Figure(
        Figure.id("slice", name, across, up),
        "%s over %s and %s, %s".formatted(measured, across, up, name),
        "What %s predicts over %s and %s, from %.4g to %.4g, other columns fixed; points are runs."
            .formatted(name, across, up, low, high),
        x.axis(across),
        y.axis(up),
        new Figure.Scale(measured, low, high, false),
        List.of(
            new Figure.Cells("", atX, atY, x.width(), y.width(), values),
            new Figure.Points("runs", runs.column(across), runs.column(up), new double[0], 2)));
  }

  private double predicted(Map<String, Double> at) {
    Map<String, Double> row = new LinkedHashMap<>(fixed);
    row.putAll(at);
    return surface.at(row);
  }

  /** A range of values in even steps, of their logarithm where they span much. */
  private record Steps(double low, double high, boolean log, int count) {

    static Steps of(double[] values, int count) {
      double low = Arrays.stream(values).min().orElseThrow();
      double high = Arrays.stream(values).max().orElseThrow();
      return new Steps(low, high, low > 0 && high / low >= WIDE, count);
    }

    double at(double share) {
      return log ? low * Math.pow(high / low, share) : low + share * (high - low);
    }

    /** The middle of a cell. */
    double cell(int i) {
      return at((i + 0.5) / count);
    }

    double width() {
      return log ? Math.pow(high / low, 1.0 / count) : (high - low) / count;
    }

    double[] lines() {
      return IntStream.range(0, count).mapToDouble(i -> at(i / (count - 1.0))).toArray();
    }

    Figure.Axis axis(String column) {
      return new Figure.Axis(column, log);
    }
  }
}

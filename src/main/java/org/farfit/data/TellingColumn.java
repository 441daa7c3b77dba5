package org.farfit.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.IntToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;

/**
 * A column that nobody asked for and that tells losses apart which N and D do not: names of data
 * sets, of recipes, of schedules. Runs of two data sets in one file are fitted by one surface
 * between them, which is that of neither.
 *
 * <p>What N and D tell is a polynomial of second degree of ln L in their logarithms; a column tells
 * more where another level for each of its values leaves less than a quarter of the variance. Only
 * columns of words count: numbers are sizes and budgets more often than kinds. Columns that follow
 * from N or from D, such as names of sizes, do not.
 */
final class TellingColumn {

  private static final double SHARE = 0.25;

  /** Differences of levels below this do no harm that runs do not do by themselves. */
  private static final double LEAST_DIFFERENCE = 0.01;

  /** Texts that stand in a filter and in a shell as they are. */
  private static final Pattern PLAIN = Pattern.compile("\\w{1,30}");

  private static final int MOST_VALUES = 20;
  private static final int LEAST_RUNS = 5;
  private static final int TERMS = 6;

  /** Of larger files every so manyth run tells as well. */
  private static final int MOST_RUNS = 20_000;

  /** Where N and D go together their terms are alike: this share of their squares parts them. */
  private static final double RIDGE = 1e-9;

  private final List<TextTable.Row> rows;
  private final int[] chosen;
  private final RunSet runs;

  private TellingColumn(List<TextTable.Row> rows, RunSet runs) {
    this.rows = rows;
    this.runs = runs;
    int step = 1 + rows.size() / MOST_RUNS;
    this.chosen = IntStream.range(0, rows.size()).filter(i -> i % step == 0).toArray();
  }

  /**
   * The column that tells most, in words with what to do.
   *
   * @param taken names of columns that are used
   * @param rows the rows of the runs
   */
  static Optional<String> remark(
      TextTable table, Collection<String> taken, List<TextTable.Row> rows, RunSet runs) {
    TellingColumn among = new TellingColumn(rows, runs);
    SequencedMap<Integer, Map<String, Integer>> kinds = new LinkedHashMap<>();
    for (int column = 0; column < table.header().size(); column++) {
      if (!taken.contains(table.header().get(column))) {
        int at = column;
        among.values(column).ifPresent(values -> kinds.put(at, values));
      }
    }
    return kinds.isEmpty() ? Optional.empty() : among.telling(table.header(), kinds);
  }

  /**
   * The one of some columns that tells most, in words; empty if none tells enough.
   *
   * @param kinds the values of columns, numbered, by the place of the column
   */
  private Optional<String> telling(
      List<String> header, SequencedMap<Integer, Map<String, Integer>> kinds) {
    double[][] terms = terms();
    double without = left(terms);
    if (Math.sqrt(without / terms.length) < LEAST_DIFFERENCE) {
      return Optional.empty();
    }
    double least = SHARE;
    Optional<String> remark = Optional.empty();
    for (Map.Entry<Integer, Map<String, Integer>> kind : kinds.entrySet()) {
      Map<String, Integer> values = kind.getValue();
      double share = leftWith(kind.getKey(), values, terms) / without;
      if (share < least) {
        least = share;
        remark = Optional.of(words(header.get(kind.getKey()), List.copyOf(values.keySet()), share));
      }
    }
    return remark;
  }

  private static String words(String name, List<String> values, double share) {
    return String.format(
        Locale.ROOT,
        "column '%s' (%s) tells losses apart that N and D do not: with it they leave %.2g%% of the"
            + " variance that they leave without it; fit runs of one kind, with %s%s",
        Shown.text(name),
        Shown.list(values),
        100 * share,
        Setting.WHERE,
        PLAIN.matcher(name).matches() && PLAIN.matcher(values.getFirst()).matches()
            ? " \"%s = '%s'\"".formatted(name, values.getFirst())
            : "");
  }

  /** The values of a column of words, numbered, if it may be one of kinds of runs. */
  private Optional<Map<String, Integer>> values(int column) {
    Map<String, Integer> values = new LinkedHashMap<>();
    for (int i : chosen) {
      String cell = rows.get(i).cell(column);
      values.putIfAbsent(cell, values.size());
      if (values.size() > MOST_VALUES) {
        return Optional.empty();
      }
    }
    boolean possible =
        values.size() > 1
            && chosen.length >= TERMS + values.size() + LEAST_RUNS
            && values.keySet().stream().noneMatch(TellingColumn::isNumber)
            && !follows(column, runs::n)
            && !follows(column, runs::d);
    return possible ? Optional.of(values) : Optional.empty();
  }

  private static boolean isNumber(String cell) {
    try {
      Quantity.parse(cell);
      return true;
    } catch (NumberFormatException e) {
      return RowFilter.isEmpty(cell);
    }
  }

  /** Whether runs of one size have one value, whatever the size. */
  private boolean follows(int column, IntToDoubleFunction size) {
    Map<Double, String> of = new HashMap<>();
    return Arrays.stream(chosen)
        .allMatch(i -> {
          String cell = rows.get(i).cell(column);
          String first = of.putIfAbsent(size.applyAsDouble(i), cell);
          return first == null || first.equals(cell);
        });
  }

  /**
   * The sum of squares that is left with levels by value; infinite where a value has too few runs.
   *
   * @param terms of N and D
   */
  private double leftWith(int column, Map<String, Integer> values, double[][] terms) {
    double[][] more = new double[terms.length][];
    int[] count = new int[values.size()];
    for (int k = 0; k < terms.length; k++) {
      int value = values.get(rows.get(chosen[k]).cell(column));
      count[value]++;
      more[k] = Arrays.copyOf(terms[k], TERMS + values.size() - 1);
      if (value > 0) {
        more[k][TERMS + value - 1] = 1;
      }
    }
    return Arrays.stream(count).anyMatch(each -> each < LEAST_RUNS)
        ? Double.POSITIVE_INFINITY
        : left(more);
  }

  /** 1, x, y, x^2, x y, y^2 of each run, x and y being ln N and ln D with variance 1. */
  private double[][] terms() {
    double[] x = standardised(runs::n);
    double[] y = standardised(runs::d);
    List<double[]> terms = new ArrayList<>();
    for (int k = 0; k < chosen.length; k++) {
      terms.add(new double[] {1, x[k], y[k], x[k] * x[k], x[k] * y[k], y[k] * y[k]});
    }
    return terms.toArray(double[][]::new);
  }

  private double[] standardised(IntToDoubleFunction size) {
    double[] logs = Arrays.stream(chosen).mapToDouble(size).map(Math::log).toArray();
    double mean = Arrays.stream(logs).average().orElseThrow();
    double deviation =
        Math.sqrt(
            Arrays.stream(logs).map(each -> (each - mean) * (each - mean)).average().orElseThrow());
    return Arrays.stream(logs).map(each -> deviation > 0 ? (each - mean) / deviation : 0).toArray();
  }

  /** The sum of squares that linear terms leave of ln L. */
  private double left(double[][] terms) {
    RealMatrix x = new Array2DRowRealMatrix(terms, false);
    RealVector y =
        new ArrayRealVector(
            Arrays.stream(chosen).mapToDouble(i -> Math.log(runs.loss(i))).toArray());
    RealMatrix normal = x.transposeMultiply(x);
    for (int j = 0; j < normal.getRowDimension(); j++) {
      normal.addToEntry(j, j, RIDGE * terms.length);
    }
    RealVector solved = new CholeskyDecomposition(normal).getSolver().solve(x.preMultiply(y));
    RealVector residual = y.subtract(x.operate(solved));
    return residual.dotProduct(residual);
  }
}

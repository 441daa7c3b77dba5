package org.farfit.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.farfit.analysis.study.Validation;
import org.farfit.report.output.AlignedTable;

/**
 * What the rows of a sweep say: the best law and method for each set of predicted runs, the mean
 * errors of every law and method, and what failed. Holds a few numbers for each, not the rows.
 */
public final class SweepSummary {

  /** Different reasons of failures that are told apart. */
  private static final int REASONS = 20;

  private static final String OTHER_REASONS = "other reasons";

  /**
   * Where runs come from.
   *
   * @param input file of runs
   * @param where filter on rows
   * @param loss loss column
   */
  public record Series(String input, String where, String loss) {

    /**
     * In words.
     *
     * @param names what inputs are called
     */
    public String label(Map<String, String> names) {
      return names.get(input)
          + (loss.isEmpty() ? "" : " " + loss)
          + (where.isEmpty() ? "" : " " + where);
    }
  }

  /** Which runs are predicted. */
  record Question(Series series, String holdout, String split) {}

  /**
   * What predicts them.
   *
   * @param law name of the law
   * @param method how it was fitted
   * @param objective what was minimised
   */
  public record Candidate(String law, String method, String objective) {}

  /** The best answer to a question, and among how many. */
  private record Best(SweepRow row, int count) {

    Best or(SweepRow other) {
      return new Best(other.result().mape() < row.result().mape() ? other : row, count + 1);
    }
  }

  /** A mean of errors in percent. */
  record Mean(double sum, int count) {

    static final Mean NONE = new Mean(0, 0);

    Mean with(double value) {
      return new Mean(sum + value, count + 1);
    }

    double value() {
      return sum / count;
    }
  }

  private final Map<Question, Best> best = new LinkedHashMap<>();
  private final Map<Series, Map<Candidate, Mean>> bySeries = new LinkedHashMap<>();
  private final Map<String, Map<Candidate, Mean>> byHoldout = new LinkedHashMap<>();
  private final Map<String, Integer> failures = new LinkedHashMap<>();

  private SweepSummary() {}

  /** Sums up rows. */
  public static SweepSummary of(Stream<SweepRow> rows) {
    SweepSummary summary = new SweepSummary();
    rows.forEachOrdered(summary::add);
    return summary;
  }

  private void add(SweepRow row) {
    if (!row.result().converged() || row.result().mape() == null) {
      String why = row.result().message() == null ? row.result().status() : row.result().message();
      boolean another = failures.size() >= REASONS && !failures.containsKey(why);
      failures.merge(another ? OTHER_REASONS : why, 1, Integer::sum);
    } else if (isAnswer(row)) {
      Series series = new Series(row.key().input(), row.key().where(), row.key().loss());
      Candidate candidate =
          new Candidate(row.key().law(), row.key().method(), row.key().objective());
      best.compute(
          new Question(series, row.key().holdout(), row.key().split()),
          (question, known) -> known == null ? new Best(row, 1) : known.or(row));
      merge(bySeries.computeIfAbsent(series, key -> new LinkedHashMap<>()), candidate, row);
      merge(
          byHoldout.computeIfAbsent(row.key().holdout(), key -> new LinkedHashMap<>()),
          candidate,
          row);
    }
  }

  /** Predictions answer a question; the fitted runs do only where nothing was held out. */
  static boolean isAnswer(SweepRow row) {
    return row.key().holdout().equals("none") || !row.key().split().equals(Validation.FITTED);
  }

  private static void merge(Map<Candidate, Mean> means, Candidate candidate, SweepRow row) {
    means.merge(
        candidate, Mean.NONE.with(row.result().mape()), (a, b) -> a.with(row.result().mape()));
  }

  /** Mean errors by where the runs come from. */
  Map<Series, Map<Candidate, Mean>> bySeries() {
    return bySeries;
  }

  /** Mean errors by hold-out. */
  Map<String, Map<Candidate, Mean>> byHoldout() {
    return byHoldout;
  }

  /**
   * The best law and method for each set of predicted runs, with the interval of its error.
   *
   * @param most how many questions at most
   * @param names what inputs are called, where it is not by their paths
   */
  AlignedTable best(int most, Map<String, String> names) {
    AlignedTable table =
        new AlignedTable(
            "input", "loss", "hold-out", "predicted", "best", "mape %", "low", "high", "of");
    best.entrySet().stream()
        .limit(most)
        .forEach(entry -> {
          Series series = entry.getKey().series();
          String input = names.getOrDefault(series.input(), series.input());
          SweepRow row = entry.getValue().row();
          table.add(
              List.of(
                  series.where().isEmpty() ? input : input + " where " + series.where(),
                  series.loss(),
                  entry.getKey().holdout(),
                  entry.getKey().split(),
                  row.key().law() + "/" + row.key().method(),
                  AlignedTable.number(row.result().mape(), 4),
                  AlignedTable.number(row.result().mapeLow(), 4),
                  AlignedTable.number(row.result().mapeHigh(), 4),
                  Integer.toString(entry.getValue().count())));
        });
    return table;
  }

  /** How many sets of runs are predicted. */
  int questions() {
    return best.size();
  }

  /** What failed, a line for each reason. */
  List<String> failureLines() {
    List<String> lines = new ArrayList<>();
    failures.forEach((why, count) ->
        lines.add("%,d rows without a fit that converged: %s".formatted(count, why)));
    return lines;
  }

  /** As text. */
  public String text() {
    StringBuilder text = new StringBuilder(best(Integer.MAX_VALUE, Map.of()).text());
    failureLines().forEach(line -> text.append(line).append(System.lineSeparator()));
    return text.toString();
  }
}

package org.farfit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.farfit.analysis.study.LawSelection;
import org.farfit.fit.statistics.NoiseStudy;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.Json;
import org.farfit.report.output.Lines;
import org.farfit.report.output.TableColumns;

/** Which law to believe, and averages over laws, as they are shown. */
public final class SelectionReport implements Presentation {

  /** Tests reject below this p. */
  private static final double REJECTED = 0.05;

  private static final TableColumns<LawRow> LAWS =
      new TableColumns<LawRow>()
          .text("law", LawRow::law)
          .count("parameters", LawRow::parameters)
          .number("AICc", 6, LawRow::aicc)
          .number("weight", 3, LawRow::akaikeWeight)
          .number("BIC", 6, LawRow::bic)
          .number("ahead %", 3, LawRow::rollingError)
          .number("stacking", 3, LawRow::stackingWeight)
          .text("status", LawRow::status);

  private static final TableColumns<TestRow> TESTS =
      new TableColumns<TestRow>()
          .text("tested", TestRow::smaller)
          .text("within", TestRow::larger)
          .count("gives up", TestRow::constraints)
          .number("statistic", 4, TestRow::statistic)
          .number("p", 3, TestRow::p)
          .text("verdict at 5%", TestRow::verdict);

  private static final TableColumns<AverageRow> AVERAGES =
      new TableColumns<AverageRow>()
          .text("average by", AverageRow::weights)
          .number("N", 4, AverageRow::n)
          .number("D", 4, AverageRow::d)
          .number("loss", 6, AverageRow::loss)
          .number("low", 6, AverageRow::low)
          .number("high", 6, AverageRow::high);

  private final Result result;
  private final int replicates;
  private final double level;

  /**
   * A report.
   *
   * @param averages predictions, if any were asked for
   * @param replicates per law, of which intervals of averages are made
   * @param level probability that an interval should cover
   */
  public SelectionReport(
      LawSelection.Result found,
      List<LawSelection.Average> averages,
      int replicates,
      double level) {
    this.result =
        new Result(
            found
                .noise()
                .map(NoiseStudy.Result::verdict)
                .orElse("noise: " + NoiseStudy.NOT_STUDIED),
            found.origins(),
            found.candidates().stream().map(LawRow::of).toList(),
            found.tests().stream().map(TestRow::of).toList(),
            averages.stream().map(AverageRow::of).toList());
    this.replicates = replicates;
    this.level = level;
  }

  /** A law; what is not known is null, and the problem says why. Errors are in percent. */
  private record LawRow(
      String law,
      int parameters,
      Double aicc,
      Double akaikeWeight,
      Double bic,
      Double rollingError,
      Double stackingWeight,
      String status,
      String problem) {

    static LawRow of(LawSelection.Candidate candidate) {
      return new LawRow(
          candidate.fit().law().name(),
          candidate.fit().law().parameterCount(),
          Json.finite(candidate.aicc()),
          Json.finite(candidate.akaikeWeight()),
          Json.finite(candidate.fit().quality().bic()),
          candidate.rollingError().map(error -> 100 * error).orElse(null),
          candidate.stackingWeight().orElse(null),
          candidate.fit().status().label(),
          problem(candidate));
    }

    private static String problem(LawSelection.Candidate candidate) {
      List<String> problems = new ArrayList<>();
      if (!Double.isFinite(candidate.aicc())) {
        problems.add(
            candidate.fit().cost() > 0
                ? "no AICc: too few runs for %d parameters"
                    .formatted(candidate.fit().law().parameterCount())
                : "no AICc: the fit is exact, so that its likelihood has no bound");
      }
      if (candidate.rollingError().isEmpty()) {
        problems.add("not judged ahead: no part of the runs leaves enough smaller ones to fit");
      }
      return problems.isEmpty() ? null : String.join("; ", problems);
    }
  }

  /** A prediction by an average over laws; what is not known is null, and the problem says why. */
  private record AverageRow(
      String weights, double n, double d, Double loss, Double low, Double high, String problem) {

    static AverageRow of(LawSelection.Average average) {
      return new AverageRow(
          average.weights().name().toLowerCase(Locale.ROOT),
          average.point().n(),
          average.point().d(),
          Json.finite(average.loss()),
          Json.finite(average.interval().low()),
          Json.finite(average.interval().high()),
          average.problem().orElse(null));
    }
  }

  /** A test; one that is not decided, since a fit has not converged, has no p. */
  private record TestRow(
      String smaller, String larger, int constraints, Double statistic, Double p, String problem) {

    static TestRow of(LawSelection.Test test) {
      return new TestRow(
          test.smaller(),
          test.larger(),
          test.constraints(),
          Json.finite(test.statistic()),
          Json.finite(test.p()),
          Double.isFinite(test.p()) ? null : "not decided: a fit has not converged, or is exact");
    }

    String verdict() {
      if (p == null) {
        return problem;
      }
      return p < REJECTED ? "rejected" : "not rejected";
    }
  }

  private record Result(
      String noise,
      int origins,
      List<LawRow> laws,
      List<TestRow> tests,
      List<AverageRow> averages) {}

  @Override
  public Object data() {
    return result;
  }

  @Override
  public String text() {
    Lines text = new Lines().add(LAWS.of(result.laws())).line(result.noise());
    result.laws().stream()
        .filter(row -> row.problem() != null)
        .map(row -> row.law() + ": " + row.problem())
        .forEach(text::line);
    text.line(
        ("weight: Akaike's; ahead: mean error from smaller to larger N, D and compute at %d origins"
                + " within the runs; stacking: weights that would have predicted best there")
            .formatted(result.origins()));
    if (!result.tests().isEmpty()) {
      text.line("").add(TESTS.of(result.tests()));
    }
    if (!result.averages().isEmpty()) {
      text.line("").add(AVERAGES.of(result.averages()));
      result.averages().stream()
          .filter(row -> row.problem() != null)
          .map(row ->
              "%s, N = %.4g, D = %.4g: no prediction: %s"
                  .formatted(row.weights(), row.n(), row.d(), row.problem()))
          .forEach(text::line);
      text.line(
          "low, high: %s%% interval over the replicates of all laws, %,d each"
              .formatted(AlignedTable.number(100 * level, 3), replicates));
    }
    return text.toString();
  }
}

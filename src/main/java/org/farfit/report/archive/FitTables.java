package org.farfit.report.archive;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.farfit.report.output.AlignedTable;

/** A fit file as text for people: the comparison of laws, and the parameters of each. */
final class FitTables {

  private FitTables() {}

  /** The laws ranked by BIC, with their rank by AIC. */
  static AlignedTable comparison(FitDocument document) {
    AlignedTable table =
        new AlignedTable(
            "law",
            "method",
            "runs",
            "cost",
            "rmse",
            "R2",
            "mape %",
            "AIC",
            "dAIC",
            "BIC",
            "dBIC",
            "starts at best",
            "condition",
            "status");
    double bestAic = least(document, FitDocument.Fit::aic);
    double bestBic = least(document, FitDocument.Fit::bic);
    for (FitDocument.Fit fit : ranked(document)) {
      table.add(
          List.of(
              fit.law(),
              fit.method(),
              Integer.toString(fit.runs()),
              AlignedTable.number(fit.cost(), 6),
              AlignedTable.number(fit.rmse(), 4),
              AlignedTable.number(fit.r2(), 6),
              AlignedTable.number(fit.mape(), 4),
              criterion(fit.aic()),
              difference(fit.aic(), bestAic),
              criterion(fit.bic()),
              difference(fit.bic(), bestBic),
              fit.starts() == null
                  ? "-"
                  : "%d/%d".formatted(fit.starts().atBest(), fit.starts().total()),
              AlignedTable.number(fit.condition(), 3),
              fit.status()));
    }
    return table;
  }

  /** Published parameters with their standard errors, and what to beware of, per law. */
  static String parameters(FitDocument document, double level) {
    StringBuilder text = new StringBuilder();
    for (FitDocument.Fit fit : ranked(document)) {
      text.append(parameterTable(fit).text());
      if (fit.stages() != null) {
        text.append(fit.stages().text());
      }
      for (String warning : warnings(fit, level)) {
        text.append("  ").append(warning).append('\n');
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** Published parameters of a fit with their standard errors. */
  static AlignedTable parameterTable(FitDocument.Fit fit) {
    BootstrapEntry bootstrap = fit.bootstrap();
    List<String> header = new ArrayList<>(List.of(fit.law(), "value", "std. error"));
    if (bootstrap != null) {
      header.addAll(List.of("bootstrap s.e.", "low", "high"));
    }
    AlignedTable table = new AlignedTable(header.toArray(String[]::new));
    for (Map.Entry<String, Double> parameter : fit.parameters().entrySet()) {
      Double error =
          fit.standardErrors() == null ? null : fit.standardErrors().get(parameter.getKey());
      List<String> row = new ArrayList<>();
      row.add(parameter.getKey());
      row.add(AlignedTable.number(parameter.getValue(), 6));
      row.add(AlignedTable.number(error, 3));
      if (bootstrap != null) {
        BootstrapEntry.IntervalEntry interval = bootstrap.parameters().get(parameter.getKey());
        row.add(AlignedTable.number(interval.standardError(), 3));
        row.add(AlignedTable.number(interval.low(), 5));
        row.add(AlignedTable.number(interval.high(), 5));
      }
      table.add(row);
    }
    return table;
  }

  /**
   * What to beware of in a fit, in words.
   *
   * @param level of the intervals that its back-test speaks of
   */
  static List<String> warnings(FitDocument.Fit fit, double level) {
    List<String> warnings = new ArrayList<>();
    if (fit.bootstrap() != null) {
      warnings.add(
          "low, high: %s%% interval (%s); %s"
              .formatted(
                  AlignedTable.number(fit.bootstrap().level(), 3),
                  fit.bootstrap().interval(),
                  fit.bootstrap().text()));
      if (!fit.bootstrap().withoutErrors().isEmpty()) {
        warnings.add(fit.bootstrap().withoutErrors());
      }
    }
    if (fit.regularisation() != null) {
      warnings.add(fit.regularisation().text());
    }
    warnings.addAll(fit.atLimit().values());
    if (fit.noise() != null) {
      warnings.add(fit.noise().text());
    }
    if (fit.backTest() != null) {
      warnings.add("back-test: " + fit.backTest().test().wordsOfLaw(level));
    }
    if (fit.parameters().containsValue(null)) {
      warnings.add(
          "an exponent is so near 0 that published parameters overflow; centred coordinates: "
              + fit.centred());
    }
    if (fit.starts() != null && fit.starts().secondBest() != null) {
      warnings.add(
          "second-best distinct optimum: cost "
              + AlignedTable.number(fit.starts().secondBest(), 6));
    }
    if (fit.standardErrors() == null) {
      warnings.add("no standard errors: " + UnknownNumbers.of(fit).get("standardErrors"));
    }
    return warnings;
  }

  private static List<FitDocument.Fit> ranked(FitDocument document) {
    return document.fits().stream()
        .sorted(
            Comparator.comparing(
                FitDocument.Fit::bic, Comparator.nullsLast(Comparator.naturalOrder())))
        .toList();
  }

  private static double least(FitDocument document, Function<FitDocument.Fit, Double> criterion) {
    return document.fits().stream()
        .map(criterion)
        .filter(Objects::nonNull)
        .mapToDouble(Double::doubleValue)
        .min()
        .orElse(Double.NaN);
  }

  private static String criterion(Double value) {
    return value == null ? "-" : "%.1f".formatted(value);
  }

  private static String difference(Double value, double best) {
    return value == null ? "-" : "%.1f".formatted(value - best);
  }
}

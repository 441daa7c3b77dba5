package org.farfit.report.archive;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.farfit.fit.statistics.NoiseStudy;
import org.farfit.fit.statistics.Uncertainty;
import org.farfit.report.output.Json;

/** Why numbers of a fit are null in a fit file, in words, by key. */
final class UnknownNumbers {

  private static final String RANGE =
      "beyond the range of numbers, as where an exponent is near 0 or a parameter at its limit";

  private final FitDocument.Fit fit;
  private final Map<String, String> reasons = new LinkedHashMap<>();

  private UnknownNumbers(FitDocument.Fit fit) {
    this.fit = fit;
  }

  /**
   * The reasons.
   *
   * @return for every number of the entry that is null, and for errors and noise where there are
   *     none: the key within the entry, such as {@code standardErrors.E}, and the reason
   */
  static Map<String, String> of(FitDocument.Fit fit) {
    UnknownNumbers unknown = new UnknownNumbers(fit);
    unknown.ofQuality();
    unknown.ofParameters();
    unknown.ofErrors();
    if (fit.bootstrap() != null) {
      unknown.ofBootstrap(fit.bootstrap());
    }
    return unknown.reasons;
  }

  private void add(String key, Object value, String reason) {
    if (value == null) {
      reasons.put(key, reason);
    }
  }

  private void ofQuality() {
    boolean exact = fit.cost() != null && fit.cost() == 0;
    String infinite = "the surface is not finite at some run";
    add("cost", fit.cost(), infinite);
    add("rmse", fit.rmse(), infinite);
    add("r2", fit.r2(), fit.rmse() == null ? infinite : "the losses are all the same");
    add("mape", fit.mape(), infinite);
    String likelihood =
        exact
            ? "the fit is exact, so that its likelihood has no bound"
            : fit.rmse() == null ? infinite : "the likelihood of the residuals is not finite";
    add("aic", fit.aic(), likelihood);
    add("bic", fit.bic(), likelihood);
    add("condition", fit.condition(), "the Jacobian has no finite condition number");
  }

  private void ofParameters() {
    fit.parameters().forEach((name, value) -> add("parameters." + name, value, RANGE));
  }

  private void ofErrors() {
    String none = withoutErrors();
    add("standardErrors", fit.standardErrors(), none);
    add("covariance", fit.covariance(), none);
    add("correlations", fit.correlations(), none);
    add("noise", fit.noise(), NoiseStudy.NOT_STUDIED);
    if (fit.standardErrors() == null) {
      return;
    }
    List<String> centred = List.copyOf(fit.centred().keySet());
    List<String> published = List.copyOf(fit.parameters().keySet());
    for (int j = 0; j < published.size(); j++) {
      add(
          "standardErrors." + published.get(j),
          fit.standardErrors().get(published.get(j)),
          fit.atLimit().containsKey(centred.get(j)) ? "at its limit, taken as known" : RANGE);
    }
  }

  /** Why a fit has no standard errors. */
  private String withoutErrors() {
    return Uncertainty.lack(
        fit.status().startsWith("converged"),
        fit.runs(),
        fit.parameters().size(),
        Json.number(fit.condition()));
  }

  private void ofBootstrap(BootstrapEntry bootstrap) {
    String few = bootstrap.withoutIntervals();
    bootstrap
        .parameters()
        .forEach((name, interval) -> {
          String key = "bootstrap.parameters." + name;
          add(key + ".standardError", interval.standardError(), BootstrapEntry.DECIDED_BY_FEW);
          String ends = few.isEmpty() ? RANGE : few;
          add(key + ".low", interval.low(), ends);
          add(key + ".high", interval.high(), ends);
        });
  }
}

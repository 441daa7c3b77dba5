package org.farfit.report.archive;

import static org.farfit.report.archive.Checks.finite;
import static org.farfit.report.archive.Checks.keys;
import static org.farfit.report.archive.Checks.notNegative;
import static org.farfit.report.archive.Checks.oneOf;
import static org.farfit.report.archive.Checks.present;
import static org.farfit.report.archive.Checks.require;
import static org.farfit.report.archive.Checks.whole;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.statistics.FitQuality;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.fit.statistics.NoiseStudy;
import org.farfit.fit.statistics.Uncertainty;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.solver.Status;

/**
 * Whether one fit of a fit file fits together with the runs and with itself: what follows from runs
 * and centred parameters does.
 */
final class FitEntryCheck {

  /** What another Java may round otherwise, many times over. */
  static final double RELATIVE = 1e-6;

  /** Rounding of a log loss, many times over. */
  private static final double RESIDUAL = 1e-11;

  /** Standard errors are from differences, which lose half of the digits. */
  private static final double BY_DIFFERENCES = 1e-4;

  /** What a maximum is found to: half of the digits of the likelihood. */
  private static final double OF_A_SLOPE = 1e-5;

  /**
   * Within what a slope is taken to be best as stated. Slopes and variances are estimated in turns,
   * which on some fits have settled to no more, and to search for slopes anew takes longer than all
   * other checks.
   */
  private static final double OF_A_STATED_SLOPE = 1e-3;

  /** Runs up to which the noise is studied again. */
  private static final int MOST_STUDIED = 10_000;

  private final FitDocument document;
  private final String at;
  private final FitDocument.Fit fit;

  /**
   * The check of an entry.
   *
   * @param at the key of the entry
   */
  FitEntryCheck(FitDocument document, String at, FitDocument.Fit fit) {
    this.document = document;
    this.at = at;
    this.fit = fit;
  }

  private boolean isBeforeHashes() {
    return FitCheck.isBeforeHashes(document);
  }

  private String key(String name) {
    return at + "." + name;
  }

  /**
   * Checks it.
   *
   * @throws IllegalArgumentException if it does not fit together; the message names the key
   */
  void check(RunSet runs, Centre centre) {
    present(key("law"), fit.law());
    if (fit.formula() == null) {
      oneOf(key("law"), fit.law(), Laws.all().stream().map(Law::name));
    } else {
      formula();
    }
    oneOf(key("method"), fit.method(), Arrays.stream(Method.values()).map(Method::label));
    oneOf(key("status"), fit.status(), Arrays.stream(Status.values()).map(Status::label));
    require(
        fit.runs() == runs.size(),
        key("runs"),
        () -> "is %d, but 'data' has %d runs".formatted(fit.runs(), runs.size()));
    centre(centre);
    Law law = document.law(fit, runs);
    covariance(law);
    parameters(law);
    present(key("atLimit"), fit.atLimit());
    for (String name : fit.atLimit().keySet()) {
      oneOf(key("atLimit"), name, law.centredNames().stream());
    }
    noise();
    if (fit.backTest() != null) {
      new BackTestCheck(key("backTest"), fit.backTest()).check();
    }
    stages();
    LawFit read = document.lawFit(fit);
    quality(read.qualityOn(runs), runs, read);
    standardErrors(law, read);
    regularisation(read);
    atLimit(law, runs, read);
    noise(runs, read);
    starts();
    if (fit.bootstrap() != null) {
      new BootstrapCheck(key("bootstrap"), fit.bootstrap(), read, runs).check(isBeforeHashes());
    }
    unknown();
  }

  private void formula() {
    LawEntry formula = fit.formula();
    present(key("formula.source"), formula.source());
    present(key("formula.formula"), formula.formula());
    whole(key("formula.columns"), formula.columns());
    whole(key("formula.categories"), formula.categories());
    whole(key("formula.responses"), formula.responses());
    present(key("formula.bounds"), formula.bounds());
    formula
        .bounds()
        .forEach((name, box) -> {
          present(key("formula.bounds." + name), box);
          require(
              box.lower() == null || box.upper() == null || box.lower() < box.upper(),
              key("formula.bounds." + name),
              () -> "holds nothing");
        });
  }

  private void centre(Centre centre) {
    present(key("centre"), fit.centre());
    near("centre.logN", fit.centre().logN(), centre.logN(), RESIDUAL);
    near("centre.logD", fit.centre().logD(), centre.logD(), RESIDUAL);
    near("centre.logLoss", fit.centre().logLoss(), centre.logLoss(), RESIDUAL);
    keys(key("centre.further"), fit.centre().further(), List.copyOf(centre.further().keySet()));
    centre
        .further()
        .forEach((name, value) ->
            near("centre.further." + name, fit.centre().further().get(name), value, 0));
  }

  /** A number that follows from others: given and finite as they are, and within a tolerance. */
  private void near(String name, Double stated, double actual, double tolerance) {
    boolean same =
        stated == null
            ? !Double.isFinite(actual)
            : Math.abs(stated - actual) <= RELATIVE * Math.abs(actual) + tolerance;
    require(
        same,
        key(name),
        () ->
            "is %s, but 'data', 'options', 'centre' and 'centred' (%s) give %s; the file was changed by hand"
                .formatted(
                    stated,
                    fit.centred() == null ? "" : String.join(", ", fit.centred().keySet()),
                    actual));
  }

  private void parameters(Law law) {
    keys(key("centred"), fit.centred(), law.centredNames());
    fit.centred().forEach((name, value) -> finite(key("centred." + name), value));
    keys(key("parameters"), fit.parameters(), law.parameterNames());
    double[] published = document.surface(fit).published();
    for (int j = 0; j < published.length; j++) {
      String name = law.parameterNames().get(j);
      near("parameters." + name, fit.parameters().get(name), published[j], 0);
    }
  }

  private void quality(FitQuality quality, RunSet runs, LawFit read) {
    boolean log = read.objective().residual() == Objective.Residual.LOG;
    double weight = Arrays.stream(runs.weight()).sum();
    double residual =
        RESIDUAL * (log ? 1 : Arrays.stream(runs.loss()).map(Math::abs).max().orElseThrow());
    double cost = read.evaluation(runs).cost();
    near("cost", fit.cost(), cost, weight * residual * (residual + quality.rmse()));
    near("rmse", fit.rmse(), quality.rmse(), residual);
    near("r2", fit.r2(), quality.r2(), RELATIVE);
    near("mape", fit.mape(), quality.mape(), 100 * RESIDUAL);
    // A relative error of the residuals moves the likelihood of each run by as much.
    double likelihood =
        RELATIVE + 4 * runs.size() * Math.min(100, residual / Math.max(quality.rmse(), 1e-300));
    near("aic", fit.aic(), quality.aic(), likelihood);
    near("bic", fit.bic(), quality.bic(), likelihood);
    require(
        fit.condition() == null || (fit.condition() > 1 - RELATIVE && fit.condition() < 1e300),
        key("condition"),
        () -> "is %s, expected a number from 1 up".formatted(fit.condition()));
  }

  private void covariance(Law law) {
    boolean none = fit.covariance() == null;
    for (String other : List.of("correlations", "standardErrors")) {
      Object value = other.equals("correlations") ? fit.correlations() : fit.standardErrors();
      require(
          (value == null) == none,
          key(other),
          () ->
              "is %s, but '%s' is %s"
                  .formatted(
                      value == null ? "null" : "not null",
                      key("covariance"),
                      none ? "null" : "not"));
    }
    if (none) {
      return;
    }
    double[][] covariance = matrix("covariance", fit.covariance(), law.parameterCount());
    double[][] correlations = matrix("correlations", fit.correlations(), law.parameterCount());
    for (int i = 0; i < covariance.length; i++) {
      require(covariance[i][i] >= 0, key("covariance"), () -> "has a negative variance");
      for (int j = 0; j < covariance.length; j++) {
        double scale = Math.sqrt(covariance[i][i] * covariance[j][j]);
        require(
            Math.abs(covariance[i][j] - covariance[j][i]) <= RELATIVE * scale,
            key("covariance"),
            () -> "is not symmetric");
        double expected = i == j ? 1 : Uncertainty.correlation(covariance, i, j);
        require(
            !(Math.abs(correlations[i][j] - expected) > RELATIVE),
            key("correlations"),
            () -> "is not what '%s' gives".formatted(key("covariance")));
      }
    }
  }

  private double[][] matrix(String name, List<List<Double>> rows, int size) {
    boolean square = rows.size() == size;
    for (List<Double> row : rows) {
      square =
          square
              && row != null
              && row.size() == size
              && row.stream().allMatch(value -> value != null && Double.isFinite(value));
    }
    require(square, key(name), () -> "is not %d x %d numbers".formatted(size, size));
    return rows.stream()
        .map(row -> row.stream().mapToDouble(Double::doubleValue).toArray())
        .toArray(double[][]::new);
  }

  private void standardErrors(Law law, LawFit read) {
    if (fit.standardErrors() == null) {
      return;
    }
    keys(key("standardErrors"), fit.standardErrors(), law.parameterNames());
    double[] errors =
        Uncertainty.publishedErrors(
            law,
            read.surface().centre(),
            read.surface().centredArray(),
            read.surface().covariance().orElseThrow());
    for (int j = 0; j < errors.length; j++) {
      String name = law.parameterNames().get(j);
      near(
          "standardErrors." + name,
          fit.standardErrors().get(name),
          errors[j],
          BY_DIFFERENCES * Math.abs(errors[j]));
    }
  }

  private void noise() {
    NoiseEntry noise = fit.noise();
    if (noise == null) {
      return;
    }
    oneOf(
        key("noise.kind"),
        noise.kind(),
        Arrays.stream(NoiseModel.Kind.values()).map(NoiseModel.Kind::label));
    require(
        !noise.generalised()
            || (!noise.kind().equals(NoiseModel.Kind.INDEPENDENT.label())
                && document.objective().isSquared()),
        key("noise.generalised"),
        () ->
            "is true, but generalised least squares are for squared loss and errors that are not"
                + " independent and alike");
    present(key("noise.text"), noise.text());
    present(key("noise.tests"), noise.tests());
    noise
        .tests()
        .forEach((name, p) -> {
          oneOf(
              key("noise.tests"),
              name,
              Arrays.stream(NoiseStudy.Feature.values())
                  .map(feature -> feature.name().toLowerCase(Locale.ROOT)));
          require(
              p != null && p >= 0 && p <= 1,
              key("noise.tests." + name),
              () -> "is %s, expected a probability".formatted(p));
        });
  }

  /** The numbers of the model follow from the residuals, but for very many runs are let stand. */
  private void noise(RunSet runs, LawFit read) {
    NoiseEntry noise = fit.noise();
    if (noise == null || runs.size() > MOST_STUDIED) {
      return;
    }
    NoiseModel found =
        NoiseStudy.modelNear(
                read.evaluation(runs), read.atLimit(), noise.result().model(), OF_A_STATED_SLOPE)
            .orElse(null);
    require(found != null, key("noise"), () -> "is not null, but residuals do not tell it");
    near("noise.deviation", noise.deviation(), found.deviation(), RESIDUAL);
    near("noise.sizeDeviation", noise.sizeDeviation(), found.sizeDeviation(), RESIDUAL);
    near("noise.slopeD", noise.slopeD(), found.slopeD(), OF_A_SLOPE);
    near("noise.slopeN", noise.slopeN(), found.slopeN(), OF_A_SLOPE);
    read.covarianceUnderNoise(runs).ifPresent(this::covarianceUnderNoise);
  }

  /** What noise says of the covariance: an inverse, of which half of the digits may be lost. */
  private void covarianceUnderNoise(double[][] expected) {
    for (int i = 0; i < expected.length; i++) {
      for (int j = 0; j < expected.length; j++) {
        double scale = Math.sqrt(expected[i][i] * expected[j][j]);
        double stated = fit.covariance().get(i).get(j);
        require(
            isBeforeHashes() || Math.abs(stated - expected[i][j]) <= BY_DIFFERENCES * scale,
            key("noise"),
            () ->
                "gives another covariance than '%s' (asked, generalised, kind, tests)"
                    .formatted(key("covariance")));
      }
    }
  }

  private void atLimit(Law law, RunSet runs, LawFit read) {
    fit.atLimit().forEach((name, text) -> present(key("atLimit." + name), text));
    List<String> reached =
        method().hasStages()
            ? List.of()
            : law
                .atLimit(read.surface().centre(), read.surface().centredArray(), runs.n(), runs.d())
                .stream()
                .map(law.centredNames()::get)
                .toList();
    require(
        isBeforeHashes() || Set.copyOf(reached).equals(fit.atLimit().keySet()),
        key("atLimit"),
        () -> "has the keys %s, expected %s".formatted(fit.atLimit().keySet(), reached));
  }

  private Method method() {
    return Method.named(fit.method());
  }

  private void regularisation(LawFit read) {
    RegularisationEntry prior = fit.regularisation();
    require(
        (prior != null) == method().hasPrior(),
        key("regularisation"),
        () ->
            "is %s, but '%s' is '%s'"
                .formatted(prior == null ? "null" : "not null", key("method"), fit.method()));
    if (prior == null) {
      return;
    }
    prior.mean().forEach((name, value) -> finite(key("regularisation.mean." + name), value));
    finite(key("regularisation.residualScale"), prior.residualScale());
    notNegative(key("regularisation.residualScale"), prior.residualScale());
    double[] precision = read.priorPrecision();
    double[] mean = read.priorMean();
    double[] centred = read.surface().centredArray();
    double penalty = 0;
    for (int j = 0; j < centred.length; j++) {
      penalty += 0.5 * precision[j] * Math.pow(centred[j] - mean[j], 2);
    }
    double expected = penalty;
    require(
        prior.penalty() != null
            && Double.isFinite(expected)
            && Math.abs(prior.penalty() - expected) <= RELATIVE * expected,
        key("regularisation.penalty"),
        () ->
            "is %s, but by mean %s, deviation %s, residualScale and '%s' it is %s"
                .formatted(
                    prior.penalty(), prior.mean(), prior.deviation(), key("centred"), expected));
  }

  private void starts() {
    FitDocument.Starts starts = fit.starts();
    require(
        (starts == null) == method().hasStages(),
        key("starts"),
        () ->
            "is %s, but '%s' is '%s'"
                .formatted(starts == null ? "null" : "not null", key("method"), fit.method()));
    if (starts == null) {
      return;
    }
    require(starts.total() > 0, key("starts.total"), () -> "is %d".formatted(starts.total()));
    require(
        starts.atBest() >= 0 && starts.atBest() <= starts.total(),
        key("starts.atBest"),
        () -> "is %d of %d".formatted(starts.atBest(), starts.total()));
    present(key("starts.statuses"), starts.statuses());
    starts.statuses().forEach((name, count) -> present(key("starts.statuses." + name), count));
    for (Map.Entry<String, Integer> status : starts.statuses().entrySet()) {
      String name = "starts.statuses." + status.getKey();
      oneOf(key(name), status.getKey(), Arrays.stream(Status.values()).map(Status::label));
      require(
          status.getValue() > 0 && status.getValue() <= starts.total(),
          key(name),
          () -> "is %d of %d".formatted(status.getValue(), starts.total()));
    }
    int sum = starts.statuses().values().stream().mapToInt(Integer::intValue).sum();
    require(
        sum == starts.total(),
        key("starts.statuses"),
        () -> "has %d starts, but '%s' is %d".formatted(sum, key("starts.total"), starts.total()));
    require(
        starts.secondBest() == null || Double.isFinite(starts.secondBest()),
        key("starts.secondBest"),
        () -> "is %s".formatted(starts.secondBest()));
    require(
        starts.medianEvaluations() >= 0,
        key("starts.medianEvaluations"),
        () -> "is %d".formatted(starts.medianEvaluations()));
  }

  private void unknown() {
    if (fit.unknown() != null) {
      keys(key("unknown"), fit.unknown(), List.copyOf(UnknownNumbers.of(fit).keySet()));
      fit.unknown().forEach((name, reason) -> present(key("unknown." + name), reason));
    }
  }

  private void stages() {
    StagesEntry stages = fit.stages();
    require(
        stages == null || method().hasStages(),
        key("stages"),
        () -> "is not null, but '%s' is '%s'".formatted(key("method"), fit.method()));
    if (stages == null) {
      return;
    }
    whole(key("stages.sizes"), stages.sizes());
    whole(key("stages.rounds"), stages.rounds());
    whole(key("stages.leftOut"), stages.leftOut());
  }
}

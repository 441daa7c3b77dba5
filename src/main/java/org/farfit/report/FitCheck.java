package org.farfit.report;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Resampling;
import org.farfit.fit.statistics.FitQuality;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.fit.statistics.NoiseStudy;
import org.farfit.fit.statistics.Uncertainty;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.law.Limits;
import org.farfit.solver.Status;

/**
 * Whether a fit file that was read fits together: nothing is null that may not be, counts agree,
 * the runs and the replicates are those that were written, and everything that follows from runs
 * and centred parameters does. What cannot be told from the file itself, such as its version, is
 * taken as it stands. Every complaint names a key.
 */
final class FitCheck {

  /** What another Java may round otherwise, many times over. */
  private static final double RELATIVE = 1e-6;

  /** Rounding of a log loss, many times over. */
  private static final double RESIDUAL = 1e-11;

  /** Standard errors are from differences, which lose half of the digits. */
  private static final double BY_DIFFERENCES = 1e-4;

  /** Runs up to which the noise is studied again. */
  private static final int MOST_STUDIED = 10_000;

  private final FitDocument document;

  /** The method of fits that have a prior. */
  private static final String REGULARISED = Method.REGULARISED.label();

  /** The method of fits that have stages, and no starts. */
  private static final String PIECEWISE = Method.PIECEWISE.label();

  private FitCheck(FitDocument document) {
    this.document = document;
  }

  /**
   * Checks a document.
   *
   * @throws IllegalArgumentException if it does not fit together; the message names the key
   */
  static void check(FitDocument document) {
    FitCheck check = new FitCheck(document);
    present("version", document.version());
    present("engine", document.engine());
    check.options();
    RunSet runs = check.runs();
    check.input(runs);
    check.fits(runs);
    check.auto();
  }

  private static void require(boolean holds, String key, Supplier<String> message) {
    if (!holds) {
      throw new IllegalArgumentException("key '%s' %s".formatted(key, message.get()));
    }
  }

  private static void present(String key, Object value) {
    require(value != null, key, () -> "is null");
  }

  /** A list, or the values of a map, without nulls. */
  private static void whole(String key, Collection<?> values) {
    present(key, values);
    require(values.stream().noneMatch(Objects::isNull), key, () -> "has a null");
  }

  private static void oneOf(String key, String value, Stream<String> known) {
    List<String> names = known.toList();
    require(
        names.contains(value),
        key,
        () -> "is '%s', expected one of %s".formatted(value, String.join(", ", names)));
  }

  private static void keys(String key, Map<String, ?> map, List<String> expected) {
    present(key, map);
    require(
        map.keySet().equals(Set.copyOf(expected)),
        key,
        () -> "has the keys %s, expected %s".formatted(map.keySet(), expected));
  }

  private static void finite(String key, Double value) {
    present(key, value);
    require(Double.isFinite(value), key, () -> "is %s, expected a finite number".formatted(value));
  }

  private static void notNegative(String key, Double value) {
    require(
        value == null || (value >= 0 && value < Double.POSITIVE_INFINITY),
        key,
        () -> "is %s, expected a number from 0 up".formatted(value));
  }

  private void options() {
    FitDocument.Options options = document.options();
    present("options", options);
    oneOf("options.objective", options.objective(), Stream.of("log", "linear"));
    present("options.loss", options.loss());
    try {
      document.objective();
    } catch (IllegalArgumentException e) {
      require(
          false,
          "options.loss",
          () -> "is '%s', expected squared or huber:DELTA".formatted(options.loss()));
    }
    require(options.starts() > 0, "options.starts", () -> "is %d".formatted(options.starts()));
    require(
        options.maxEvaluations() > 0,
        "options.maxEvaluations",
        () -> "is %d".formatted(options.maxEvaluations()));
  }

  private RunSet runs() {
    RunsEntry data = document.data();
    present("data", data);
    whole("data.n", data.n());
    require(!data.n().isEmpty(), "data.n", () -> "is empty, expected the fitted runs");
    Map<String, List<Double>> columns =
        Map.of("n", data.n(), "d", orNone(data.d()), "loss", orNone(data.loss()));
    lists(data.n().size(), columns);
    lists(data.n().size(), Map.of("weight", orNone(data.weight())));
    notNegative("data.sizeTolerance", data.sizeTolerance());
    if (!isBeforeHashes()) {
      present("data.sha256", data.sha256());
      require(
          data.sha256().equals(data.hash()),
          "data.sha256",
          () ->
              "is not the hash of n, d, loss, weight and sizeTolerance: the runs in 'data' were"
                  + " changed");
    }
    return data.runs();
  }

  private static List<Double> orNone(List<Double> values) {
    return values == null ? List.of() : values;
  }

  private static void lists(int size, Map<String, List<Double>> columns) {
    columns.forEach((name, values) -> {
      String key = "data." + name;
      require(
          values.size() == size,
          key,
          () -> "has %d numbers, but 'data.n' has %d".formatted(values.size(), size));
      whole(key, values);
      for (double value : values) {
        require(
            value > 0 && value < Double.POSITIVE_INFINITY,
            key,
            () -> "has %s, expected positive numbers".formatted(value));
      }
    });
  }

  private boolean isBeforeHashes() {
    return document.schema().equals(FitDocument.SCHEMA_WITHOUT_HASHES);
  }

  private void input(RunSet runs) {
    FitDocument.Input input = document.input();
    present("input", input);
    present("input.file", input.file());
    require(
        input.simulated() == input.file().equals(FitDocument.EXAMPLE),
        "input.simulated",
        () -> "is %s, but 'input.file' is '%s'".formatted(input.simulated(), input.file()));
    present("input.sha256", input.sha256());
    require(
        input.sha256().matches("[0-9a-f]{0,64}"),
        "input.sha256",
        () -> "is '%s', expected hexadecimal digits".formatted(input.sha256()));
    present("input.columns", input.columns());
    input.columns().forEach((role, name) -> present("input.columns." + role, name));
    for (String role : List.of("N", "loss")) {
      require(
          input.columns().containsKey(role),
          "input.columns",
          () -> "has no column for %s".formatted(role));
    }
    require(
        input.columns().containsKey("D") || input.columns().containsKey("C"),
        "input.columns",
        () -> "has no column for D or C");
    require(
        input.runs() == runs.size(),
        "input.runs",
        () -> "is %d, but 'data' has %d runs".formatted(input.runs(), runs.size()));
    require(
        input.rows() >= input.runs(),
        "input.rows",
        () -> "is %d, fewer than the %d of 'input.runs'".formatted(input.rows(), input.runs()));
    range("input.n", input.n(), FitDocument.Range.of(runs.n()));
    range("input.d", input.d(), FitDocument.Range.of(runs.d()));
  }

  private static void range(String key, FitDocument.Range stated, FitDocument.Range actual) {
    present(key, stated);
    require(
        stated.low() == actual.low(),
        key + ".low",
        () -> "is %s, but the least in 'data' is %s".formatted(stated.low(), actual.low()));
    require(
        stated.high() == actual.high(),
        key + ".high",
        () -> "is %s, but the largest in 'data' is %s".formatted(stated.high(), actual.high()));
  }

  private void fits(RunSet runs) {
    whole("fits", document.fits());
    require(!document.fits().isEmpty(), "fits", () -> "is empty, expected a fit");
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    Set<String> names = new HashSet<>();
    for (int i = 0; i < document.fits().size(); i++) {
      FitDocument.Fit fit = document.fits().get(i);
      String at = "fits.[%d]".formatted(i);
      new OneFit(at, fit).check(runs, centre);
      require(
          names.add(label(fit)),
          at + ".law",
          () ->
              "is '%s' by method '%s', which an earlier entry is"
                  .formatted(fit.law(), fit.method()));
    }
  }

  private static String label(FitDocument.Fit fit) {
    return fit.law() + "/" + fit.method();
  }

  private void auto() {
    ChoiceEntry auto = document.auto();
    if (auto == null) {
      return;
    }
    String members = document.fits().stream().map(FitCheck::label).collect(Collectors.joining("+"));
    require(
        members.equals(auto.name()),
        "auto.name",
        () -> "is '%s', but the file has the fits %s".formatted(auto.name(), members));
    present("auto.reason", auto.reason());
    whole("auto.weights", auto.weights());
    require(
        auto.weights().size() == document.fits().size(),
        "auto.weights",
        () ->
            "has %d, but the file has %d fits"
                .formatted(auto.weights().size(), document.fits().size()));
    for (int i = 0; i < auto.weights().size(); i++) {
      notNegative("auto.weights.[%d]".formatted(i), auto.weights().get(i));
    }
    whole("auto.scores", auto.scores());
    for (int i = 0; i < auto.scores().size(); i++) {
      ChoiceEntry.Score score = auto.scores().get(i);
      present("auto.scores.[%d].name".formatted(i), score.name());
      notNegative("auto.scores.[%d].error".formatted(i), score.error());
      notNegative("auto.scores.[%d].weight".formatted(i), score.weight());
    }
  }

  /** The checks of one entry. */
  private final class OneFit {

    private final String at;
    private final FitDocument.Fit fit;

    OneFit(String at, FitDocument.Fit fit) {
      this.at = at;
      this.fit = fit;
    }

    private String key(String name) {
      return at + "." + name;
    }

    void check(RunSet runs, Centre centre) {
      oneOf(key("law"), fit.law(), Laws.all().stream().map(Law::name));
      oneOf(key("method"), fit.method(), Arrays.stream(Method.values()).map(Method::label));
      oneOf(key("status"), fit.status(), Arrays.stream(Status.values()).map(Status::label));
      require(
          fit.runs() == runs.size(),
          key("runs"),
          () -> "is %d, but 'data' has %d runs".formatted(fit.runs(), runs.size()));
      centre(centre);
      Law law = Laws.named(fit.law());
      covariance(law);
      parameters(law);
      present(key("atLimit"), fit.atLimit());
      for (String name : fit.atLimit().keySet()) {
        oneOf(key("atLimit"), name, law.centredNames().stream());
      }
      noise();
      stages();
      LawFit read = document.lawFit(fit);
      quality(FitQuality.of(read.evaluation(runs)), runs, read);
      standardErrors(law, read);
      regularisation(read);
      atLimit(law, runs, read);
      noise(runs, read);
      starts();
      if (fit.bootstrap() != null) {
        bootstrap(law);
      }
    }

    private void centre(Centre centre) {
      present(key("centre"), fit.centre());
      near("centre.logN", fit.centre().logN(), centre.logN(), RESIDUAL);
      near("centre.logD", fit.centre().logD(), centre.logD(), RESIDUAL);
      near("centre.logLoss", fit.centre().logLoss(), centre.logLoss(), RESIDUAL);
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
      double[] published = FitDocument.surface(fit).published();
      for (int j = 0; j < published.length; j++) {
        String name = law.parameterNames().get(j);
        near("parameters." + name, fit.parameters().get(name), published[j], 0);
      }
    }

    private void quality(FitQuality quality, RunSet runs, LawFit read) {
      boolean log = read.objective().residual() == Objective.Residual.LOG;
      double weight = Arrays.stream(runs.weight()).sum();
      double residual = RESIDUAL * (log ? 1 : Arrays.stream(runs.loss()).max().orElseThrow());
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
      NoiseEntry found =
          NoiseStudy.of(
                  read.evaluation(runs),
                  read.atLimit(),
                  Optional.of(NoiseModel.Kind.named(noise.kind())))
              .map(NoiseEntry::of)
              .orElse(null);
      require(found != null, key("noise"), () -> "is not null, but residuals do not tell it");
      near("noise.deviation", noise.deviation(), found.deviation(), RESIDUAL);
      near("noise.sizeDeviation", noise.sizeDeviation(), found.sizeDeviation(), RESIDUAL);
      near("noise.slopeD", noise.slopeD(), found.slopeD(), RELATIVE);
      near("noise.slopeN", noise.slopeN(), found.slopeN(), RELATIVE);
    }

    private void atLimit(Law law, RunSet runs, LawFit read) {
      fit.atLimit().forEach((name, text) -> present(key("atLimit." + name), text));
      List<String> reached =
          fit.method().equals(PIECEWISE)
              ? List.of()
              : Limits.of(law, read.surface().centre(), runs.n())
                  .reachedBy(read.surface().centredArray())
                  .stream()
                  .map(law.centredNames()::get)
                  .toList();
      require(
          isBeforeHashes() || Set.copyOf(reached).equals(fit.atLimit().keySet()),
          key("atLimit"),
          () -> "has the keys %s, expected %s".formatted(fit.atLimit().keySet(), reached));
    }

    private void regularisation(LawFit read) {
      RegularisationEntry prior = fit.regularisation();
      require(
          (prior != null) == fit.method().equals(REGULARISED),
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
          prior.penalty() != null && Math.abs(prior.penalty() - expected) <= RELATIVE * expected,
          key("regularisation.penalty"),
          () ->
              "is %s, but by mean %s, deviation %s, residualScale and '%s' it is %s"
                  .formatted(
                      prior.penalty(), prior.mean(), prior.deviation(), key("centred"), expected));
    }

    private void starts() {
      FitDocument.Starts starts = fit.starts();
      require(
          (starts == null) == fit.method().equals(PIECEWISE),
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
          () ->
              "has %d starts, but '%s' is %d".formatted(sum, key("starts.total"), starts.total()));
      require(
          starts.secondBest() == null || Double.isFinite(starts.secondBest()),
          key("starts.secondBest"),
          () -> "is %s".formatted(starts.secondBest()));
      require(
          starts.medianEvaluations() >= 0,
          key("starts.medianEvaluations"),
          () -> "is %d".formatted(starts.medianEvaluations()));
    }

    private void stages() {
      StagesEntry stages = fit.stages();
      require(
          stages == null || fit.method().equals(PIECEWISE),
          key("stages"),
          () -> "is not null, but '%s' is '%s'".formatted(key("method"), fit.method()));
      if (stages == null) {
        return;
      }
      whole(key("stages.sizes"), stages.sizes());
      whole(key("stages.rounds"), stages.rounds());
      whole(key("stages.leftOut"), stages.leftOut());
    }

    private void bootstrap(Law law) {
      BootstrapEntry entry = fit.bootstrap();
      oneOf(
          key("bootstrap.resampling"),
          entry.resampling(),
          Arrays.stream(Resampling.values()).map(Resampling::label));
      require(
          entry.restarts() >= 0,
          key("bootstrap.restarts"),
          () -> "is %d".formatted(entry.restarts()));
      require(
          entry.level() > 0 && entry.level() < 100,
          key("bootstrap.level"),
          () -> "is %s, expected percent between 0 and 100".formatted(entry.level()));
      oneOf(
          key("bootstrap.interval"),
          entry.interval(),
          Arrays.stream(IntervalType.values()).map(IntervalType::label));
      present(key("bootstrap.samples"), entry.samples());
      require(
          entry.replicates() > 0 && entry.samples().size() == entry.replicates(),
          key("bootstrap.replicates"),
          () ->
              "is %d, but '%s' has %d"
                  .formatted(entry.replicates(), key("bootstrap.samples"), entry.samples().size()));
      positions("bootstrap.failed", entry.failed(), entry.replicates());
      positions("bootstrap.improved", entry.improved(), entry.replicates());
      samples(entry, law.parameterCount());
      intervals(entry, law);
      if (!isBeforeHashes()) {
        present(key("bootstrap.sha256"), entry.sha256());
        require(
            entry.sha256().equals(entry.hash()),
            key("bootstrap.sha256"),
            () -> "is not the hash of samples, failed and improved: these were changed");
      }
    }

    private void samples(BootstrapEntry entry, int size) {
      Set<Integer> failed = Set.copyOf(entry.failed());
      for (int b = 0; b < entry.replicates(); b++) {
        List<Double> sample = entry.samples().get(b);
        boolean whole =
            sample != null
                && sample.size() == size
                && sample.stream().noneMatch(Objects::isNull)
                && (failed.contains(b) || sample.stream().allMatch(Double::isFinite));
        require(
            whole,
            key("bootstrap.samples.[%d]".formatted(b)),
            () -> "is not %d numbers".formatted(size));
      }
    }

    private void intervals(BootstrapEntry entry, Law law) {
      keys(key("bootstrap.parameters"), entry.parameters(), law.parameterNames());
      entry
          .parameters()
          .forEach((name, interval) -> {
            String key = key("bootstrap.parameters." + name);
            present(key, interval);
            notNegative(key + ".standardError", interval.standardError());
            require(
                interval.low() == null
                    || interval.high() == null
                    || interval.low() <= interval.high(),
                key + ".low",
                () -> "is above '%s.high'".formatted(key));
          });
    }

    private void positions(String name, List<Integer> positions, int count) {
      whole(key(name), positions);
      int before = -1;
      for (int position : positions) {
        require(
            position > before && position < count,
            key(name),
            () -> "has %d, expected rising positions below %d".formatted(position, count));
        before = position;
      }
    }
  }
}

package org.farfit.report.archive;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitOrigin;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.MultiStart;
import org.farfit.fit.Optimum;
import org.farfit.fit.statistics.FitQuality;
import org.farfit.fit.statistics.NoiseStudy;
import org.farfit.fit.statistics.Uncertainty;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.report.output.Json;
import org.farfit.solver.Status;

/**
 * The fit file: what was fitted, how, and what came out. Its JSON form is described by {@code
 * docs/fit.schema.json}; numbers that are not finite or not known are null.
 *
 * @param schema name and version of the format, {@link #SCHEMA}
 * @param version version of Farfit that wrote it
 * @param input what was fitted
 * @param options how
 * @param engine what computed it
 * @param fits one entry per law
 * @param auto what validation chose to extrapolate with, an average of the fits; or null
 * @param data the fitted runs
 */
@JsonPropertyOrder({"schema", "version", "input", "options", "engine", "fits", "auto", "data"})
record FitDocument(
    String schema,
    String version,
    Input input,
    Options options,
    String engine,
    List<Fit> fits,
    ChoiceEntry auto,
    RunsEntry data) {

  /** The format that this version writes. */
  static final String SCHEMA = "farfit.fit/3";

  /** The format before, which this version reads, too: the same for laws of N and D alone. */
  static final String SCHEMA_OF_SIZES = "farfit.fit/2";

  /** The format before that, which this version reads, too: without {@code sha256} of data. */
  static final String SCHEMA_WITHOUT_HASHES = "farfit.fit/1";

  private static final String SQUARED = "squared";
  private static final String HUBER = "huber:";

  /**
   * The data that were fitted.
   *
   * @param file as given on the command line
   * @param sha256 hash of its bytes
   * @param simulated whether the file is the bundled example, which is simulated
   * @param columns which column was taken for N, D (or C), loss and weight
   * @param where the filter on rows, or null
   * @param rows how many rows the file has
   * @param runs how many runs were fitted
   * @param n smallest and largest parameters; null for runs without N
   * @param d smallest and largest tokens; null for runs without D
   * @param further smallest and largest of further columns of numbers
   */
  record Input(
      String file,
      String sha256,
      boolean simulated,
      Map<String, String> columns,
      String where,
      int rows,
      int runs,
      FitArchive.Range n,
      FitArchive.Range d,
      Map<String, FitArchive.Range> further) {}

  /**
   * The choices that determine the result.
   *
   * @param objective {@code log} or {@code linear} residuals
   * @param loss {@code squared} or {@code huber:DELTA}
   * @param starts starts per law
   * @param seed of the starts
   * @param maxEvaluations evaluations after which a start was given up
   */
  record Options(String objective, String loss, int starts, long seed, int maxEvaluations) {}

  /**
   * One fitted law.
   *
   * @param law its name
   * @param formula the law, if it is a formula; null for one that is made by hand
   * @param method how it was fitted
   * @param status how the fit ended; success begins with {@code converged}
   * @param runs how many runs
   * @param cost half the weighted sum of squared, or robust, residuals
   * @param rmse root mean square residual: of ln L, or of L
   * @param r2 explained share of the variance of ln L, or of L
   * @param mape mean relative error, percent
   * @param aic Akaike's criterion
   * @param bic Schwarz's criterion
   * @param condition condition number of the column-scaled Jacobian
   * @param parameters published parameters
   * @param standardErrors of the published parameters, or null
   * @param centre what the centred parameters refer to
   * @param centred centred parameters, from which predictions are made
   * @param covariance of the centred parameters, or null
   * @param correlations of the centred parameters, or null
   * @param atLimit what it means that parameters are at their limits, by centred parameter
   * @param noise how the residuals scatter, or null where that cannot be told
   * @param backTest how intervals like its own did within the runs, or null where there was no test
   * @param starts what the search found, or null for a method that does not search
   * @param regularisation the prior, or null
   * @param stages what the stages of a piecewise fit found, or null
   * @param bootstrap replicates of the fit, or null
   * @param unknown why numbers are null, by key within the entry; null in files written before
   */
  record Fit(
      String law,
      LawEntry formula,
      String method,
      String status,
      int runs,
      Double cost,
      Double rmse,
      Double r2,
      Double mape,
      Double aic,
      Double bic,
      Double condition,
      Map<String, Double> parameters,
      Map<String, Double> standardErrors,
      CentreEntry centre,
      Map<String, Double> centred,
      List<List<Double>> covariance,
      List<List<Double>> correlations,
      Map<String, String> atLimit,
      NoiseEntry noise,
      BackTestEntry backTest,
      Starts starts,
      RegularisationEntry regularisation,
      StagesEntry stages,
      BootstrapEntry bootstrap,
      Map<String, String> unknown) {

    /** The same with replicates. */
    Fit with(BootstrapEntry entry) {
      return with(entry, null).withReasons();
    }

    private Fit withReasons() {
      return with(bootstrap, UnknownNumbers.of(this));
    }

    private Fit with(BootstrapEntry entry, Map<String, String> reasons) {
      return new Fit(
          law,
          formula,
          method,
          status,
          runs,
          cost,
          rmse,
          r2,
          mape,
          aic,
          bic,
          condition,
          parameters,
          standardErrors,
          centre,
          centred,
          covariance,
          correlations,
          atLimit,
          noise,
          backTest,
          starts,
          regularisation,
          stages,
          entry,
          reasons);
    }
  }

  /**
   * A centre: logarithms of the geometric means of N (parameters), D (tokens) and loss, null where
   * there is none; and further columns there.
   */
  record CentreEntry(Double logN, Double logD, Double logLoss, Map<String, Double> further) {

    static CentreEntry of(Centre centre) {
      return new CentreEntry(
          Json.finite(centre.logN()),
          Json.finite(centre.logD()),
          Json.finite(centre.logLoss()),
          centre.further());
    }

    Centre centre() {
      return new Centre(
          Json.number(logN), Json.number(logD), Json.number(logLoss), Map.copyOf(further));
    }
  }

  /**
   * What the search found.
   *
   * @param total starts
   * @param atBest starts that ended within 0.1% of the best cost
   * @param statuses how many ended with each status
   * @param secondBest cost of the next distinct optimum, or null if none was found
   * @param medianEvaluations of the starts at the best cost
   */
  record Starts(
      int total,
      int atBest,
      Map<String, Integer> statuses,
      Double secondBest,
      int medianEvaluations) {}

  /** Puts a document together. */
  static FitDocument of(FitSource source, List<Fit> fits, ChoiceEntry auto) {
    RunFile file = source.file();
    RunSet runs = file.runs();
    FitOptions options = source.options();
    return new FitDocument(
        SCHEMA,
        source.version(),
        new Input(
            file.file(),
            file.sha256(),
            source.simulated(),
            file.columns(),
            source.where().orElse(null),
            file.rows(),
            runs.size(),
            range(runs, RunSet.N),
            range(runs, RunSet.D),
            further(runs)),
        new Options(
            options.objective().residual() == Objective.Residual.LOG ? "log" : "linear",
            options.objective().isSquared() ? SQUARED : HUBER + options.objective().huberDelta(),
            options.starts(),
            options.seed(),
            options.solver().maxEvaluations()),
        source.engine(),
        fits,
        auto,
        RunsEntry.of(runs));
  }

  /** The range of a column; null if there is none. */
  static FitArchive.Range range(RunSet runs, String column) {
    return runs.has(column) ? FitArchive.Range.of(runs.column(column)) : null;
  }

  /** The ranges of further columns of numbers. */
  static Map<String, FitArchive.Range> further(RunSet runs) {
    Map<String, FitArchive.Range> further = new LinkedHashMap<>();
    runs.furtherColumns().stream()
        .filter(name -> !runs.categories().containsKey(name))
        .forEach(name -> further.put(name, range(runs, name)));
    return further;
  }

  /**
   * The entry of a fit.
   *
   * @param backTest its back-test, or null
   */
  static Fit entry(LawFit fit, BackTestEntry backTest) {
    Law law = fit.law();
    FittedSurface surface = fit.surface();
    FitQuality quality = fit.quality();
    return new Fit(
            law.name(),
            LawEntry.of(law),
            fit.method().label(),
            fit.status().label(),
            surface.runs(),
            Json.finite(fit.cost()),
            Json.finite(quality.rmse()),
            Json.finite(quality.r2()),
            Json.finite(quality.mape()),
            Json.finite(quality.aic()),
            Json.finite(quality.bic()),
            Json.finite(fit.condition()),
            named(law.parameterNames(), surface.published()),
            fit.standardErrors().map(errors -> named(law.parameterNames(), errors)).orElse(null),
            CentreEntry.of(surface.centre()),
            named(law.centredNames(), surface.centredArray()),
            surface.covariance().map(FitDocument::rows).orElse(null),
            surface.covariance().map(FitDocument::correlations).map(FitDocument::rows).orElse(null),
            atLimit(fit),
            fit.noise().map(NoiseEntry::of).orElse(null),
            backTest,
            fit.multiStart().map(FitDocument::starts).orElse(null),
            fit.regularisation().map(each -> RegularisationEntry.of(law, each)).orElse(null),
            fit.stages().map(StagesEntry::of).orElse(null),
            null,
            null)
        .withReasons();
  }

  private static Map<String, String> atLimit(LawFit fit) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < fit.atLimit().size(); i++) {
      map.put(fit.law().centredNames().get(fit.atLimit().get(i)), fit.limitStatements().get(i));
    }
    return map;
  }

  private static Starts starts(MultiStart search) {
    Map<String, Integer> statuses = new LinkedHashMap<>();
    search.statuses().forEach((status, count) -> statuses.put(status.label(), count));
    return new Starts(
        search.starts(),
        search.atBest(),
        statuses,
        search.second().map(Optimum::cost).orElse(null),
        search.medianEvaluations());
  }

  private static double[][] correlations(double[][] covariance) {
    int p = covariance.length;
    double[][] correlations = new double[p][p];
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < p; j++) {
        correlations[i][j] = i == j ? 1 : Uncertainty.correlation(covariance, i, j);
      }
    }
    return correlations;
  }

  private static List<List<Double>> rows(double[][] matrix) {
    return Arrays.stream(matrix).map(row -> Arrays.stream(row).boxed().toList()).toList();
  }

  private static Map<String, Double> named(List<String> names, double[] values) {
    Map<String, Double> map = new LinkedHashMap<>();
    for (int j = 0; j < values.length; j++) {
      map.put(names.get(j), Json.finite(values[j]));
    }
    return map;
  }

  /** The surface of one entry, which {@link FitCheck} found to fit together. */
  FittedSurface surface(Fit fit) {
    return surface(fit, fit.formula() == null ? Laws.named(fit.law()) : law(fit, data.runs()));
  }

  /**
   * The law of an entry.
   *
   * @param runs the runs of the file
   */
  Law law(Fit fit, RunSet runs) {
    return fit.formula() == null
        ? Laws.named(fit.law())
        : fit.formula().law(fit.law(), options.objective().equals("log"), runs);
  }

  private static FittedSurface surface(Fit fit, Law law) {
    return new FittedSurface(
        law,
        fit.centre().centre(),
        law.centredNames().stream().map(fit.centred()::get).toList(),
        fit.runs(),
        Optional.ofNullable(fit.covariance()).map(FitDocument::matrix));
  }

  /** The fit of one entry, without what its search found on the way. */
  LawFit lawFit(Fit fit) {
    FittedSurface surface = surface(fit);
    Optional<NoiseStudy.Result> noise = Optional.ofNullable(fit.noise()).map(NoiseEntry::result);
    int free =
        surface.law().parameterCount()
            + 1
            + noise
                .filter(NoiseStudy.Result::generalised)
                .map(found -> found.model().parameterCount())
                .orElse(0);
    double aic = Json.number(fit.aic());
    return new LawFit(
        surface,
        origin(fit, surface.law()),
        objective(),
        Arrays.stream(Status.values())
            .filter(status -> status.label().equals(fit.status()))
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("unknown status '%s'".formatted(fit.status()))),
        Json.number(fit.cost()),
        fit.standardErrors() == null
            ? Optional.empty()
            : Optional.of(
                surface.law().parameterNames().stream()
                    .mapToDouble(name -> Json.number(fit.standardErrors().get(name)))
                    .toArray()),
        Json.number(fit.condition()),
        new FitQuality(
            Json.number(fit.rmse()),
            Json.number(fit.r2()),
            Json.number(fit.mape()),
            free - aic / 2,
            aic,
            Json.number(fit.bic())),
        atLimit(surface.law(), fit.atLimit()),
        noise);
  }

  private static FitOrigin origin(Fit fit, Law law) {
    return switch (Method.named(fit.method())) {
      case PIECEWISE ->
          new FitOrigin.Staged(Optional.ofNullable(fit.stages()).map(StagesEntry::report));
      case GLOBAL, REGULARISED ->
          FitOrigin.searched(
              Optional.empty(),
              Optional.ofNullable(fit.regularisation()).map(prior -> prior.regularisation(law)));
    };
  }

  private static List<Integer> atLimit(Law law, Map<String, String> entries) {
    if (!law.centredNames().containsAll(entries.keySet())) {
      throw new IllegalArgumentException(
          "atLimit has the keys %s, expected some of %s"
              .formatted(entries.keySet(), law.centredNames()));
    }
    return entries.keySet().stream().map(law.centredNames()::indexOf).sorted().toList();
  }

  /**
   * What the fits minimise.
   *
   * @throws IllegalArgumentException if the options do not say it
   */
  Objective objective() {
    String loss = options.loss();
    if (!loss.equals(SQUARED) && !loss.startsWith(HUBER)) {
      throw new IllegalArgumentException("unknown loss '%s'".formatted(loss));
    }
    return new Objective(
        options.objective().equals("log") ? Objective.Residual.LOG : Objective.Residual.LINEAR,
        loss.equals(SQUARED)
            ? Double.POSITIVE_INFINITY
            : Double.parseDouble(loss.substring(HUBER.length())));
  }

  private static double[][] matrix(List<List<Double>> rows) {
    return rows.stream()
        .map(row -> row.stream().mapToDouble(Double::doubleValue).toArray())
        .toArray(double[][]::new);
  }
}

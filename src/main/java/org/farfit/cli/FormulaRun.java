package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.farfit.data.RunColumns;
import org.farfit.engine.Engine;
import org.farfit.engine.code.FormulaRuns;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FormulaFit;
import org.farfit.fit.FormulaUncertainty;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.report.AlignedTable;
import org.farfit.report.FitDocument;
import org.farfit.report.FormulaFitFile;
import org.farfit.report.Json;
import org.farfit.report.OutputFile;

/** Fits a law that is a formula, for {@code farfit fit}. */
final class FormulaRun {

  /** A response that is called loss, and not only an expression without a name. */
  private static final Pattern NAMED_LOSS = Pattern.compile("(^|[;\\n])\\s*loss\\s*=");

  private final RunsInput input;
  private final FitChoices choices;
  private final PrintWriter log;

  FormulaRun(RunsInput input, FitChoices choices, PrintWriter log) {
    this.input = input;
    this.choices = choices;
    this.log = log;
  }

  /** The runs of a law, and which column of the file each of its names is. */
  private record Data(Model model, FormulaRuns runs, Map<String, String> taken) {}

  /** Fits; the file says how it ended. */
  FormulaFitFile run(LawText law) {
    RunColumns file = input.columnsOfFile();
    Data data = read(law, file);
    log.printf("runs: %d from %s%n", file.size(), file.file());
    List<String> notes = new ArrayList<>();
    data.taken().forEach((name, column) -> notes.add("%s from '%s'".formatted(name, column)));
    log.println("columns: " + String.join(", ", notes));
    log.println(
        "parameters: "
            + String.join(
                ", ", data.model().parameters().stream().map(Model.Parameter::name).toList()));
    FitOptions options = choices.options();
    // Twenty times the work of a law with few terms: derivatives of a formula are many.
    long work = 20L * options.starts() * file.size();
    try (Engine engine = choices.engine.open(log, work);
        Progress progress = new Progress("formula")) {
      FormulaFit.Result fit =
          new FormulaFit(engine, options, progress).fit(data.model(), data.runs());
      FormulaUncertainty uncertainty = FormulaUncertainty.of(fit, data.runs(), options.objective());
      return document(file, data, options, engine.name(), fit, uncertainty);
    }
  }

  private Data read(LawText law, RunColumns file) {
    Set<String> measured = new TreeSet<>(file.names());
    measured.add(Model.LOSS);
    Model model = Model.of(law, file.names(), measured);
    Map<String, String> taken = new LinkedHashMap<>();
    Map<String, double[]> numbers = new LinkedHashMap<>();
    for (String name : model.columns()) {
      taken.put(name, column(law, file, name));
      numbers.put(name, file.numbers(taken.get(name), "the formula"));
    }
    for (Model.Response response : model.responses()) {
      taken.put(response.name(), column(law, file, response.name()));
      numbers.put(response.name(), file.numbers(taken.get(response.name()), "--loss-column"));
    }
    Map<String, List<String>> categories = new LinkedHashMap<>();
    for (String name : model.indices()) {
      taken.put(name, name);
      categories.put(name, file.categories(name, "the formula"));
    }
    double[] weight = new double[file.size()];
    Arrays.fill(weight, 1);
    if (input.weight != null) {
      taken.put("weight", input.weight);
      weight = file.numbers(input.weight, "--weight-column");
    }
    return new Data(
        model, new FormulaRuns(file.file(), file.places(), numbers, categories, weight), taken);
  }

  /** The column of a name: what an option says, the name itself, or a usual name of it. */
  private String column(LawText law, RunColumns file, String name) {
    String asked =
        switch (name) {
          case "N" -> input.n;
          case "D" -> input.d;
          case Model.LOSS -> input.loss;
          default -> null;
        };
    if (asked != null) {
      return asked;
    }
    boolean anyLoss = name.equals(Model.LOSS) && !NAMED_LOSS.matcher(law.text()).find();
    if (anyLoss) {
      return file.role(name, option(name));
    }
    if (file.names().contains(name)) {
      return name;
    }
    Optional<String> usual =
        law.usualNames(name).orElse(List.of()).stream().filter(file.names()::contains).findFirst();
    if (usual.isPresent()) {
      return usual.get();
    }
    return Model.ROLES.contains(name) || name.equals(Model.LOSS)
        ? file.role(name, option(name))
        : name;
  }

  private static String option(String name) {
    return name.equals(Model.LOSS)
        ? "--loss-column"
        : "--" + name.toLowerCase(java.util.Locale.ROOT) + "-column";
  }

  private FormulaFitFile document(
      RunColumns file,
      Data data,
      FitOptions options,
      String engine,
      FormulaFit.Result fit,
      FormulaUncertainty uncertainty) {
    Map<String, FitDocument.Range> ranges = new TreeMap<>();
    for (String name : data.model().columns()) {
      double[] values = data.runs().column(name);
      ranges.put(
          name,
          new FitDocument.Range(
              Arrays.stream(values).min().orElseThrow(),
              Arrays.stream(values).max().orElseThrow()));
    }
    Map<String, Double> parameters = new LinkedHashMap<>();
    Map<String, Double> errors = new LinkedHashMap<>();
    for (int j = 0; j < fit.names().size(); j++) {
      parameters.put(fit.names().get(j), Json.finite(fit.parameters()[j]));
      errors.put(fit.names().get(j), Json.finite(uncertainty.errors()[j]));
    }
    double weights = Arrays.stream(data.runs().weight()).sum() * data.model().responses().size();
    return new FormulaFitFile(
        FormulaFitFile.SCHEMA,
        Version.text(),
        FormulaFitFile.law(data.model()),
        new FormulaFitFile.Input(
            file.file(),
            file.sha256(),
            data.taken(),
            input.where,
            file.rows(),
            file.size(),
            ranges),
        new FormulaFitFile.Options(
            choices.objective.name().toLowerCase(java.util.Locale.ROOT),
            Json.finite(options.objective().huberDelta()),
            options.starts(),
            options.seed()),
        engine,
        new FormulaFitFile.Fit(
            fit.status().label(),
            fit.cost(),
            Math.sqrt(2 * fit.cost() / weights),
            parameters,
            errors,
            fit.atBounds(),
            uncertainty.undetermined(),
            fit.components(),
            fit.shareAtBest(),
            fit.restarts(),
            fit.evaluations()));
  }

  /** The result as tables. */
  static String text(FormulaFitFile file) {
    FormulaFitFile.Fit fit = file.fit();
    AlignedTable table = new AlignedTable("parameter", "value", "standard error", "");
    fit.parameters()
        .forEach((name, value) ->
            table.add(
                List.of(
                    name,
                    AlignedTable.number(value, 6),
                    AlignedTable.number(fit.standardErrors().get(name), 2),
                    fit.atBounds().contains(name)
                        ? "at its bound"
                        : fit.undetermined().contains(name) ? "not determined" : "")));
    StringBuilder text = new StringBuilder(table.text());
    text.append(
        "%ncost %s, root mean square of %s residuals %s; %s%n"
            .formatted(
                AlignedTable.number(fit.cost(), 10),
                file.options().objective(),
                AlignedTable.number(fit.rmse(), 4),
                fit.status()));
    text.append(
        "%s%% of %d starts reached the best cost%s%s%n"
            .formatted(
                AlignedTable.number(100 * fit.shareAtBest(), 3),
                file.options().starts(),
                fit.restarts() > 0
                    ? "; %d more were made around the best".formatted(fit.restarts())
                    : "",
                fit.components() > 1
                    ? "; %d sets of parameters were fitted apart, this is the least share"
                        .formatted(fit.components())
                    : ""));
    if (!fit.undetermined().isEmpty()) {
      text.append(
          "not determined by the runs: %s may change together without changing a prediction%n"
              .formatted(String.join(", ", fit.undetermined())));
    }
    return text.toString();
  }

  /** Writes the fit file and prints what is asked for. */
  static void print(FormulaFitFile file, Optional<Path> target, boolean json, PrintWriter output) {
    target.ifPresent(path -> OutputFile.write(path, Json.text(file)));
    if (json) {
      output.print(Json.text(file));
    } else {
      output.println();
      output.print(text(file));
      target.ifPresent(path -> output.println("result: " + path));
    }
    output.flush();
  }
}

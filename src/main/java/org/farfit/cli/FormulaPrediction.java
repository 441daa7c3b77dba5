package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.farfit.analysis.SurfaceRange;
import org.farfit.engine.code.FormulaRuns;
import org.farfit.fit.FormulaFit;
import org.farfit.formula.Model;
import org.farfit.report.AlignedTable;
import org.farfit.report.FitDocument;
import org.farfit.report.FormulaFitFile;
import org.farfit.report.Json;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Predicts with a fitted formula, for {@code farfit predict}. */
final class FormulaPrediction {

  private final CommandLine command;

  FormulaPrediction(CommandLine command) {
    this.command = command;
  }

  /** What a formula predicts at a point. */
  record Row(Map<String, String> at, Map<String, Double> predictions) {}

  /** The result as JSON. */
  record Result(String law, List<Row> rows) {}

  /**
   * Splits {@code N=25.1B,D=320B}.
   *
   * @throws ParameterException if it is not so
   */
  static Map<String, String> point(String text, CommandLine command) {
    Map<String, String> point = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals <= 0 || equals == part.length() - 1) {
        throw new ParameterException(
            command, "--at: '%s' is not NAME=VALUE, such as N=25.1B".formatted(part.strip()));
      }
      if (point.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip())
          != null) {
        throw new ParameterException(command, "--at: '%s' is given twice".formatted(part.strip()));
      }
    }
    return point;
  }

  int run(Path path, List<String> points, boolean json) {
    FormulaFitFile file = FormulaFitFile.read(path);
    Model model = file.model();
    List<Row> rows = new ArrayList<>();
    for (String text : points) {
      rows.add(predict(file, model, point(text, command)));
    }
    PrintWriter output = command.getOut();
    if (json) {
      output.print(Json.text(new Result(file.law().name(), rows)));
    } else {
      List<String> header = new ArrayList<>(model.columns());
      header.addAll(model.indices());
      model.responses().forEach(response -> header.add(response.name()));
      AlignedTable table = new AlignedTable(header.toArray(String[]::new));
      for (Row row : rows) {
        List<String> cells = new ArrayList<>(row.at().values());
        row.predictions().values().forEach(value -> cells.add(AlignedTable.number(value, 6)));
        table.add(cells);
      }
      output.print(table.text());
    }
    output.flush();
    return ExitCode.DONE;
  }

  private Row predict(FormulaFitFile file, Model model, Map<String, String> given) {
    Map<String, double[]> numbers = new LinkedHashMap<>();
    Map<String, List<String>> categories = new LinkedHashMap<>();
    Map<String, String> at = new LinkedHashMap<>();
    for (String name : model.columns()) {
      at.put(name, required(given, name, model));
      numbers.put(name, new double[] {number(name, at.get(name))});
      warnBeyond(name, numbers.get(name)[0], file.input().ranges().get(name));
    }
    for (String name : model.indices()) {
      at.put(name, required(given, name, model));
      categories.put(name, List.of(at.get(name)));
    }
    for (String name : given.keySet()) {
      if (!at.containsKey(name)) {
        throw new ParameterException(
            command,
            "--at: the formula has no column '%s'; it has %s".formatted(name, columns(model)));
      }
    }
    FormulaRuns point =
        new FormulaRuns("--at", List.of("the point"), numbers, categories, new double[] {1});
    List<String> names = List.copyOf(file.fit().parameters().keySet());
    double[] values =
        file.fit().parameters().values().stream()
            .mapToDouble(value -> value == null ? Double.NaN : value)
            .toArray();
    Map<String, Double> predictions = new LinkedHashMap<>();
    for (int r = 0; r < model.responses().size(); r++) {
      predictions.put(
          model.responses().get(r).name(),
          Json.finite(FormulaFit.predict(model, names, values, point, r)[0]));
    }
    return new Row(at, predictions);
  }

  private String required(Map<String, String> given, String name, Model model) {
    String value = given.get(name);
    if (value == null) {
      throw new ParameterException(
          command, "--at: no value for '%s'; the formula needs %s".formatted(name, columns(model)));
    }
    return value;
  }

  private static String columns(Model model) {
    return java.util.stream.Stream.concat(model.columns().stream(), model.indices().stream())
        .collect(Collectors.joining(", "));
  }

  private double number(String name, String text) {
    try {
      return new QuantityConverter().convert(text);
    } catch (CommandLine.TypeConversionException e) {
      throw new ParameterException(command, "--at: %s: %s".formatted(name, e.getMessage()));
    }
  }

  private void warnBeyond(String name, double value, FitDocument.Range fitted) {
    if (fitted == null || !(fitted.low() > 0) || !(value > 0)) {
      return;
    }
    double factor = Math.max(value / fitted.high(), fitted.low() / value);
    if (factor > SurfaceRange.FAR) {
      command
          .getErr()
          .printf(
              "warning: %s = %.3g is a factor %.0f beyond the fitted runs (%.3g to %.3g)%n",
              name, value, factor, fitted.low(), fitted.high());
      command.getErr().flush();
    }
  }
}

package org.farfit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.farfit.analysis.inference.Estimands;
import org.farfit.data.PlanFile;
import org.farfit.data.RunSet;
import org.farfit.fit.FittedSurface;
import org.farfit.formula.FormulaLaw;
import org.farfit.law.Centre;
import org.farfit.report.archive.FitArchive;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Reads points that are given by columns: {@code --at N=25.1B,D=320B,U=100B}. */
final class AtPoints {

  private static final String SEVERAL = "response";

  private final CommandLine command;
  private final RunSet runs;
  private final Centre centre;
  private final SequencedSet<String> columns = new LinkedHashSet<>();
  private final SequencedSet<String> categories = new LinkedHashSet<>();

  /**
   * Points for the laws of a file.
   *
   * @param archive whose runs say of what categories there are parameters
   */
  AtPoints(FitArchive archive, CommandLine command) {
    this.command = command;
    this.runs = archive.runs();
    this.centre = archive.fitted().getFirst().centre();
    for (FittedSurface surface : archive.fitted()) {
      for (String name : surface.law().columns()) {
        if (!runs.categories().containsKey(name)) {
          columns.add(name);
        } else if (!name.equals(FormulaLaw.RESPONSE)) {
          categories.add(name);
        }
      }
    }
  }

  /**
   * The runs of a plan, with every column of the laws.
   *
   * @throws org.farfit.data.InputException naming file, line and column
   */
  List<PlanFile.Run> planned(Path file) {
    Map<String, List<String>> labels = new LinkedHashMap<>();
    categories.forEach(name -> labels.put(name, runs.categories().get(name)));
    return PlanFile.read(file, columns, labels);
  }

  /** Columns of numbers that a point needs, N and D among them. */
  SequencedSet<String> columns() {
    return columns;
  }

  /**
   * Splits {@code N=25.1B,D=320B}.
   *
   * @throws ParameterException if it is not so
   */
  Map<String, String> split(String text) {
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

  /**
   * A point that says every column of the laws; of laws with several responses, one for each.
   *
   * @throws ParameterException if a column is missing, unknown, or not a number or category
   */
  List<Estimands.Point> whole(String text) {
    Map<String, String> given = split(text);
    List<String> all = new ArrayList<>(columns);
    all.addAll(categories);
    for (String name : all) {
      if (!given.containsKey(name)) {
        throw new ParameterException(
            command,
            "--at: no value for '%s'; the laws of this file need %s"
                .formatted(name, String.join(", ", all)));
      }
    }
    Map<String, Double> further = further(given);
    double n = columns.contains(RunSet.N) ? number(RunSet.N, given.get(RunSet.N)) : Double.NaN;
    double d = columns.contains(RunSet.D) ? number(RunSet.D, given.get(RunSet.D)) : Double.NaN;
    return responses(new Estimands.Point(n, d, further));
  }

  /**
   * Values at which columns are fixed, N and D among them; of categories the number.
   *
   * @throws ParameterException if a column is unknown, or a value is not a number or category
   */
  Map<String, Double> fixed(String text) {
    return fixed(split(text));
  }

  /** Whether the laws have such a column. */
  boolean isColumn(String name) {
    return columns.contains(name)
        || categories.contains(name)
        || (name.equals(SEVERAL) && runs.categories().containsKey(FormulaLaw.RESPONSE));
  }

  /** {@link #fixed(String)} of columns besides N and D. */
  Map<String, Double> fixedBesidesSizes(Map<String, String> given) {
    if (given.containsKey(RunSet.N) || given.containsKey(RunSet.D)) {
      throw new ParameterException(command, "--at: N and D are what is asked for, not fixed");
    }
    return fixed(given);
  }

  private Map<String, Double> fixed(Map<String, String> given) {
    Map<String, Double> fixed = new LinkedHashMap<>();
    given.forEach((name, value) -> {
      if (name.equals(SEVERAL) && runs.categories().containsKey(FormulaLaw.RESPONSE)) {
        fixed.put(FormulaLaw.RESPONSE, (double) category(FormulaLaw.RESPONSE, value));
      } else if (categories.contains(name)) {
        fixed.put(name, (double) category(name, value));
      } else if (columns.contains(name)) {
        fixed.put(name, number(name, value));
      } else {
        throw unknown(name);
      }
    });
    return fixed;
  }

  /**
   * Numbers of a column, joined by commas, each one or LOW:HIGH:COUNT; of categories the labels.
   *
   * @throws ParameterException if the column is unknown, or a value is not a number or category
   */
  List<Double> values(String name, String text) {
    List<Double> values = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (categories.contains(name)) {
        values.add((double) category(name, part));
      } else if (!columns.contains(name)) {
        throw unknown(name);
      } else if (part.contains(":")) {
        values.addAll(new QuantityRange.Converter().convert(part).values());
      } else {
        values.add(number(name, part));
      }
    }
    return values;
  }

  /** Where columns are that are not fixed, N and D among them. */
  Map<String, Double> centre() {
    Map<String, Double> values = new LinkedHashMap<>();
    columns.forEach(column -> values.put(column, centre.value(column)));
    categories.forEach(column -> values.put(column, centre.value(column)));
    return values;
  }

  private ParameterException unknown(String name) {
    return new ParameterException(
        command,
        "--at: the laws of this file have no column '%s'; they have %s"
            .formatted(name, String.join(", ", allColumns())));
  }

  /** Points with given N and D, for laws that need no other column. */
  List<Estimands.Point> ofSizes(List<Estimands.Point> points) {
    List<String> missing = new ArrayList<>(columns);
    missing.addAll(categories);
    missing.removeAll(List.of(RunSet.N, RunSet.D));
    if (!missing.isEmpty() || !columns.containsAll(List.of(RunSet.N, RunSet.D))) {
      throw new ParameterException(
          command,
          "the laws of this file need %s; give points with --at, such as --at %s"
              .formatted(
                  String.join(", ", allColumns()),
                  String.join(
                      ",",
                      allColumns().stream().map(name -> name + "=" + example(name)).toList())));
    }
    return points.stream().flatMap(point -> responses(point).stream()).toList();
  }

  private String example(String name) {
    return categories.contains(name)
        ? runs.categories().get(name).getFirst()
        : "%.4g".formatted(runs.column(name)[0]);
  }

  private List<String> allColumns() {
    List<String> all = new ArrayList<>(columns);
    all.addAll(categories);
    return all;
  }

  /** Columns besides N and D with their numbers, as {@code --at} may hold some of them. */
  Map<String, Double> further(Map<String, String> given) {
    Map<String, Double> further = new LinkedHashMap<>();
    given.forEach((name, value) -> {
      if (categories.contains(name)) {
        further.put(name, (double) category(name, value));
      } else if (!columns.contains(name)) {
        throw unknown(name);
      } else if (!name.equals(RunSet.N) && !name.equals(RunSet.D)) {
        further.put(name, number(name, value));
      }
    });
    return further;
  }

  private int category(String name, String value) {
    int code = runs.categories().get(name).indexOf(value);
    if (code < 0) {
      throw new ParameterException(
          command,
          "--at: no run has %s = '%s'; there are %s"
              .formatted(name, value, String.join(", ", runs.categories().get(name))));
    }
    return code;
  }

  private List<Estimands.Point> responses(Estimands.Point point) {
    List<String> responses = runs.categories().get(FormulaLaw.RESPONSE);
    if (responses == null) {
      return List.of(point);
    }
    List<Estimands.Point> points = new ArrayList<>();
    for (int r = 0; r < responses.size(); r++) {
      Map<String, Double> further = new LinkedHashMap<>(point.further());
      further.put(FormulaLaw.RESPONSE, (double) r);
      points.add(new Estimands.Point(point.n(), point.d(), further));
    }
    return points;
  }

  private double number(String name, String text) {
    try {
      double value = QuantityConverter.any(text);
      if ((name.equals(RunSet.N) || name.equals(RunSet.D)) && !(value > 0)) {
        throw new TypeConversionException("'%s' is not above 0".formatted(text));
      }
      return value;
    } catch (TypeConversionException e) {
      throw new ParameterException(command, "--at: %s: %s".formatted(name, e.getMessage()), e);
    }
  }
}

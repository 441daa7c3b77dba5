package org.farfit.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.farfit.analysis.ColumnAllocation;
import org.farfit.analysis.ColumnAllocation.Goal;
import org.farfit.analysis.Cost;
import org.farfit.analysis.Lever;
import org.farfit.data.RunSet;
import org.farfit.report.archive.FitArchive;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What {@code farfit allocate} can ask about any columns. */
final class ColumnQuestions {

  @Option(
      names = "--over",
      paramLabel = "COLUMNS",
      split = ",",
      description =
          "Choose these columns of the law, such as N,D or lr,batch, instead of N and D by --compute.")
  List<String> over = List.of();

  @Option(
      names = "--cost",
      paramLabel = "FORMULA",
      description =
          "With --over: what a run costs, a formula in columns such as \"6*N*D + 2*N*1e13\"; without"
              + " it the best values whatever they cost.")
  String cost;

  @Option(
      names = "--budget",
      paramLabel = "C",
      split = ",",
      converter = QuantityRange.Converter.class,
      description = "With --cost: what a run may cost; LOW:HIGH:COUNT spaces budgets evenly.")
  List<QuantityRange> budgets = List.of();

  @Option(
      names = "--at",
      paramLabel = "NAME=VALUE,...",
      description =
          "Other columns of the law, fixed at these values; those not named are at the centre of the"
              + " fitted runs.")
  String at;

  @Option(
      names = "--most",
      description =
          "With --over: the most of what is predicted, such as an accuracy, not the least.")
  boolean most;

  boolean areAsked() {
    return !over.isEmpty();
  }

  /** Ends the command if options are given that need others. */
  void check(SizeQuestions sizes, CommandLine command) {
    if (areAsked() && !sizes.areNone()) {
      throw new ParameterException(
          command, "--over takes the place of --compute, --target-loss, --for-n and --within");
    }
    if (!areAsked() && (cost != null || !budgets.isEmpty() || most)) {
      throw new ParameterException(
          command,
          "--cost, --budget and --most need --over, such as --over N,D --cost \"6*N*D\" --budget 1e22");
    }
    if ((cost == null) != budgets.isEmpty()) {
      throw new ParameterException(command, "--cost and --budget need each other");
    }
    QuantityRange.checkBudgets("--budget", budgets, command);
  }

  /** Values that columns besides N and D are fixed at. */
  Map<String, Double> fixedBesidesSizes(FitArchive archive, CommandLine command) {
    AtPoints reader = new AtPoints(archive, command);
    return at == null ? Map.of() : reader.fixedBesidesSizes(reader.split(at));
  }

  List<Double> budgets() {
    return QuantityRange.all(budgets);
  }

  /** The question about the laws of a fit file. */
  ColumnAllocation.Question question(FitArchive archive, CommandLine command) {
    RunSet runs = archive.runs();
    AtPoints reader = new AtPoints(archive, command);
    Map<String, Double> fixed = at == null ? new LinkedHashMap<>() : reader.fixed(at);
    Set<String> chosen = new LinkedHashSet<>();
    for (String name : over) {
      String column = name.strip();
      if (!reader.columns().contains(column)) {
        throw new ParameterException(
            command,
            "--over: '%s' is no column of numbers of the laws of this file; they have %s"
                .formatted(column, String.join(", ", reader.columns())));
      }
      if (!chosen.add(column)) {
        throw new ParameterException(command, "--over: '%s' is given twice".formatted(column));
      }
    }
    List<Lever> levers = new ArrayList<>();
    chosen.forEach(column -> levers.add(Lever.of(runs, column)));
    reader
        .centre()
        .forEach((column, value) -> {
          if (!chosen.contains(column)) {
            fixed.putIfAbsent(column, value);
          }
        });
    try {
      return new ColumnAllocation.Question(
          levers,
          fixed,
          Optional.ofNullable(cost).map(text -> Cost.of("--cost", text, columns(chosen, fixed))),
          most ? Goal.MOST : runs.isPositive() ? Goal.LEAST : Goal.LEAST_SIGNED);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command, "--over: " + e.getMessage(), e);
    }
  }

  private static Set<String> columns(Set<String> chosen, Map<String, Double> fixed) {
    Set<String> columns = new LinkedHashSet<>(chosen);
    columns.addAll(fixed.keySet());
    return columns;
  }
}

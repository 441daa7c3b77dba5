package org.farfit.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.inference.Coverage;
import org.farfit.engine.Engine;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Resampling;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Law;
import org.farfit.report.AlignedTable;
import org.farfit.report.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code farfit coverage}: how often intervals contain the truth, by simulation. */
@Command(
    name = "coverage",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Tells how often intervals of a loss contain the true one, by simulation.",
      "Data sets are simulated on the grid of the Farseer paper, and each is fitted and bootstrapped."
    },
    footer = {
      "",
      "The table of docs/uncertainty.md is written by:",
      "  farfit coverage --law chinchilla,skaling,farseer --sets 1000 --bootstrap 500 --markdown"
    })
final class CoverageCommand implements Callable<Integer> {

  private static final double LARGEST_FACTOR = 1e6;

  @Option(
      names = "--law",
      paramLabel = "LAWS",
      defaultValue = "chinchilla,skaling,farseer",
      converter = FitChoices.LawList.class,
      description = "Laws, joined by commas (default ${DEFAULT-VALUE}).")
  FitChoices.LawList.Choice laws;

  @Option(
      names = "--sets",
      paramLabel = "K",
      defaultValue = "500",
      converter = FitChoices.PositiveInteger.class,
      description = "Simulated data sets per law (default ${DEFAULT-VALUE}).")
  Integer sets;

  @Option(
      names = "--bootstrap",
      paramLabel = "B",
      defaultValue = "500",
      converter = FitChoices.PositiveInteger.class,
      description = "Replicates per data set (default ${DEFAULT-VALUE}).")
  Integer replicates;

  @Option(
      names = "--resampling",
      paramLabel = "HOW",
      defaultValue = "pairs",
      description = "pairs (the default), groups, residuals, wild or parametric.")
  Resampling resampling;

  @Option(
      names = "--noise",
      paramLabel = "SIGMA",
      defaultValue = "0.002",
      converter = QuantityConverter.class,
      description = "Standard deviation of the log loss (default ${DEFAULT-VALUE}).")
  Double noise;

  @Option(
      names = "--factor",
      paramLabel = "F",
      defaultValue = "4",
      converter = QuantityConverter.class,
      description =
          "Intervals are for the loss at F times the largest N, with 20 tokens per parameter"
              + " (default ${DEFAULT-VALUE}).")
  Double factor;

  @Option(
      names = "--interval",
      paramLabel = "PERCENT",
      defaultValue = "90",
      converter = LevelConverter.class,
      description = "Nominal coverage in percent (default ${DEFAULT-VALUE}).")
  Double level;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of data sets and replicates (default ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--threads",
      paramLabel = "T",
      converter = FitChoices.ThreadCount.class,
      description = "Threads to use; the result does not depend on it (default: every core).")
  Integer threads;

  @Mixin EngineChoice engine;

  @Option(names = "--json", description = "Print JSON instead of a table.")
  boolean json;

  @Option(names = "--markdown", description = "Print the table as Markdown.")
  boolean markdown;

  @Spec CommandSpec spec;

  /** The result as JSON. */
  record Result(double interval, int sets, int replicates, List<Coverage.Row> rows) {}

  @Override
  public Integer call() {
    if (laws.auto()) {
      throw new ParameterException(spec.commandLine(), "--law: name laws to simulate, not auto");
    }
    if (noise > Simulation.MOST_NOISE) {
      throw new ParameterException(
          spec.commandLine(),
          "--noise %s is above %s, in units of the log loss"
              .formatted(noise, Simulation.MOST_NOISE));
    }
    if (factor > LARGEST_FACTOR) {
      throw new ParameterException(
          spec.commandLine(),
          "--factor %s is above %.0e; intervals so far out mean nothing"
              .formatted(factor, LARGEST_FACTOR));
    }
    List<Coverage.Row> rows = new ArrayList<>();
    BootstrapOptions options = BootstrapOptions.pairs(replicates, seed).with(resampling);
    if (threads != null) {
      options = options.withThreads(threads);
    }
    try (Engine opened = engine.open(spec.commandLine().getErr(), EngineChoice.MUCH_WORK)) {
      for (Law law : laws()) {
        try (Progress progress = new Progress("coverage " + law.name())) {
          rows.addAll(
              new Coverage(opened, options, progress)
                  .run(
                      new Coverage.Study(
                          law, DesignGrid.paper(), noise, sets, seed, level, factor)));
        }
      }
    }
    print(rows);
    return ExitCode.DONE;
  }

  /** The laws, with parameters to simulate with. */
  private List<Law> laws() {
    try {
      return laws.stated().stream().map(StatedLaw::ofSizes).toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--law: " + e.getMessage(), e);
    }
  }

  private void print(List<Coverage.Row> rows) {
    PrintWriter output = spec.commandLine().getOut();
    if (json) {
      output.print(Json.text(new Result(100 * level, sets, replicates, rows)));
      output.flush();
      return;
    }
    AlignedTable table =
        new AlignedTable(
            "law", "interval", "sets", "covers %", "too high %", "too low %", "width %");
    for (Coverage.Row row : rows) {
      table.add(
          List.of(
              row.law(),
              row.interval(),
              Integer.toString(row.sets()),
              AlignedTable.number(100 * row.coverage(), 3),
              AlignedTable.number(100.0 * row.above() / row.sets(), 2),
              AlignedTable.number(100.0 * row.below() / row.sets(), 2),
              AlignedTable.number(100 * row.meanWidth(), 3)));
    }
    output.print(markdown ? table.markdown() : table.text());
    output.flush();
  }
}

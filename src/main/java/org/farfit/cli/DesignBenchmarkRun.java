package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.farfit.analysis.design.DesignMethod;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.report.AlignedTable;
import org.farfit.report.DesignBenchmark;
import org.farfit.report.Json;
import org.farfit.solver.SolverSettings;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Runs the benchmark of designs for {@code farfit design --benchmark}. */
final class DesignBenchmarkRun {

  private static final int STARTS = 64;

  @Option(
      names = "--only",
      paramLabel = "TASK[/LAW]",
      description = "With --benchmark: only this task, or this law of it.")
  String only;

  @Option(
      names = "--design",
      paramLabel = "METHODS",
      split = ",",
      converter = MethodConverter.class,
      defaultValue = "random,cost-random,cheapest,d-optimal,v-optimal,predictive",
      description =
          "With --benchmark: methods, of random, cost-random, cheapest, d-optimal, v-optimal and"
              + " predictive (default: all).")
  List<DesignMethod> methods;

  @Option(
      names = "--repeats",
      paramLabel = "R",
      defaultValue = "10",
      converter = FitChoices.PositiveInteger.class,
      description = "With --benchmark: how often each law is designed (default ${DEFAULT-VALUE}).")
  Integer repeats;

  @Option(
      names = "--starts",
      paramLabel = "K",
      defaultValue = "" + STARTS,
      converter = FitChoices.PositiveInteger.class,
      description =
          "With --benchmark: starting points per fit, for every method (default ${DEFAULT-VALUE}).")
  Integer starts;

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  /** The benchmark as JSON. */
  record Result(
      double seconds, List<DesignBenchmark.Summary> summaries, List<DesignBenchmark.Row> rows) {}

  /** Reads names of methods. */
  static final class MethodConverter implements ITypeConverter<DesignMethod> {

    @Override
    public DesignMethod convert(String text) {
      try {
        return DesignMethod.named(text.strip());
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** Ends the command if an option is given that means something with --benchmark alone. */
  void check() {
    for (String option : List.of("--only", "--design", "--repeats", "--starts")) {
      if (command.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new ParameterException(command.commandLine(), option + " goes with --benchmark");
      }
    }
  }

  void run(Path folder, EngineChoice choice, boolean json) {
    PrintWriter log = command.commandLine().getErr();
    PrintWriter output = command.commandLine().getOut();
    long begin = System.nanoTime();
    FitOptions usual = FitOptions.DEFAULT;
    FitOptions options =
        new FitOptions(usual.objective(), starts, 1, usual.threads(), SolverSettings.SEARCH);
    List<DesignBenchmark.Row> rows;
    AtomicInteger done = new AtomicInteger();
    try (Engine engine = choice.open(log, EngineChoice.MUCH_WORK);
        Progress progress = new Progress("designs")) {
      rows =
          new DesignBenchmark(folder, engine, options)
              .run(
                  Optional.ofNullable(only),
                  methods,
                  repeats,
                  (row, total) -> progress.done(done.incrementAndGet(), total));
    }
    List<DesignBenchmark.Summary> summaries = DesignBenchmark.summaries(rows);
    if (json) {
      output.print(Json.text(new Result((System.nanoTime() - begin) / 1e9, summaries, rows)));
    } else {
      AlignedTable table =
          new AlignedTable("task", "design", "budget %", "laws", "runs", "R2", "std. dev.");
      for (DesignBenchmark.Summary summary : summaries) {
        table.add(
            List.of(
                summary.task(),
                summary.design(),
                AlignedTable.number(100 * summary.budget(), 3),
                Integer.toString(summary.laws()),
                AlignedTable.number(summary.runs(), 3),
                "%.3f".formatted(summary.r2()),
                "%.3f".formatted(summary.deviation())));
      }
      output.print(table.text());
    }
    output.flush();
  }
}

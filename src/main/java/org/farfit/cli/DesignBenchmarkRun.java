package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.farfit.analysis.design.DesignMethod;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.literature.DesignBenchmark;
import org.farfit.literature.DesignBenchmarkReport;
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
      names = "--benchmark",
      paramLabel = "FOLDER",
      description =
          "Instead of all this: design the laws of a folder in the layout of ScaleBench (laws.yaml,"
              + " TASK_train.csv, TASK_test.csv) within its nested budgets, by several methods, and"
              + " print R2 on the test rows.")
  Path folder;

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
      converter = CountConverter.class,
      description = "With --benchmark: how often each law is designed (default ${DEFAULT-VALUE}).")
  Integer repeats;

  @Option(
      names = "--starts",
      paramLabel = "K",
      defaultValue = "" + STARTS,
      converter = CountConverter.class,
      description =
          "With --benchmark: starting points per fit, for every method (default ${DEFAULT-VALUE}).")
  Integer starts;

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

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

  boolean isAsked() {
    return folder != null;
  }

  DesignBenchmarkReport run(EngineChoice choice) {
    PrintWriter log = command.commandLine().getErr();
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
    return new DesignBenchmarkReport(rows, (System.nanoTime() - begin) / 1e9);
  }
}

package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.literature.ScaleBench;
import org.farfit.literature.ScaleBenchReport;
import picocli.CommandLine.Option;

/** Runs the benchmark of laws for {@code farfit laws --benchmark}. */
final class ScaleBenchRun {

  @Option(
      names = "--benchmark",
      paramLabel = "FOLDER",
      description =
          "Fit every law of a folder in the layout of ScaleBench (laws.yaml, TASK_train.csv,"
              + " TASK_test.csv, reference.csv) and print costs beside its own.")
  Path folder;

  @Option(
      names = "--only",
      paramLabel = "TASK[/LAW]",
      description = "With --benchmark: only this task, or this law of it.")
  String only;

  @Option(
      names = "--starts",
      paramLabel = "K",
      defaultValue = "" + FitOptions.DEFAULT_STARTS,
      converter = CountConverter.class,
      description = "With --benchmark: starting points per law (default ${DEFAULT-VALUE}).")
  Integer starts;

  boolean isAsked() {
    return folder != null;
  }

  ScaleBenchReport run(EngineChoice choice, PrintWriter log) {
    long begin = System.nanoTime();
    List<ScaleBench.Row> rows;
    AtomicInteger done = new AtomicInteger();
    try (Engine engine = choice.open(log, EngineChoice.MUCH_WORK);
        Progress progress = new Progress("laws")) {
      rows =
          new ScaleBench(folder, engine, FitOptions.DEFAULT.withStarts(starts, 1))
              .run(
                  Optional.ofNullable(only),
                  (row, total) -> progress.done(done.incrementAndGet(), total));
    }
    return new ScaleBenchReport(rows, (System.nanoTime() - begin) / 1e9);
  }
}

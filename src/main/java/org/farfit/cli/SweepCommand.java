package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.farfit.engine.Engine;
import org.farfit.report.OutputFile;
import org.farfit.sweep.LocalSweep;
import org.farfit.sweep.SweepFile;
import org.farfit.sweep.SweepGroup;
import org.farfit.sweep.SweepResults;
import org.farfit.sweep.SweepRow;
import org.farfit.sweep.SweepSpec;
import org.farfit.sweep.SweepWork;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farfit sweep}: many fits stated as data. */
@Command(
    name = "sweep",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Fits every combination of inputs, filters, loss columns, hold-outs, laws, methods, objectives",
      "and seeds that a file states, and writes a tidy table. See docs/sweeps.md."
    },
    footer = {
      "",
      "Examples:",
      "  farfit sweep sweep.yaml --dry-run",
      "  farfit sweep sweep.yaml --out results.parquet --summary",
      "  farfit sweep sweep.yaml --out results.parquet --resume"
    })
final class SweepCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "SPEC", description = "A sweep as JSON or YAML.")
  Path file;

  @Option(
      names = "--out",
      paramLabel = "RESULTS",
      defaultValue = "sweep.csv",
      description =
          "Where the table goes: .csv, .jsonl or .parquet (default ${DEFAULT-VALUE}). Finished parts"
              + " are kept beside it in RESULTS.parts until it is whole.")
  Path out;

  @Option(names = "--resume", description = "Keep the parts that an interrupted run finished.")
  boolean resume;

  @Option(names = "--dry-run", description = "Only say how many tasks there are, and the work.")
  boolean dryRun;

  @Option(names = "--summary", description = "Print the best law for each set of predicted runs.")
  boolean summary;

  @Option(
      names = "--threads",
      paramLabel = "T",
      converter = FitChoices.PositiveInteger.class,
      description = "Threads to use; the result does not depend on it (default: every core).")
  Integer threads;

  @Mixin EngineChoice engine;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter output = spec.commandLine().getOut();
    PrintWriter log = spec.commandLine().getErr();
    SweepSpec sweep = SweepFile.read(file);
    List<SweepGroup> groups = sweep.groups();
    if (dryRun) {
      output.print(SweepWork.of(sweep).text());
      output.flush();
      return ExitCode.DONE;
    }
    Path parts = out.resolveSibling(out.getFileName() + ".parts");
    int used = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    try (Engine opened = engine.open(log, EngineChoice.MUCH_WORK);
        Progress progress = new Progress("sweep");
        Interruption _ = new Interruption()) {
      try {
        Stream<SweepRow> rows = new LocalSweep(opened, used, progress).run(sweep, parts, resume);
        SweepResults.write(out, format(), rows);
      } catch (CancellationException e) {
        // Before the interruption is closed, which lets the process end.
        log.printf(
            "interrupted: finished parts are in %s; the same command with --resume goes on%n",
            parts);
        log.flush();
        throw e;
      }
    }
    if (summary) {
      output.print(SweepResults.summary(LocalSweep.stored(sweep, parts)));
    }
    OutputFile.deleteFolder(parts);
    output.printf("%d groups; result: %s%n", groups.size(), out);
    output.flush();
    return ExitCode.DONE;
  }

  private SweepResults.Format format() {
    String name = out.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".parquet")) {
      return SweepResults.Format.PARQUET;
    }
    return name.endsWith(".jsonl") ? SweepResults.Format.JSONL : SweepResults.Format.CSV;
  }
}

package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.farfit.sweep.SweepExecutor;
import org.farfit.sweep.SweepOutcome;
import org.farfit.sweep.SweepParts;
import org.farfit.sweep.SweepResults;
import org.farfit.sweep.SweepSpec;
import picocli.CommandLine.Option;

/** Options that say where the table of a sweep goes, and writing it. */
final class SweepTable {

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

  @Option(
      names = "--no-guard-cells",
      negatable = true,
      description =
          "Write text cells of CSV as they are. By default one that begins with = + - @, a tab or a"
              + " carriage return gets a leading apostrophe, so that no spreadsheet calculates it.")
  boolean guardCells = true;

  /** Where finished parts are kept until the table is whole. */
  private Path parts() {
    return out.resolveSibling(out.getFileName() + ".parts");
  }

  /** Names what is going to be written, after the inputs. */
  void declare(Outputs outputs) {
    outputs
        .writes("--out", out, "a table of a sweep", SweepResults::isOne)
        .writesParts("--out " + out, parts(), SweepParts.foreign(parts()));
  }

  SweepParts open(SweepExecutor executor, PrintWriter log) {
    return SweepParts.open(
        parts(), Map.of("version", Version.text(), "engine", executor.engine()), log::println);
  }

  /**
   * Does the sweep and writes its rows.
   *
   * @throws CancellationException if interrupted; what is done is in the parts
   */
  SweepOutcome write(
      SweepExecutor executor,
      SweepSpec sweep,
      SweepParts parts,
      SweepResults.Format format,
      PrintWriter log) {
    SweepOutcome outcome = new SweepOutcome();
    try (Progress progress = new Progress("sweep");
        Interruption _ = new Interruption()) {
      try {
        long start = System.nanoTime();
        SweepResults.write(
            out,
            format,
            executor.run(sweep, parts, resume, progress).peek(outcome::add),
            guardCells);
        log.printf("sweep: %.2f s, without start-up%n", 1e-9 * (System.nanoTime() - start));
        log.flush();
        return outcome;
      } catch (CancellationException e) {
        // Before the interruption is closed, which lets the process end.
        log.printf(
            "interrupted: finished parts are in %s; the same command with --resume goes on%n",
            parts.folder());
        log.flush();
        throw e;
      }
    }
  }
}

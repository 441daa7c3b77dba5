package org.farfit.cli;

import java.util.SequencedMap;
import org.farfit.analysis.inference.Inference;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.report.archive.FitArchive;
import picocli.CommandLine.Option;

/** Options that say which intervals to give, shared by all commands that read fit files. */
final class IntervalChoices {

  @Option(
      names = "--interval",
      paramLabel = "PERCENT",
      defaultValue = "95",
      converter = LevelConverter.class,
      description = "Coverage of intervals in percent (default ${DEFAULT-VALUE}).")
  Double level;

  @Option(
      names = "--interval-type",
      paramLabel = "TYPE",
      completionCandidates = Candidates.IntervalTypes.class,
      defaultValue = "expanded",
      description =
          "For fits with replicates (farfit fit --bootstrap): expanded (the default), percentile,"
              + " basic, bca or studentised.")
  IntervalType type;

  /** Inference on every surface of a fit file, by name. */
  SequencedMap<String, Inference> inferences(FitArchive archive) {
    // A fit file is read on any machine, and intervals need few fits beyond its own.
    return archive.inferences(new ScalarEngine(), level, type);
  }
}

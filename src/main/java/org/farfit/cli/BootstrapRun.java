package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.farfit.analysis.inference.BootstrapInference;
import org.farfit.analysis.inference.Estimands;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.report.BootstrapEntry;
import org.farfit.report.BootstrapJournal;
import org.farfit.report.FitDocument;

/** Bootstraps the fits of {@code farfit fit}, with a journal from which it can go on. */
final class BootstrapRun {

  private final BootstrapChoices choices;
  private final BootstrapOptions options;
  private final PrintWriter log;

  BootstrapRun(BootstrapChoices choices, BootstrapOptions options, PrintWriter log) {
    this.choices = choices;
    this.options = options;
    this.log = log;
  }

  /**
   * Bootstraps every fit that converged.
   *
   * @param journal where replicates are kept as they are done, if anywhere
   * @return the entries with their replicates
   * @throws CancellationException if interrupted; what is done is in the journal
   */
  List<FitDocument.Fit> run(
      Engine engine,
      RunSet runs,
      List<LawFit> fits,
      List<FitDocument.Fit> entries,
      Optional<BootstrapJournal> journal) {
    List<FitDocument.Fit> done = new ArrayList<>();
    try (Interruption _ = new Interruption()) {
      try {
        for (int i = 0; i < fits.size(); i++) {
          LawFit fit = fits.get(i);
          done.add(
              fit.status().isConverged()
                  ? entries.get(i).with(entry(engine, runs, i, fit, journal))
                  : entries.get(i));
        }
      } catch (CancellationException e) {
        // Before the interruption is closed, which lets the process end.
        journal.ifPresent(file ->
            log.printf(
                "interrupted: what is done is in %s; the same command with --resume goes on%n",
                file.path()));
        log.flush();
        throw e;
      }
    }
    return done;
  }

  private BootstrapEntry entry(
      Engine engine, RunSet runs, int position, LawFit fit, Optional<BootstrapJournal> journal) {
    BootstrapOptions suited = choices.suited(options, fit);
    NavigableMap<Integer, Replicates> before =
        journal.map(found -> found.replicates(position, fit, suited)).orElseGet(TreeMap::new);
    if (!before.isEmpty()) {
      log.printf(
          "%s: %,d of %,d replicates were done before%n",
          fit.law().name(),
          Math.min(
              before.values().stream().mapToInt(Replicates::count).sum(), options.replicates()),
          options.replicates());
      log.flush();
    }
    Replicates replicates;
    try (Progress progress = new Progress("bootstrap " + fit.law().name())) {
      replicates =
          new Bootstrap(engine, suited, progress)
              .run(
                  fit,
                  runs,
                  before,
                  (first, done) -> journal.ifPresent(file -> file.append(position, first, done)));
    }
    List<BootstrapInference.Row> parameters =
        new BootstrapInference(engine, fit, runs, replicates)
            .intervals(Estimands.parameters(fit.law()), choices.level, Set.of(choices.type));
    return BootstrapEntry.of(replicates, parameters, choices.level, choices.type);
  }

  /** Opens the journal, before any work, and tells what of it is damaged. */
  static BootstrapJournal open(
      Path path, boolean resume, Map<String, String> depends, PrintWriter log) {
    if (!resume) {
      return BootstrapJournal.begin(path, depends);
    }
    BootstrapJournal journal = BootstrapJournal.resume(path, depends);
    if (journal.damaged() > 0) {
      log.printf(
          "%s: %d lines are damaged or cut off; what they held is computed again%n",
          path, journal.damaged());
      log.flush();
    }
    return journal;
  }

  /** What replicates depend on, in words. */
  static Map<String, String> dependencies(
      RunFile file, RunsInput input, FitChoices fit, BootstrapOptions options, String engine) {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("version", Version.text());
    map.put("input", file.sha256());
    map.put("columns", file.columns().toString());
    map.put("--where", String.valueOf(input.where));
    map.put("--same-size", Double.toString(input.sameSize));
    map.put("--law", fit.laws.names());
    map.put("--objective", fit.objective.name());
    map.put("--loss", String.valueOf(fit.huberDelta));
    map.put("--starts", fit.starts.toString());
    map.put("--seed", Long.toString(fit.seed));
    map.put("--max-evaluations", fit.maxEvaluations.toString());
    map.put("--bootstrap", Integer.toString(options.replicates()));
    map.put("--resampling", options.resampling().label());
    map.put("--restarts", Integer.toString(options.restarts()));
    map.put("engine", engine);
    return map;
  }
}

package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.report.archive.BootstrapJournal;
import org.farfit.report.archive.MadeFit;
import org.farfit.report.output.OutputFile;

/**
 * Bootstraps the fits of {@code farfit fit}, if that is wanted, with a journal from which it can go
 * on. The journal is kept until the fit file is written.
 */
final class BootstrapRun implements AutoCloseable {

  private final BootstrapChoices choices;
  private final PrintWriter log;
  private Optional<BootstrapJournal> journal = Optional.empty();

  BootstrapRun(BootstrapChoices choices, PrintWriter log) {
    this.choices = choices;
    this.log = log;
  }

  /** How many replicates of each fit are wanted. */
  int replicates() {
    return choices.wanted() ? choices.replicates : 0;
  }

  BootstrapOptions options(FitChoices how) {
    return choices.options(how);
  }

  /** Where the journal of replicates goes, if there is one. */
  static Optional<Path> journal(BootstrapChoices choices, Path target) {
    return Optional.ofNullable(target)
        .filter(path -> choices.wanted() && !OutputFile.isSpecial(path))
        .map(BootstrapJournal::beside);
  }

  /**
   * Opens the journal, before any work, since another process may have it, and tells what of it is
   * damaged.
   *
   * @param depends what replicates depend on, in words
   */
  void open(Path path, Map<String, String> depends) {
    if (!choices.resume) {
      journal = Optional.of(BootstrapJournal.begin(path, depends));
      return;
    }
    BootstrapJournal opened = BootstrapJournal.resume(path, depends);
    journal = Optional.of(opened);
    if (opened.damaged() > 0) {
      log.printf(
          "%s: %d lines are damaged or cut off; what they held is computed again%n",
          path, opened.damaged());
      log.flush();
    }
  }

  /**
   * Bootstraps every fit that converged.
   *
   * @return the fits with their replicates
   * @throws CancellationException if interrupted; what is done is in the journal
   */
  List<MadeFit> run(Engine engine, RunSet runs, List<LawFit> fits, FitChoices how) {
    if (!choices.wanted()) {
      return fits.stream().map(MadeFit::of).toList();
    }
    BootstrapOptions options = choices.options(how);
    List<MadeFit> done = new ArrayList<>();
    try (Interruption _ = new Interruption()) {
      try {
        for (int i = 0; i < fits.size(); i++) {
          LawFit fit = fits.get(i);
          done.add(
              fit.status().isConverged()
                  ? MadeFit.of(fit).with(bootstrapped(engine, runs, i, fit, options))
                  : MadeFit.of(fit));
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

  private MadeFit.Bootstrapped bootstrapped(
      Engine engine, RunSet runs, int position, LawFit fit, BootstrapOptions options) {
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
    return MadeFit.Bootstrapped.of(engine, fit, runs, replicates, choices.level, choices.type);
  }

  /** Removes the journal, once the fit file holds what is in it. */
  void delete() {
    journal.ifPresent(BootstrapJournal::delete);
  }

  @Override
  public void close() {
    journal.ifPresent(BootstrapJournal::close);
  }
}

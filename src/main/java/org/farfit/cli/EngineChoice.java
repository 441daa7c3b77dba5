package org.farfit.cli;

import java.io.PrintWriter;
import java.util.Optional;
import org.farfit.engine.Calibration;
import org.farfit.engine.Engine;
import org.farfit.engine.EngineProvider;
import org.farfit.engine.Engines;
import org.farfit.engine.scalar.ScalarEngine;
import picocli.CommandLine.Option;

/** The option that says which engine computes, shared by all commands that compute. */
final class EngineChoice {

  /** Much work: worth compiling vector code for. */
  static final long MUCH_WORK = Long.MAX_VALUE;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      completionCandidates = Candidates.EngineNames.class,
      defaultValue = "auto",
      description = "auto, or an engine by name; see farfit engines.")
  String name;

  /**
   * Opens an engine for work that can be counted, of laws by hand: {@code auto} then takes one that
   * was measured to be faster for it, if there is one.
   *
   * @param counted problems to solve times runs
   * @param work the same, or {@link #MUCH_WORK}
   */
  Engine openCounted(PrintWriter log, long counted, long work) {
    Optional<EngineProvider> faster =
        name.equals(Engines.AUTO) && Host.current().isEmpty()
            ? Engines.fasterFor(counted)
            : Optional.empty();
    Optional<Calibration> measured = faster.flatMap(EngineProvider::calibration);
    if (measured.isEmpty()) {
      return open(log, work);
    }
    Engine opened = faster.get().open("");
    log.printf(
        "engine: %s (%s); auto takes it, measured to be faster for work like this: about %.2g s"
            + " instead of %.2g s%n",
        opened.name(),
        opened.device(),
        measured.get().seconds(counted),
        measured.get().hostSeconds(counted));
    log.flush();
    return opened;
  }

  /**
   * Opens the engine that was asked for, and says which it is and why. In a process that stays, one
   * that is open is taken, and {@code auto} need not weigh what compiling costs.
   *
   * @param work problems to solve times runs
   */
  Engine open(PrintWriter log, long work) {
    Engine opened =
        Host.current()
            .map(host -> host.engines().open(name))
            .orElseGet(() -> Engines.openFor(name, work));
    String why = "";
    if (name.equals(Engines.AUTO)) {
      why =
          opened.name().equals(ScalarEngine.NAME)
              ? "; auto takes it for short work, which would be over before vector code is compiled"
              : "; auto takes the most preferred that is available";
    }
    log.printf("engine: %s (%s)%s%n", opened.name(), opened.device(), why);
    log.flush();
    return opened;
  }
}

package org.farfit.report.archive;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.farfit.analysis.inference.BootstrapInference;
import org.farfit.analysis.inference.Estimands;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.extrapolation.BackTest;

/**
 * A fit that was made, with what was computed of it, to be kept in a {@link FitArchive}.
 *
 * @param bootstrap its replicates, if there are any
 * @param backTest how its intervals did within the runs, if that is known
 */
public record MadeFit(LawFit fit, Optional<Bootstrapped> bootstrap, Optional<BackTest> backTest) {

  /**
   * The bootstrap of a fit.
   *
   * @param parameters intervals of its published parameters
   * @param level probability that they should cover
   * @param type of these intervals
   */
  public record Bootstrapped(
      Replicates replicates,
      List<BootstrapInference.Row> parameters,
      double level,
      IntervalType type) {

    /** Replicates with the intervals of the parameters, which are computed. */
    public static Bootstrapped of(
        Engine engine,
        LawFit fit,
        RunSet runs,
        Replicates replicates,
        double level,
        IntervalType type) {
      return new Bootstrapped(
          replicates,
          new BootstrapInference(engine, fit, runs, replicates)
              .intervals(Estimands.parameters(fit.law()), level, Set.of(type)),
          level,
          type);
    }

    private BootstrapEntry entry() {
      return BootstrapEntry.of(replicates, parameters, level, type);
    }
  }

  /** A fit without replicates. */
  public static MadeFit of(LawFit fit) {
    return new MadeFit(fit, Optional.empty(), Optional.empty());
  }

  /** The same with replicates. */
  public MadeFit with(Bootstrapped replicates) {
    return new MadeFit(fit, Optional.of(replicates), backTest);
  }

  /** The same with how its intervals did within the runs. */
  public MadeFit with(Optional<BackTest> test) {
    return new MadeFit(fit, bootstrap, test);
  }

  /** How the file has it. */
  FitDocument.Fit entry() {
    FitDocument.Fit entry = FitDocument.entry(fit, backTest.map(BackTestEntry::of).orElse(null));
    return bootstrap.map(made -> entry.with(made.entry())).orElse(entry);
  }
}

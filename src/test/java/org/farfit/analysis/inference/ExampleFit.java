package org.farfit.analysis.inference;

import java.util.Optional;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;

/** A fit of Chinchilla's law to simulated runs, and its replicates, for tests of inference. */
final class ExampleFit {

  static final Engine ENGINE = Engines.open("auto");
  static final FitOptions FEW = FitOptions.DEFAULT.withStarts(12, 1);
  static final Law LAW = new Chinchilla();
  static final RunSet RUNS = Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 2e-3, 1);
  static final LawFit FIT = new GlobalFit(ENGINE, FEW).fit(LAW, RUNS);
  static final Replicates REPLICATES =
      new Bootstrap(ENGINE, BootstrapOptions.pairs(1000, 1), ProgressListener.NONE).run(FIT, RUNS);

  private ExampleFit() {}

  /** 90% intervals of a fit without replicates. */
  static Inference withoutReplicates(LawFit fit, RunSet runs) {
    return Inference.ofLaw(
        ENGINE, new Inference.Member(fit, Optional.empty()), runs, 0.9, IntervalType.DEFAULT);
  }
}

package org.farfit.fit.bootstrap;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.LossTable;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;

/**
 * Tests a law within another where runs of a size have errors in common: data sets are drawn from
 * the smaller law, its corrected residuals taking signs by whole sizes, and both laws are fitted to
 * each (the wild cluster bootstrap with the null imposed: Cameron, Gelbach and Miller 2008, section
 * III.D). Nothing is taken to be known of errors but that sizes are independent.
 */
public final class NestedBootstrap {

  private final Engine engine;
  private final int replicates;
  private final long seed;
  private final int threads;

  /** Tests by so many replicates. */
  public NestedBootstrap(Engine engine, int replicates, long seed, int threads) {
    this.engine = engine;
    this.replicates = replicates;
    this.seed = seed;
    this.threads = threads;
  }

  /**
   * The share of replicates whose cost falls by as large a share from the smaller to the larger
   * law.
   *
   * @param larger the fit of the larger law
   * @param smaller centred parameters of the smaller one, those that it gives up at zero
   * @param zero which these are
   * @param fall by which share the cost of the runs falls
   * @return NaN if too few replicates can be fitted
   */
  public double p(LawFit larger, double[] smaller, List<Integer> zero, RunSet runs, double fall) {
    FittedSurface surface =
        FittedSurface.of(larger.law(), larger.surface().centre(), smaller, runs.size());
    Resampler resampler =
        new Resampler(
            runs,
            surface,
            larger.objective(),
            Resampling.WILD,
            seed,
            larger.errors(runs),
            Optional.of(larger.errorsWithin(smaller, zero, runs).correctedResiduals()));
    double[][] losses = new double[replicates][];
    Arrays.setAll(losses, resampler::losses);
    SurfaceProblem problem =
        larger
            .problem(runs, WeightTable.repeated(runs.weight(), replicates))
            .withLosses(LossTable.of(losses));
    Solutions within = solve(problem.fixing(zero), smaller);
    Solutions from = solve(problem, smaller);
    int fitted = 0;
    int exceed = 0;
    for (int b = 0; b < replicates; b++) {
      if (within.status(b).isConverged() && from.status(b).isConverged()) {
        fitted++;
        double cost = Math.min(from.cost(b), within.cost(b));
        exceed += within.cost(b) / cost - 1 >= fall ? 1 : 0;
      }
    }
    return 2 * fitted < replicates ? Double.NaN : (exceed + 1.0) / (fitted + 1.0);
  }

  private Solutions solve(SurfaceProblem problem, double[] start) {
    return new BatchSolver(SolverSettings.SEARCH, threads, ProgressListener.NONE)
        .solve(engine, problem, StartingPoints.forRows(start, replicates));
  }
}

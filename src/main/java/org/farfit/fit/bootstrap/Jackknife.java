package org.farfit.fit.bootstrap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;

/** The fit with each run, or each model size, left out: from how it moves, accelerations follow. */
public final class Jackknife {

  private Jackknife() {}

  /**
   * Fits once for each unit that the resampling draws, from the fitted optimum. A fit by the
   * piecewise procedure is moved by the least-squares fit of its law.
   *
   * @return surfaces, those left out that did not converge or have too few runs
   */
  public static List<FittedSurface> surfaces(
      Engine engine, LawFit fit, RunSet runs, Resampling resampling, int threads) {
    double[][] rows = rows(runs, resampling);
    FittedSurface surface = fit.surface();
    SurfaceProblem problem = fit.problem(runs, WeightTable.of(rows));
    StartingPoints starts = StartingPoints.forRows(surface.centredArray(), rows.length);
    Solutions solutions =
        new BatchSolver(SolverSettings.WARM, threads, ProgressListener.NONE)
            .solve(engine, problem, starts);
    List<FittedSurface> surfaces = new ArrayList<>();
    for (int k = 0; k < rows.length; k++) {
      boolean fitted =
          solutions.status(k).isConverged()
              && FitRequirements.problem(surface.law(), fit.method(), runs, rows[k]).isEmpty();
      if (fitted) {
        surfaces.add(
            FittedSurface.of(
                surface.law(), surface.centre(), solutions.parameters(k), runs.size()));
      }
    }
    return surfaces;
  }

  private static double[][] rows(RunSet runs, Resampling resampling) {
    if (resampling != Resampling.GROUPS) {
      double[][] rows = new double[runs.size()][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = runs.weight();
        rows[i][i] = 0;
      }
      return rows;
    }
    double[] sizeOf = runs.bySize().n();
    double[] sizes = Arrays.stream(sizeOf).distinct().sorted().toArray();
    double[][] rows = new double[sizes.length][];
    for (int g = 0; g < rows.length; g++) {
      rows[g] = runs.weight();
      for (int i = 0; i < runs.size(); i++) {
        rows[g][i] = sizeOf[i] == sizes[g] ? 0 : rows[g][i];
      }
    }
    return rows;
  }
}

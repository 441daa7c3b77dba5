package org.farfit.fit;

import java.util.List;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Objective;
import org.farfit.engine.ScalarEngine;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;

/**
 * The mean relative error |Lhat / L - 1| of a law at many parameter vectors, evaluated by an engine
 * as one batch. To an engine it is a Huber loss of linear residuals with weights 1 / L and a
 * threshold far below any residual.
 */
final class RelativeErrors {

  private static final double THRESHOLD = 1e-12;

  private final Engine engine;
  private final int threads;
  private final SurfaceProblem problem;
  private final double scale;

  /** Errors over some runs; an engine that cannot evaluate the law is replaced by the plain one. */
  RelativeErrors(Engine engine, int threads, Law law, Centre centre, RunSet runs) {
    this.engine = engine.evaluates(law) ? engine : new ScalarEngine();
    this.threads = threads;
    double[] weights = runs.loss();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = 1 / weights[i];
    }
    this.problem =
        new SurfaceProblem(
            law,
            centre,
            runs,
            new Objective(Objective.Residual.LINEAR, THRESHOLD),
            WeightTable.of(weights));
    this.scale = 1 / (THRESHOLD * runs.size());
  }

  /**
   * The error at each point.
   *
   * @param points centred parameters
   * @return one value per point; not finite where the law cannot be evaluated
   */
  double[] at(List<double[]> points) {
    Solutions solutions =
        new BatchSolver(
                SolverSettings.DEFAULT.withMaxEvaluations(1), threads, ProgressListener.NONE)
            .solve(engine, problem, StartingPoints.of(points.toArray(double[][]::new)));
    double[] errors = new double[points.size()];
    for (int k = 0; k < errors.length; k++) {
      errors[k] = solutions.cost(k) * scale;
    }
    return errors;
  }
}

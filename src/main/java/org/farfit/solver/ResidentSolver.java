package org.farfit.solver;

import org.farfit.engine.SurfaceProblem;

/**
 * What an engine also is whose device solves whole problems: it keeps them there and decides there,
 * by the same {@link StepRules}, {@link TermStep}, {@link RobustCurvature} and {@link Damping} as
 * the host.
 */
public interface ResidentSolver {

  /**
   * Solves problems on a surface until none waits.
   *
   * @param problem without priors
   * @param waiting where problems come from and answers go
   */
  void solve(SurfaceProblem problem, SolverSettings settings, WaitingProblems waiting);
}

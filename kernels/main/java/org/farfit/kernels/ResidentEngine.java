package org.farfit.kernels;

import org.farfit.engine.SurfaceProblem;
import org.farfit.solver.ResidentSolver;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.WaitingProblems;

/** Solves on a device that TornadoVM drives: problems stay there until they have ended. */
final class ResidentEngine extends TornadoEngine implements ResidentSolver {

  private final TornadoDevices.Found device;
  private final PlanPool pool;

  ResidentEngine(TornadoDevices.Found device) {
    this(device, new PlanPool(device.device(), device.memory(), device.largestArray()));
  }

  ResidentEngine(TornadoDevices.Found device, PlanPool pool) {
    super(device, pool);
    this.device = device;
    this.pool = pool;
  }

  @Override
  public String device() {
    return device.description();
  }

  @Override
  public void solve(SurfaceProblem problem, SolverSettings settings, WaitingProblems waiting) {
    ResidentPlan plan = pool.resident(problem, waiting.count());
    try {
      new ResidentRun(plan, problem, settings, waiting).run();
    } finally {
      pool.release(plan);
    }
  }
}

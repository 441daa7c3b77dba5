package org.farfit.kernels;

import org.farfit.engine.Engine;
import org.farfit.engine.Evaluator;
import org.farfit.engine.FormulaProblem;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.scalar.ScalarEngine;

/**
 * Evaluates on a device that TornadoVM drives, one problem per thread ({@link PlainEvaluator}). The
 * host solves; {@link ResidentEngine} solves on the device, too, and gives the same fits.
 */
sealed class TornadoEngine implements Engine permits ResidentEngine {

  static final String NAME = "tornado";

  /** Host solves in the plain form: enough to amortise a launch. */
  private static final int PLAIN_BATCH = 4096;

  private final TornadoDevices.Found device;
  private final PlanPool pool;

  TornadoEngine(TornadoDevices.Found device) {
    this(device, new PlanPool(device.device(), device.memory(), device.largestArray()));
  }

  TornadoEngine(TornadoDevices.Found device, PlanPool pool) {
    this.device = device;
    this.pool = pool;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String device() {
    return device.description() + ", host solves";
  }

  @Override
  public int concurrency(int threads) {
    return 1;
  }

  @Override
  public int preferredBatch() {
    return PLAIN_BATCH;
  }

  /** Kernels know no errors that runs share: such problems are evaluated on the host. */
  @Override
  public Evaluator dataEvaluator(SurfaceProblem problem) {
    return problem.sharesErrors()
        ? new ScalarEngine().dataEvaluator(problem)
        : evaluator(problem, PLAIN_BATCH);
  }

  @Override
  public Evaluator formulaDataEvaluator(FormulaProblem problem) {
    return problem.sharedSizes().isPresent()
        ? new ScalarEngine().formulaDataEvaluator(problem)
        : new FormulaDeviceEvaluator(
            pool, problem, PLAIN_BATCH, KernelForm.general(false, KernelForm.GROUP_SIZE));
  }

  /** An evaluator whose chunks hold up to {@code count} problems. */
  Evaluator evaluator(SurfaceProblem problem, int count) {
    return new PlainEvaluator(pool, problem, count);
  }

  /** Bytes of device memory in use. */
  long deviceBytes() {
    return pool.deviceBytes();
  }

  @Override
  public void close() {
    pool.close();
  }
}

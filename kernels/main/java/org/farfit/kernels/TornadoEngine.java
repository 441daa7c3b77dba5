package org.farfit.kernels;

import java.util.Optional;
import org.farfit.engine.Engine;
import org.farfit.engine.Evaluator;
import org.farfit.engine.ProblemBlock;
import org.farfit.engine.SurfaceProblem;

/**
 * Evaluates and iterates on a device that TornadoVM drives, one problem per thread.
 *
 * <p>By default problems stay on the device while they are solved ({@link ResidentBlock}); the
 * plain form solves on the host and only evaluates on the device ({@link PlainEvaluator}). Both
 * give the same fits.
 */
final class TornadoEngine implements Engine {

  static final String NAME = "tornado";

  /** Host solves in the plain form: enough to amortise a launch. */
  private static final int PLAIN_BATCH = 4096;

  private final TornadoDevices.Found device;
  private final boolean resident;
  private final PlanPool pool;

  TornadoEngine(TornadoDevices.Found device, boolean resident) {
    this(device, resident, new PlanPool(device.device(), device.memory(), device.largestArray()));
  }

  TornadoEngine(TornadoDevices.Found device, boolean resident, PlanPool pool) {
    this.device = device;
    this.resident = resident;
    this.pool = pool;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String device() {
    return device.description() + (resident ? "" : ", host solves");
  }

  @Override
  public int concurrency(int threads) {
    return 1;
  }

  @Override
  public int preferredBatch() {
    return PLAIN_BATCH;
  }

  @Override
  public Evaluator dataEvaluator(SurfaceProblem problem) {
    return evaluator(problem, PLAIN_BATCH);
  }

  /** An evaluator whose chunks hold up to {@code count} problems. */
  Evaluator evaluator(SurfaceProblem problem, int count) {
    return new PlainEvaluator(pool, problem, count);
  }

  @Override
  public Optional<ProblemBlock> residentBlock(SurfaceProblem problem, int count) {
    return resident ? Optional.of(new ResidentBlock(pool, problem, count)) : Optional.empty();
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

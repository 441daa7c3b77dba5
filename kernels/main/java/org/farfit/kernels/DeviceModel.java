package org.farfit.kernels;

import uk.ac.manchester.tornado.api.TornadoTargetDevice;

/**
 * What the performance model of docs/gpu.md predicts for a GPU: threads wait for their own results,
 * so the rate is that of so many threads, each of which takes so many cycles.
 */
final class DeviceModel {

  /** Threads of a multiprocessor of 65,536 registers, at 128 for each: sixteen warps. */
  private static final int THREADS = 512;

  /**
   * Cycles that a thread takes for each run, read from machine code for sm_90 of a kernel with one
   * division for logarithm and shares; never measured.
   */
  private static final double CYCLES_PER_RUN = 770;

  /**
   * Cycles that a step takes beside its runs, on one thread: some 500 instructions to factor, solve
   * and decide, and sums of a warp, each of which waits for the one before.
   */
  private static final double CYCLES_BESIDE = 6000;

  private DeviceModel() {}

  /**
   * Steps of the farseer law per second, of squared residuals, or 0 for what is no GPU.
   *
   * @param problems how many problems are solved at once
   */
  static double stepsPerSecond(TornadoDevices.Found found, int runs, int problems) {
    if (KernelChoice.of(found.device()) == KernelChoice.BLOCKS) {
      return 0;
    }
    TornadoTargetDevice target = found.device().getPhysicalDevice();
    double cyclesPerSecond = 1e6 * target.getDeviceMaxClockFrequency();
    return stepsPerSecond(target.getDeviceMaxComputeUnits(), cyclesPerSecond, runs, problems);
  }

  /** The same of a device of so many multiprocessors. */
  static double stepsPerSecond(
      int multiprocessors, double cyclesPerSecond, int runs, int problems) {
    int team = KernelChoice.REGISTERS.team(problems);
    double atOnce = Math.min(problems, (double) multiprocessors * THREADS / team);
    return atOnce * cyclesPerSecond / (CYCLES_PER_RUN * runs / team + CYCLES_BESIDE);
  }
}

package org.farfit.engine.simd;

/**
 * Evaluates the normal equations of a block of problems of one law, one problem per lane.
 * Implementations own their workspace; one thread at a time.
 */
interface LawKernel {

  /**
   * Evaluates a block.
   *
   * @param parameters p x lanes
   * @param result output, (1 + p + p (p + 1) / 2) x lanes: cost, gradient, packed matrix
   */
  void evaluate(BlockRuns runs, double[] parameters, double[] result);

  /** Whether runs may be {@link BlockRuns#packed}: sizes share no work that is worth more. */
  default boolean takesPackedRuns() {
    return false;
  }

  /**
   * Whether the kernel can evaluate the problem of a lane; if not, the plain engine does.
   *
   * @param parameters p x lanes
   */
  default boolean serves(double[] parameters, int lane) {
    return true;
  }
}

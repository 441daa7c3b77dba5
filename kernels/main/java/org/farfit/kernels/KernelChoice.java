package org.farfit.kernels;

import java.util.function.Function;
import org.farfit.engine.SurfaceProblem;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;

/** Which kernels a device gets for the laws that are classes. */
enum KernelChoice {
  /**
   * Kernels that compute the functions of several runs in loops of their own, which compilers for
   * CPUs turn into vector instructions; one form for all objectives and weights.
   */
  BLOCKS,
  /**
   * Made kernels, special to objective and weights, with everything in registers or in the memory
   * of a work-group: on a GPU a branch or an array of a thread costs more than all of its
   * arithmetic.
   */
  REGISTERS;

  /** What suits a device. */
  static KernelChoice of(TornadoDevice device) {
    return device.getDeviceType() == TornadoDeviceType.GPU ? REGISTERS : BLOCKS;
  }

  /** What turns problems into kernels and arrays. */
  Function<SurfaceProblem, PlanSource> sources(int groupSize) {
    return problem -> new LawSource(problem, this, groupSize);
  }
}

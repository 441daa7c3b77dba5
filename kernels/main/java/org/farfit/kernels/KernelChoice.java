package org.farfit.kernels;

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

  /**
   * Problems up to which a GPU gives a warp to each. By machine code for sm_90 a warp takes a step
   * in a sixteenth of a thread's time or less, which is best below about a thousand problems: an
   * estimate, never measured.
   */
  private static final int FEW = 1 << 10;

  /** Problems up to which it gives eight threads to each; beyond, each thread has its own. */
  private static final int SOME = 1 << 13;

  private static final int WARP = 32;
  private static final int EIGHT = 8;

  /** What turns problems into kernels and arrays: threads per problem are chosen by their count. */
  PlanPool.Sources sources() {
    return (problem, count) -> {
      int team = team(count);
      return source(problem, team == 1 ? KernelForm.GROUP_SIZE : WARP, team);
    };
  }

  /** The same with given sizes. */
  PlanPool.Sources sources(int groupSize, int team) {
    return (problem, count) -> source(problem, groupSize, team);
  }

  private LawSource source(SurfaceProblem problem, int groupSize, int team) {
    return new LawSource(problem, this, groupSize, team);
  }

  /** How many threads work on each of so many problems; a CPU has no threads to spare. */
  int team(int count) {
    return this == BLOCKS || count > SOME ? 1 : count > FEW ? EIGHT : WARP;
  }
}

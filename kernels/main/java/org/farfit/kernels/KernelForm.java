package org.farfit.kernels;

/**
 * What a made kernel is specialised for. On a GPU each of these saves registers and instructions;
 * elsewhere one general form of a kernel saves compiling others.
 *
 * @param robust whether the loss is Huber's; else residuals are squared
 * @param weighted whether runs have weights; else each counts once
 * @param blocks whether functions are computed for several runs in loops of their own, which
 *     compilers for CPUs turn into vector instructions; else run by run, in registers
 * @param groupSize threads per work-group
 * @param team threads that work on one problem together, a power of two that divides the former
 */
record KernelForm(boolean robust, boolean weighted, boolean blocks, int groupSize, int team) {

  /** Threads per work-group, unless something else is tried. */
  static final int GROUP_SIZE = 64;

  /** What serves every problem on one thread. */
  static KernelForm general(boolean blocks, int groupSize) {
    return new KernelForm(true, true, blocks, groupSize, 1);
  }
}

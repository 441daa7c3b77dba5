package org.farfit.kernels;

/**
 * What a made kernel is specialised for. On a GPU each of these saves registers and instructions;
 * elsewhere one general form of a kernel saves compiling others.
 *
 * @param robust whether the loss is Huber's; else residuals are squared
 * @param weighted whether runs have weights; else each counts once
 * @param groupSize threads per work-group
 */
record KernelForm(boolean robust, boolean weighted, int groupSize) {

  /** What serves every problem. */
  static KernelForm general(int groupSize) {
    return new KernelForm(true, true, groupSize);
  }
}

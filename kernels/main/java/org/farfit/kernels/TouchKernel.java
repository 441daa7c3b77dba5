package org.farfit.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Kernels that do nothing to arrays but name them: a task graph transfers only what one of its
 * tasks uses.
 */
final class TouchKernel {

  private TouchKernel() {}

  static void touch(IntArray index, DoubleArray data, ByteArray codes) {
    for (@Parallel int i = 0; i < 1; i++) {
      index.set(i, index.get(i));
      data.set(i, data.get(i));
      codes.set(i, codes.get(i));
    }
  }

  static void touchProblems(
      IntArray words,
      IntArray lanes,
      DoubleArray parameters,
      DoubleArray gradient,
      DoubleArray matrix,
      DoubleArray scale,
      DoubleArray state) {
    for (@Parallel int i = 0; i < 1; i++) {
      words.set(i, words.get(i));
      lanes.set(i, lanes.get(i));
      parameters.set(i, parameters.get(i));
      gradient.set(i, gradient.get(i));
      matrix.set(i, matrix.get(i));
      scale.set(i, scale.get(i));
      state.set(i, state.get(i));
    }
  }
}

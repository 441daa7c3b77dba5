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

  static void touch(DoubleArray data, ByteArray codes, IntArray rows, DoubleArray state) {
    for (@Parallel int i = 0; i < 1; i++) {
      data.set(i, data.get(i));
      codes.set(i, codes.get(i));
      rows.set(i, rows.get(i));
      state.set(i, state.get(i));
    }
  }

  static void touchOne(DoubleArray array) {
    for (@Parallel int i = 0; i < 1; i++) {
      array.set(i, array.get(i));
    }
  }
}

package org.farfit.kernels;

import org.farfit.kernels.made.Evaluation;
import org.farfit.kernels.made.Iteration;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What a plan is made for: kernels, and the runs and weights that they read. */
interface PlanSource {

  /** What must be equal for another source to be served by the same kernels. */
  Object kernelKey();

  /** What the kernels are special to. */
  KernelForm form();

  /** How many parameters a problem has on the device. */
  int parameterCount();

  /** By how many of them there are derivatives. */
  int derivativeCount();

  /** The kernel that evaluates for the host. */
  Evaluation evaluation();

  /** The kernel that iterates on the device. */
  Iteration iteration();

  /** Entries of the index. */
  int indexSize();

  /** How many numbers there are; beyond an int they do not fit one array. */
  long dataSize();

  /** How many bytes the weight codes take; beyond an int they do not fit one array. */
  long codesSize();

  /** Fills the arrays; they may be longer than needed. */
  void store(IntArray index, DoubleArray data, ByteArray codes, int capacity);
}

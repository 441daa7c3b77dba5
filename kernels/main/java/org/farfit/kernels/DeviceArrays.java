package org.farfit.kernels;

import org.farfit.engine.NormalEquations;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The arrays that a plan shares with the device; see {@link DeviceLayout} for what is where. */
final class DeviceArrays {

  final int parameterCount;
  final int capacity;
  final IntArray index;
  final DoubleArray data;
  final ByteArray codes;
  final IntArray rows;
  final IntArray lanes;
  final DoubleArray damping;
  final DoubleArray parameters;
  final DoubleArray gradient;
  final DoubleArray matrix;
  final DoubleArray scale;
  final DoubleArray report;

  /**
   * Allocates zeroed arrays.
   *
   * @param sides 2 to keep current and trial point on the device, 1 for the trial point alone
   */
  DeviceArrays(int p, int capacity, int sides, int indexSize, int dataSize, int codesSize) {
    this.parameterCount = p;
    this.capacity = capacity;
    this.index = new IntArray(indexSize);
    this.data = new DoubleArray(dataSize);
    this.codes = new ByteArray(codesSize);
    this.rows = new IntArray(capacity);
    this.lanes = new IntArray(2 * capacity);
    this.damping = new DoubleArray(capacity);
    this.parameters = new DoubleArray(sides * p * capacity);
    this.gradient = new DoubleArray(sides * p * capacity);
    this.matrix = new DoubleArray(sides * NormalEquations.packedSize(p) * capacity);
    this.scale = new DoubleArray(p * capacity);
    this.report = new DoubleArray(DeviceLayout.REPORT_SIZE * capacity);
    clear();
  }

  private void clear() {
    index.clear();
    data.clear();
    codes.clear();
    rows.clear();
    lanes.clear();
    damping.clear();
    parameters.clear();
    gradient.clear();
    matrix.clear();
    scale.clear();
    report.clear();
  }

  /** Bytes of device memory per slot. */
  static long bytesPerSlot(int p, int sides) {
    long doubles =
        (long) sides * (2 * p + NormalEquations.packedSize(p)) + p + 1 + DeviceLayout.REPORT_SIZE;
    return Double.BYTES * doubles + 3L * Integer.BYTES;
  }

  /** Bytes per slot of the largest array. */
  static long bytesOfLargest(int p, int sides) {
    return (long) Double.BYTES * sides * NormalEquations.packedSize(p);
  }
}

package org.farfit.kernels;

import org.farfit.engine.NormalEquations;
import org.farfit.kernels.made.DeviceLayout;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The arrays that a plan shares with the device; see {@link DeviceLayout} for what is where. */
abstract sealed class DeviceArrays permits DeviceArrays.Plain, DeviceArrays.Resident {

  final int parameterCount;
  final int derivativeCount;
  final int capacity;
  final IntArray control = new IntArray(DeviceLayout.CONTROL_SIZE);
  final IntArray index;
  final DoubleArray data;
  final ByteArray codes;
  final DoubleArray parameters;
  final DoubleArray gradient;
  final DoubleArray matrix;

  /**
   * Allocates arrays; TornadoVM gives them zeroed.
   *
   * @param further rows beside those of the parameters: one for the curvature beyond the threshold
   *     of a robust loss, where the host decides about it
   */
  private DeviceArrays(
      int p,
      int further,
      int derivatives,
      int capacity,
      int indexSize,
      int dataSize,
      int codesSize) {
    this.parameterCount = p;
    this.derivativeCount = derivatives;
    this.capacity = capacity;
    this.index = new IntArray(indexSize);
    this.data = new DoubleArray(dataSize);
    this.codes = new ByteArray(codesSize);
    this.parameters = new DoubleArray((p + further) * capacity);
    this.gradient = new DoubleArray(derivatives * capacity);
    this.matrix = new DoubleArray(NormalEquations.packedSize(derivatives) * capacity);
    control.clear();
    index.clear();
    data.clear();
    codes.clear();
    parameters.clear();
    gradient.clear();
    matrix.clear();
  }

  /** Arrays to evaluate normal equations for the host. */
  static final class Plain extends DeviceArrays {

    final IntArray rows;
    final DoubleArray cost;

    Plain(int p, int derivatives, int capacity, int indexSize, int dataSize, int codesSize) {
      super(p, 1, derivatives, capacity, indexSize, dataSize, codesSize);
      this.rows = new IntArray(capacity);
      this.cost = new DoubleArray(capacity);
      rows.clear();
      cost.clear();
    }
  }

  /** Arrays of problems that stay on the device, and of the letters to and from them. */
  static final class Resident extends DeviceArrays {

    private static final int MOST_LETTERS = 16_384;

    /** How many letters travel at a time. */
    final int letters;

    final IntArray words;
    final IntArray lanes;
    final IntArray counts;
    final IntArray header;
    final DoubleArray scale;
    final DoubleArray state;
    final IntArray startWords;
    final DoubleArray starts;
    final IntArray answerWords;
    final DoubleArray answers;

    Resident(int p, int capacity, int indexSize, int dataSize, int codesSize) {
      super(p, 0, p, capacity, indexSize, dataSize, codesSize);
      this.letters = Math.min(capacity, MOST_LETTERS);
      this.words = new IntArray(DeviceLayout.WORDS_SIZE * capacity);
      this.lanes = new IntArray(3 * capacity);
      this.counts = new IntArray((capacity + LaneKernels.BLOCK - 1) / LaneKernels.BLOCK);
      this.header = new IntArray(DeviceLayout.HEADER_SIZE);
      this.scale = new DoubleArray(p * capacity);
      this.state = new DoubleArray(DeviceLayout.STATE_SIZE * capacity);
      this.startWords = new IntArray(DeviceLayout.START_WORDS * letters);
      this.starts = new DoubleArray(p * letters);
      this.answerWords = new IntArray(DeviceLayout.ANSWER_WORDS * letters);
      this.answers = new DoubleArray((p + 1) * letters);
      words.clear();
      lanes.clear();
      counts.clear();
      header.clear();
      scale.clear();
      state.clear();
      startWords.clear();
      starts.clear();
      answerWords.clear();
      answers.clear();
    }
  }

  /** Bytes of device memory per slot. */
  static long bytesPerSlot(int p, boolean resident) {
    long equations = 2L * p + NormalEquations.packedSize(p);
    if (!resident) {
      return Double.BYTES * (equations + 2) + Integer.BYTES;
    }
    long letter =
        Double.BYTES * (2L * p + 1)
            + Integer.BYTES * (DeviceLayout.START_WORDS + DeviceLayout.ANSWER_WORDS);
    return Double.BYTES * (equations + p + DeviceLayout.STATE_SIZE)
        + Integer.BYTES * (DeviceLayout.WORDS_SIZE + 3L)
        + letter;
  }

  /** Bytes per slot of the largest array. */
  static long bytesOfLargest(int p) {
    return (long) Double.BYTES * NormalEquations.packedSize(p);
  }
}

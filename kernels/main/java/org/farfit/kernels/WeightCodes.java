package org.farfit.kernels;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.farfit.engine.WeightTable;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;

/**
 * The weights of a table as codes of distinct ones: one byte per run and row where there are at
 * most 256 (as for bootstrap multiplicities and hold-out masks), four bytes otherwise.
 */
final class WeightCodes {

  /** Whole numbers below this are looked up without a map: as multiplicities are, and masks. */
  private static final int SMALL = 256;

  private final WeightTable table;

  /** One more than the code of each, or 0 where it has none. */
  private final int[] codeOfSmall = new int[SMALL];

  private final Map<Double, Integer> codes = new HashMap<>();
  private final double[] weights;

  /** Looks through the weights of a table. */
  WeightCodes(WeightTable table, int runs) {
    this.table = table;
    for (int row = 0; row < table.rows(); row++) {
      for (int run = 0; run < runs; run++) {
        learn(table.weight(row, run));
      }
    }
    this.weights = new double[codes.size()];
    codes.forEach((weight, code) -> weights[code] = weight);
  }

  private void learn(double weight) {
    if (!isSmall(weight)) {
      codes.putIfAbsent(weight, codes.size());
    } else if (codeOfSmall[(int) weight] == 0) {
      codes.put(weight, codes.size());
      codeOfSmall[(int) weight] = codes.size();
    }
  }

  private static boolean isSmall(double weight) {
    return weight >= 0 && weight < SMALL && weight == (int) weight;
  }

  private int code(double weight) {
    return isSmall(weight) ? codeOfSmall[(int) weight] - 1 : codes.get(weight);
  }

  /** How many different weights there are. */
  int distinct() {
    return weights.length;
  }

  /** Bytes of a code. */
  int bytes() {
    return weights.length <= 256 ? 1 : 4;
  }

  /** Whether every weight is 1. */
  boolean areOnes() {
    return weights.length == 1 && weights[0] == 1;
  }

  /** Bytes of all codes of so many runs. */
  long size(int runs) {
    return (long) table.rows() * runs * bytes();
  }

  void storeWeights(DoubleArray data, int first) {
    for (int code = 0; code < weights.length; code++) {
      data.set(first + code, weights[code]);
    }
  }

  /**
   * Stores the codes of runs, row by row.
   *
   * @param source which run of the table each is
   */
  void store(ByteArray bytes, int runs, IntUnaryOperator source) {
    int width = bytes();
    int at = 0;
    for (int row = 0; row < table.rows(); row++) {
      for (int run = 0; run < runs; run++) {
        int code = code(table.weight(row, source.applyAsInt(run)));
        for (int b = 0; b < width; b++) {
          bytes.set(at++, (byte) (code >>> (8 * b)));
        }
      }
    }
  }
}

package org.farfit.kernels;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import org.farfit.kernels.made.DeviceLayout;
import org.farfit.solver.AnswerRows;

/**
 * What the first slots hold, right after it was fetched: rows of the device, each copied as a
 * whole.
 *
 * @param count how many slots, the first one included
 */
record SlotRows(DeviceArrays.Resident arrays, int count) implements AnswerRows {

  @Override
  public void parameter(int j, double[] values, int to) {
    numbers(arrays.parameters.getSegment(), j, values, to);
  }

  @Override
  public void costs(double[] costs, int to) {
    numbers(arrays.state.getSegment(), DeviceLayout.COST, costs, to);
  }

  @Override
  public void codes(int[] codes, int to) {
    words(DeviceLayout.STATUS, codes, to);
  }

  @Override
  public void iterations(int[] counts, int to) {
    words(DeviceLayout.ITERATIONS, counts, to);
  }

  @Override
  public void evaluations(int[] counts, int to) {
    words(DeviceLayout.EVALUATIONS, counts, to);
  }

  private void numbers(MemorySegment from, int row, double[] into, int to) {
    MemorySegment.copy(
        from, JAVA_DOUBLE, (long) Double.BYTES * row * arrays.capacity, into, to, count);
  }

  private void words(int row, int[] into, int to) {
    MemorySegment from = arrays.words.getSegment();
    MemorySegment.copy(
        from, JAVA_INT, (long) Integer.BYTES * row * arrays.capacity, into, to, count);
  }
}

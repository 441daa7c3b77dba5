package org.farfit.kernels;

import org.farfit.formula.Schedule;

/**
 * What a made kernel computes: a schedule, and where it finds the schedule's parameters.
 *
 * @param schedule the response
 * @param rows for each parameter of the schedule, its row in the device's array of parameters, or
 *     {@link #LOG_D0}
 * @param derivatives for each row of the results, the parameter of the schedule whose derivatives
 *     it is about
 */
record KernelTarget(Schedule schedule, Integers rows, Integers derivatives) {

  /** The row of what is no parameter but the logarithm of D at the centre. */
  static final int LOG_D0 = -2;

  /** Several numbers, equal if each is. */
  record Integers(java.util.List<Integer> list) {

    static Integers of(int... numbers) {
      return new Integers(java.util.Arrays.stream(numbers).boxed().toList());
    }

    int get(int i) {
      return list.get(i);
    }

    int size() {
      return list.size();
    }
  }

  /** A schedule whose parameters are those of the device, in order. */
  static KernelTarget of(Schedule schedule) {
    int most = 0;
    for (int j : schedule.inputs()) {
      most = Math.max(most, j + 1);
    }
    return new KernelTarget(
        schedule,
        Integers.of(java.util.stream.IntStream.range(0, most).toArray()),
        Integers.of(schedule.parameters()));
  }

  /** How many rows of parameters a problem has on the device. */
  int parameterRows() {
    return 1 + rows.list().stream().mapToInt(row -> row).max().orElse(-1);
  }

  /** How many derivatives there are. */
  int count() {
    return derivatives.size();
  }
}

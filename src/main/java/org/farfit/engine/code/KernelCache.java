package org.farfit.engine.code;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Function;
import org.farfit.formula.Schedule;

/** Kernels that were made, by schedule: one is made once per process for as long as it is used. */
public final class KernelCache {

  private final Map<Schedule, FormulaKernel> made =
      Collections.synchronizedMap(new WeakHashMap<>());
  private final Function<Schedule, FormulaKernel> maker;

  /** A cache of what a maker makes. */
  public KernelCache(Function<Schedule, FormulaKernel> maker) {
    this.maker = maker;
  }

  /** The kernel of a schedule. */
  public FormulaKernel of(Schedule schedule) {
    return made.computeIfAbsent(schedule, maker);
  }
}

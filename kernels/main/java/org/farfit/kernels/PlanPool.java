package org.farfit.kernels;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.farfit.engine.EngineUnavailableException;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.SurfaceProblem;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.exceptions.TornadoMemoryException;
import uk.ac.manchester.tornado.api.exceptions.TornadoOutOfMemoryException;

/**
 * Plans of one device, kept for the next problem with the same kernels: a kernel is compiled once
 * per law and form, not once per problem. Sizes are rounded up, so that a new number of problems or
 * runs usually fits a plan that exists.
 *
 * <p>A plan holds as many problems as are wanted, at most {@link #LARGEST_CAPACITY} and at most
 * what fits the device memory; where the device runs out of memory all the same, plans that are not
 * in use are given up, then half as many problems are kept.
 */
final class PlanPool implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(PlanPool.class.getName());

  /** Enough threads to fill any GPU several times over. */
  static final int LARGEST_CAPACITY = 1 << 18;

  /** One work-group. */
  static final int SMALLEST_CAPACITY = KernelForm.GROUP_SIZE;

  /** Entries of an array: the largest power of two that an int holds. */
  private static final long LARGEST_ARRAY = 1L << 30;

  /** Share of the device memory that one plan may take. */
  private static final double MEMORY_SHARE = 0.5;

  /** Sizes that must agree for a plan to serve a problem. */
  private record Shape(
      Object kernelKey,
      boolean resident,
      int capacity,
      int indexSize,
      int dataSize,
      int codesSize) {}

  private record Entry(Shape shape, DevicePlan plan) {}

  /** Makes a plan over given arrays. */
  @FunctionalInterface
  interface PlanFactory {
    DevicePlan make(PlanSource source, DeviceArrays arrays);
  }

  /** Says which kernels so many problems get, and fills their arrays. */
  @FunctionalInterface
  interface Sources {
    PlanSource of(SurfaceProblem problem, int count);
  }

  private final PlanFactory factory;
  private final Sources sources;
  private final long memory;
  private final long largestArray;
  private final List<Entry> idle = new ArrayList<>();
  private final List<Entry> busy = new ArrayList<>();

  /** A pool of plans on a device, with the kernels that suit it. */
  PlanPool(TornadoDevice device, long memory, long largestArray) {
    this(plans(device), KernelChoice.of(device).sources(), memory, largestArray);
  }

  /** A pool of plans from a factory, with the kernels that suit a CPU. */
  PlanPool(PlanFactory factory, long memory, long largestArray) {
    this(factory, KernelChoice.BLOCKS.sources(), memory, largestArray);
  }

  /**
   * A pool of plans.
   *
   * @param sources says which kernels a problem gets
   * @param memory bytes of device memory
   * @param largestArray bytes of the largest array that the device can hold
   */
  PlanPool(PlanFactory factory, Sources sources, long memory, long largestArray) {
    this.factory = factory;
    this.sources = sources;
    this.memory = memory;
    this.largestArray = largestArray;
  }

  /** The plans of a device. */
  static PlanFactory plans(TornadoDevice device) {
    return (source, arrays) ->
        switch (arrays) {
          case DeviceArrays.Plain plain ->
              new PlainPlan(source.evaluation(), plain, device, source.form());
          case DeviceArrays.Resident resident ->
              new ResidentPlan(source.iteration(), resident, device, source.form());
        };
  }

  synchronized PlainPlan plain(SurfaceProblem problem, int count) {
    // The host's kernels have one thread per problem.
    return plain(source(problem, Integer.MAX_VALUE), count);
  }

  synchronized PlainPlan plain(PlanSource source, int count) {
    return (PlainPlan) acquire(source, count, false);
  }

  synchronized ResidentPlan resident(SurfaceProblem problem, int count) {
    return (ResidentPlan) acquire(source(problem, count), count, true);
  }

  private PlanSource source(SurfaceProblem problem, int count) {
    // Before the weights are looked through: there is at least a byte for each.
    checkEntries(problem.weights().rows(), problem.runs(), 1);
    return sources.of(problem, count);
  }

  /** Takes a plan back; its device memory stays allocated for the next problem. */
  synchronized void release(DevicePlan plan) {
    for (Entry entry : busy) {
      if (entry.plan() == plan) {
        busy.remove(entry);
        idle.add(entry);
        return;
      }
    }
    throw new IllegalStateException("the plan is not in use");
  }

  private DevicePlan acquire(PlanSource source, int count, boolean resident) {
    checkSize(source.dataSize());
    checkSize(source.codesSize());
    int capacity = capacity(source, count, resident);
    while (true) {
      Shape shape =
          new Shape(
              source.kernelKey(),
              resident,
              capacity,
              roundedUp(source.indexSize()),
              roundedUp(source.dataSize()),
              roundedUp(source.codesSize()));
      try {
        Entry entry = take(shape, source);
        DeviceArrays arrays = entry.plan().arrays();
        source.store(arrays.index, arrays.data, arrays.codes, arrays.capacity);
        busy.add(entry);
        return entry.plan();
      } catch (TornadoOutOfMemoryException | TornadoMemoryException e) {
        capacity = afterRunningOut(capacity, e);
      }
    }
  }

  /** Refuses weights of which there are more than an int can number. */
  static void checkEntries(int rows, int runs, int bytes) {
    long entries = (long) rows * runs * bytes;
    if (entries > LARGEST_ARRAY) {
      throw new EngineUnavailableException(
          "engine 'tornado' cannot hold %d rows of weights for %d runs: that needs %d entries of one"
                  .formatted(rows, runs, entries)
              + " array, of which there may be %d; use fewer rows at a time, or another engine"
                  .formatted(LARGEST_ARRAY));
    }
  }

  /** Refuses what has an array with more entries than an int can number. */
  private static void checkSize(long entries) {
    if (entries > LARGEST_ARRAY) {
      throw new EngineUnavailableException(
          "engine 'tornado' cannot hold %d entries of one array, of which there may be %d; use fewer"
                  .formatted(entries, LARGEST_ARRAY)
              + " runs or rows of weights at a time, or another engine");
    }
  }

  /**
   * The capacity to try next: the same if plans that are not in use gave memory back, else half.
   *
   * @throws EngineUnavailableException if not even the smallest plan fits
   */
  private int afterRunningOut(int capacity, RuntimeException cause) {
    if (!idle.isEmpty()) {
      closeIdle();
      return capacity;
    }
    if (capacity <= SMALLEST_CAPACITY) {
      EngineUnavailableException failure =
          new EngineUnavailableException(
              "engine 'tornado' has too little device memory for %d problems at a time (%s); TornadoVM"
                      .formatted(capacity, firstLine(cause))
                  + " takes no more than -Dtornado.device.memory says, see docs/gpu.md");
      failure.initCause(cause);
      throw failure;
    }
    LOG.log(
        Level.WARNING,
        "out of device memory; going on with {0} problems at a time",
        Integer.toString(capacity / 2));
    return capacity / 2;
  }

  private static String firstLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
  }

  private Entry take(Shape shape, PlanSource source) {
    for (Entry entry : idle) {
      if (entry.shape().equals(shape)) {
        idle.remove(entry);
        return entry;
      }
    }
    DevicePlan plan = factory.make(source, arrays(shape, source));
    try {
      // Running out of memory shows here.
      plan.prepare();
      return new Entry(shape, plan);
    } catch (RuntimeException e) {
      plan.close();
      throw e;
    }
  }

  private static DeviceArrays arrays(Shape shape, PlanSource source) {
    int p = source.parameterCount();
    return shape.resident()
        ? new DeviceArrays.Resident(
            p, shape.capacity(), shape.indexSize(), shape.dataSize(), shape.codesSize())
        : new DeviceArrays.Plain(
            p,
            source.derivativeCount(),
            shape.capacity(),
            shape.indexSize(),
            shape.dataSize(),
            shape.codesSize());
  }

  private int capacity(PlanSource source, int count, boolean resident) {
    int p = source.parameterCount();
    long budget = (long) (memory * MEMORY_SHARE) / DeviceArrays.bytesPerSlot(p, resident);
    long byArray = largestArray / DeviceArrays.bytesOfLargest(p);
    long byIndex = Integer.MAX_VALUE / (2L * NormalEquations.packedSize(p));
    long most = Math.min(LARGEST_CAPACITY, Math.min(budget, Math.min(byArray, byIndex)));
    int rounded = roundedUp(Math.min(count, LARGEST_CAPACITY));
    while (rounded > most && rounded > SMALLEST_CAPACITY) {
      rounded /= 2;
    }
    return rounded;
  }

  /** The next power of two, at least one work-group. */
  static int roundedUp(long size) {
    long rounded = Long.highestOneBit(Math.max(1, size - 1)) << 1;
    return Math.toIntExact(Math.max(SMALLEST_CAPACITY, rounded));
  }

  /** Bytes of device memory that all plans hold. */
  synchronized long deviceBytes() {
    return Stream.concat(idle.stream(), busy.stream())
        .mapToLong(entry -> entry.plan().deviceBytes())
        .sum();
  }

  private void closeIdle() {
    idle.forEach(entry -> entry.plan().close());
    idle.clear();
  }

  /** Frees the device memory of every plan. */
  @Override
  public synchronized void close() {
    closeIdle();
    busy.forEach(entry -> entry.plan().close());
    busy.clear();
  }
}

package org.farfit.kernels;

import java.util.stream.IntStream;
import org.farfit.engine.SurfaceProblem;
import org.farfit.kernels.made.DeviceLayout;
import org.farfit.law.Limits;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.Status;
import org.farfit.solver.WaitingProblems;

/**
 * The host's part in solving problems on a device: it hands out starts, lets the device take
 * several steps at a time, and gives the slots of problems that have ended to those that wait. A
 * launch tells it two numbers, however many problems there are.
 */
final class ResidentRun {

  /** Steps per launch while lanes that end keep others from running; a fit takes about fifty. */
  private static final int FEW_STEPS = 8;

  /**
   * Steps per launch while a lane that has ended takes nothing from any other: none waits for its
   * slot, and the device has threads to spare. A launch costs the host up to a millisecond.
   */
  private static final int MANY_STEPS = 128;

  /** Lanes that the largest devices run at once: 132 multiprocessors of 8 warps, rounded down. */
  private static final int CROWD = 1 << 15;

  /** Share of the slots that must have ended before problems that wait are let in. */
  private static final int REFILL_SHARE = 4;

  private final ResidentPlan plan;
  private final DeviceArrays.Resident arrays;
  private final WaitingProblems waiting;
  private final int p;
  private final Limits limits;
  private final int[] limitedParameters;
  private final int[] problemOf;
  private final int[] free;
  private final Letters letters;
  private int freeCount;
  private int taken;
  private boolean noneWaits;
  private boolean hasBegun;

  private int active;
  private int first;
  private int ended;

  ResidentRun(
      ResidentPlan plan, SurfaceProblem problem, SolverSettings settings, WaitingProblems waiting) {
    this.limits = problem.limits();
    StepCoordinates coordinates = StepCoordinates.of(problem);
    this.plan = plan;
    this.arrays = plan.arrays();
    this.waiting = waiting;
    this.p = arrays.parameterCount;
    this.problemOf = new int[arrays.capacity];
    this.free = new int[arrays.capacity];
    this.freeCount = arrays.capacity;
    // From the first slot on, so that problems and slots come in the same order.
    for (int i = 0; i < freeCount; i++) {
      free[i] = freeCount - 1 - i;
    }
    this.letters = new Letters(arrays);
    this.limitedParameters = IntStream.range(0, p).filter(coordinates::isLimited).toArray();
    arrays.index.set(DeviceLayout.MAX_EVALUATIONS, settings.maxEvaluations());
    arrays.data.set(DeviceLayout.COST_TOLERANCE, settings.costTolerance());
    arrays.data.set(DeviceLayout.STEP_TOLERANCE, settings.stepTolerance());
    arrays.data.set(DeviceLayout.GRADIENT_TOLERANCE, settings.gradientTolerance());
    arrays.data.set(DeviceLayout.INITIAL_DAMPING, settings.initialDamping());
  }

  /** Solves problems until none waits. */
  void run() {
    refill();
    while (active > 0) {
      boolean goesOn =
          plan.advance(active, first, noneWaits && active <= CROWD ? MANY_STEPS : FEW_STEPS);
      if (!goesOn && isOneCrowd()) {
        readSlots();
        return;
      }
      plan.pack(active, first, ended);
      first = arrays.capacity - first;
      active = arrays.header.get(DeviceLayout.STILL_ACTIVE);
      ended = arrays.header.get(DeviceLayout.NOW_ENDED);
      // Answers whose slots nobody waits for can wait, too.
      if (active == 0 || (!noneWaits && ended >= arrays.capacity / REFILL_SHARE)) {
        collect();
        refill();
      }
    }
  }

  /**
   * Whether all problems there are were begun at once, in most of the slots, and none has ended.
   */
  private boolean isOneCrowd() {
    return noneWaits && active == taken && active >= arrays.capacity / 2;
  }

  private void refill() {
    while (freeCount > 0 && !noneWaits) {
      int most = Math.min(arrays.letters, freeCount);
      int next = waiting.take(most);
      int count = next < 0 ? 0 : Math.min(most, waiting.count() - next);
      noneWaits = next < 0 || next + count == waiting.count();
      if (count > 0) {
        write(next, count);
        freeCount -= count;
        taken += count;
        deliver(count);
        active += count;
      }
    }
  }

  private void deliver(int count) {
    if (hasBegun) {
      plan.place(active, first, count);
    } else {
      plan.begin(count);
      hasBegun = true;
    }
  }

  /** Writes letters with the starts of problems that follow each other. */
  private void write(int problem, int count) {
    for (int from = 0; from < count; from += Letters.STRETCH) {
      int stretch = Math.min(Letters.STRETCH, count - from);
      waiting.starts(problem + from, stretch, p, letters.starts);
      for (int j : limitedParameters) {
        for (int letter = 0; letter < stretch; letter++) {
          letters.starts[letter * p + j] = limits.nearest(j, letters.starts[letter * p + j]);
        }
      }
      for (int letter = 0; letter < stretch; letter++) {
        int next = problem + from + letter;
        int slot = free[freeCount - 1 - from - letter];
        problemOf[slot] = next;
        letters.address(letter, slot, waiting.weightRow(next));
      }
      letters.send(from, stretch);
    }
  }

  private void collect() {
    for (int from = 0; from < ended; from += arrays.letters) {
      int count = Math.min(arrays.letters, ended - from);
      plan.answer(from, count);
      for (int letter = 0; letter < count; letter += Letters.STRETCH) {
        read(letter, Math.min(Letters.STRETCH, count - letter));
      }
    }
    ended = 0;
  }

  private void read(int first, int count) {
    letters.receive(first, count);
    for (int letter = 0; letter < count; letter++) {
      answer(letter);
      free[freeCount++] = letters.slot(letter);
    }
  }

  /** Reads what the slots hold: those of the first problems, in their order. */
  private void readSlots() {
    plan.fetchSlots();
    waiting.answer(problemOf[0], active, new SlotRows(arrays, active));
  }

  private void answer(int letter) {
    Status status = letters.status(letter);
    waiting.answer(
        problemOf[letters.slot(letter)],
        letters.answers,
        letter * (p + 1),
        status == Status.NON_FINITE ? Double.NaN : letters.cost(letter),
        status,
        letters.iterations(letter),
        letters.evaluations(letter));
  }
}

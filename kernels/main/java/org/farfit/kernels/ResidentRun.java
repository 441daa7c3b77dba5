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
  private final StepCoordinates limited;
  private final int[] problemOf;
  private final int[] free;
  private final double[] start;
  private final double[] answer;
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
    this.limited = StepCoordinates.of(problem);
    this.plan = plan;
    this.arrays = plan.arrays();
    this.waiting = waiting;
    this.p = arrays.parameterCount;
    this.problemOf = new int[arrays.capacity];
    this.free = IntStream.range(0, arrays.capacity).toArray();
    this.freeCount = arrays.capacity;
    this.start = new double[p];
    this.answer = new double[p];
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
      plan.advance(active, first, ended, noneWaits && active <= CROWD ? MANY_STEPS : FEW_STEPS);
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

  private void refill() {
    while (freeCount > 0 && !noneWaits) {
      int letters = 0;
      while (letters < Math.min(arrays.letters, freeCount) && !noneWaits) {
        int next = waiting.next();
        if (next >= 0) {
          write(letters++, next);
          taken++;
        }
        noneWaits = next < 0 || taken == waiting.count();
      }
      if (letters > 0) {
        freeCount -= letters;
        deliver(letters);
        active += letters;
      }
    }
  }

  private void deliver(int letters) {
    if (hasBegun) {
      plan.place(active, first, letters);
    } else {
      plan.begin(letters);
      hasBegun = true;
    }
  }

  private void write(int letter, int next) {
    int slot = free[freeCount - 1 - letter];
    problemOf[slot] = next;
    waiting.start(next, start);
    for (int j = 0; j < p; j++) {
      double value = limited.isLimited(j) ? limits.nearest(j, start[j]) : start[j];
      arrays.starts.set(letter * p + j, value);
    }
    arrays.startWords.set(letter * DeviceLayout.START_WORDS, slot);
    arrays.startWords.set(letter * DeviceLayout.START_WORDS + 1, waiting.weightRow(next));
  }

  private void collect() {
    for (int from = 0; from < ended; from += arrays.letters) {
      int letters = Math.min(arrays.letters, ended - from);
      plan.answer(from, letters);
      for (int letter = 0; letter < letters; letter++) {
        read(letter);
      }
    }
    ended = 0;
  }

  private void read(int letter) {
    int at = letter * DeviceLayout.ANSWER_WORDS;
    int slot = arrays.answerWords.get(at);
    Status status = Status.ofCode(arrays.answerWords.get(at + 1));
    int from = letter * (p + 1);
    for (int j = 0; j < p; j++) {
      answer[j] = arrays.answers.get(from + j);
    }
    waiting.answer(
        problemOf[slot],
        answer,
        status == Status.NON_FINITE ? Double.NaN : arrays.answers.get(from + p),
        status,
        arrays.answerWords.get(at + 2),
        arrays.answerWords.get(at + 3));
    free[freeCount++] = slot;
  }
}

package org.farfit.kernels;

import org.farfit.kernels.made.DeviceLayout;
import org.farfit.solver.Damping;
import org.farfit.solver.RobustCurvature;
import org.farfit.solver.StepRules;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Kernels that keep the lists of slots on the device and carry letters: starts that come in and
 * answers that go out, both in arrays of a fixed size, so that nothing else of a problem travels.
 *
 * <p>Active lanes are packed in two launches: {@link #count} and {@link #pack}, one thread per
 * {@link #BLOCK} lanes. The order of the lists depends on nothing but what has ended.
 */
final class LaneKernels {

  /** Lanes that one thread looks through. */
  static final int BLOCK = 64;

  private LaneKernels() {}

  /**
   * Puts a letter's start into its slot and adds the slot to the active lanes. Codes, gradient and
   * matrix are named alone, since a task graph transfers only what one of its tasks uses.
   */
  static void place(
      KernelContext context,
      IntArray control,
      IntArray index,
      DoubleArray data,
      ByteArray codes,
      IntArray startWords,
      DoubleArray starts,
      IntArray words,
      IntArray lanes,
      DoubleArray parameters,
      DoubleArray gradient,
      DoubleArray matrix,
      DoubleArray scale,
      DoubleArray state) {
    int letter = context.globalIdx;
    int letters = control.get(DeviceLayout.LETTERS);
    if (letter == 0) {
      codes.set(0, codes.get(0));
      gradient.set(0, gradient.get(0));
      matrix.set(0, matrix.get(0));
    }
    if (letter < letters) {
      int capacity = index.get(DeviceLayout.CAPACITY);
      int p = index.get(DeviceLayout.PARAMETERS);
      int slot = startWords.get(letter * DeviceLayout.START_WORDS);
      int lane = control.get(DeviceLayout.ACTIVE) + letter;
      lanes.set(control.get(DeviceLayout.FIRST_LANE) + lane, slot);
      words.set(
          DeviceLayout.ROW * capacity + slot,
          startWords.get(letter * DeviceLayout.START_WORDS + 1));
      words.set(DeviceLayout.STATUS * capacity + slot, StepRules.GOING_ON);
      words.set(DeviceLayout.ITERATIONS * capacity + slot, 0);
      words.set(DeviceLayout.EVALUATIONS * capacity + slot, 0);
      for (int j = 0; j < p; j++) {
        parameters.set(j * capacity + slot, starts.get(letter * p + j));
        scale.set(j * capacity + slot, 0.0);
      }
      state.set(DeviceLayout.DAMPING * capacity + slot, data.get(DeviceLayout.INITIAL_DAMPING));
      state.set(DeviceLayout.INCREASE * capacity + slot, Damping.FIRST_INCREASE);
      state.set(
          DeviceLayout.CURVATURE * capacity + slot,
          RobustCurvature.first(data.get(DeviceLayout.INITIAL_DAMPING)));
      state.set(DeviceLayout.PROMISE * capacity + slot, RobustCurvature.FIRST_PROMISE);
    }
  }

  /** Counts, for each block, the lanes that are still active. */
  static void count(
      KernelContext context,
      IntArray control,
      IntArray index,
      IntArray words,
      IntArray lanes,
      IntArray counts) {
    int block = context.globalIdx;
    int active = control.get(DeviceLayout.ACTIVE);
    int begin = block * BLOCK;
    if (begin < active) {
      int capacity = index.get(DeviceLayout.CAPACITY);
      int first = control.get(DeviceLayout.FIRST_LANE);
      int end = begin + BLOCK < active ? begin + BLOCK : active;
      int going = 0;
      for (int lane = begin; lane < end; lane++) {
        int slot = lanes.get(first + lane);
        if (words.get(DeviceLayout.STATUS * capacity + slot) == StepRules.GOING_ON) {
          going = going + 1;
        }
      }
      counts.set(block, going);
    }
  }

  /** Writes each block's active slots to the other list, and those that ended to theirs. */
  static void pack(
      KernelContext context,
      IntArray control,
      IntArray index,
      IntArray words,
      IntArray lanes,
      IntArray counts,
      IntArray header) {
    int block = context.globalIdx;
    int active = control.get(DeviceLayout.ACTIVE);
    int begin = block * BLOCK;
    if (begin < active) {
      int capacity = index.get(DeviceLayout.CAPACITY);
      int first = control.get(DeviceLayout.FIRST_LANE);
      int end = begin + BLOCK < active ? begin + BLOCK : active;
      int before = 0;
      for (int i = 0; i < block; i++) {
        before = before + counts.get(i);
      }
      int going = capacity - first + before;
      int ended = 2 * capacity + control.get(DeviceLayout.ENDED) + begin - before;
      for (int lane = begin; lane < end; lane++) {
        int slot = lanes.get(first + lane);
        if (words.get(DeviceLayout.STATUS * capacity + slot) == StepRules.GOING_ON) {
          lanes.set(going, slot);
          going = going + 1;
        } else {
          lanes.set(ended, slot);
          ended = ended + 1;
        }
      }
      if (end == active) {
        header.set(DeviceLayout.STILL_ACTIVE, going - capacity + first);
        header.set(DeviceLayout.NOW_ENDED, ended - 2 * capacity);
      }
    }
  }

  /** Writes the answers of a stretch of the slots that ended. */
  static void answer(
      KernelContext context,
      IntArray control,
      IntArray index,
      IntArray words,
      IntArray lanes,
      DoubleArray parameters,
      DoubleArray state,
      IntArray answerWords,
      DoubleArray answers) {
    int letter = context.globalIdx;
    if (letter < control.get(DeviceLayout.LETTERS)) {
      int capacity = index.get(DeviceLayout.CAPACITY);
      int p = index.get(DeviceLayout.PARAMETERS);
      int slot = lanes.get(2 * capacity + control.get(DeviceLayout.FIRST_LETTER) + letter);
      int at = letter * DeviceLayout.ANSWER_WORDS;
      answerWords.set(at, slot);
      answerWords.set(at + 1, words.get(DeviceLayout.STATUS * capacity + slot));
      answerWords.set(at + 2, words.get(DeviceLayout.ITERATIONS * capacity + slot));
      answerWords.set(at + 3, words.get(DeviceLayout.EVALUATIONS * capacity + slot));
      for (int j = 0; j < p; j++) {
        answers.set(letter * (p + 1) + j, parameters.get(j * capacity + slot));
      }
      answers.set(letter * (p + 1) + p, state.get(DeviceLayout.COST * capacity + slot));
    }
  }
}

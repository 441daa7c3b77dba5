package org.farfit.kernels;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import org.farfit.kernels.made.DeviceLayout;
import org.farfit.solver.Status;

/**
 * Letters between Java arrays and those that travel: a stretch of them at a time, which stays in
 * the processor's nearest cache until it is copied as a whole.
 */
final class Letters {

  /** Letters of a stretch. */
  static final int STRETCH = 512;

  /** Starts of the stretch that is written: parameters of each. */
  final double[] starts;

  /** Answers of the stretch that was received: parameters and cost of each. */
  final double[] answers;

  private final int[] answerWords = new int[STRETCH * DeviceLayout.ANSWER_WORDS];
  private final int p;
  private final int[] startWords = new int[STRETCH * DeviceLayout.START_WORDS];
  private final MemorySegment sentStarts;
  private final MemorySegment sentWords;
  private final MemorySegment receivedAnswers;
  private final MemorySegment receivedWords;

  /** Letters of a plan. */
  Letters(DeviceArrays.Resident arrays) {
    this.p = arrays.parameterCount;
    this.starts = new double[STRETCH * p];
    this.answers = new double[STRETCH * (p + 1)];
    this.sentStarts = arrays.starts.getSegment();
    this.sentWords = arrays.startWords.getSegment();
    this.receivedAnswers = arrays.answers.getSegment();
    this.receivedWords = arrays.answerWords.getSegment();
  }

  /**
   * Says where a start of the stretch goes.
   *
   * @param row of the weights
   */
  void address(int letter, int slot, int row) {
    startWords[letter * DeviceLayout.START_WORDS] = slot;
    startWords[letter * DeviceLayout.START_WORDS + 1] = row;
  }

  /** Sends the first so many letters of the stretch, as those from {@code first} on. */
  void send(int first, int count) {
    MemorySegment.copy(
        starts, 0, sentStarts, JAVA_DOUBLE, (long) Double.BYTES * p * first, count * p);
    MemorySegment.copy(
        startWords,
        0,
        sentWords,
        JAVA_INT,
        (long) Integer.BYTES * DeviceLayout.START_WORDS * first,
        count * DeviceLayout.START_WORDS);
  }

  /** Receives a stretch of answers. */
  void receive(int first, int count) {
    MemorySegment.copy(
        receivedAnswers,
        JAVA_DOUBLE,
        (long) Double.BYTES * (p + 1) * first,
        answers,
        0,
        count * (p + 1));
    MemorySegment.copy(
        receivedWords,
        JAVA_INT,
        (long) Integer.BYTES * DeviceLayout.ANSWER_WORDS * first,
        answerWords,
        0,
        count * DeviceLayout.ANSWER_WORDS);
  }

  /** The slot that a letter of the stretch is about. */
  int slot(int letter) {
    return answerWords[letter * DeviceLayout.ANSWER_WORDS];
  }

  /** How its problem ended. */
  Status status(int letter) {
    return Status.ofCode(answerWords[letter * DeviceLayout.ANSWER_WORDS + 1]);
  }

  int iterations(int letter) {
    return answerWords[letter * DeviceLayout.ANSWER_WORDS + 2];
  }

  int evaluations(int letter) {
    return answerWords[letter * DeviceLayout.ANSWER_WORDS + 3];
  }

  double cost(int letter) {
    return answers[letter * (p + 1) + p];
  }
}

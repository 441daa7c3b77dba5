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
  static final int STRETCH = 64;

  /** Answers of the stretch that was received: parameters and cost of each. */
  final double[] answers;

  private final int[] answerWords = new int[STRETCH * DeviceLayout.ANSWER_WORDS];
  private final double[] numberOfSlots = new double[STRETCH];
  private final int[] wordOfSlots = new int[STRETCH];
  private final DeviceArrays.Resident arrays;
  private final int p;
  private final double[] starts;
  private final int[] startWords = new int[STRETCH * DeviceLayout.START_WORDS];
  private final MemorySegment sentStarts;
  private final MemorySegment sentWords;
  private final MemorySegment receivedAnswers;
  private final MemorySegment receivedWords;
  private int sent;
  private int written;

  /** Letters of a plan. */
  Letters(DeviceArrays.Resident arrays) {
    this.arrays = arrays;
    this.p = arrays.parameterCount;
    this.starts = new double[STRETCH * p];
    this.answers = new double[STRETCH * (p + 1)];
    this.sentStarts = arrays.starts.getSegment();
    this.sentWords = arrays.startWords.getSegment();
    this.receivedAnswers = arrays.answers.getSegment();
    this.receivedWords = arrays.answerWords.getSegment();
  }

  /**
   * Writes the next start; they must be written from the first letter on.
   *
   * @param row of the weights
   * @param start p values, copied
   */
  void write(int slot, int row, double[] start) {
    int at = written - sent;
    System.arraycopy(start, 0, starts, at * p, p);
    startWords[at * DeviceLayout.START_WORDS] = slot;
    startWords[at * DeviceLayout.START_WORDS + 1] = row;
    written++;
    if (at == STRETCH - 1) {
      copy();
    }
  }

  /** Ends a series of starts; the next one begins with the first letter again. */
  void send() {
    copy();
    written = 0;
    sent = 0;
  }

  private void copy() {
    int count = written - sent;
    MemorySegment.copy(
        starts, 0, sentStarts, JAVA_DOUBLE, (long) Double.BYTES * p * sent, count * p);
    MemorySegment.copy(
        startWords,
        0,
        sentWords,
        JAVA_INT,
        (long) Integer.BYTES * DeviceLayout.START_WORDS * sent,
        count * DeviceLayout.START_WORDS);
    sent = written;
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

  /** Receives a stretch of slots, each as if it had sent an answer. */
  void receiveSlots(int first, int count) {
    MemorySegment parameters = arrays.parameters.getSegment();
    for (int j = 0; j < p; j++) {
      receiveNumber(parameters, j, first, count, j);
    }
    receiveNumber(arrays.state.getSegment(), DeviceLayout.COST, first, count, p);
    for (int letter = 0; letter < count; letter++) {
      answerWords[letter * DeviceLayout.ANSWER_WORDS] = first + letter;
    }
    MemorySegment words = arrays.words.getSegment();
    receiveWord(words, DeviceLayout.STATUS, first, count, 1);
    receiveWord(words, DeviceLayout.ITERATIONS, first, count, 2);
    receiveWord(words, DeviceLayout.EVALUATIONS, first, count, 3);
  }

  private void receiveNumber(MemorySegment from, int row, int first, int count, int to) {
    long at = (long) Double.BYTES * ((long) row * arrays.capacity + first);
    MemorySegment.copy(from, JAVA_DOUBLE, at, numberOfSlots, 0, count);
    for (int letter = 0; letter < count; letter++) {
      answers[letter * (p + 1) + to] = numberOfSlots[letter];
    }
  }

  private void receiveWord(MemorySegment from, int row, int first, int count, int to) {
    long at = (long) Integer.BYTES * ((long) row * arrays.capacity + first);
    MemorySegment.copy(from, JAVA_INT, at, wordOfSlots, 0, count);
    for (int letter = 0; letter < count; letter++) {
      answerWords[letter * DeviceLayout.ANSWER_WORDS + to] = wordOfSlots[letter];
    }
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

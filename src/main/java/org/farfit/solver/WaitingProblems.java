package org.farfit.solver;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The problems that nobody has taken yet, shared by the blocks of all threads, and where their
 * answers go. Which block takes which problem is a matter of timing; what comes out for a problem
 * is not.
 */
public final class WaitingProblems {

  private final StartingPoints starts;
  private final Solutions solutions;
  private final ProgressListener progress;
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();

  WaitingProblems(StartingPoints starts, Solutions solutions, ProgressListener progress) {
    this.starts = starts;
    this.solutions = solutions;
    this.progress = progress;
  }

  /** The next problem, or -1 if none waits or the thread was interrupted. */
  public int next() {
    return take(1);
  }

  /**
   * Takes several problems that follow each other, fewer only where no more wait.
   *
   * @param most how many
   * @return the first of them, or -1 if none waits or the thread was interrupted
   */
  public int take(int most) {
    if (Thread.currentThread().isInterrupted()) {
      return -1;
    }
    int count = starts.count();
    int first = taken.getAndUpdate(so -> so + Math.min(most, count - so));
    return first < count ? first : -1;
  }

  /** How many problems there are in all. */
  public int count() {
    return starts.count();
  }

  /**
   * The start of problem k.
   *
   * @param parameters output, p values
   */
  public void start(int k, double[] parameters) {
    starts.start(k, parameters);
  }

  /**
   * The starts of problems that follow each other.
   *
   * @param first of them
   * @param count how many
   * @param p parameters of each
   * @param parameters output, p values of each problem, one problem after the other
   */
  public void starts(int first, int count, int p, double[] parameters) {
    starts.starts(first, count, p, parameters);
  }

  /** Whether all problems start at one point. */
  boolean startAtOnePoint() {
    return starts.areOnePoint();
  }

  /** The row of the weight table that problem k uses. */
  public int weightRow(int k) {
    return starts.weightRow(k);
  }

  /**
   * Takes the answer to problem k.
   *
   * @param parameters p values, copied
   * @param cost there; NaN if the start could not be evaluated
   * @param iterations accepted steps
   * @param evaluations of the normal equations, the start included
   */
  public void answer(
      int k, double[] parameters, double cost, Status status, int iterations, int evaluations) {
    answer(k, parameters, 0, cost, status, iterations, evaluations);
  }

  /**
   * Takes the answers to problems that follow each other.
   *
   * @param first of them
   * @param count how many
   */
  public void answer(int first, int count, AnswerRows rows) {
    solutions.record(first, count, rows);
    progress.done(done.addAndGet(count), starts.count());
  }

  /**
   * The same with parameters among those of others.
   *
   * @param parameters of many problems, one after the other
   * @param from where those of problem {@code k} begin
   */
  public void answer(
      int k,
      double[] parameters,
      int from,
      double cost,
      Status status,
      int iterations,
      int evaluations) {
    solutions.record(k, parameters, from, cost, status, iterations, evaluations);
    progress.done(done.incrementAndGet(), starts.count());
  }
}

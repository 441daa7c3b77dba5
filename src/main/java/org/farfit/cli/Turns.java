package org.farfit.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;

/**
 * Turns to run, some at once, in the order in which they were asked for, whichever thread gets to
 * work first.
 */
final class Turns {

  private final Deque<Turn> waiting = new ArrayDeque<>();
  private int free;

  /**
   * Turns.
   *
   * @param atOnce how many may have theirs at once
   */
  Turns(int atOnce) {
    this.free = atOnce;
  }

  /** The next turn; it has to be ended, also if it never came. */
  synchronized Turn next() {
    Turn turn = new Turn();
    waiting.add(turn);
    admit();
    return turn;
  }

  private void admit() {
    while (free > 0 && !waiting.isEmpty()) {
      waiting.remove().come.countDown();
      free--;
    }
  }

  /** A turn: waited for and ended by one thread. */
  final class Turn {

    private final CountDownLatch come = new CountDownLatch(1);

    private Turn() {}

    /** Waits until it is this turn. */
    void await() throws InterruptedException {
      come.await();
    }

    /** Lets the next one have its turn. */
    void end() {
      synchronized (Turns.this) {
        if (!waiting.remove(this)) {
          free++;
        }
        admit();
      }
    }
  }
}

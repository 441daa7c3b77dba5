package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Turns are had in the order in which they were asked for. */
class TurnsTest {

  private final Turns turns = new Turns(1);
  private final List<Integer> had = new ArrayList<>();

  private Thread waiter(int number, Turns.Turn turn) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            turn.await();
            had.add(number);
          } catch (InterruptedException e) {
            return;
          } finally {
            turn.end();
          }
        });
  }

  @Test
  void theOrderOfAskingCountsAndNotThatOfThreads() throws Exception {
    List<Turns.Turn> asked = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      asked.add(turns.next());
    }
    List<Thread> threads = new ArrayList<>();
    for (int i = asked.size() - 1; i >= 0; i--) {
      threads.add(waiter(i, asked.get(i)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(had).hasSize(50).isSorted();
  }

  @Test
  void aTurnThatIsGivenUpHoldsNobody() throws Exception {
    Turns.Turn first = turns.next();
    Thread second = waiter(2, turns.next());
    Thread third = waiter(3, turns.next());
    second.interrupt();
    second.join();
    assertThat(had).isEmpty();
    first.end();
    third.join();
    assertThat(had).containsExactly(3);
  }

  @Test
  void noMoreThanStatedHaveTheirsAtOnce() throws Exception {
    Turns two = new Turns(2);
    two.next().await();
    Turns.Turn second = two.next();
    second.await();
    Turns.Turn third = two.next();
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, third::await);
    second.end();
    third.await();
    CountDownLatch come = new CountDownLatch(1);
    third.end();
    Turns.Turn fourth = two.next();
    Thread.ofPlatform()
        .start(() -> {
          try {
            fourth.await();
            come.countDown();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        })
        .join();
    assertThat(come.getCount()).isZero();
  }
}

package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Work in two steps: which of them may be done at the same time, and how it ends. */
class ParallelTest {

  private static boolean isReached(CountDownLatch latch) {
    try {
      return latch.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** The second step of a thing ends only once the first step of the next is done. */
  @Test
  void theNextIsMadeWhileOneIsGoneOnWith() {
    CountDownLatch next = new CountDownLatch(1);
    List<Boolean> found =
        Parallel.inTwoSteps(
            3,
            2,
            i -> {
              if (i == 1) {
                next.countDown();
              }
              return i;
            },
            i -> i > 0 || isReached(next));
    assertThat(found).containsExactly(true, true, true);
  }

  /** The first is made last; what is made stands in order all the same, and each is told of. */
  @Test
  void whatIsMadeStandsInOrder() {
    CountDownLatch others = new CountDownLatch(3);
    Set<Integer> told = ConcurrentHashMap.newKeySet();
    List<Integer> made =
        Parallel.map(
            4,
            2,
            (done, total) -> told.add(10 * total + done),
            i -> {
              if (i == 0) {
                assertThat(isReached(others)).isTrue();
              } else {
                others.countDown();
              }
              return 100 + i;
            });
    assertThat(made).containsExactly(100, 101, 102, 103);
    assertThat(told).containsExactlyInAnyOrder(41, 42, 43, 44);
  }

  @Test
  void oneThreadTakesTurns() {
    List<String> order = new ArrayList<>();
    List<Integer> found =
        Parallel.inTwoSteps(
            2,
            1,
            i -> {
              order.add("make " + i);
              return i;
            },
            i -> {
              order.add("go on with " + i);
              return 10 * i;
            });
    assertThat(found).containsExactly(0, 10);
    assertThat(order).containsExactly("make 0", "go on with 0", "make 1", "go on with 1");
  }

  @Test
  void whatFailsInEitherStepIsThrown() {
    for (int threads = 1; threads <= 2; threads++) {
      int used = threads;
      assertThatThrownBy(() -> Parallel.inTwoSteps(3, used, i -> 1 / (i - 1), i -> i))
          .isInstanceOf(ArithmeticException.class);
      assertThatThrownBy(() -> Parallel.inTwoSteps(3, used, i -> i, i -> 1 / (i - 1)))
          .isInstanceOf(ArithmeticException.class);
    }
  }

  @Test
  void anInterruptionEndsIt() {
    CountDownLatch never = new CountDownLatch(1);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Parallel.inTwoSteps(2, 2, i -> i, i -> isReached(never)))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}

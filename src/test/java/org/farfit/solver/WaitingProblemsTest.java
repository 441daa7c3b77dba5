package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Problems that are taken several at a time, and answers that lie among others. */
class WaitingProblemsTest {

  private final Solutions solutions = new Solutions(2, 10);
  private final WaitingProblems waiting =
      new WaitingProblems(StartingPoints.of(new double[10][2]), solutions, ProgressListener.NONE);

  @Test
  void stretchesFollowEachOtherAndEndWithTheLastProblem() {
    assertThat(waiting.take(4)).isZero();
    assertThat(waiting.next()).isEqualTo(4);
    // Five are left, of the hundred that are wanted.
    assertThat(waiting.take(100)).isEqualTo(5);
    assertThat(waiting.take(Integer.MAX_VALUE)).isEqualTo(-1);
    assertThat(waiting.next()).isEqualTo(-1);
  }

  @Test
  void nothingIsTakenByAThreadThatWasInterrupted() {
    Thread.currentThread().interrupt();
    assertThat(waiting.take(3)).isEqualTo(-1);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(waiting.take(3)).isZero();
  }

  @Test
  void parametersOfAnAnswerBeginAnywhere() {
    waiting.answer(7, new double[] {1, 2, 3, 4, 5}, 2, 0.5, Status.STALLED, 3, 6);
    assertThat(solutions.parameters(7)).containsExactly(3, 4);
    assertThat(solutions.cost(7)).isEqualTo(0.5);
    assertThat(solutions.status(7)).isEqualTo(Status.STALLED);
    assertThat(solutions.iterations(7)).isEqualTo(3);
    assertThat(solutions.evaluations(7)).isEqualTo(6);
    assertThat(solutions.parameters(6)).containsExactly(0, 0);
  }

  @Test
  void everyCodeOfAStatusIsItsOwn() {
    int[] codes = IntStream.rangeClosed(1, Status.values().length).toArray();
    assertThat(Arrays.stream(codes).mapToObj(Status::ofCode)).containsExactly(Status.values());
  }
}

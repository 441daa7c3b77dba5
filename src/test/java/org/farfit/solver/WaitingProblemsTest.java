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

  /** Rows of a device that holds four problems, of which three are asked for. */
  @Test
  void answersInRowsGoToTheProblemsThatTheyAreAbout() {
    double[][] numbers = {{1, 2, 3, 9}, {10, 20, 30, 90}, {0.5, 7, 0.25, 9}};
    int[][] words = {
      {StepRules.CONVERGED_STEP, StepRules.NON_FINITE, StepRules.STALLED, 9},
      {4, 0, 6, 9},
      {5, 1, 9, 9}
    };
    int[] told = new int[2];
    WaitingProblems listened =
        new WaitingProblems(
            StartingPoints.of(new double[10][2]),
            solutions,
            (done, total) -> {
              told[0]++;
              told[1] = done;
            });
    listened.answer(
        5,
        3,
        new AnswerRows() {
          @Override
          public void parameter(int j, double[] values, int to) {
            System.arraycopy(numbers[j], 0, values, to, 3);
          }

          @Override
          public void costs(double[] costs, int to) {
            System.arraycopy(numbers[2], 0, costs, to, 3);
          }

          @Override
          public void codes(int[] codes, int to) {
            System.arraycopy(words[0], 0, codes, to, 3);
          }

          @Override
          public void iterations(int[] counts, int to) {
            System.arraycopy(words[1], 0, counts, to, 3);
          }

          @Override
          public void evaluations(int[] counts, int to) {
            System.arraycopy(words[2], 0, counts, to, 3);
          }
        });
    assertThat(told).containsExactly(1, 3);
    assertThat(solutions.parameters(5)).containsExactly(1, 10);
    assertThat(solutions.parameters(7)).containsExactly(3, 30);
    assertThat(solutions.cost(5)).isEqualTo(0.5);
    assertThat(solutions.cost(6)).isNaN();
    assertThat(solutions.cost(7)).isEqualTo(0.25);
    assertThat(IntStream.range(4, 9).mapToObj(solutions::status))
        .containsExactly(
            Status.CANCELLED,
            Status.CONVERGED_STEP,
            Status.NON_FINITE,
            Status.STALLED,
            Status.CANCELLED);
    assertThat(IntStream.range(5, 8).map(solutions::iterations)).containsExactly(4, 0, 6);
    assertThat(IntStream.range(5, 8).map(solutions::evaluations)).containsExactly(5, 1, 9);
    assertThat(solutions.parameters(8)).containsExactly(0, 0);
  }

  @Test
  void startsThatFollowEachOtherAreThoseOfOneAfterTheOther() {
    StartingPoints points = StartingPoints.of(new double[][] {{1, 2}, {3, 4}, {5, 6}, {7, 8}});
    double[] starts = {0, 0, 0, 0, -1};
    new WaitingProblems(points, solutions, ProgressListener.NONE).starts(1, 2, 2, starts);
    assertThat(starts).containsExactly(3, 4, 5, 6, -1);
  }

  @Test
  void everyCodeOfAStatusIsItsOwn() {
    int[] codes = IntStream.rangeClosed(1, Status.values().length).toArray();
    assertThat(Arrays.stream(codes).mapToObj(Status::ofCode)).containsExactly(Status.values());
  }
}

package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.law.AddedTerm;
import org.farfit.law.Limits;
import org.farfit.solver.HostBlock.Command;
import org.junit.jupiter.api.Test;

/** Steps and reports of one lane whose normal equations are literal numbers. */
class HostBlockTest {

  private static final double FREE = Double.POSITIVE_INFINITY;

  /** Cost, gradient and lower triangle at a point. */
  private record Point(double cost, double[] gradient, double[] matrix) {}

  /** Finds one point after the other, wherever it is asked. */
  private static HostBlock block(
      double scaleFloor, int fixedMask, Limits limits, List<AddedTerm> terms, Point... points) {
    Iterator<Point> next = List.of(points).iterator();
    Evaluator evaluator =
        new Evaluator() {
          @Override
          public int parameterCount() {
            return points[0].gradient().length;
          }

          @Override
          public void evaluate(NormalEquations batch, int count) {
            Point point = next.next();
            batch.cost[0] = point.cost();
            System.arraycopy(point.gradient(), 0, batch.gradient, 0, parameterCount());
            System.arraycopy(point.matrix(), 0, batch.matrix, 0, batch.matrix.length);
          }
        };
    return new HostBlock(evaluator, 1, scaleFloor, fixedMask, p -> limits, terms);
  }

  private static void evaluate(HostBlock block) {
    block.evaluate(1, new double[] {1});
  }

  /** Takes the trial point and evaluates the next one. */
  private static void accept(HostBlock block, double damping) {
    block.propose(1, new Command[] {Command.ACCEPT}, new double[] {damping});
    evaluate(block);
  }

  /** Starts at zero, takes the start, and says where the first step leads. */
  private static double[] step(HostBlock block, double damping) {
    block.place(0, new double[block.parameterCount()], 0);
    evaluate(block);
    accept(block, damping);
    return block.parameters(0, true);
  }

  private static Limits high(double... high) {
    double[] low = new double[high.length];
    Arrays.fill(low, -FREE);
    return new Limits(low, high);
  }

  /** (4 1; 1 3) and damping 0.5 of the diagonal: (6 1; 1 4.5) s = (4, 2). */
  @Test
  void aStepSolvesTheDampedEquations() {
    Point start = new Point(1, new double[] {-4, -2}, new double[] {4, 1, 3});
    HostBlock block = block(0, 0, Limits.none(2), List.of(), start, start);
    assertThat(step(block, 0.5)).containsExactly(new double[] {16.0 / 26, 8.0 / 26}, within(1e-15));
    double x = 16.0 / 26;
    double y = 8.0 / 26;
    // -g's - s'Hs / 2.
    assertThat(block.report().predicted[0])
        .isCloseTo(4 * x + 2 * y - 0.5 * (4 * x * x + 2 * x * y + 3 * y * y), within(1e-14));
  }

  /** One scale alone is not typical, but that of a term counts: the floor is 1e-2 of 1e8. */
  @Test
  void theFloorIsAShareOfTheLargestTerm() {
    Point start = new Point(1, new double[] {0, -1}, new double[] {1e8, 0, 1});
    AddedTerm term = new AddedTerm(0, List.of(), AddedTerm.NO_POWER);
    double[] beside = step(block(1e-2, 0, Limits.none(2), List.of(term), start, start), 1);
    assertThat(beside[1]).isCloseTo(1 / (1 + 1e6), withinPercentage(1e-12));
    double[] none = step(block(1e-2, 0, Limits.none(2), List.of(), start, start), 1);
    assertThat(none[1]).isCloseTo(1 / (1 + 1e2), withinPercentage(1e-12));
    double[] fixed = step(block(1e-2, 1, Limits.none(2), List.of(term), start, start), 1);
    assertThat(fixed[1]).isCloseTo(0.5, withinPercentage(1e-12));
  }

  /** A term that wants to grow has no floor: 1 / (1 + 1), not 1 / (1 + 1e-2 * 1e3). */
  @Test
  void aTermThatGrowsIsDampedByItsOwnEffect() {
    AddedTerm term = new AddedTerm(0, List.of(), AddedTerm.NO_POWER);
    Point grows = new Point(1, new double[] {-1, 0}, new double[] {1, 0, 1e3});
    assertThat(step(block(1e-2, 0, Limits.none(2), List.of(term), grows, grows), 1)[0])
        .isCloseTo(0.5, within(1e-12));
    Point shrinks = new Point(1, new double[] {1, 0}, new double[] {1, 0, 1e3});
    assertThat(step(block(1e-2, 0, Limits.none(2), List.of(term), shrinks, shrinks), 1)[0])
        .isCloseTo(-1.0 / 11, within(1e-12));
  }

  /** The term shrinks e-fold, so that its slope's step of 1 becomes e^0.5 = 1.65, beyond 1.2. */
  @Test
  void aSlopeThatATermStretchesStaysWithinItsLimit() {
    AddedTerm term = new AddedTerm(0, List.of(1), AddedTerm.NO_POWER);
    Point start = new Point(1, new double[] {1, -1}, new double[] {1, 0, 1});
    assertThat(step(block(0, 0, high(FREE, 2), List.of(term), start, start), 0))
        .containsExactly(new double[] {-1, Math.exp(0.5)}, within(1e-12));
    assertThat(step(block(0, 0, high(FREE, 1.2), List.of(term), start, start), 0))
        .containsExactly(new double[] {-1, 1.2}, within(1e-12));
  }

  /** A term of next to nothing that is to lose half goes by ln 2, beyond the limit of 0.6. */
  @Test
  void aTermThatMovesInItsSizeStaysWithinItsLimit() {
    List<AddedTerm> terms =
        List.of(
            new AddedTerm(0, List.of(), AddedTerm.NO_POWER),
            new AddedTerm(1, List.of(), AddedTerm.NO_POWER));
    Point start = new Point(1, new double[] {0.5e-12, 0}, new double[] {1e-12, 0, 1});
    assertThat(step(block(0, 0, Limits.none(2), terms, start, start), 0)[0])
        .isCloseTo(-Math.log(2), within(1e-5));
    Limits limits = new Limits(new double[] {-0.6, -FREE}, new double[] {FREE, FREE});
    assertThat(step(block(0, 0, limits, terms, start, start), 0)[0]).isEqualTo(-0.6);
  }

  /** The square root of a term is added, and is to lose a quarter: the term loses its square. */
  @Test
  void aTermUnderAPowerMovesByThatPower() {
    List<AddedTerm> terms = List.of(new AddedTerm(0, List.of(), 2), new AddedTerm(1, List.of(), 2));
    Point start = new Point(1, new double[] {0.5e-12, 0, 0}, new double[] {1e-12, 0, 1, 0, 0, 1});
    HostBlock block = block(0, 0, Limits.none(3), terms, start, start);
    block.place(0, new double[] {0, 0, Math.log(2)}, 0);
    evaluate(block);
    accept(block, 0);
    assertThat(block.parameters(0, true)[0]).isCloseTo(2 * Math.log(0.75), within(1e-5));
  }

  /**
   * Parameter 0 is at its limit, beyond which the cost would fall. Its cosine would be 1.5 and its
   * effect a quarter; those of the other are 0.5 and 0.9.
   */
  @Test
  void whatIsHeldAtALimitIsNotWhatRemains() {
    Point start = new Point(0.5, new double[] {3, 0.5}, new double[] {4, 0, 1});
    Point second = new Point(0.5, new double[] {3, 0.5}, new double[] {1, 0, 0.9});
    Limits limits = new Limits(new double[] {0, -FREE}, new double[] {FREE, FREE});
    HostBlock block = block(0, 0, limits, List.of(), start, second);
    block.place(0, new double[] {-7, 0}, 0);
    evaluate(block);
    assertThat(block.parameters(0, true)).containsExactly(0, 0);
    assertThat(block.report().atLimit[0]).isTrue();
    assertThat(block.report().gradientCosine[0]).isCloseTo(0.5, within(1e-15));
    accept(block, 1);
    assertThat(block.report().atLimit[0]).isTrue();
    assertThat(block.report().gradientCosine[0]).isCloseTo(0.5 / Math.sqrt(0.9), within(1e-15));
    assertThat(block.report().remainingEffect[0]).isCloseTo(0.9, within(1e-15));
    HostBlock free = block(0, 0, Limits.none(2), List.of(), start, second);
    step(free, 1);
    assertThat(free.report().atLimit[0]).isFalse();
    assertThat(free.report().gradientCosine[0]).isCloseTo(3, within(1e-15));
    assertThat(free.report().remainingEffect[0]).isEqualTo(0.25);
  }

  @Test
  void pointsThatAreNotFiniteHaveNoCost() {
    Point start = new Point(1, new double[] {-4, -2}, new double[] {4, 1, 3});
    for (Point bad :
        List.of(
            new Point(FREE, new double[] {1, 1}, new double[] {4, 1, 3}),
            new Point(1, new double[] {1, Double.NaN}, new double[] {4, 1, 3}),
            new Point(1, new double[] {1, 1}, new double[] {4, 1, FREE}))) {
      HostBlock block = block(0, 0, Limits.none(2), List.of(), start, bad);
      step(block, 1);
      assertThat(block.report().cost[0]).isNaN();
    }
  }
}

package org.farfit.fit.search;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.farfit.engine.Engine;
import org.farfit.engine.SurfaceProblem;
import org.farfit.fit.FitOptions;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.StartingPoints;
import org.farfit.solver.Status;

/**
 * Solves from many starts, coarsely, and goes on with a few: those that used up their evaluations,
 * lie near the best, and still fall, since along a narrow valley the way can be long; and then the
 * best, to the last digits. Most starts that take many evaluations lead nowhere, and most others
 * end where the best does, so that a higher limit and more digits for all of them would be wasted.
 */
public final class PatientSearch {

  /** How many times as many evaluations the few may use. */
  private static final int TIMES = 50;

  /** Starts of a row of weights that are gone on with. */
  private static final int FEW = 4;

  /** They cost no more than so many times the least. */
  private static final double NEAR = 1.5;

  /** A cost that falls by less than this share while all its evaluations are used has stopped. */
  private static final double STILL_FALLING = 1e-7;

  private final Engine engine;
  private final FitOptions options;
  private final ProgressListener progress;

  /** A search; of the options it uses the stopping tests and the threads. */
  public PatientSearch(Engine engine, FitOptions options, ProgressListener progress) {
    this.engine = engine;
    this.options = options;
    this.progress = progress;
  }

  /**
   * Solves.
   *
   * @param rows how many rows of weights the starts use
   */
  Solutions solve(SurfaceProblem problem, StartingPoints starts, int rows) {
    Solutions solutions =
        new BatchSolver(options.solver().forScreening(), options.threads(), progress)
            .solve(engine, problem, starts);
    goOn(problem, starts, solutions, unfinished(solutions, starts, rows));
    finish(problem, starts, solutions, best(solutions, starts, rows));
    return solutions;
  }

  /** Whether a problem may go on: it used up its evaluations, or its steps became too short. */
  public static boolean isUnfinished(Status status) {
    return status == Status.EVALUATION_LIMIT || status == Status.STALLED;
  }

  /**
   * Goes on with some problems that used up their evaluations, for as long as their cost falls.
   *
   * @param starts of all problems
   * @param which of them to go on with; their solutions are replaced
   */
  public void goOn(
      SurfaceProblem problem, StartingPoints starts, Solutions solutions, int[] which) {
    BatchSolver further =
        new BatchSolver(options.solver(), options.threads(), ProgressListener.NONE);
    int[] falling = which;
    for (int i = 1; i < TIMES && falling.length > 0; i++) {
      double[] before = Arrays.stream(falling).mapToDouble(solutions::cost).toArray();
      int[] gone = falling;
      if (i % 2 == 0) {
        further.goOn(engine, problem, starts, solutions, gone);
      } else {
        further.goOnByPlainSteps(engine, problem, starts, solutions, gone);
      }
      falling =
          IntStream.range(0, gone.length)
              .filter(k -> isUnfinished(solutions.status(gone[k])))
              .filter(k -> solutions.cost(gone[k]) < before[k] * (1 - STILL_FALLING))
              .map(k -> gone[k])
              .toArray();
    }
    further.end(engine, problem, starts, solutions, unfinished(solutions, which));
  }

  private static int[] unfinished(Solutions solutions, int[] which) {
    return Arrays.stream(which).filter(k -> isUnfinished(solutions.status(k))).toArray();
  }

  /** Takes problems that ended near their minimum to its last digits. */
  void finish(SurfaceProblem problem, StartingPoints starts, Solutions solutions, int[] which) {
    new BatchSolver(options.solver().fromNearby(), options.threads(), ProgressListener.NONE)
        .goOn(engine, problem, starts, solutions, which);
    goOn(problem, starts, solutions, unfinished(solutions, which));
  }

  /** The few of each row that converged at the lowest costs. */
  private static int[] best(Solutions solutions, StartingPoints starts, int rows) {
    return firstOfEachRow(
        starts,
        rows,
        IntStream.range(0, solutions.count())
            .filter(k -> solutions.status(k).isConverged())
            .boxed()
            .sorted(byCost(solutions))
            .toList());
  }

  private static Comparator<Integer> byCost(Solutions solutions) {
    return Comparator.<Integer>comparingDouble(solutions::cost).thenComparingInt(k -> k);
  }

  private static int[] firstOfEachRow(StartingPoints starts, int rows, List<Integer> ranked) {
    int[] taken = new int[rows];
    return ranked.stream()
        .filter(k -> taken[starts.weightRow(k)]++ < FEW)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static int[] unfinished(Solutions solutions, StartingPoints starts, int rows) {
    double[] least = new double[rows];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    for (int k = 0; k < solutions.count(); k++) {
      int row = starts.weightRow(k);
      least[row] = Math.min(least[row], orInfinity(solutions.cost(k)));
    }
    List<Integer> ranked =
        IntStream.range(0, solutions.count())
            .filter(k -> isUnfinished(solutions.status(k)))
            .filter(k -> solutions.cost(k) <= NEAR * least[starts.weightRow(k)])
            .boxed()
            .sorted(byCost(solutions))
            .toList();
    return firstOfEachRow(starts, rows, ranked);
  }

  private static double orInfinity(double cost) {
    return Double.isNaN(cost) ? Double.POSITIVE_INFINITY : cost;
  }
}

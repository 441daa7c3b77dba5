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
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;
import org.farfit.solver.Status;

/**
 * Solves from many starts, coarsely, and goes on with a few: one of those that came to the same
 * minimum ({@link SharedMinima}); those that used up their evaluations, lie near the best, and
 * still fall, since along a narrow valley the way can be long; and then the best, to the last
 * digits. Most starts that take many evaluations lead nowhere, and most others end where the best
 * does, so that a higher limit and more digits for all of them would be wasted.
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
    SurfaceProblem mild = MildThreshold.of(problem);
    Solutions solutions =
        new BatchSolver(options.solver().forFirstLook(), options.threads(), progress)
            .solve(engine, mild, starts);
    SharedMinima minima = new SharedMinima(engine, mild, starts, rows, solutions);
    int[] representatives = minima.representatives();
    SolverSettings screening = options.solver().forScreening().fromNearby();
    continueSolving(screening, mild, starts, solutions, representatives);
    int[] by = minima.represented(representatives);
    if (mild == problem) {
      continueSolving(
          screening, problem, starts, solutions, except(representatives, by, solutions));
    } else {
      // Costs of two thresholds cannot be compared, so that whoever stands for itself goes on.
      continueSolving(screening, problem, starts, solutions, finite(by, solutions));
      finish(problem, starts, solutions, representatives);
    }
    continueSolving(problem, starts, solutions, unfinished(by, solutions, starts, rows));
    finish(problem, starts, solutions, best(by, solutions, starts, rows));
    for (int k = 0; k < by.length; k++) {
      if (by[k] != k) {
        solutions.adopt(k, by[k]);
      }
    }
    return solutions;
  }

  private void continueSolving(
      SolverSettings settings,
      SurfaceProblem problem,
      StartingPoints starts,
      Solutions solutions,
      int[] which) {
    new BatchSolver(settings, options.threads(), ProgressListener.NONE)
        .continueSolving(engine, problem, starts, solutions, which);
  }

  /** Those that stand for themselves. */
  private static IntStream own(int[] by) {
    return IntStream.range(0, by.length).filter(k -> by[k] == k);
  }

  /** Those that converged and stand for themselves, but for the representatives. */
  private static int[] except(int[] representatives, int[] by, Solutions solutions) {
    return own(by)
        .filter(k -> solutions.status(k).isConverged())
        .filter(k -> Arrays.binarySearch(representatives, k) < 0)
        .toArray();
  }

  private static int[] finite(int[] by, Solutions solutions) {
    return own(by).filter(k -> Double.isFinite(solutions.cost(k))).toArray();
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
  public void continueSolving(
      SurfaceProblem problem, StartingPoints starts, Solutions solutions, int[] which) {
    BatchSolver further =
        new BatchSolver(options.solver(), options.threads(), ProgressListener.NONE);
    int[] falling = which;
    for (int i = 1; i < TIMES && falling.length > 0; i++) {
      double[] before = Arrays.stream(falling).mapToDouble(solutions::cost).toArray();
      int[] gone = falling;
      if (i % 2 == 0) {
        further.continueSolving(engine, problem, starts, solutions, gone);
      } else {
        further.continueByPlainSteps(engine, problem, starts, solutions, gone);
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
    continueSolving(options.solver().fromNearby(), problem, starts, solutions, which);
    continueSolving(problem, starts, solutions, unfinished(solutions, which));
  }

  /** The few of each row that converged at the lowest costs. */
  private static int[] best(int[] by, Solutions solutions, StartingPoints starts, int rows) {
    return firstOfEachRow(
        starts,
        rows,
        own(by)
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

  private static int[] unfinished(int[] by, Solutions solutions, StartingPoints starts, int rows) {
    double[] least = new double[rows];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    own(by)
        .forEach(k -> {
          int row = starts.weightRow(k);
          least[row] = Math.min(least[row], orInfinity(solutions.cost(k)));
        });
    List<Integer> ranked =
        own(by)
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

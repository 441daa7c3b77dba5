package org.farfit.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import org.farfit.data.InputLimits;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.MultiStart;
import org.farfit.fit.Optimum;
import org.farfit.fit.search.PatientSearch;
import org.farfit.fit.search.Starts;
import org.farfit.law.Law;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;
import org.farfit.solver.Status;

/**
 * The cost over a grid of parameters: the loss landscape around a fit or, with the other parameters
 * re-optimised at each grid point, the profile of the cost, from which profile-likelihood intervals
 * are read.
 *
 * <pre>{@code
 * List<CostScan.Axis> axes = List.of(new CostScan.Axis("alpha", -0.5, 0.5, 201));
 * CostScan.Result profile =
 *     new CostScan(engine, FitOptions.DEFAULT, ProgressListener.NONE)
 *         .run(fit, runs, axes, true, List.of());
 * }</pre>
 */
public final class CostScan {

  /** Grids larger than this are refused: they would not fit in memory. */
  public static final long LARGEST_GRID = InputLimits.GRID_POINTS;

  /** Fits of the first round of a profile, over all grid points. */
  public static final int MOST_FITS = 200_000;

  /** Points of the sampling box that every grid point is searched from, however many there are. */
  private static final int FEWEST_STARTS = 4;

  private static final int MOST_ROUNDS = 8;

  private final Engine engine;
  private final FitOptions options;
  private final ProgressListener progress;

  /**
   * One side of the grid.
   *
   * @param name a centred parameter of the law
   * @param low first value
   * @param high last value
   * @param count how many values, evenly spaced; one value is {@code low}
   */
  public record Axis(String name, double low, double high, int count) {

    /** Checks the range. */
    public Axis {
      if (count < 1 || !Double.isFinite(low) || !Double.isFinite(high)) {
        throw new IllegalArgumentException(
            "%s = %s to %s in %d values is not a range".formatted(name, low, high, count));
      }
    }

    /** Value i. */
    public double value(int i) {
      return count == 1 ? low : low + (high - low) * i / (count - 1);
    }
  }

  /**
   * A scanned grid; the last axis varies fastest.
   *
   * @param axes the sides of the grid
   * @param cost cost at each grid point, the prior's share included; NaN where the surface cannot
   *     be evaluated
   * @param status how the fit of the other parameters ended; empty without a profile
   * @param parameters centred parameters at each grid point
   */
  public record Result(
      List<Axis> axes, double[] cost, List<Status> status, List<double[]> parameters) {

    /** The least cost. */
    public double least() {
      return Arrays.stream(cost).filter(c -> !Double.isNaN(c)).min().orElse(Double.NaN);
    }

    /** The coordinates of a grid point along the axes. */
    public double[] coordinates(int point) {
      double[] values = new double[axes.size()];
      int rest = point;
      for (int a = axes.size() - 1; a >= 0; a--) {
        values[a] = axes.get(a).value(rest % axes.get(a).count());
        rest /= axes.get(a).count();
      }
      return values;
    }
  }

  /**
   * A scanner; of the options it uses the starts, their seed, the threads and the stopping tests.
   */
  public CostScan(Engine engine, FitOptions options, ProgressListener progress) {
    this.engine = engine;
    this.options = options;
    this.progress = progress;
  }

  /**
   * Scans a grid. What is minimised is what the fit minimised, its prior included.
   *
   * <p>A profile is searched from the optimum of the fit, from its second-best one, from given
   * points, and from the sampling box: from as many points as the options say, fewer on grids of
   * more than {@link #MOST_FITS} fits. Then each grid point is tried from where its neighbours
   * ended, for as long as that helps: a local minimum would show as a jump.
   *
   * @param fit where the parameters that are not on an axis are, or start from
   * @param runs the runs that were fitted
   * @param profile whether to re-optimise them at each grid point
   * @param known further points to start from, centred parameters
   * @throws IllegalArgumentException if an axis names no centred parameter of the law or one twice,
   *     or the grid is larger than {@link #LARGEST_GRID}
   */
  public Result run(
      LawFit fit, RunSet runs, List<Axis> axes, boolean profile, List<double[]> known) {
    Law law = fit.law();
    List<Integer> varied = positions(law, axes);
    int points = points(axes);
    Result grid = new Result(axes, new double[points], new ArrayList<>(), new ArrayList<>());
    FittedSurface surface = fit.surface();
    SurfaceProblem problem = fit.problem(runs, WeightTable.of(runs.weight())).fixing(varied);
    List<double[]> from = new ArrayList<>();
    from.add(surface.centredArray());
    if (profile) {
      fit.multiStart().flatMap(MultiStart::second).map(Optimum::parameters).ifPresent(from::add);
      from.addAll(known);
      from.addAll(spread(problem, points));
    }
    int each = from.size();
    // One evaluation and no step is a plain evaluation of the grid.
    var settings = profile ? options.solver() : options.solver().withMaxEvaluations(1);
    StartingPoints starts =
        starts(grid, varied, points * each, k -> k / each, k -> from.get(k % each));
    Solutions solutions = solve(problem, settings, starts);
    int[] best = best(solutions, points, k -> k / each);
    if (profile) {
      new PatientSearch(engine, options, progress)
          .continueSolving(problem, starts, solutions, unfinished(solutions, best));
    }
    for (int point = 0; point < points; point++) {
      int k = best[point];
      grid.cost()[point] = solutions.cost(k);
      grid.parameters().add(solutions.parameters(k));
      grid.status().add(solutions.status(k));
    }
    if (profile) {
      followNeighbours(problem, grid, varied);
    } else {
      grid.status().clear();
    }
    return grid;
  }

  private List<double[]> spread(SurfaceProblem problem, int points) {
    int most = Math.max(FEWEST_STARTS, MOST_FITS / points);
    StartingPoints spread =
        Starts.spread(problem, 0, Math.min(options.starts(), most), options.seed());
    List<double[]> starts = new ArrayList<>();
    for (int k = 0; k < spread.count(); k++) {
      double[] start = new double[problem.law().parameterCount()];
      spread.start(k, start);
      starts.add(start);
    }
    return starts;
  }

  /** Tries grid points from the ends of their neighbours until none improves. */
  private void followNeighbours(SurfaceProblem problem, Result grid, List<Integer> varied) {
    int points = grid.cost().length;
    BitSet changed = new BitSet();
    changed.set(0, points);
    for (int round = 0; round < MOST_ROUNDS && !changed.isEmpty(); round++) {
      List<int[]> pairs = new ArrayList<>();
      int stride = 1;
      for (int a = grid.axes().size() - 1; a >= 0; a--) {
        int count = grid.axes().get(a).count();
        for (int point = 0; point < points; point++) {
          int next = point + stride;
          if (point / stride % count < count - 1) {
            addIf(changed.get(next), pairs, point, next);
            addIf(changed.get(point), pairs, next, point);
          }
        }
        stride *= count;
      }
      changed.clear();
      Solutions solutions =
          solve(
              problem,
              options.solver(),
              starts(
                  grid,
                  varied,
                  pairs.size(),
                  k -> pairs.get(k)[0],
                  k -> grid.parameters().get(pairs.get(k)[1])));
      for (int k = 0; k < pairs.size(); k++) {
        int point = pairs.get(k)[0];
        double cost = grid.cost()[point];
        if (Solutions.isBetter(
            solutions.cost(k), solutions.status(k), cost, grid.status().get(point))) {
          grid.cost()[point] = solutions.cost(k);
          grid.parameters().set(point, solutions.parameters(k));
          grid.status().set(point, solutions.status(k));
          changed.set(point);
        }
      }
    }
  }

  private static void addIf(boolean wanted, List<int[]> pairs, int point, int from) {
    if (wanted) {
      pairs.add(new int[] {point, from});
    }
  }

  /** The best ones that used up their evaluations. */
  private static int[] unfinished(Solutions solutions, int[] best) {
    return Arrays.stream(best)
        .filter(k -> PatientSearch.isUnfinished(solutions.status(k)))
        .toArray();
  }

  private Solutions solve(SurfaceProblem problem, SolverSettings settings, StartingPoints starts) {
    return new BatchSolver(settings, options.threads(), progress).solve(engine, problem, starts);
  }

  /** Points with the grid's parameters where the grid has them. */
  private static StartingPoints starts(
      Result grid,
      List<Integer> varied,
      int count,
      IntUnaryOperator point,
      IntFunction<double[]> from) {
    return new StartingPoints() {
      @Override
      public int count() {
        return count;
      }

      @Override
      public void start(int k, double[] parameters) {
        System.arraycopy(from.apply(k), 0, parameters, 0, parameters.length);
        double[] at = grid.coordinates(point.applyAsInt(k));
        for (int a = 0; a < at.length; a++) {
          parameters[varied.get(a)] = at[a];
        }
      }
    };
  }

  /** The best solution of each grid point. */
  private static int[] best(Solutions solutions, int points, IntUnaryOperator point) {
    int[] best = new int[points];
    Arrays.fill(best, -1);
    for (int k = 0; k < solutions.count(); k++) {
      int at = point.applyAsInt(k);
      if (best[at] < 0
          || Solutions.isBetter(
              solutions.cost(k),
              solutions.status(k),
              solutions.cost(best[at]),
              solutions.status(best[at]))) {
        best[at] = k;
      }
    }
    return best;
  }

  private static List<Integer> positions(Law law, List<Axis> axes) {
    List<Integer> positions = new ArrayList<>();
    for (Axis axis : axes) {
      int position = law.centredNames().indexOf(axis.name());
      if (position < 0) {
        throw new IllegalArgumentException(
            "'%s' is not a centred parameter of %s; they are %s"
                .formatted(axis.name(), law.name(), law.centredNames()));
      }
      positions.add(position);
    }
    if (new HashSet<>(positions).size() < positions.size()) {
      throw new IllegalArgumentException("a parameter is varied twice");
    }
    return positions;
  }

  private static int points(List<Axis> axes) {
    long points = 1;
    for (Axis axis : axes) {
      points *= axis.count();
      if (points > LARGEST_GRID) {
        throw new IllegalArgumentException(
            "the grid has more than %,d points; use fewer values".formatted(LARGEST_GRID));
      }
    }
    return (int) points;
  }
}

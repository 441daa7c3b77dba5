package org.farfit.analysis;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.SurfaceProblem;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FittedSurface;
import org.farfit.law.Law;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
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
 *         .run(fit.surface(), runs, axes, true);
 * }</pre>
 */
public final class CostScan {

  /** Grids larger than this are refused: they would not fit in memory. */
  public static final long LARGEST_GRID = 20_000_000;

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
   * @param cost cost at each grid point; NaN where the surface cannot be evaluated
   * @param status how the fit of the other parameters ended; empty without a profile
   * @param parameters centred parameters at each grid point
   */
  public record Result(
      List<Axis> axes, double[] cost, List<Status> status, List<double[]> parameters) {

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

  /** A scanner; of the options it uses the objective, the threads and the stopping tests. */
  public CostScan(Engine engine, FitOptions options, ProgressListener progress) {
    this.engine = engine;
    this.options = options;
    this.progress = progress;
  }

  /**
   * Scans a grid.
   *
   * @param fit where the parameters that are not on an axis are, or start from
   * @param profile whether to re-optimise them at each grid point
   * @throws IllegalArgumentException if an axis names no centred parameter of the law or one twice,
   *     or the grid is larger than {@link #LARGEST_GRID}
   */
  public Result run(FittedSurface fit, RunSet runs, List<Axis> axes, boolean profile) {
    Law law = fit.law();
    List<Integer> varied = positions(law, axes);
    int points = points(axes);
    Result grid = new Result(axes, new double[points], new ArrayList<>(), new ArrayList<>());
    double[] centred = fit.centredArray();
    StartingPoints starts =
        new StartingPoints() {
          @Override
          public int count() {
            return points;
          }

          @Override
          public void start(int k, double[] parameters) {
            System.arraycopy(centred, 0, parameters, 0, centred.length);
            double[] at = grid.coordinates(k);
            for (int a = 0; a < at.length; a++) {
              parameters[varied.get(a)] = at[a];
            }
          }
        };
    SurfaceProblem problem =
        new SurfaceProblem(law, fit.centre(), runs, options.objective()).holding(varied);
    // One evaluation and no step is a plain evaluation of the grid.
    var settings = profile ? options.solver() : options.solver().withMaxEvaluations(1);
    Solutions solutions =
        new BatchSolver(settings, options.threads(), progress).solve(engine, problem, starts);
    for (int k = 0; k < points; k++) {
      grid.cost()[k] = solutions.cost(k);
      grid.parameters().add(solutions.parameters(k));
      if (profile) {
        grid.status().add(solutions.status(k));
      }
    }
    return grid;
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
            "the grid has more than %d points; use fewer values".formatted(LARGEST_GRID));
      }
    }
    return (int) points;
  }
}

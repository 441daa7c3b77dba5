package org.farfit.fit.search;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.PriorTable;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.fit.FitOptions;
import org.farfit.fit.Optimum;
import org.farfit.fit.Regularisation;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.StartingPoints;

/**
 * Fits one law to many weightings of the same runs (hold-outs, origins, strengths of a prior) in
 * one batch: every weighting from every start.
 */
public final class WeightedFits {

  private final Engine engine;
  private final FitOptions options;
  private final ProgressListener progress;

  /**
   * A fitter.
   *
   * @param progress told of starts that are done, of all weightings together
   */
  public WeightedFits(Engine engine, FitOptions options, ProgressListener progress) {
    this.engine = engine;
    this.options = options;
    this.progress = progress;
  }

  /**
   * One fit.
   *
   * @param weights weight of each run
   * @param prior the prior on the parameters, if there is one
   */
  public record Task(double[] weights, Optional<Regularisation> prior) {}

  /** The best optimum of each task, in their order. */
  public List<Optimum> fit(Law law, Centre centre, RunSet runs, List<Task> tasks) {
    if (tasks.isEmpty()) {
      return List.of();
    }
    SurfaceProblem problem = problem(law, centre, runs, tasks);
    int each = options.starts();
    // A box has the same starts for all weights; those of a formula depend on them.
    List<StartingPoints> spread =
        IntStream.range(0, problem.formula().isPresent() ? tasks.size() : 1)
            .mapToObj(row -> Starts.spread(problem, row, each, options.seed()))
            .toList();
    StartingPoints starts =
        new StartingPoints() {
          @Override
          public int count() {
            return Math.multiplyExact(tasks.size(), each);
          }

          @Override
          public void start(int k, double[] parameters) {
            spread.get(k / each % spread.size()).start(k % each, parameters);
          }

          @Override
          public int weightRow(int k) {
            return k / each;
          }
        };
    Solutions solutions =
        new PatientSearch(engine, options, progress).solve(problem, starts, tasks.size());
    return IntStream.range(0, tasks.size())
        .mapToObj(task -> best(problem, solutions, task, each))
        .toList();
  }

  private SurfaceProblem problem(Law law, Centre centre, RunSet runs, List<Task> tasks) {
    double[] none = new double[law.parameterCount()];
    return new SurfaceProblem(
            law,
            centre,
            runs,
            options.objective(),
            WeightTable.of(tasks.stream().map(Task::weights).toArray(double[][]::new)))
        .withPrior(
            PriorTable.of(
                tasks.stream()
                    .map(task -> task.prior().map(each -> each.prior().means()).orElse(none))
                    .toArray(double[][]::new),
                tasks.stream()
                    .map(task -> task.prior().map(Regularisation::precision).orElse(none))
                    .toArray(double[][]::new)));
  }

  private static Optimum best(SurfaceProblem problem, Solutions solutions, int task, int each) {
    int best = task * each;
    for (int k = task * each; k < (task + 1) * each; k++) {
      if (Solutions.isBetter(
          solutions.cost(k), solutions.status(k), solutions.cost(best), solutions.status(best))) {
        best = k;
      }
    }
    double[] parameters = solutions.parameters(best);
    double cost = solutions.cost(best);
    if (solutions.status(best).isConverged()) {
      Polish.Point point = Polish.refine(problem, task, parameters, cost);
      parameters = point.parameters();
      cost = point.cost();
    }
    return new Optimum(
        Arrays.stream(parameters).boxed().toList(), cost, solutions.status(best), each);
  }
}

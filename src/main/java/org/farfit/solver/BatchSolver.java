package org.farfit.solver;

import java.util.Optional;
import java.util.function.Supplier;
import org.farfit.engine.Engine;
import org.farfit.engine.Evaluator;
import org.farfit.engine.ProblemBlock;
import org.farfit.engine.SurfaceProblem;

/**
 * Solves any number of least-squares problems that share their runs, on any engine, with as many
 * threads as the engine likes. The same problems give the same answers, bit for bit, on any number
 * of threads.
 */
public final class BatchSolver {

  private final SolverSettings settings;
  private final int threads;
  private final ProgressListener progress;

  /**
   * A solver.
   *
   * @param threads how many threads may be used, at least 1
   */
  public BatchSolver(SolverSettings settings, int threads, ProgressListener progress) {
    if (threads < 1) {
      throw new IllegalArgumentException("%d threads".formatted(threads));
    }
    this.settings = settings;
    this.threads = threads;
    this.progress = progress;
  }

  /** Solves problems on a surface with an engine. */
  public Solutions solve(Engine engine, SurfaceProblem problem, StartingPoints starts) {
    Optional<ProblemBlock> resident =
        problem.prior().isPresent()
            ? Optional.empty()
            : engine.residentBlock(problem, starts.count());
    if (resident.isPresent()) {
      try (ProblemBlock block = resident.get()) {
        Solutions solutions = new Solutions(block.parameterCount(), starts.count());
        new BlockSolver(block, new WaitingProblems(starts, progress), settings, solutions).run();
        return solutions;
      }
    }
    return solve(
        () -> engine.evaluator(problem),
        engine.concurrency(threads),
        engine.preferredBatch(),
        starts,
        ProblemBlock.SCALE_FLOOR,
        problem.heldMask());
  }

  /**
   * Solves problems given by any evaluator, in parameters that may be of unlike units: there is no
   * floor to their scales.
   *
   * @param evaluators makes one evaluator per thread
   * @param concurrency how many evaluators to run at once
   * @param batch how many problems each evaluates together
   */
  public Solutions solve(
      Supplier<Evaluator> evaluators, int concurrency, int batch, StartingPoints starts) {
    return solve(evaluators, concurrency, batch, starts, 0, 0);
  }

  private Solutions solve(
      Supplier<Evaluator> evaluators,
      int concurrency,
      int batch,
      StartingPoints starts,
      double scaleFloor,
      int heldMask) {
    int count = starts.count();
    WaitingProblems waiting = new WaitingProblems(starts, progress);
    int blocks = Math.clamp(count, 1, concurrency);
    // No block larger than its share, so that few problems still use every thread.
    int capacity = Math.clamp((count + blocks - 1) / blocks, 1, batch);
    try (HostBlock first = new HostBlock(evaluators.get(), capacity, scaleFloor, heldMask)) {
      Solutions solutions = new Solutions(first.parameterCount(), count);
      if (blocks == 1) {
        new BlockSolver(first, waiting, settings, solutions).run();
      } else {
        Parallel.run(
            blocks,
            () -> {
              try (HostBlock block =
                  new HostBlock(evaluators.get(), capacity, scaleFloor, heldMask)) {
                new BlockSolver(block, waiting, settings, solutions).run();
              }
            });
      }
      return solutions;
    }
  }
}

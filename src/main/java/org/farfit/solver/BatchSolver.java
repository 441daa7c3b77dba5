package org.farfit.solver;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.farfit.engine.Engine;
import org.farfit.engine.Evaluator;
import org.farfit.engine.FormulaProblem;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.law.AddedTerm;
import org.farfit.law.Limits;

/**
 * Solves any number of least-squares problems that share their runs, on any engine, with as many
 * threads as the engine likes. The same problems give the same answers, bit for bit, on any number
 * of threads.
 */
public final class BatchSolver {

  /** A threshold below which Huber's loss is in effect that of absolute deviations. */
  private static final double ABSOLUTE = 1e-5;

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

  /**
   * A solver whose settings suit a loss: of absolute deviations no model tells how far a minimum
   * is, since it is good as long as no run changes sides.
   */
  private BatchSolver suited(Objective objective) {
    return settings.replicates() && objective.huberDelta() < ABSOLUTE
        ? new BatchSolver(settings.forAnyProblems(), threads, progress)
        : this;
  }

  /** Solves problems on a surface with an engine. */
  public Solutions solve(Engine engine, SurfaceProblem problem, StartingPoints starts) {
    if (engine instanceof ResidentSolver device
        && problem.prior().isEmpty()
        && problem.formula().isEmpty()
        && !problem.sharesErrors()) {
      Solutions solutions = new Solutions(problem.law().parameterCount(), starts.count());
      device.solve(problem, settings, new WaitingProblems(starts, solutions, progress));
      return solutions;
    }
    return suited(problem.objective()).onHost(engine, problem, starts, progress);
  }

  /**
   * Goes on with some problems from where they ended, with as many evaluations again; their
   * solutions are replaced.
   *
   * @param starts of all problems, which say what weighting each uses
   * @param which numbers of the problems, as {@code starts} counts them
   */
  public void continueSolving(
      Engine engine,
      SurfaceProblem problem,
      StartingPoints starts,
      Solutions solutions,
      int[] which) {
    continueSolving(engine, problem, starts, solutions, which, problem.law().addedTerms());
  }

  /**
   * The same without steps along terms ({@link TermStep}).
   *
   * @param which numbers of the problems, as {@code starts} counts them
   */
  public void continueByPlainSteps(
      Engine engine,
      SurfaceProblem problem,
      StartingPoints starts,
      Solutions solutions,
      int[] which) {
    continueSolving(engine, problem, starts, solutions, which, List.of());
  }

  private void continueSolving(
      Engine engine,
      SurfaceProblem problem,
      StartingPoints starts,
      Solutions solutions,
      int[] which,
      List<AddedTerm> terms) {
    if (which.length == 0) {
      return;
    }
    StartingPoints ends =
        new StartingPoints() {
          @Override
          public int count() {
            return which.length;
          }

          @Override
          public void start(int i, double[] parameters) {
            System.arraycopy(solutions.parameters(which[i]), 0, parameters, 0, parameters.length);
          }

          @Override
          public int weightRow(int i) {
            return starts.weightRow(which[i]);
          }
        };
    Solutions further = onHost(engine, problem, ends, ProgressListener.NONE, terms);
    for (int i = 0; i < which.length; i++) {
      int k = which[i];
      solutions.record(
          k,
          further.parameters(i),
          further.cost(i),
          further.status(i),
          solutions.iterations(k) + further.iterations(i),
          solutions.evaluations(k) + further.evaluations(i));
    }
  }

  /**
   * Ends some problems that crawl, if they can be ended: with a parameter at one of its limits, or
   * where they are, if that is the minimum to a share of the cost that nobody can tell, or the runs
   * lie on the surface.
   *
   * @param starts of all problems, which say what weighting each uses
   * @param which of them; their solutions are replaced
   */
  public void end(
      Engine engine,
      SurfaceProblem problem,
      StartingPoints starts,
      Solutions solutions,
      int[] which) {
    if (problem.formula().isPresent()) {
      return;
    }
    ExactFits.settle(problem, starts, solutions);
    new LimitEnds(
            problem,
            starts,
            (each, points) -> onHost(engine, each, points, ProgressListener.NONE, List.of()))
        .improve(solutions, which);
    LastPromise.settle(
        () -> engine.evaluator(problem),
        problem,
        starts,
        solutions,
        Arrays.stream(which).filter(k -> !solutions.status(k).isConverged()).toArray());
  }

  private Solutions onHost(
      Engine engine, SurfaceProblem problem, StartingPoints starts, ProgressListener listener) {
    return onHost(engine, problem, starts, listener, problem.law().addedTerms());
  }

  private Solutions onHost(
      Engine engine,
      SurfaceProblem problem,
      StartingPoints starts,
      ProgressListener listener,
      List<AddedTerm> terms) {
    if (problem.formula().isPresent()) {
      return bounded(
          () -> engine.evaluator(problem),
          problem,
          engine.concurrency(threads),
          engine.preferredBatch(),
          starts,
          listener);
    }
    boolean byParts = PartedEvaluator.serves(problem);
    int concurrency = engine.concurrency(threads);
    return solve(
        () ->
            byParts ? PartedEvaluator.of(engine, problem, concurrency) : engine.evaluator(problem),
        byParts ? 1 : concurrency,
        engine.preferredBatch(),
        starts,
        listener,
        StepRules.SCALE_FLOOR,
        problem.fixedMask(),
        p -> problem.limits(),
        terms);
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
    return solve(evaluators, concurrency, batch, starts, progress, 0, 0, Limits::none, List.of());
  }

  /**
   * Solves problems of a law by another evaluator than an engine's, one at a time; the limits and
   * bounds are those of the law.
   *
   * @param evaluators makes evaluators
   */
  public Solutions solve(
      Supplier<Evaluator> evaluators, SurfaceProblem problem, StartingPoints starts) {
    return problem.formula().isPresent()
        ? bounded(evaluators, problem, 1, 1, starts, progress)
        : solve(evaluators, 1, 1, starts, progress, 0, 0, p -> problem.limits(), List.of());
  }

  /** Solves problems of a formula over runs that have columns alone, within its bounds. */
  public Solutions solve(Engine engine, FormulaProblem problem, StartingPoints starts) {
    return suited(problem.objective())
        .bounded(
            () -> engine.formulaEvaluator(problem),
            problem,
            engine.concurrency(threads),
            engine.preferredBatch(),
            starts,
            progress);
  }

  private Solutions bounded(
      Supplier<Evaluator> evaluators,
      SurfaceProblem problem,
      int concurrency,
      int batch,
      StartingPoints starts,
      ProgressListener listener) {
    return bounded(
        evaluators, problem.formula().orElseThrow(), concurrency, batch, starts, listener);
  }

  /** Solves problems whose natural parameters have bounds. */
  private Solutions bounded(
      Supplier<Evaluator> evaluators,
      FormulaProblem problem,
      int concurrency,
      int batch,
      StartingPoints starts,
      ProgressListener listener) {
    Solutions solutions =
        solveBlocks(
            capacity ->
                new BoundedBlock(
                    evaluators.get(), new FormulaCoordinates(problem), problem.fixed(), capacity),
            concurrency,
            batch,
            starts,
            listener);
    ExactFits.settle(problem, starts, solutions);
    return solutions;
  }

  private Solutions solve(
      Supplier<Evaluator> evaluators,
      int concurrency,
      int batch,
      StartingPoints starts,
      ProgressListener listener,
      double scaleFloor,
      int fixedMask,
      IntFunction<Limits> limits,
      List<AddedTerm> terms) {
    return solveBlocks(
        capacity -> new HostBlock(evaluators.get(), capacity, scaleFloor, fixedMask, limits, terms),
        concurrency,
        batch,
        starts,
        listener);
  }

  private Solutions solveBlocks(
      IntFunction<ProblemBlock> makeBlock,
      int concurrency,
      int batch,
      StartingPoints starts,
      ProgressListener listener) {
    int count = starts.count();
    int blocks = Math.clamp(count, 1, concurrency);
    // No block larger than its share, so that few problems still use every thread.
    int capacity = Math.clamp((count + blocks - 1) / blocks, 1, batch);
    try (ProblemBlock first = makeBlock.apply(capacity)) {
      Solutions solutions = new Solutions(first.parameterCount(), count);
      WaitingProblems waiting = new WaitingProblems(starts, solutions, listener);
      if (blocks == 1) {
        solveIn(first, makeBlock, waiting);
      } else {
        Parallel.run(
            blocks,
            () -> {
              try (ProblemBlock block = makeBlock.apply(capacity)) {
                solveIn(block, makeBlock, waiting);
              }
            });
      }
      return solutions;
    }
  }

  private void solveIn(
      ProblemBlock block, IntFunction<ProblemBlock> makeBlock, WaitingProblems waiting) {
    if (!settings.replicates() || !waiting.startAtOnePoint()) {
      new BlockSolver(block, waiting, settings).run();
      return;
    }
    try (ProblemBlock starting = makeBlock.apply(block.capacity())) {
      new BlockSolver(block, starting, waiting, settings).run();
    }
  }
}

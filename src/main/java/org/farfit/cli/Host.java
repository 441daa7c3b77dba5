package org.farfit.cli;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.Evaluator;
import org.farfit.engine.FormulaProblem;
import org.farfit.engine.SurfaceProblem;
import org.farfit.solver.ResidentSolver;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.WaitingProblems;

/**
 * The process that runs a command for somebody else: it shows the progress, and keeps engines for
 * the next command. On the command line there is none. Bound to the thread of the command, so that
 * several commands may run at once.
 *
 * @param progress is told how far the work has come
 * @param engines what was opened before
 */
record Host(ProgressSink progress, EnginePool engines) {

  static final ScopedValue<Host> CURRENT = ScopedValue.newInstance();

  /** Receives progress; thread-safe. */
  @FunctionalInterface
  interface ProgressSink {

    /** So many of so many steps of a task are done, of which some may be reported late. */
    void done(String task, int done, int total);
  }

  /** The host of this thread's command, if it has one. */
  static Optional<Host> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /** Engines that stay open until the process ends. Thread-safe. */
  static final class EnginePool implements AutoCloseable {

    private final Map<String, Engine> opened = new ConcurrentHashMap<>();

    /** The engine of that name, opened once; closing it is left to the pool. */
    Engine open(String name) {
      Engine engine = opened.computeIfAbsent(name, Engines::open);
      return engine instanceof ResidentSolver resident
          ? new KeptSolver(engine, resident)
          : new Kept(engine);
    }

    @Override
    public void close() {
      opened.values().forEach(Engine::close);
    }
  }

  /** An engine that others use, too. */
  private static class Kept implements Engine {

    private final Engine engine;

    Kept(Engine engine) {
      this.engine = engine;
    }

    @Override
    public String name() {
      return engine.name();
    }

    @Override
    public String device() {
      return engine.device();
    }

    @Override
    public int concurrency(int threads) {
      return engine.concurrency(threads);
    }

    @Override
    public int preferredBatch() {
      return engine.preferredBatch();
    }

    @Override
    public Evaluator dataEvaluator(SurfaceProblem problem) {
      return engine.dataEvaluator(problem);
    }

    @Override
    public Evaluator formulaDataEvaluator(FormulaProblem problem) {
      return engine.formulaDataEvaluator(problem);
    }

    @Override
    public Evaluator evaluator(SurfaceProblem problem) {
      return engine.evaluator(problem);
    }
  }

  /** An engine that others use, too, and that solves problems itself. */
  private static final class KeptSolver extends Kept implements ResidentSolver {

    private final ResidentSolver solver;

    KeptSolver(Engine engine, ResidentSolver solver) {
      super(engine);
      this.solver = solver;
    }

    @Override
    public void solve(SurfaceProblem problem, SolverSettings settings, WaitingProblems waiting) {
      solver.solve(problem, settings, waiting);
    }
  }
}

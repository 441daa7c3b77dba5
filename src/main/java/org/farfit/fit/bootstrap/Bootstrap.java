package org.farfit.fit.bootstrap;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.LossTable;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.Fitter;
import org.farfit.fit.LawFit;
import org.farfit.fit.MultiStart;
import org.farfit.fit.Optimum;
import org.farfit.fit.method.Fitters;
import org.farfit.fit.search.Starts;
import org.farfit.law.Law;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.Parallel;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;
import org.farfit.solver.Status;

/**
 * Fits the replicates of a data set as the data set itself was fitted: by least squares, with the
 * prior that was chosen if there is one, or by the piecewise procedure.
 *
 * <pre>{@code
 * LawFit fit = new GlobalFit(engine, FitOptions.DEFAULT).fit(new Farseer(), runs);
 * Replicates replicates =
 *     new Bootstrap(engine, BootstrapOptions.pairs(10_000, 1), ProgressListener.NONE)
 *         .run(fit, runs);
 * }</pre>
 *
 * <p>All replicates share one resident data set. Each is started at the fitted optimum, at the
 * second-best one if there is one, and at points of the sampling box; where one of these is better
 * than what the fitted optimum leads to, as often again. Replicate b depends on nothing but the
 * data, the fit, the seed and b, so that chunks, threads and interruptions change nothing.
 */
public final class Bootstrap {

  /** Weights per chunk: some megabytes, and about a second of work. */
  private static final int CHUNK_NUMBERS = 1 << 20;

  /** Points of the box that restarts take turns with. */
  private static final int SPREAD = 1024;

  private final Engine engine;
  private final BootstrapOptions options;
  private final ProgressListener progress;

  /** A bootstrap. */
  public Bootstrap(Engine engine, BootstrapOptions options, ProgressListener progress) {
    this.engine = engine;
    this.options = options;
    this.progress = progress;
  }

  /**
   * Fits all replicates.
   *
   * @param runs the runs that were fitted
   * @throws CancellationException if the thread is interrupted
   */
  public Replicates run(LawFit fit, RunSet runs) {
    return run(fit, runs, new TreeMap<>(), (first, done) -> {});
  }

  /**
   * Fits the replicates that are missing.
   *
   * @param before replicates of an interrupted run with the same options, by the position of the
   *     first of each stretch
   * @param checkpoint receives what is done, chunk by chunk
   * @return all replicates, the same as if there had been none before
   * @throws CancellationException if the thread is interrupted
   */
  public Replicates run(
      LawFit fit, RunSet runs, NavigableMap<Integer, Replicates> before, Checkpoint checkpoint) {
    Session session = new Session(fit, runs);
    int chunk = Math.clamp(CHUNK_NUMBERS / runs.size(), 1, options.replicates());
    while (session.done < options.replicates()) {
      int first = session.done;
      Map.Entry<Integer, Replicates> known = before.floorEntry(first);
      if (known != null && known.getKey() + known.getValue().count() > first) {
        session.take(known.getKey(), known.getValue());
      } else {
        Integer next = before.higherKey(first);
        int end = Math.min(options.replicates(), next == null ? Integer.MAX_VALUE : next);
        session.fit(Math.min(chunk, end - first));
        if (Thread.currentThread().isInterrupted()) {
          throw new CancellationException("bootstrap interrupted");
        }
        session.finish();
        checkpoint.done(first, session.replicates(first));
      }
    }
    return session.replicates(0);
  }

  /**
   * Fits part of the runs, and other weightings that are given, as replicates are fitted.
   *
   * @param weightings weight of each run, 0 for those left out; as many as there are replicates in
   *     the options
   */
  public Replicates of(LawFit fit, RunSet runs, List<double[]> weightings) {
    Session session = new Session(fit, runs, weightings::get, b -> runs.loss());
    session.fit(options.replicates());
    session.finish();
    return session.replicates(0);
  }

  /** Receives replicates that are done. */
  @FunctionalInterface
  public interface Checkpoint {

    /**
     * Called after each chunk.
     *
     * @param first position of the first of them
     */
    void done(int first, Replicates replicates);
  }

  /** The growing set of replicates of one fit. */
  private final class Session {

    private final LawFit fit;
    private final RunSet runs;
    private final Law law;
    private final int p;
    private final IntFunction<double[]> weights;
    private final IntFunction<double[]> losses;
    private final StartingPoints spread;
    private final double[] centred;
    private final BitSet failed = new BitSet();
    private final BitSet improved = new BitSet();
    private int done;
    private int next;

    Session(LawFit fit, RunSet runs) {
      this(fit, runs, Resampler.of(fit, runs, options));
    }

    private Session(LawFit fit, RunSet runs, Resampler resampler) {
      this(fit, runs, resampler::weights, resampler::losses);
    }

    /**
     * A session.
     *
     * @param weights of each run in a replicate
     * @param losses of each run in a replicate
     */
    Session(LawFit fit, RunSet runs, IntFunction<double[]> weights, IntFunction<double[]> losses) {
      this.fit = fit;
      this.runs = runs;
      this.law = fit.law();
      this.p = law.parameterCount();
      this.weights = weights;
      this.losses = losses;
      this.spread =
          Starts.spread(
              new SurfaceProblem(law, fit.surface().centre(), runs, fit.objective()),
              0,
              SPREAD,
              options.seed());
      this.centred = new double[Math.multiplyExact(options.replicates(), p)];
    }

    /** Takes over what was done before, from where it stands. */
    void take(int from, Replicates before) {
      int end = Math.min(from + before.count(), options.replicates());
      for (int b = done; b < end; b++) {
        System.arraycopy(before.centred(b - from), 0, centred, b * p, p);
        failed.set(b, before.isFailed(b - from));
        improved.set(b, before.isImproved(b - from));
      }
      done = end;
    }

    void fit(int count) {
      next = done + count;
      if (fit.method().hasStages()) {
        fitByStages(count);
      } else {
        fitLeastSquares(count);
      }
    }

    void finish() {
      done = next;
    }

    /** What is done, from a position on. */
    Replicates replicates(int first) {
      return new Replicates(
          law,
          fit.surface().centre(),
          runs.size(),
          options,
          Arrays.copyOfRange(centred, first * p, done * p),
          failed.get(first, done),
          improved.get(first, done),
          done - first);
    }

    private void record(int b, double[] parameters, boolean converged) {
      System.arraycopy(parameters, 0, centred, b * p, p);
      failed.set(b, !converged);
    }

    /** The resampled data sets do not always allow the procedure; then the replicate has failed. */
    private void fitByStages(int count) {
      AtomicInteger finished = new AtomicInteger(done);
      double[][] found = new double[count][];
      Fitter procedure =
          new Fitters(
                  engine, FitOptions.DEFAULT.withObjective(fit.objective()), ProgressListener.NONE)
              .of(fit.method());
      int first = done;
      Parallel.forEach(
          count,
          options.threads(),
          i -> {
            RunSet replicate =
                runs.withLosses(losses.apply(first + i)).weighted(weights.apply(first + i));
            try {
              LawFit one = procedure.fit(law, replicate);
              found[i] = recentred(one.surface());
            } catch (InputException e) {
              found[i] = null;
            }
            progress.done(finished.incrementAndGet(), options.replicates());
          });
      for (int i = 0; i < count; i++) {
        record(first + i, found[i] == null ? new double[p] : found[i], found[i] != null);
      }
    }

    /** The parameters of a surface around another centre, by way of the published ones. */
    private double[] recentred(FittedSurface surface) {
      double[] parameters = new double[p];
      law.toCentred(fit.surface().centre(), surface.published(), parameters);
      return parameters;
    }

    private void fitLeastSquares(int count) {
      double[][] drawn = new double[count][];
      Arrays.setAll(drawn, i -> weights.apply(done + i));
      SurfaceProblem problem = problem(drawn);
      double[] optimum = fit.surface().centredArray();
      Solutions warm = solve(problem, SolverSettings.WARM, StartingPoints.forRows(optimum, count));
      double[] cost = new double[count];
      Status[] status = new Status[count];
      for (int i = 0; i < count; i++) {
        record(done + i, warm.parameters(i), warm.status(i).isConverged());
        cost[i] = warm.cost(i);
        status[i] = warm.status(i);
      }
      int[] all = IntStream.range(0, count).toArray();
      int[] better = restart(problem, all, 0, cost, status);
      restart(problem, better, 1, cost, status);
      for (int i : better) {
        improved.set(done + i);
      }
      failUndetermined(drawn);
    }

    /** A replicate of too few runs is no fit, however well it converged. */
    private void failUndetermined(double[][] drawn) {
      if (options.resampling().changesLosses()) {
        return;
      }
      for (int i = 0; i < drawn.length; i++) {
        if (FitRequirements.problem(law, fit.method(), runs, drawn[i]).isPresent()) {
          failed.set(done + i);
          improved.clear(done + i);
        }
      }
    }

    /** Starts some replicates from elsewhere; returns those where that was better. */
    private int[] restart(
        SurfaceProblem problem, int[] which, int round, double[] cost, Status[] status) {
      List<double[]> others = round == 0 ? otherOptima() : List.of();
      int each = options.restarts();
      if (which.length == 0 || each == 0) {
        return new int[0];
      }
      int firstReplicate = done;
      Solutions found =
          solve(
              problem,
              SolverSettings.SEARCH,
              starts(
                  which,
                  each,
                  k -> {
                    int start = k % each;
                    int replicate = firstReplicate + which[k / each];
                    return start < others.size()
                        ? others.get(start)
                        : spread(((long) replicate * 2 + round) * each + start);
                  }));
      BitSet better = new BitSet();
      for (int k = 0; k < which.length * each; k++) {
        int i = which[k / each];
        boolean clearly =
            found.cost(k) < cost[i] * (1 - MultiStart.AT_BEST_TOLERANCE)
                && found.status(k).isConverged();
        if (clearly || Solutions.isBetter(found.cost(k), found.status(k), cost[i], status[i])) {
          record(done + i, found.parameters(k), found.status(k).isConverged());
          cost[i] = found.cost(k);
          status[i] = found.status(k);
          better.set(i, better.get(i) || clearly);
        }
      }
      return better.stream().toArray();
    }

    private double[] spread(long position) {
      double[] start = new double[p];
      spread.start((int) (position % SPREAD), start);
      return start;
    }

    private List<double[]> otherOptima() {
      return fit.multiStart().flatMap(MultiStart::second).map(Optimum::parameters).stream()
          .limit(options.restarts())
          .toList();
    }

    private SurfaceProblem problem(double[][] drawn) {
      int count = drawn.length;
      boolean perturbs = options.resampling().changesLosses();
      SurfaceProblem problem =
          fit.resampled(
              runs, perturbs ? WeightTable.repeated(runs.weight(), count) : WeightTable.of(drawn));
      if (perturbs) {
        double[][] responses = new double[count][];
        Arrays.setAll(responses, i -> losses.apply(done + i));
        problem = problem.withLosses(LossTable.ofResponses(responses));
      }
      return problem;
    }

    private interface StartOf {
      double[] start(int k);
    }

    /** {@code each} starts of some rows, neighbours being of one row. */
    private StartingPoints starts(int[] which, int each, StartOf starts) {
      return new StartingPoints() {
        @Override
        public int count() {
          return Math.multiplyExact(which.length, each);
        }

        @Override
        public void start(int k, double[] parameters) {
          System.arraycopy(starts.start(k), 0, parameters, 0, p);
        }

        @Override
        public int weightRow(int k) {
          return which[k / each];
        }
      };
    }

    private Solutions solve(
        SurfaceProblem problem, SolverSettings settings, StartingPoints points) {
      int before = done;
      return new BatchSolver(
              settings,
              options.threads(),
              (ended, total) ->
                  progress.done(
                      before + (int) ((long) (next - before) * ended / total),
                      options.replicates()))
          .solve(engine, problem, points);
    }
  }
}

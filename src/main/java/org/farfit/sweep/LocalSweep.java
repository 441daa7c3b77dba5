package org.farfit.sweep;

import java.util.List;
import org.farfit.engine.Engine;
import org.farfit.solver.Parallel;

/**
 * Works off sweeps on this machine, a shard per thread; threads that have no shard of their own
 * help with the fits of one. Thread-safe, without state.
 */
public final class LocalSweep implements SweepExecutor {

  /** Run sets per thread that are kept: a shard seldom has more. */
  private static final int KEPT_PER_THREAD = 4;

  private final Engine engine;
  private final int threads;
  private final boolean closesEngine;

  /**
   * An executor.
   *
   * @param engine is not closed by it
   * @param threads how many threads may be used
   */
  public LocalSweep(Engine engine, int threads) {
    this(engine, threads, false);
  }

  private LocalSweep(Engine engine, int threads, boolean closesEngine) {
    this.engine = engine;
    this.threads = threads;
    this.closesEngine = closesEngine;
  }

  /** An executor that closes its engine when it is closed. */
  public static LocalSweep closing(Engine engine, int threads) {
    return new LocalSweep(engine, threads, true);
  }

  @Override
  public void close() {
    if (closesEngine) {
      engine.close();
    }
  }

  @Override
  public String engine() {
    return engine.name();
  }

  @Override
  public void run(SweepPlan plan, int[] shards, ShardListener listener) {
    RunReader reader = RunReader.caching(KEPT_PER_THREAD * threads);
    int each = Math.max(1, threads / Math.max(1, shards.length));
    Object turn = new Object();
    Parallel.forEach(
        shards.length,
        threads,
        i -> {
          SweepShard shard = plan.shard(shards[i]);
          List<SweepRow> rows = shard.runGuarded(engine, reader, each);
          synchronized (turn) {
            listener.done(shard, rows);
          }
        });
  }
}

package org.farfit.sweep;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.farfit.data.InputException;
import org.farfit.solver.ProgressListener;

/**
 * Works off sweeps: on this machine ({@link LocalSweep}) or on a cluster ({@link ClusterProvider}).
 * The rows depend on the specification and the kind of engine alone. Executors are thread-safe:
 * several sweeps may run at once. Interrupting the calling thread cancels its sweep.
 */
public interface SweepExecutor extends AutoCloseable {

  /** Receives the rows of a shard when they are complete; never two at once. */
  @FunctionalInterface
  interface ShardListener {

    /** Called once for each shard. */
    void done(SweepShard shard, List<SweepRow> rows);
  }

  /**
   * Works off some shards of a plan, in any order. Holds no more than the shards at work.
   *
   * @throws CancellationException if the calling thread is interrupted
   */
  void run(SweepPlan plan, int[] shards, ShardListener listener);

  /** Releases what the executor opened for itself. */
  @Override
  default void close() {}

  /**
   * Runs a sweep and hands over rows as they are made, a shard at a time, in any order; never two
   * at once.
   *
   * @throws CancellationException if the calling thread is interrupted
   */
  default void run(SweepSpec spec, Consumer<SweepRow> rows) {
    SweepPlan plan = new SweepPlan(spec);
    run(plan, plan.allShards(), (shard, found) -> found.forEach(rows));
  }

  /**
   * The rows of a sweep as they are made, in any order. A terminal operation that needs no more
   * rows, or closing the stream, cancels the rest; so it belongs in a try-with-resources.
   */
  default Stream<SweepRow> stream(SweepSpec spec) {
    return RowStream.open(this, spec);
  }

  /**
   * Runs the shards of a sweep that a folder lacks, storing each when it is complete.
   *
   * @param folder where shards are stored
   * @param resume whether shards that are there count; else they are made anew
   * @param progress is told in shards
   * @return the rows of the whole sweep in its order, read shard by shard
   * @throws CancellationException if the calling thread is interrupted; finished shards are stored
   */
  default Stream<SweepRow> run(
      SweepSpec spec, Path folder, boolean resume, ProgressListener progress) {
    SweepPlan plan = new SweepPlan(spec);
    ShardStore store = new ShardStore(folder);
    if (!resume) {
      store.clear(plan);
    }
    int all = plan.shardCount();
    int[] missing = IntStream.range(0, all).filter(i -> !store.has(plan.shard(i))).toArray();
    AtomicInteger done = new AtomicInteger(all - missing.length);
    run(
        plan,
        missing,
        (shard, rows) -> {
          store.write(shard, rows);
          progress.done(done.incrementAndGet(), all);
        });
    return stored(spec, folder);
  }

  /** As {@link #run(SweepSpec, Path, boolean, ProgressListener)}, without telling of progress. */
  default Stream<SweepRow> run(SweepSpec spec, Path folder, boolean resume) {
    return run(spec, folder, resume, ProgressListener.NONE);
  }

  /**
   * The rows of a finished sweep in its order, read shard by shard.
   *
   * @throws InputException if a shard is missing
   */
  static Stream<SweepRow> stored(SweepSpec spec, Path folder) {
    SweepPlan plan = new SweepPlan(spec);
    ShardStore store = new ShardStore(folder);
    return IntStream.range(0, plan.shardCount())
        .boxed()
        .flatMap(i -> store.read(plan.shard(i)).stream());
  }
}

package org.farfit.sweep;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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

  /** The kind of engine that fits: scalar, simd or tornado. The bits of rows depend on it. */
  String engine();

  /**
   * Runs the shards of a sweep that a folder lacks, storing each when it is complete.
   *
   * @param parts where shards are stored
   * @param resume whether shards that are there count; else they are made anew
   * @param progress is told in shards
   * @return the rows of the whole sweep in its order, read shard by shard
   * @throws CancellationException if the calling thread is interrupted; finished shards are stored
   * @throws InputException if an input is changed meanwhile
   */
  default Stream<SweepRow> run(
      SweepSpec spec, SweepParts parts, boolean resume, ProgressListener progress) {
    SweepPlan plan = new SweepPlan(spec);
    if (!resume) {
      parts.clear();
    }
    parts.hashInputs(spec);
    int all = plan.shardCount();
    int[] missing = parts.missing(plan);
    AtomicInteger done = new AtomicInteger(all - missing.length);
    run(
        plan,
        missing,
        (shard, rows) -> {
          parts.write(shard, rows);
          progress.done(done.incrementAndGet(), all);
        });
    return parts.rows(spec);
  }

  /**
   * As {@link #run(SweepSpec, SweepParts, boolean, ProgressListener)} with a folder that is owned
   * while the sweep runs.
   */
  default Stream<SweepRow> run(
      SweepSpec spec, Path folder, boolean resume, ProgressListener progress) {
    try (SweepParts parts = SweepParts.open(folder, Map.of("engine", engine()), message -> {})) {
      return run(spec, parts, resume, progress);
    }
  }

  /** The same without telling of progress. */
  default Stream<SweepRow> run(SweepSpec spec, Path folder, boolean resume) {
    return run(spec, folder, resume, ProgressListener.NONE);
  }
}

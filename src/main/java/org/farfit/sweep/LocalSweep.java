package org.farfit.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.farfit.data.InputException;
import org.farfit.engine.Engine;
import org.farfit.solver.Parallel;
import org.farfit.solver.ProgressListener;

/**
 * Runs a sweep on this machine, a group per thread. Thread-safe, without state: several sweeps may
 * run at once, on one engine. Interrupting the calling thread cancels.
 */
public final class LocalSweep {

  private final Engine engine;
  private final int threads;
  private final ProgressListener progress;

  /** An executor that reports no progress. */
  public LocalSweep(Engine engine, int threads) {
    this(engine, threads, ProgressListener.NONE);
  }

  /** An executor; progress is told in shards. */
  public LocalSweep(Engine engine, int threads, ProgressListener progress) {
    this.engine = engine;
    this.threads = threads;
    this.progress = progress;
  }

  /**
   * Runs a sweep and hands over rows as they are made, a group at a time, in any order; never two
   * at once. Holds no more than the groups at work.
   *
   * @throws CancellationException if the calling thread is interrupted
   */
  public void run(SweepSpec spec, Consumer<SweepRow> rows) {
    List<SweepGroup> groups = spec.groups();
    AtomicInteger done = new AtomicInteger();
    Parallel.forEach(
        groups.size(),
        threads,
        i -> {
          List<SweepRow> found = groups.get(i).run(engine, 1);
          synchronized (rows) {
            found.forEach(rows);
          }
          progress.done(done.incrementAndGet(), groups.size());
        });
  }

  /**
   * Runs the parts of a sweep that a folder lacks, storing each when it is complete.
   *
   * @param folder where parts are stored
   * @param resume whether parts that are there count; else they are made anew
   * @return the rows of the whole sweep in the order of its groups, read part by part
   * @throws CancellationException if the calling thread is interrupted; finished parts are stored
   */
  public Stream<SweepRow> run(SweepSpec spec, Path folder, boolean resume) {
    List<SweepShard> shards = SweepShard.of(spec.groups());
    ShardStore store = new ShardStore(folder);
    if (!resume) {
      store.clear(shards);
    }
    AtomicInteger done = new AtomicInteger();
    Parallel.forEach(
        shards.size(),
        threads,
        i -> {
          SweepShard shard = shards.get(i);
          if (!store.has(shard)) {
            List<SweepRow> rows = new ArrayList<>();
            for (SweepGroup group : shard.groups()) {
              rows.addAll(group.run(engine, 1));
              if (Thread.currentThread().isInterrupted()) {
                return;
              }
            }
            store.write(shard, rows);
          }
          progress.done(done.incrementAndGet(), shards.size());
        });
    return stored(spec, folder);
  }

  /**
   * The rows of a finished sweep in the order of its groups, read part by part.
   *
   * @throws InputException if a part is missing
   */
  public static Stream<SweepRow> stored(SweepSpec spec, Path folder) {
    ShardStore store = new ShardStore(folder);
    return SweepShard.of(spec.groups()).stream().flatMap(shard -> store.read(shard).stream());
  }
}

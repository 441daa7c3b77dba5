package org.farfit.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.farfit.data.Shown;
import org.farfit.engine.Engine;

/**
 * Neighbouring tasks of a sweep, which are done and stored together.
 *
 * @param tasks in the order of the sweep
 */
public record SweepShard(List<SweepTask> tasks) {

  /** The status of tasks that ended in a way that they should not. */
  public static final String DEFECT = "failed: defect";

  /** The status of tasks whose input cannot be used. */
  public static final String BAD_INPUT = "failed: input";

  /** Stable identifier: of the same tasks, the same. */
  public String id() {
    return SweepTask.hash(tasks.stream().map(SweepTask::id).collect(Collectors.joining()));
  }

  /** Where the tasks find their runs, each once. */
  public List<RunSource> sources() {
    return tasks.stream().map(SweepTask::source).distinct().toList();
  }

  /**
   * Does the tasks. What cannot be read or fitted gives a row that says so.
   *
   * @param threads how many threads may be used; the rows do not depend on it
   * @throws CancellationException if the thread is interrupted
   * @throws RuntimeException if a task ends in a way that it should not, such as a device that
   *     fails
   */
  public List<SweepRow> run(Engine engine, RunReader reader, int threads) {
    List<SweepRow> rows = new ArrayList<>();
    for (SweepBatch batch : SweepBatch.of(tasks)) {
      rows.addAll(batch.run(engine, reader, threads));
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("sweep interrupted");
      }
    }
    return rows;
  }

  /** As {@link #run}, but a task that ends as it should not gives a row that says so. */
  public List<SweepRow> runGuarded(Engine engine, RunReader reader, int threads) {
    try {
      return run(engine, reader, threads);
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      // One bad fit never throws away a sweep, nor its neighbours.
      return tasks.size() == 1
          ? failed(DEFECT, Shown.message(e.toString()))
          : alone().stream()
              .flatMap(task -> task.runGuarded(engine, reader, threads).stream())
              .toList();
    }
  }

  /** The tasks, each as a shard. */
  public List<SweepShard> alone() {
    return tasks.stream().map(task -> new SweepShard(List.of(task))).toList();
  }

  /** A row for each task that says why there is no result. */
  public List<SweepRow> failed(String status, String message) {
    return tasks.stream().map(task -> task.failed(status, message)).toList();
  }
}

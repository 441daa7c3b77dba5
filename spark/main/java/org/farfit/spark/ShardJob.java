package org.farfit.spark;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.resource.ResourceInformation;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.sweep.RunReader;
import org.farfit.sweep.RunSource;
import org.farfit.sweep.SourceRuns;
import org.farfit.sweep.SweepPlan;
import org.farfit.sweep.SweepRow;
import org.farfit.sweep.SweepShard;
import org.farfit.sweep.SweepSpec;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/**
 * What an executor does with a shard. A failure is thrown, for Spark to try again elsewhere, while
 * attempts are left; the last gives an answer that says so, since Spark would end the whole sweep.
 */
final class ShardJob extends AbstractFunction1<Iterator<ShardJob.Unit>, ShardJob.Answer>
    implements Serializable {

  private static final long serialVersionUID = 1L;

  /** An executor's engines, by device: opened once in its life, as its JVM is. */
  private static final Map<String, Engine> OPEN = new ConcurrentHashMap<>();

  private final Setting setting;

  ShardJob(Setting setting) {
    this.setting = setting;
  }

  /**
   * What all jobs of a sweep share.
   *
   * @param spec the sweep
   * @param runs the runs that were sent
   * @param engine which engine to open
   * @param attempts how often Spark tries before it gives up
   */
  record Setting(
      Broadcast<SweepSpec> spec,
      Map<RunSource, Broadcast<SourceRuns>> runs,
      String engine,
      int attempts)
      implements Serializable {}

  /**
   * What to do.
   *
   * @param shard number of the shard
   * @param task number of one of its tasks, or -1 for all
   */
  record Unit(int shard, int task) implements Serializable {

    static final int ALL = -1;

    SweepShard of(SweepPlan plan) {
      SweepShard whole = plan.shard(shard);
      return task == ALL ? whole : whole.alone().get(task);
    }
  }

  /**
   * What came of it.
   *
   * @param rows the rows; null if every attempt failed
   * @param failure why, or null
   */
  record Answer(List<SweepRow> rows, String failure) implements Serializable {}

  @Override
  public Answer apply(Iterator<Unit> units) {
    TaskContext context = TaskContext.get();
    int attempt = context.attemptNumber();
    if (attempt > 0 && attempt == setting.attempts() - 1) {
      // Nothing was caught before: the executors ended. Another attempt could end the sweep.
      return new Answer(null, "ended its worker %d times".formatted(attempt));
    }
    boolean last = attempt >= setting.attempts() - 2;
    try {
      SweepShard shard = units.next().of(new SweepPlan(setting.spec().value()));
      return new Answer(shard.run(engine(context), reader(), 1), null);
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException | LinkageError | OutOfMemoryError | StackOverflowError e) {
      if (!last) {
        throw e;
      }
      return new Answer(null, e.toString());
    }
  }

  private RunReader reader() {
    return source -> setting.runs().get(source).value();
  }

  /** The engine on the device that Spark gave to this task, if it gave one. */
  private Engine engine(TaskContext context) {
    ResourceInformation devices = context.resourcesJMap().get(SparkProvider.DEVICES);
    String name =
        devices == null ? setting.engine() : setting.engine() + ":0:" + devices.addresses()[0];
    return OPEN.computeIfAbsent(name, Engines::open);
  }
}

package org.farfit.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.sweep.RunSource;
import org.farfit.sweep.SourceRuns;
import org.farfit.sweep.SweepExecutor;
import org.farfit.sweep.SweepPlan;
import org.farfit.sweep.SweepRow;
import org.farfit.sweep.SweepShard;
import org.farfit.sweep.SweepSpec;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Works off sweeps on a Spark cluster: a task of Spark's for each shard, whose rows come back as
 * soon as it is complete. Specification and runs are broadcast, once to each executor. Thread-safe:
 * several sweeps may share a context. The context's serializer must be Java's.
 */
public final class SparkSweep implements SweepExecutor {

  /** A master within this JVM, with how many threads and how many attempts. */
  private static final Pattern LOCAL = Pattern.compile("local(\\[([^,]+)(,\\s*([0-9]+))?])?");

  private static final String ATTEMPTS = "spark.task.maxFailures";
  private static final int USUAL_ATTEMPTS = 4;
  private static final long POLL_MILLIS = 50;

  private final JavaSparkContext context;
  private final String engine;
  private final boolean closesContext;

  /**
   * An executor on a context of the caller's.
   *
   * @param context is not closed
   * @param engine which engine executors open, see {@link org.farfit.engine.Engines#open}
   */
  public SparkSweep(JavaSparkContext context, String engine) {
    this(context, engine, false);
  }

  SparkSweep(JavaSparkContext context, String engine, boolean closesContext) {
    this.context = context;
    this.engine = engine;
    this.closesContext = closesContext;
  }

  @Override
  public void close() {
    if (closesContext) {
      undisturbed(context::close);
    }
  }

  /** Tidies up also in a thread that was interrupted, in which Spark would throw halfway. */
  private static void undisturbed(Runnable tidying) {
    boolean interrupted = Thread.interrupted();
    try {
      tidying.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Executors resolve {@code auto} as this machine does, or give other bits than it would. */
  @Override
  public String engine() {
    if (!engine.equals("auto")) {
      return engine.replaceFirst(":.*", "");
    }
    try (Engine opened = Engines.open(engine)) {
      return opened.name();
    }
  }

  /** What a shard's unit gave. */
  private record Result(int unit, ShardJob.Answer answer) {}

  @Override
  public void run(SweepPlan plan, int[] shards, ShardListener listener) {
    Map<RunSource, Broadcast<SourceRuns>> runs = new HashMap<>();
    try {
      Broadcast<SweepSpec> spec = context.broadcast(plan.spec());
      for (int shard : shards) {
        for (RunSource source : plan.shard(shard).sources()) {
          runs.computeIfAbsent(source, key -> context.broadcast(SourceRuns.of(key)));
        }
      }
      run(
          plan,
          shards,
          new ShardJob(new ShardJob.Setting(spec, runs, engine, attempts())),
          listener);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("sweep interrupted");
    } finally {
      if (!context.sc().isStopped()) {
        undisturbed(() -> runs.values().forEach(Broadcast::unpersist));
      }
    }
  }

  /** Whole shards first; those that failed every time then task by task, to find the one. */
  private void run(SweepPlan plan, int[] shards, ShardJob job, ShardListener listener)
      throws InterruptedException {
    List<Integer> failed = new ArrayList<>();
    submit(
        job,
        Arrays.stream(shards)
            .mapToObj(shard -> new ShardJob.Unit(shard, ShardJob.Unit.ALL))
            .toList(),
        (unit, answer) -> {
          SweepShard shard = plan.shard(unit.shard());
          if (answer.rows() != null) {
            listener.done(shard, answer.rows());
          } else if (shard.tasks().size() == 1) {
            listener.done(shard, shard.failed(SweepShard.DEFECT, answer.failure()));
          } else {
            failed.add(unit.shard());
          }
        });
    for (int index : failed) {
      SweepShard shard = plan.shard(index);
      Map<Integer, List<SweepRow>> rows = new TreeMap<>();
      submit(
          job,
          IntStream.range(0, shard.tasks().size())
              .mapToObj(task -> new ShardJob.Unit(index, task))
              .toList(),
          (unit, answer) ->
              rows.put(
                  unit.task(),
                  answer.rows() != null
                      ? answer.rows()
                      : shard
                          .alone()
                          .get(unit.task())
                          .failed(SweepShard.DEFECT, answer.failure())));
      listener.done(shard, rows.values().stream().flatMap(List::stream).toList());
    }
  }

  private interface AnswerListener {
    void done(ShardJob.Unit unit, ShardJob.Answer answer);
  }

  /** Has units done, and tells of each on this thread, since Spark's own must not wait. */
  private void submit(ShardJob job, List<ShardJob.Unit> units, AnswerListener listener)
      throws InterruptedException {
    if (units.isEmpty()) {
      return;
    }
    LinkedBlockingQueue<Result> results = new LinkedBlockingQueue<>();
    JavaRDD<ShardJob.Unit> rdd = context.parallelize(units, units.size());
    List<Object> partitions = new ArrayList<>(IntStream.range(0, units.size()).boxed().toList());
    context.sc().setInterruptOnCancel(true);
    SimpleFutureAction<BoxedUnit> action =
        context
            .sc()
            .submitJob(
                rdd.rdd(),
                job,
                CollectionConverters.asScala(partitions).toSeq(),
                new AbstractFunction2<Object, ShardJob.Answer, BoxedUnit>() {
                  @Override
                  public BoxedUnit apply(Object partition, ShardJob.Answer answer) {
                    results.add(new Result((Integer) partition, answer));
                    return BoxedUnit.UNIT;
                  }
                },
                new AbstractFunction0<BoxedUnit>() {
                  @Override
                  public BoxedUnit apply() {
                    return BoxedUnit.UNIT;
                  }
                });
    boolean complete = false;
    try {
      for (int done = 0; done < units.size(); ) {
        // Before the queue is looked at: a job that has ended adds nothing any more.
        boolean ended = action.isCompleted();
        Result result = results.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (result != null) {
          listener.done(units.get(result.unit()), result.answer());
          done++;
        } else if (ended) {
          throw failure(action);
        }
      }
      complete = true;
    } finally {
      if (!complete) {
        undisturbed(action::cancel);
      }
    }
  }

  /** Why a job ended before its end. */
  private RuntimeException failure(SimpleFutureAction<BoxedUnit> action) {
    if (context.sc().isStopped()) {
      return new CancellationException("Spark was stopped");
    }
    Throwable cause = action.value().get().failed().get();
    return new IllegalStateException("the cluster gave the sweep up: " + cause.getMessage(), cause);
  }

  /** How often Spark tries a task before it gives a job up. */
  private int attempts() {
    Matcher local = LOCAL.matcher(context.master());
    if (local.matches()) {
      return local.group(4) == null ? 1 : Integer.parseInt(local.group(4));
    }
    return context.getConf().getInt(ATTEMPTS, USUAL_ATTEMPTS);
  }

  /** A master whose tasks are tried as often as a cluster's would be. */
  static String withAttempts(String url) {
    Matcher local = LOCAL.matcher(url);
    if (!local.matches() || local.group(4) != null) {
      return url;
    }
    String threads = local.group(2) == null ? "1" : local.group(2);
    return "local[%s,%d]".formatted(threads, USUAL_ATTEMPTS);
  }
}

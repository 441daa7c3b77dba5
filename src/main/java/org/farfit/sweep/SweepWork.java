package org.farfit.sweep;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.farfit.analysis.HoldoutChoice;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.fit.bootstrap.BootstrapOptions;

/**
 * How much work a sweep is.
 *
 * @param tasks how many combinations
 * @param shards how many parts they are done in
 * @param fits how many fits, hold-outs counted each
 * @param unreadable how many tasks have an input that cannot be used
 * @param problems starts of fits and replicates together
 * @param cost problems times runs times parameters squared: to compare sweeps with
 */
public record SweepWork(
    long tasks, int shards, long fits, long unreadable, long problems, double cost) {

  /** Reads every input once and counts. */
  public static SweepWork of(SweepSpec spec) {
    SweepPlan plan = new SweepPlan(spec);
    Count count = new Count();
    plan.tasks().forEach(count::add);
    return new SweepWork(
        count.tasks, plan.shardCount(), count.fits, count.unreadable, count.problems, count.cost);
  }

  /** Sums over tasks. */
  private static final class Count {

    private final RunReader reader = RunReader.caching(1);
    private final Map<HeldOut, List<Integer>> runCounts = new HashMap<>();
    private long tasks;
    private long fits;
    private long unreadable;
    private long problems;
    private double cost;

    /** What the number of fitted runs depends on. */
    private record HeldOut(RunSource source, HoldoutChoice holdout) {}

    void add(SweepTask task) {
      tasks++;
      try {
        int p = reader.read(task.source()).law(task.law(), true).parameterCount();
        long own =
            task.starts() + (long) task.bootstrap() * (1 + BootstrapOptions.DEFAULT_RESTARTS);
        for (int runs : runCounts(new HeldOut(task.source(), task.holdout()))) {
          fits++;
          problems += own;
          cost += (double) own * runs * p * p;
        }
      } catch (InputException e) {
        unreadable++;
      }
    }

    private List<Integer> runCounts(HeldOut key) {
      List<Integer> known = runCounts.get(key);
      if (known == null) {
        known =
            key.holdout().of(reader.read(key.source()).runs()).stream()
                .map(holdout -> RunSet.countWeighted(holdout.fit()))
                .toList();
        runCounts.put(key, known);
      }
      return known;
    }
  }

  /** In words. */
  public String text() {
    return "%,d fits of %,d tasks in %,d shards; %,d problems (starts and replicates); work %.3g (problems x runs x parameters^2)%n%s"
        .formatted(
            fits,
            tasks,
            shards,
            problems,
            cost,
            unreadable == 0
                ? ""
                : "%,d tasks have an input that cannot be used, and will give a row that says so%n"
                    .formatted(unreadable));
  }
}

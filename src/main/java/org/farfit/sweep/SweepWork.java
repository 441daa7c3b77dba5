package org.farfit.sweep;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.farfit.analysis.Holdout;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.law.Laws;

/**
 * How much work a sweep is.
 *
 * @param groups how many batches
 * @param tasks how many fits, hold-outs counted each
 * @param unreadable how many groups have an input that cannot be used
 * @param problems starts of fits and replicates together
 * @param cost problems times runs times parameters squared: to compare sweeps with
 */
public record SweepWork(int groups, long tasks, int unreadable, long problems, double cost) {

  /** Reads every input once and counts. */
  public static SweepWork of(SweepSpec spec) {
    Map<List<String>, RunSet> read = new HashMap<>();
    List<SweepGroup> groups = spec.groups();
    long tasks = 0;
    int unreadable = 0;
    long problems = 0;
    double cost = 0;
    for (SweepGroup group : groups) {
      try {
        RunSet runs =
            read.computeIfAbsent(
                List.of(group.input(), group.where(), group.loss()), key -> group.runs());
        int p = Laws.named(group.law()).parameterCount();
        for (Holdout holdout : HoldoutChoice.parse(group.holdout()).holdouts(runs)) {
          long own =
              group.starts() + (long) group.bootstrap() * (1 + BootstrapOptions.DEFAULT_RESTARTS);
          tasks++;
          problems += own;
          cost += (double) own * RunSet.countWeighted(holdout.fit()) * p * p;
        }
      } catch (InputException e) {
        unreadable++;
      }
    }
    return new SweepWork(groups.size(), tasks, unreadable, problems, cost);
  }

  /** In words. */
  public String text() {
    return "%,d fits in %,d batches; %,d problems (starts and replicates); work %.3g (problems x runs x parameters^2)%n%s"
        .formatted(
            tasks,
            groups,
            problems,
            cost,
            unreadable == 0
                ? ""
                : "%,d batches have an input that cannot be used, and will give a row that says so%n"
                    .formatted(unreadable));
  }
}

package org.farfit.sweep;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.farfit.analysis.HoldoutChoice;
import org.farfit.data.Shown;
import org.farfit.fit.Method;

/**
 * The values of some axes, the outermost first. An axis without values is one that is not named: a
 * combination that is left out means all of it, one that is added those of the sweep.
 *
 * @param inputs files of runs
 * @param losses loss columns; an empty one is found by its usual names
 * @param where filters on rows, in which {@code {loss}} stands for the loss column; an empty one
 *     keeps all
 * @param objectives what is minimised
 * @param seeds of starts and replicates
 * @param laws what is fitted
 * @param methods how
 * @param holdouts which runs are held out
 */
public record SweepAxes(
    List<String> inputs,
    List<String> losses,
    List<String> where,
    List<ObjectiveChoice> objectives,
    List<Long> seeds,
    List<LawChoice> laws,
    List<Method> methods,
    List<HoldoutChoice> holdouts)
    implements Serializable {

  /** What stands for the loss column in a filter. */
  static final String LOSS = "{loss}";

  /**
   * Reads values, once for all.
   *
   * @param texts values by axis; an axis that is not there has none
   * @param key names the key of an axis in messages
   * @throws IllegalArgumentException naming the key and what is wrong with it
   */
  static SweepAxes parse(Map<SweepAxis, List<String>> texts, Function<SweepAxis, String> key) {
    Map<SweepAxis, List<String>> all = new EnumMap<>(SweepAxis.class);
    for (SweepAxis axis : SweepAxis.ALL) {
      List<String> values = texts.get(axis);
      all.put(axis, values == null ? List.of() : checked(key.apply(axis), values));
    }
    return new SweepAxes(
        read(all, key, SweepAxis.INPUT, SweepAxes::path),
        read(all, key, SweepAxis.LOSS, text -> text),
        read(all, key, SweepAxis.WHERE, text -> text),
        read(all, key, SweepAxis.OBJECTIVE, ObjectiveChoice::parse),
        read(all, key, SweepAxis.SEED, Long::valueOf),
        read(all, key, SweepAxis.LAW, LawChoice::parse),
        read(all, key, SweepAxis.METHOD, Method::named),
        read(all, key, SweepAxis.HOLDOUT, HoldoutChoice::parse));
  }

  private static List<String> checked(String key, List<String> values) {
    if (values.stream().anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException("key '%s' has an empty value".formatted(key));
    }
    if (values.isEmpty()) {
      throw new IllegalArgumentException("key '%s' has no value".formatted(key));
    }
    if (Set.copyOf(values).size() < values.size()) {
      throw new IllegalArgumentException("key '%s' has a value twice".formatted(key));
    }
    return List.copyOf(values);
  }

  private static <T> List<T> read(
      Map<SweepAxis, List<String>> texts,
      Function<SweepAxis, String> key,
      SweepAxis axis,
      Function<String, T> reader) {
    try {
      return texts.get(axis).stream().map(reader).toList();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          Shown.message("key '%s': %s".formatted(key.apply(axis), e.getMessage())), e);
    }
  }

  private static String path(String text) {
    Path _ = Path.of(text);
    return text;
  }

  /** These, and where an axis is not named, the values of others. */
  SweepAxes or(SweepAxes others) {
    return new SweepAxes(
        named(inputs, others.inputs),
        named(losses, others.losses),
        named(where, others.where),
        named(objectives, others.objectives),
        named(seeds, others.seeds),
        named(laws, others.laws),
        named(methods, others.methods),
        named(holdouts, others.holdouts));
  }

  private static <T> List<T> named(List<T> own, List<T> others) {
    return own.isEmpty() ? others : own;
  }

  private List<List<?>> inOrder() {
    return List.of(inputs, losses, where, objectives, seeds, laws, methods, holdouts);
  }

  /** How many combinations there are; {@code most} and one for any more. */
  long size(long most) {
    long size = 1;
    for (List<?> axis : inOrder()) {
      size = Math.min(most + 1, size * axis.size());
    }
    return size;
  }

  /**
   * A combination, counted with the last axis fastest.
   *
   * @param position below {@link #size}
   */
  SweepTask task(long position, SweepSpec settings) {
    List<List<?>> axes = inOrder();
    int[] chosen = new int[axes.size()];
    long rest = position;
    for (int i = chosen.length - 1; i >= 0; i--) {
      chosen[i] = (int) (rest % axes.get(i).size());
      rest /= axes.get(i).size();
    }
    LawChoice law = laws.get(chosen[5]);
    return new SweepTask(
        new RunSource(
            inputs.get(chosen[0]),
            where.get(chosen[2]),
            losses.get(chosen[1]),
            law.formula().isPresent() ? law : null),
        holdouts.get(chosen[7]),
        law,
        methods.get(chosen[6]),
        objectives.get(chosen[3]),
        seeds.get(chosen[4]),
        settings.starts(),
        settings.bootstrap(),
        settings.resampling());
  }

  /** Whether a task is one of these combinations. */
  boolean contains(SweepTask task) {
    return has(inputs, task.source().input())
        && has(losses, task.source().loss())
        && has(where, task.source().where())
        && has(objectives, task.objective())
        && has(seeds, task.seed())
        && has(laws, task.law())
        && has(methods, task.method())
        && has(holdouts, task.holdout());
  }

  private static <T> boolean has(List<T> axis, T value) {
    return axis.isEmpty() || axis.contains(value);
  }

  /** Whether a filter needs the name of a loss column that is not named. */
  boolean lacksLoss() {
    return losses.contains("") && where.stream().anyMatch(filter -> filter.contains(LOSS));
  }
}

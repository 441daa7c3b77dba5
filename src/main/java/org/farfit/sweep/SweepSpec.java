package org.farfit.sweep;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.farfit.analysis.HoldoutChoice;
import org.farfit.data.InputLimits;
import org.farfit.data.Shown;
import org.farfit.fit.Method;
import org.farfit.fit.bootstrap.Resampling;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Laws;

/**
 * A sweep: the product of its axes, less what is excluded. Every axis has a default, but for the
 * inputs. Immutable.
 *
 * <pre>{@code
 * SweepSpec spec =
 *     SweepSpec.of("runs.csv").losses("L", "loss").laws("farseer", "chinchilla")
 *         .holdouts("size:1.9e9").bootstrap(200, Resampling.PAIRS).build();
 * try (Engine engine = Engines.open("auto")) {
 *   new LocalSweep(engine, 2).run(spec, row -> System.out.println(row.law() + " " + row.mape()));
 * }
 * }</pre>
 *
 * @param inputs files of runs
 * @param where filters on rows, each as in {@code --where}; {@code {loss}} stands for the loss
 *     column; an empty one keeps all
 * @param losses loss columns; an empty one is found by its usual names
 * @param holdouts {@code none}, {@code size:FROM}, {@code edge} or {@code compute}
 * @param laws laws as in {@code --law}: names, law files, formulas
 * @param methods {@code global}, {@code regularised}, {@code piecewise}; a law that a method is not
 *     defined for is left out
 * @param objectives {@code log} or {@code linear}, with {@code /huber:DELTA} for a robust loss
 * @param seeds of starts and replicates
 * @param starts starts per fit
 * @param bootstrap replicates per fit, 0 for none
 * @param resampling how they are drawn
 * @param exclude combinations to leave out: axes (input, where, loss, holdout, law, method,
 *     objective, seed), each with the values that are meant; an axis that is not named means all
 * @param include combinations to add to what is left: axes with their values, which need not be
 *     among those of the sweep; an axis that is not named has those of the sweep
 */
public record SweepSpec(
    List<String> inputs,
    List<String> where,
    List<String> losses,
    List<String> holdouts,
    List<String> laws,
    List<String> methods,
    List<String> objectives,
    List<Long> seeds,
    int starts,
    int bootstrap,
    String resampling,
    List<Map<String, List<String>>> exclude,
    List<Map<String, List<String>>> include)
    implements Serializable {

  /** Starts per fit unless told: four in five reach the best optimum. */
  public static final int DEFAULT_STARTS = 24;

  /**
   * Fills in defaults and checks every value.
   *
   * @throws IllegalArgumentException naming the key and what is wrong with it
   */
  public SweepSpec(
      @JsonProperty("inputs") List<String> inputs,
      @JsonProperty("where") List<String> where,
      @JsonProperty("losses") List<String> losses,
      @JsonProperty("holdouts") List<String> holdouts,
      @JsonProperty("laws") List<String> laws,
      @JsonProperty("methods") List<String> methods,
      @JsonProperty("objectives") List<String> objectives,
      @JsonProperty("seeds") List<Long> seeds,
      @JsonProperty("starts") int starts,
      @JsonProperty("bootstrap") int bootstrap,
      @JsonProperty("resampling") String resampling,
      @JsonProperty("exclude") List<Map<String, List<String>>> exclude,
      @JsonProperty("include") List<Map<String, List<String>>> include) {
    this.inputs = axis("inputs", inputs, List.of());
    this.where = axis("where", where, List.of(""));
    this.losses = axis("losses", losses, List.of(""));
    this.holdouts = axis("holdouts", holdouts, List.of("none"));
    this.laws = axis("laws", laws, Laws.all().stream().map(law -> law.name()).toList());
    this.methods = axis("methods", methods, List.of("global"));
    this.objectives = axis("objectives", objectives, List.of("log"));
    this.seeds = axis("seeds", seeds, List.of(1L));
    this.starts = starts == 0 ? DEFAULT_STARTS : starts;
    this.bootstrap = bootstrap;
    this.resampling = resampling == null ? Resampling.PAIRS.label() : resampling;
    this.exclude = combinations("exclude", exclude);
    this.include = combinations("include", include);
    check();
  }

  private static <T> List<T> axis(String key, List<T> values, List<T> usual) {
    List<T> axis = values == null ? usual : values;
    if (axis.stream().anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException("key '%s' has an empty value".formatted(key));
    }
    if (axis.isEmpty()) {
      throw new IllegalArgumentException("key '%s' has no value".formatted(key));
    }
    if (Set.copyOf(axis).size() < axis.size()) {
      throw new IllegalArgumentException("key '%s' has a value twice".formatted(key));
    }
    return List.copyOf(axis);
  }

  /** Combinations whose axes exist, unchangeable. */
  private static List<Map<String, List<String>>> combinations(
      String key, List<Map<String, List<String>>> combinations) {
    if (combinations == null) {
      return List.of();
    }
    for (Map<String, List<String>> entry : combinations) {
      if (entry == null || entry.isEmpty()) {
        throw new IllegalArgumentException("key '%s' has an entry without an axis".formatted(key));
      }
      entry.forEach((name, values) -> {
        checked(key, () -> SweepAxis.named(name));
        axis(key, values, List.of());
      });
    }
    return combinations.stream()
        .map(entry ->
            entry.entrySet().stream()
                .collect(
                    Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, one -> List.copyOf(one.getValue()))))
        .toList();
  }

  private void check() {
    axes().forEach((axis, values) -> check(axis.key(), axis, values));
    included().forEach(entry -> entry.forEach((axis, values) -> check("include", axis, values)));
    checked("resampling", () -> Resampling.named(resampling));
    if (starts < 1) {
      throw new IllegalArgumentException("key 'starts' is %d, not positive".formatted(starts));
    }
    if (starts > InputLimits.STARTS) {
      throw new IllegalArgumentException(
          "key 'starts' is %,d, more than the %,d that are accepted"
              .formatted(starts, InputLimits.STARTS));
    }
    if (bootstrap < 0 || bootstrap > InputLimits.COUNT) {
      throw new IllegalArgumentException(
          "key 'bootstrap' is %,d; 0 to %,d are accepted".formatted(bootstrap, InputLimits.COUNT));
    }
    for (Map<SweepAxis, List<String>> combination : included()) {
      Map<SweepAxis, List<String>> all = axes();
      all.putAll(combination);
      checkLossIsNamed("include", all);
    }
    checkLossIsNamed("where", axes());
    checkSize();
  }

  /** Of the axes, and of each combination that is included. */
  private void checkSize() {
    long all = product(axes());
    for (Map<SweepAxis, List<String>> combination : included()) {
      Map<SweepAxis, List<String>> values = axes();
      values.putAll(combination);
      all += product(values);
    }
    if (all > InputLimits.COMBINATIONS) {
      throw new IllegalArgumentException(
          "the axes have more than the %,d combinations that are accepted; state several sweeps"
              .formatted(InputLimits.COMBINATIONS));
    }
  }

  /** How many combinations some axes have; the limit and one for any more. */
  private static long product(Map<SweepAxis, List<String>> axes) {
    long size = 1;
    for (List<String> values : axes.values()) {
      size = Math.min(InputLimits.COMBINATIONS + 1L, size * values.size());
    }
    return size;
  }

  private static void checkLossIsNamed(String key, Map<SweepAxis, List<String>> values) {
    if (values.get(SweepAxis.LOSS).contains("")
        && values.get(SweepAxis.WHERE).stream().anyMatch(filter -> filter.contains("{loss}"))) {
      throw new IllegalArgumentException(
          "key '%s' has {loss}, which needs every one of 'losses' to be named".formatted(key));
    }
  }

  private static void check(String key, SweepAxis axis, List<String> values) {
    for (String value : values) {
      checked(
          key,
          () -> {
            switch (axis) {
              case LAW -> StatedLaw.parse(value);
              case METHOD -> Method.named(value);
              case OBJECTIVE -> ObjectiveChoice.parse(value);
              case HOLDOUT -> HoldoutChoice.parse(value);
              case SEED -> Long.parseLong(value);
              case INPUT -> {
                Path _ = Path.of(value);
              }
              case LOSS, WHERE -> {}
            }
          });
    }
  }

  /** The values of every axis, as text. */
  Map<SweepAxis, List<String>> axes() {
    Map<SweepAxis, List<String>> axes = new EnumMap<>(SweepAxis.class);
    axes.put(SweepAxis.INPUT, inputs);
    axes.put(SweepAxis.LOSS, losses);
    axes.put(SweepAxis.WHERE, where);
    axes.put(SweepAxis.OBJECTIVE, objectives);
    axes.put(SweepAxis.SEED, seeds.stream().map(seed -> Long.toString(seed)).toList());
    axes.put(SweepAxis.LAW, laws);
    axes.put(SweepAxis.METHOD, methods);
    axes.put(SweepAxis.HOLDOUT, holdouts);
    return axes;
  }

  /** The files that tasks may read: of runs, and of laws. */
  public List<Path> files() {
    return Stream.concat(
            inputNames().stream(), values(SweepAxis.LAW, laws).filter(RunSource::isLawFile))
        .map(Path::of)
        .toList();
  }

  private Stream<String> values(SweepAxis axis, List<String> values) {
    return Stream.concat(
            values.stream(),
            included().stream().flatMap(entry -> entry.getOrDefault(axis, List.of()).stream()))
        .distinct();
  }

  /** The inputs of all tasks, as they are named. */
  List<String> inputNames() {
    return values(SweepAxis.INPUT, inputs).toList();
  }

  /** What is excluded, by axis. */
  List<Map<SweepAxis, List<String>>> excluded() {
    return byAxis(exclude);
  }

  /** What is included besides, by axis. */
  List<Map<SweepAxis, List<String>>> included() {
    return byAxis(include);
  }

  private static List<Map<SweepAxis, List<String>>> byAxis(
      List<Map<String, List<String>>> combinations) {
    return combinations.stream()
        .map(entry -> {
          Map<SweepAxis, List<String>> axes = new EnumMap<>(SweepAxis.class);
          entry.forEach((name, values) -> axes.put(SweepAxis.named(name), values));
          return axes;
        })
        .toList();
  }

  private static void checked(String key, Runnable check) {
    try {
      check.run();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          Shown.message("key '%s': %s".formatted(key, e.getMessage())), e);
    }
  }

  /** Begins a sweep of some files, everything else by default. */
  public static Builder of(String... inputs) {
    Builder builder = new Builder();
    builder.inputs = List.of(inputs);
    return builder;
  }

  /** A sweep to be changed into another. */
  public Builder but() {
    Builder builder = new Builder();
    builder.inputs = inputs;
    builder.where = where;
    builder.losses = losses;
    builder.holdouts = holdouts;
    builder.laws = laws;
    builder.methods = methods;
    builder.objectives = objectives;
    builder.seeds = seeds;
    builder.starts = starts;
    builder.bootstrap = bootstrap;
    builder.resampling = resampling;
    builder.exclude = exclude;
    builder.include = include;
    return builder;
  }

  /** Builds a sweep; what is not set has its default. */
  public static final class Builder {

    private List<String> inputs;
    private List<String> where;
    private List<String> losses;
    private List<String> holdouts;
    private List<String> laws;
    private List<String> methods;
    private List<String> objectives;
    private List<Long> seeds;
    private int starts;
    private int bootstrap;
    private String resampling;
    private List<Map<String, List<String>>> exclude;
    private List<Map<String, List<String>>> include;

    private Builder() {}

    /** Sets filters. */
    public Builder where(String... filters) {
      where = List.of(filters);
      return this;
    }

    /** Sets loss columns. */
    public Builder losses(String... columns) {
      losses = List.of(columns);
      return this;
    }

    /** Sets hold-outs. */
    public Builder holdouts(String... choices) {
      holdouts = List.of(choices);
      return this;
    }

    /** Sets laws. */
    public Builder laws(String... names) {
      laws = List.of(names);
      return this;
    }

    /** Sets methods. */
    public Builder methods(String... names) {
      methods = List.of(names);
      return this;
    }

    /** Sets objectives. */
    public Builder objectives(String... names) {
      objectives = List.of(names);
      return this;
    }

    /** Sets seeds. */
    public Builder seeds(Long... numbers) {
      seeds = List.of(numbers);
      return this;
    }

    /** Sets the starts per fit. */
    public Builder starts(int count) {
      starts = count;
      return this;
    }

    /** Sets the replicates per fit and how they are drawn. */
    public Builder bootstrap(int replicates, Resampling how) {
      bootstrap = replicates;
      resampling = how.label();
      return this;
    }

    /** Leaves out combinations, which give some axes some values. */
    public Builder exclude(List<Map<String, List<String>>> combinations) {
      exclude = combinations;
      return this;
    }

    /** Adds combinations, which give some axes other values. */
    public Builder include(List<Map<String, List<String>>> combinations) {
      include = combinations;
      return this;
    }

    /**
     * The sweep.
     *
     * @throws IllegalArgumentException naming the key and what is wrong with it
     */
    public SweepSpec build() {
      return new SweepSpec(
          inputs,
          where,
          losses,
          holdouts,
          laws,
          methods,
          objectives,
          seeds,
          starts,
          bootstrap,
          resampling,
          exclude,
          include);
    }
  }
}

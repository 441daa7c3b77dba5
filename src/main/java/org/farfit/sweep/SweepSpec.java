package org.farfit.sweep;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.farfit.data.InputLimits;
import org.farfit.data.Shown;
import org.farfit.fit.bootstrap.Resampling;
import org.farfit.law.Laws;

/**
 * A sweep: the product of its axes, less what is excluded. Every axis has a default, but for the
 * inputs. Immutable; what its maker wrote is read once, here.
 *
 * <pre>{@code
 * SweepSpec spec =
 *     SweepSpec.of("runs.csv").losses("L", "loss").laws("farseer", "chinchilla")
 *         .holdouts("size:1.9e9").bootstrap(200, Resampling.PAIRS).build();
 * try (Engine engine = Engines.open("auto")) {
 *   new LocalSweep(engine, 2)
 *       .run(spec, row -> System.out.println(row.key().law() + " " + row.result().mape()));
 * }
 * }</pre>
 *
 * @param axes the values of every axis
 * @param starts starts per fit
 * @param bootstrap replicates per fit, 0 for none
 * @param resampling how they are drawn
 * @param exclude combinations to leave out
 * @param include combinations to add to what is left, whose values need not be among those of the
 *     sweep
 */
public record SweepSpec(
    SweepAxes axes,
    int starts,
    int bootstrap,
    Resampling resampling,
    List<SweepAxes> exclude,
    List<SweepAxes> include)
    implements Serializable {

  /** Starts per fit unless told: four in five reach the best optimum. */
  public static final int DEFAULT_STARTS = 24;

  /**
   * Checks that numbers are within limits and combinations can be told.
   *
   * @throws IllegalArgumentException naming the key and what is wrong with it
   */
  public SweepSpec {
    exclude = List.copyOf(exclude);
    include = List.copyOf(include);
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
    long all = axes.size(InputLimits.COMBINATIONS);
    for (SweepAxes combination : include) {
      checkLossIsNamed("include", combination.or(axes));
      all += combination.or(axes).size(InputLimits.COMBINATIONS);
    }
    checkLossIsNamed("where", axes);
    if (all > InputLimits.COMBINATIONS) {
      throw new IllegalArgumentException(
          "the axes have more than the %,d combinations that are accepted; state several sweeps"
              .formatted(InputLimits.COMBINATIONS));
    }
  }

  private static void checkLossIsNamed(String key, SweepAxes axes) {
    if (axes.lacksLoss()) {
      throw new IllegalArgumentException(
          "key '%s' has {loss}, which needs every one of 'losses' to be named".formatted(key));
    }
  }

  /**
   * Reads a sweep as it is written; what is null, or a starts of 0, has its default.
   *
   * @param inputs files of runs
   * @param where filters on rows, each as in {@code --where}; {@code {loss}} stands for the loss
   *     column; an empty one keeps all
   * @param losses loss columns; an empty one is found by its usual names
   * @param holdouts as {@link org.farfit.analysis.HoldoutChoice} reads them
   * @param laws laws as in {@code --law}: names, law files, formulas
   * @param methods {@code global}, {@code regularised}, {@code piecewise}; a law that a method is
   *     not defined for is left out
   * @param objectives as {@link ObjectiveChoice} reads them
   * @param seeds of starts and replicates
   * @param exclude axes by name (input, where, loss, holdout, law, method, objective, seed), each
   *     with the values that are meant; an axis that is not named means all
   * @param include axes by name with their values; an axis that is not named has those of the sweep
   * @throws IllegalArgumentException naming the key and what is wrong with it
   */
  @JsonCreator
  static SweepSpec read(
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
    Map<SweepAxis, List<String>> axes = new EnumMap<>(SweepAxis.class);
    axes.put(SweepAxis.INPUT, inputs == null ? List.of() : inputs);
    axes.put(SweepAxis.LOSS, or(losses, List.of("")));
    axes.put(SweepAxis.WHERE, or(where, List.of("")));
    axes.put(SweepAxis.OBJECTIVE, or(objectives, List.of("log")));
    axes.put(SweepAxis.SEED, or(seeds, List.of(1L)).stream().map(SweepSpec::text).toList());
    axes.put(SweepAxis.LAW, or(laws, Laws.all().stream().map(law -> law.name()).toList()));
    axes.put(SweepAxis.METHOD, or(methods, List.of("global")));
    axes.put(SweepAxis.HOLDOUT, or(holdouts, List.of("none")));
    return new SweepSpec(
        SweepAxes.parse(axes, SweepAxis::key),
        starts == 0 ? DEFAULT_STARTS : starts,
        bootstrap,
        resampling == null ? Resampling.PAIRS : named(resampling),
        combinations("exclude", exclude),
        combinations("include", include));
  }

  private static <T> List<T> or(List<T> given, List<T> usual) {
    return given == null ? usual : given;
  }

  private static String text(Long number) {
    return number == null ? null : Long.toString(number);
  }

  private static Resampling named(String resampling) {
    try {
      return Resampling.named(resampling);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(Shown.message("key 'resampling': " + e.getMessage()), e);
    }
  }

  private static List<SweepAxes> combinations(
      String key, List<Map<String, List<String>>> combinations) {
    return combinations == null
        ? List.of()
        : combinations.stream().map(entry -> combination(key, entry)).toList();
  }

  private static SweepAxes combination(String key, Map<String, List<String>> entry) {
    if (entry == null || entry.isEmpty()) {
      throw new IllegalArgumentException("key '%s' has an entry without an axis".formatted(key));
    }
    Map<SweepAxis, List<String>> axes = new EnumMap<>(SweepAxis.class);
    entry.forEach((name, values) -> {
      try {
        axes.put(SweepAxis.named(name), values == null ? List.of() : values);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            Shown.message("key '%s': %s".formatted(key, e.getMessage())), e);
      }
    });
    return SweepAxes.parse(axes, axis -> key);
  }

  /** The files that tasks may read: of runs, and of laws. */
  public List<Path> files() {
    return Stream.concat(
            inputs(), all(SweepAxes::laws).filter(LawChoice::isFile).map(LawChoice::name))
        .map(Path::of)
        .toList();
  }

  private Stream<String> inputs() {
    return all(SweepAxes::inputs);
  }

  /** The values of an axis, those of the sweep and those that are included. */
  private <T> Stream<T> all(Function<SweepAxes, List<T>> axis) {
    return Stream.concat(Stream.of(axes), include.stream())
        .flatMap(each -> axis.apply(each).stream())
        .distinct();
  }

  /** Begins a sweep of some files, everything else by default. */
  public static Builder of(String... inputs) {
    return new Builder(List.of(inputs));
  }

  /** A sweep to be changed into another. */
  public Builder but() {
    return new Builder(this);
  }

  /** Builds a sweep; what is not set has its default. */
  public static final class Builder {

    private SweepAxes axes;
    private int starts;
    private int bootstrap;
    private Resampling resampling;
    private List<SweepAxes> exclude;
    private List<SweepAxes> include;

    private Builder(List<String> inputs) {
      this(read(inputs, null, null, null, null, null, null, null, 0, 0, null, null, null));
    }

    private Builder(SweepSpec before) {
      axes = before.axes;
      starts = before.starts;
      bootstrap = before.bootstrap;
      resampling = before.resampling;
      exclude = before.exclude;
      include = before.include;
    }

    private Builder with(SweepAxis axis, Stream<String> values) {
      axes = SweepAxes.parse(Map.of(axis, values.toList()), SweepAxis::key).or(axes);
      return this;
    }

    /** Sets filters. */
    public Builder where(String... filters) {
      return with(SweepAxis.WHERE, Stream.of(filters));
    }

    /** Sets loss columns. */
    public Builder losses(String... columns) {
      return with(SweepAxis.LOSS, Stream.of(columns));
    }

    /**
     * Sets hold-outs.
     *
     * @throws IllegalArgumentException if there is no such hold-out, as for every name below
     */
    public Builder holdouts(String... choices) {
      return with(SweepAxis.HOLDOUT, Stream.of(choices));
    }

    /** Sets laws. */
    public Builder laws(String... names) {
      return with(SweepAxis.LAW, Stream.of(names));
    }

    /** Sets methods. */
    public Builder methods(String... names) {
      return with(SweepAxis.METHOD, Stream.of(names));
    }

    /** Sets objectives. */
    public Builder objectives(String... names) {
      return with(SweepAxis.OBJECTIVE, Stream.of(names));
    }

    /** Sets seeds. */
    public Builder seeds(Long... numbers) {
      return with(SweepAxis.SEED, Stream.of(numbers).map(number -> Long.toString(number)));
    }

    /** Sets the starts per fit. */
    public Builder starts(int count) {
      starts = count;
      return this;
    }

    /** Sets the replicates per fit and how they are drawn. */
    public Builder bootstrap(int replicates, Resampling how) {
      bootstrap = replicates;
      resampling = how;
      return this;
    }

    /** Leaves out combinations, which give some axes some values. */
    public Builder exclude(List<Map<String, List<String>>> combinations) {
      exclude = combinations("exclude", combinations);
      return this;
    }

    /** Adds combinations, which give some axes other values. */
    public Builder include(List<Map<String, List<String>>> combinations) {
      include = combinations("include", combinations);
      return this;
    }

    /**
     * The sweep.
     *
     * @throws IllegalArgumentException naming the key and what is wrong with it
     */
    public SweepSpec build() {
      return new SweepSpec(axes, starts, bootstrap, resampling, exclude, include);
    }
  }
}

package org.farfit.sweep;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.farfit.fit.Method;
import org.farfit.fit.bootstrap.Resampling;
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
 * @param laws names of laws
 * @param methods {@code global}, {@code regularised}, {@code piecewise}; a law that a method is not
 *     defined for is left out
 * @param objectives {@code log} or {@code linear}, with {@code /huber:DELTA} for a robust loss
 * @param seeds of starts and replicates
 * @param starts starts per fit
 * @param bootstrap replicates per fit, 0 for none
 * @param resampling how they are drawn
 * @param exclude combinations to leave out: axis names (input, where, loss, holdout, law, method,
 *     objective, seed) and the values that must all match
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
    List<Map<String, String>> exclude) {

  /** Starts per fit unless told: four in five reach the best optimum. */
  public static final int DEFAULT_STARTS = 24;

  private static final Set<String> AXES =
      Set.of("input", "where", "loss", "holdout", "law", "method", "objective", "seed");

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
      @JsonProperty("exclude") List<Map<String, String>> exclude) {
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
    this.exclude = exclude == null ? List.of() : List.copyOf(exclude);
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

  private void check() {
    laws.forEach(law -> checked("laws", () -> Laws.named(law)));
    methods.forEach(method -> checked("methods", () -> Method.named(method)));
    objectives.forEach(objective -> checked("objectives", () -> SweepGroup.objective(objective)));
    holdouts.forEach(holdout -> checked("holdouts", () -> HoldoutChoice.parse(holdout)));
    checked("resampling", () -> Resampling.named(resampling));
    if (starts < 1) {
      throw new IllegalArgumentException("key 'starts' is %d, not positive".formatted(starts));
    }
    if (bootstrap < 0) {
      throw new IllegalArgumentException("key 'bootstrap' is %d".formatted(bootstrap));
    }
    if (losses.contains("") && where.stream().anyMatch(filter -> filter.contains("{loss}"))) {
      throw new IllegalArgumentException(
          "key 'where' has {loss}, which needs every one of 'losses' to be named");
    }
    for (Map<String, String> entry : exclude) {
      if (entry.isEmpty() || !AXES.containsAll(entry.keySet())) {
        throw new IllegalArgumentException(
            "key 'exclude' has %s, expected some of %s"
                .formatted(entry.keySet(), AXES.stream().sorted().toList()));
      }
    }
  }

  private static void checked(String key, Runnable check) {
    try {
      check.run();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("key '%s': %s".formatted(key, e.getMessage()), e);
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
    private List<Map<String, String>> exclude;

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

    /** Leaves out combinations. */
    public Builder exclude(List<Map<String, String>> combinations) {
      exclude = combinations;
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
          exclude);
    }
  }

  /** The groups of the sweep: the product of the axes, less what is excluded, in a fixed order. */
  public List<SweepGroup> groups() {
    List<SweepGroup> groups = new ArrayList<>();
    for (String input : inputs) {
      for (String loss : losses) {
        for (String filter : where) {
          for (String objective : objectives) {
            for (long seed : seeds) {
              for (String law : laws) {
                for (String method : methods) {
                  for (String holdout : holdouts) {
                    SweepGroup group =
                        new SweepGroup(
                            input,
                            filter,
                            loss,
                            holdout,
                            law,
                            method,
                            objective,
                            seed,
                            starts,
                            bootstrap,
                            resampling);
                    if (group.isDefined() && exclude.stream().noneMatch(group::matches)) {
                      groups.add(group);
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    return groups;
  }
}

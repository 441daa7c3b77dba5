package org.farfit.analysis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.farfit.fit.Surface;
import org.hipparchus.random.SobolSequenceGenerator;

/**
 * The values of some columns at which a surface is least, the others fixed, at a cost of at most a
 * budget; without a cost, the best values whatever they cost.
 *
 * <pre>{@code
 * List<Lever> over = List.of(Lever.of(runs, "N"), Lever.of(runs, "D"));
 * Cost cost = Cost.of("cost", "6*N*D + 2*N*1e13", runs.columns());
 * new ColumnAllocation(surface, new Question(over, Map.of("U", 1e12), Optional.of(cost), Goal.LEAST))
 *     .within(1e23).best().ifPresent(best -> System.out.println(best.row()));
 * }</pre>
 *
 * <p>One column, in which the cost grows, takes what the others leave of the budget; over the
 * others minima are searched for from many points, each followed to a root of all slopes ({@link
 * SmoothMinimum}) or, where that leads nowhere, to a kink ({@link KinkMinimum}). Where the surface
 * falls with a smaller cost, a minimum that costs less than the budget is looked for, too. {@link
 * Allocation} answers the same for N and D with closed forms.
 */
public final class ColumnAllocation {

  /** Points of a search for each column, in so many dimensions at most. */
  private static final int POINTS = 256;

  private static final int MOST_POINTS = 4096;

  /** So many of them are followed to their minimum, the best first ... */
  private static final int FOLLOWED = 12;

  /** ... that are apart by this share of the searched range. */
  private static final double APART = 0.1;

  /** So many starts from which no smooth minimum is found may lead to one at a kink. */
  private static final int KINKS = 3;

  /** Minima nearer than this on the scale of the search are one. */
  private static final double SAME = 1e-4;

  /** How far from its fitted values, on its scale, the column that takes the budget may be. */
  private static final double FAR = 70;

  private static final double ROOT = 1e-15;

  /** Steps in which a cost is looked at. */
  private static final int STEPS = 16;

  private final Surface surface;
  private final Question question;
  private final List<Lever> over;

  /** What is looked for. */
  public enum Goal {
    /** The least loss, or the least of any other column of positive numbers. */
    LEAST,
    /** The least of what may have any sign. */
    LEAST_SIGNED,
    /** The most, such as of an accuracy. */
    MOST;

    private double cost(double value) {
      return switch (this) {
        case LEAST -> Math.log(value);
        case LEAST_SIGNED -> value;
        case MOST -> -value;
      };
    }
  }

  /**
   * A question.
   *
   * @param over the columns to choose
   * @param at the values of the surface's other columns; those not named are at the centre of the
   *     runs
   * @param cost of a run in columns of both; empty if it does not matter
   * @param goal what is looked for
   */
  public record Question(List<Lever> over, Map<String, Double> at, Optional<Cost> cost, Goal goal) {

    /**
     * Checks that they fit together.
     *
     * @throws IllegalArgumentException if no column is to be chosen, one is also fixed, or the cost
     *     grows with none of them or depends on others
     */
    public Question {
      if (over.isEmpty()) {
        throw new IllegalArgumentException("no column to choose");
      }
      over = List.copyOf(over);
      at = Collections.unmodifiableMap(new LinkedHashMap<>(at));
      List<String> chosen = over.stream().map(Lever::column).toList();
      for (String column : chosen) {
        if (at.containsKey(column)) {
          throw new IllegalArgumentException(
              "'%s' is to be chosen and also fixed".formatted(column));
        }
      }
      for (String column : cost.map(Cost::columns).orElse(List.of())) {
        if (!chosen.contains(column) && !at.containsKey(column)) {
          throw new IllegalArgumentException(
              "the cost %s needs a value for '%s'".formatted(cost.orElseThrow().formula(), column));
        }
      }
      if (cost.isPresent() && spending(over, at, cost.get()) < 0) {
        throw new IllegalArgumentException(
            "the cost %s does not grow with %s"
                .formatted(cost.get().formula(), String.join(" or ", chosen)));
      }
    }

    /** Which column takes what is left of a budget: the last in which the cost grows. */
    private int spending() {
      return spending(over, at, cost.orElseThrow());
    }

    private static int spending(List<Lever> over, Map<String, Double> at, Cost cost) {
      SequencedMap<String, Double> middle = new LinkedHashMap<>(at);
      over.forEach(lever ->
          middle.put(lever.column(), lever.fromScale((lever.searchFrom() + lever.searchTo()) / 2)));
      return IntStream.range(0, over.size())
          .filter(k -> grows(over.get(k), middle, cost))
          .max()
          .orElse(-1);
    }

    /** Whether a cost grows with a column, the others being somewhere. */
    private static boolean grows(Lever lever, Map<String, Double> others, Cost cost) {
      double[] costs =
          IntStream.rangeClosed(0, STEPS)
              .mapToDouble(
                  i -> lever.searchFrom() + i * (lever.searchTo() - lever.searchFrom()) / STEPS)
              .map(scaled -> cost.of(with(others, lever, lever.fromScale(scaled))))
              .toArray();
      return IntStream.range(0, STEPS).allMatch(i -> costs[i + 1] > costs[i]);
    }

    private double costOf(Map<String, Double> row) {
      return cost.map(each -> each.of(row)).orElse(Double.NaN);
    }
  }

  /** A question asked of a surface. */
  public ColumnAllocation(Surface surface, Question question) {
    this.surface = surface;
    this.question = question;
    this.over = question.over();
  }

  /**
   * The best values.
   *
   * @param row all columns that were chosen or fixed, the former first
   * @param cost of a run; NaN if none was said
   * @param value what the surface gives there
   * @param factorBeyond by which factor a chosen column lies outside of the fitted runs; 1 inside
   */
  public record Best(
      SequencedMap<String, Double> row, double cost, double value, double factorBeyond) {}

  /**
   * An answer.
   *
   * @param best the best values, if there are any inside the searched range
   * @param others further minima, from the best on
   * @param problem why there are none, or what else is better
   */
  public record Answer(Optional<Best> best, List<Best> others, Optional<String> problem) {

    private static Answer none(String problem) {
      return new Answer(Optional.empty(), List.of(), Optional.of(problem));
    }
  }

  /** The best values whatever they cost. */
  public Answer anywhere() {
    return new Search(over, OptionalDouble.empty(), -1).whole();
  }

  /**
   * The best values for a budget.
   *
   * @param budget in the unit of the cost, positive
   * @throws IllegalStateException if there is no cost
   */
  public Answer within(double budget) {
    Answer spent = spending(budget).whole();
    if (spent.best().filter(this::isPastOptimum).isPresent()) {
      Answer free = anywhere();
      if (free.best().filter(best -> best.cost() <= budget).isPresent()) {
        return free;
      }
    }
    return spent;
  }

  /** Whether spending less than for these values would be better. */
  private boolean isPastOptimum(Best best) {
    int k = question.spending();
    Lever lever = over.get(k);
    double scaled = lever.toScale(best.row().get(lever.column()));
    return LogSlope.of(
            x -> question.goal().cost(surface.at(with(best.row(), lever, lever.fromScale(x)))),
            scaled)
        > 0;
  }

  /**
   * The best values on a surface that resembles one whose best are known, such as a bootstrap
   * replicate; empty if there are none.
   *
   * @param budget as of {@link #within}; empty for {@link #anywhere}
   * @param known what is known
   */
  public Optional<Best> near(OptionalDouble budget, Best known) {
    boolean spent = budget.isPresent() && known.cost() >= budget.getAsDouble() * (1 - 1e-9);
    Search search =
        spent ? spending(budget.getAsDouble()) : new Search(over, OptionalDouble.empty(), -1);
    Optional<Best> found = search.from(known);
    return found.isPresent()
        ? found
        : (budget.isPresent() ? within(budget.getAsDouble()) : anywhere()).best();
  }

  private Search spending(double budget) {
    if (question.cost().isEmpty()) {
      throw new IllegalStateException("a budget needs a cost");
    }
    int k = question.spending();
    List<Lever> free = new ArrayList<>(over);
    free.remove(k);
    return new Search(free, OptionalDouble.of(budget), k);
  }

  private static SequencedMap<String, Double> with(
      Map<String, Double> row, Lever lever, double value) {
    SequencedMap<String, Double> changed = new LinkedHashMap<>(row);
    changed.put(lever.column(), value);
    return changed;
  }

  /** A search over columns that are free, one more being what a budget leaves. */
  private final class Search {

    private final List<Lever> free;
    private final OptionalDouble budget;
    private final int spent;
    private final ToDoubleFunction<double[]> objective;
    private final double[] low;
    private final double[] high;

    Search(List<Lever> free, OptionalDouble budget, int spent) {
      this.free = free;
      this.budget = budget;
      this.spent = spent;
      this.objective =
          scaled ->
              row(scaled).map(row -> question.goal().cost(surface.at(row))).orElse(Double.NaN);
      this.low = free.stream().mapToDouble(Lever::searchFrom).toArray();
      this.high = free.stream().mapToDouble(Lever::searchTo).toArray();
    }

    /** All columns at a point of the free ones; empty where the budget suffices for nothing. */
    private Optional<SequencedMap<String, Double>> row(double[] scaled) {
      Map<String, Double> chosen = new LinkedHashMap<>(question.at());
      for (int j = 0; j < scaled.length; j++) {
        chosen.put(free.get(j).column(), free.get(j).fromScale(scaled[j]));
      }
      if (budget.isPresent()) {
        Lever taking = over.get(spent);
        OptionalDouble left = left(chosen, taking);
        if (left.isEmpty()) {
          return Optional.empty();
        }
        chosen.put(taking.column(), left.getAsDouble());
      }
      SequencedMap<String, Double> row = new LinkedHashMap<>();
      over.forEach(lever -> row.put(lever.column(), chosen.get(lever.column())));
      chosen.forEach(row::putIfAbsent);
      return Optional.of(row);
    }

    private OptionalDouble left(Map<String, Double> chosen, Lever taking) {
      double logBudget = Math.log(budget.getAsDouble());
      Map<String, Double> row = new LinkedHashMap<>(chosen);
      OptionalDouble root =
          Roots.between(
              scaled -> {
                row.put(taking.column(), taking.fromScale(scaled));
                // Where a run costs nothing, or less, the budget is far from spent.
                double logCost = Math.log(Math.max(question.costOf(row), Double.MIN_NORMAL));
                return logCost - logBudget;
              },
              taking.searchFrom() - (taking.isPositive() ? FAR : 0),
              taking.searchTo() + (taking.isPositive() ? FAR : 0),
              ROOT,
              ROOT);
      return root.isPresent()
          ? OptionalDouble.of(taking.fromScale(root.getAsDouble()))
          : OptionalDouble.empty();
    }

    private Best best(double[] scaled) {
      SequencedMap<String, Double> row = row(scaled).orElseThrow();
      return new Best(
          row,
          question.costOf(row),
          surface.at(row),
          over.stream()
              .mapToDouble(lever -> lever.factorBeyond(row.get(lever.column())))
              .max()
              .orElse(1));
    }

    Optional<Best> from(Best known) {
      double[] start =
          free.stream()
              .mapToDouble(lever -> lever.toScale(known.row().get(lever.column())))
              .toArray();
      if (start.length == 0) {
        return whole().best();
      }
      return new SmoothMinimum(objective, low, high)
          .from(start)
          .or(() -> new KinkMinimum(objective, low, high).from(start))
          .filter(end -> end.left() < 0)
          .map(end -> best(end.at()));
    }

    Answer whole() {
      if (free.isEmpty()) {
        double[] nothing = {};
        return Double.isNaN(objective.applyAsDouble(nothing))
            ? Answer.none("the budget suffices for no run")
            : new Answer(Optional.of(best(nothing)), List.of(), Optional.empty());
      }
      List<double[]> starts = starts();
      if (starts.isEmpty()) {
        return Answer.none("the surface has no value at what the budget suffices for");
      }
      SmoothMinimum minimum = new SmoothMinimum(objective, low, high);
      List<SmoothMinimum.End> ends = new ArrayList<>();
      List<double[]> unsmooth = new ArrayList<>();
      for (double[] start : starts) {
        Optional<SmoothMinimum.End> end = minimum.from(start);
        if (end.isEmpty()) {
          unsmooth.add(start);
        }
        end.filter(each -> isNew(each, ends)).ifPresent(ends::add);
      }
      KinkMinimum atKinks = new KinkMinimum(objective, low, high);
      for (double[] start : unsmooth.subList(0, Math.min(KINKS, unsmooth.size()))) {
        atKinks.from(start).filter(each -> isNew(each, ends)).ifPresent(ends::add);
      }
      ends.sort(Comparator.comparingDouble(SmoothMinimum.End::value));
      List<SmoothMinimum.End> inside = ends.stream().filter(end -> end.left() < 0).toList();
      if (inside.isEmpty()) {
        return Answer.none(
            ends.isEmpty()
                ? "where it is best the surface is flat, or falls for ever"
                : "no optimum inside: " + edge(ends.getFirst()));
      }
      List<Best> all = inside.stream().map(end -> best(end.at())).toList();
      return new Answer(
          Optional.of(all.getFirst()),
          all.subList(1, all.size()),
          ends.getFirst().left() < 0
              ? Optional.empty()
              : Optional.of("far from the optimum " + edge(ends.getFirst())));
    }

    private String edge(SmoothMinimum.End end) {
      int j = end.left();
      Lever lever = free.get(j);
      return "the surface keeps %s towards %s %s, as far as %.3g"
          .formatted(
              question.goal() == Goal.MOST ? "rising" : "falling",
              end.at()[j] > high[j] ? "larger" : "smaller",
              lever.column(),
              lever.fromScale(end.at()[j]));
    }

    private boolean isNew(SmoothMinimum.End end, List<SmoothMinimum.End> others) {
      return others.stream()
          .noneMatch(other ->
              other.left() == end.left()
                  && IntStream.range(0, free.size())
                      .allMatch(j -> Math.abs(other.at()[j] - end.at()[j]) < SAME));
    }

    /** The best of points that are spread evenly over the searched range. */
    private List<double[]> starts() {
      int m = free.size();
      int points = Math.min(MOST_POINTS, POINTS << (m - 1));
      SobolSequenceGenerator even = new SobolSequenceGenerator(m);
      even.skipTo(1);
      List<double[]> spread = new ArrayList<>();
      double[] values = new double[points];
      for (int i = 0; i < points; i++) {
        double[] point = even.nextVector();
        for (int j = 0; j < m; j++) {
          point[j] = low[j] + point[j] * (high[j] - low[j]);
        }
        values[i] = objective.applyAsDouble(point);
        spread.add(point);
      }
      List<double[]> starts = new ArrayList<>();
      IntStream.range(0, points)
          .filter(i -> Double.isFinite(values[i]))
          .boxed()
          .sorted(Comparator.comparingDouble(i -> values[i]))
          .map(spread::get)
          .filter(point -> starts.stream().allMatch(other -> isApart(point, other)))
          .limit(FOLLOWED)
          .forEachOrdered(starts::add);
      return starts;
    }

    private boolean isApart(double[] a, double[] b) {
      return IntStream.range(0, a.length)
          .anyMatch(j -> Math.abs(a[j] - b[j]) > APART * (high[j] - low[j]));
    }
  }
}

package org.farfit.analysis.inference;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.farfit.analysis.Allocation;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.SurfaceRange;
import org.farfit.data.RunSet;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.statistics.LinearPropagation;
import org.farfit.law.Law;
import org.farfit.solver.Parallel;

/**
 * Numbers that a surface determines and that people decide on: what intervals are made for.
 *
 * @param items what the numbers are
 * @param values computes them from a surface, as many as there are items; NaN where a surface has
 *     no such number, such as an optimum that is not interior
 * @param optimum that these are N*, D*, D*{@literal /}N* and the loss of; empty if they are of none
 * @param derivatives of the values on their scales by the centred parameters of a fit, p x as many
 *     as there are items, where these are known; empty where they are taken by differences
 * @param parts those whose numbers, one after the other, these are; empty if they are one whole.
 *     What is asked of one number then costs no more than its part
 */
public record Estimands(
    List<Item> items,
    Function<Surface, double[]> values,
    Optional<OptimalSize> optimum,
    Optional<Function<FittedSurface, double[][]>> derivatives,
    List<Estimands> parts) {

  /** Numbers that are computed together. */
  public Estimands(List<Item> items, Function<Surface, double[]> values) {
    this(items, values, Optional.empty(), Optional.empty(), List.of());
  }

  /** Numbers that are computed one part after the other. */
  private static Estimands joined(List<Estimands> parts) {
    return new Estimands(
        parts.stream().flatMap(part -> part.items.stream()).toList(),
        surface ->
            parts.stream().flatMapToDouble(p -> Arrays.stream(p.values.apply(surface))).toArray(),
        Optional.empty(),
        Optional.empty(),
        List.copyOf(parts));
  }

  /**
   * One number.
   *
   * @param name what tables call it
   * @param positive whether it is a scale: then intervals that are not invariant are made for its
   *     logarithm
   * @param ofSlopes whether it is where slopes of the loss balance, as an optimum's N and D
   */
  public record Item(String name, boolean positive, boolean ofSlopes) {

    /** A number that is none of slopes. */
    public Item(String name, boolean positive) {
      this(name, positive, false);
    }

    double toScale(double value) {
      return positive ? Math.log(value) : value;
    }

    double fromScale(double value) {
      return positive ? Math.exp(value) : value;
    }
  }

  /**
   * A point that a surface is asked at.
   *
   * @param n parameters; NaN for a law without N
   * @param d tokens; NaN for a law without D
   * @param further further columns of the law; those that are not named are at the centre
   */
  public record Point(double n, double d, Map<String, Double> further) {

    /** A point of the plane of N and D. */
    public Point(double n, double d) {
      this(n, d, Map.of());
    }

    /** The number of a column; NaN if it is not said. */
    public double value(String column) {
      return switch (column) {
        case "N" -> n;
        case "D" -> d;
        default -> further.getOrDefault(column, Double.NaN);
      };
    }

    /** A point by its columns, N and D among them where the law has these. */
    public static Point of(Map<String, Double> columns) {
      Map<String, Double> further = new LinkedHashMap<>(columns);
      Double n = further.remove(RunSet.N);
      Double d = further.remove(RunSet.D);
      return new Point(n == null ? Double.NaN : n, d == null ? Double.NaN : d, further);
    }

    /** The point of a run, by the columns of a law and N and D where the run has these. */
    public static Point of(RunSet runs, int run, List<String> columns) {
      Map<String, Double> values = new LinkedHashMap<>();
      values.put(RunSet.N, runs.n(run));
      values.put(RunSet.D, runs.d(run));
      double[] row = runs.row(columns, run);
      for (int c = 0; c < row.length; c++) {
        values.put(columns.get(c), row[c]);
      }
      return of(values);
    }

    /** Its columns, N and D among them. */
    public Map<String, Double> columns() {
      Map<String, Double> columns = new LinkedHashMap<>();
      if (!Double.isNaN(n)) {
        columns.put(RunSet.N, n);
      }
      if (!Double.isNaN(d)) {
        columns.put(RunSet.D, d);
      }
      columns.putAll(further);
      return columns;
    }

    /** What a surface predicts there. */
    public double on(Surface surface) {
      return surface.fixing(further).loss(n, d);
    }

    private String name() {
      StringJoiner name = new StringJoiner(", ");
      if (!Double.isNaN(n)) {
        name.add("N = %.4g".formatted(n));
      }
      if (!Double.isNaN(d)) {
        name.add("D = %.4g".formatted(d));
      }
      further.forEach((column, value) -> name.add("%s = %.4g".formatted(column, value)));
      return name.toString();
    }
  }

  /**
   * The same numbers of surfaces whose columns besides N and D are fixed somewhere.
   *
   * @param columns where; those not named are at the centre of the runs
   */
  public Estimands fixing(Map<String, Double> columns) {
    return columns.isEmpty()
        ? this
        : new Estimands(
            items,
            surface -> values.apply(surface.fixing(columns)),
            optimum.map(each -> each.fixing(columns)),
            derivatives.map(each -> surface -> each.apply(surface.fixing(columns))),
            parts.stream().map(part -> part.fixing(columns)).toList());
  }

  /**
   * The same where optima are those of a surface and stay there: losses of optima are then losses
   * at points, which have the same derivatives on that surface, and have some on surfaces without
   * an optimum, too.
   */
  Estimands atOptimaOf(FittedSurface surface) {
    return parts.isEmpty()
        ? optimum
            .map(size ->
                new Estimands(
                    items,
                    values,
                    Optional.empty(),
                    Optional.of(size.derivativesOfLossAtOptimumOf(surface)),
                    List.of()))
            .orElse(this)
        : joined(parts.stream().map(part -> part.atOptimaOf(surface)).toList());
  }

  /** One of the numbers alone. */
  public Estimands only(int k) {
    int before = 0;
    for (Estimands part : parts) {
      if (k < before + part.size()) {
        return part.only(k - before);
      }
      before += part.size();
    }
    return size() == 1
        ? this
        : new Estimands(
            List.of(items.get(k)),
            surface -> new double[] {values.apply(surface)[k]},
            Optional.empty(),
            derivatives.map(each ->
                surface ->
                    Arrays.stream(each.apply(surface))
                        .map(row -> new double[] {row[k]})
                        .toArray(double[][]::new)),
            List.of());
  }

  /** Whether optima for a budget are among them. */
  private boolean hasOptima() {
    return optimum.isPresent() || parts.stream().anyMatch(Estimands::hasOptima);
  }

  /**
   * Puts intervals of optima, which are by their slopes ({@link OptimalSize}), in the place of
   * others.
   *
   * @param intervals of all numbers, changed
   * @param found intervals of N*, D* and D*{@literal /}N* of an optimum, given all of its own
   */
  void replaceOptima(
      List<Interval> intervals, BiFunction<OptimalSize, List<Interval>, List<Interval>> found) {
    optimum.ifPresent(size -> {
      List<Interval> own = found.apply(size, List.copyOf(intervals));
      for (int k = 0; k < own.size(); k++) {
        intervals.set(k, own.get(k));
      }
    });
    int first = 0;
    for (Estimands part : parts) {
      part.replaceOptima(intervals.subList(first, first + part.size()), found);
      first += part.size();
    }
  }

  /** The values, where optima that a surface has not are beyond every bound. */
  double[] limits(Surface surface) {
    return parts.isEmpty()
        ? optimum.map(size -> size.limits(surface)).orElseGet(() -> values.apply(surface))
        : parts.stream().flatMapToDouble(p -> Arrays.stream(p.limits(surface))).toArray();
  }

  /** Values on several surfaces in which optima that a surface has not are beyond every bound. */
  double[][] limits(List<? extends Surface> surfaces, double[][] values) {
    if (!hasOptima()) {
      return values;
    }
    double[][] limits = values.clone();
    Parallel.forEach(
        limits.length,
        Runtime.getRuntime().availableProcessors(),
        b -> {
          if (Arrays.stream(values[b]).anyMatch(Double::isNaN)) {
            limits[b] = limits(surfaces.get(b));
          }
        });
    return limits;
  }

  /** The part without parts that a number belongs to, and which number is its first. */
  private record Place(Estimands part, int first) {}

  private Place place(int k) {
    int before = 0;
    for (Estimands part : parts) {
      if (k < before + part.size()) {
        Place within = part.place(k - before);
        return new Place(within.part, before + within.first);
      }
      before += part.size();
    }
    return new Place(this, 0);
  }

  /** The first number of the part that one of them belongs to. */
  int firstOfPart(int k) {
    return place(k).first;
  }

  /** The number that an interval of another follows from: N* for D* and D*{@literal /}N*. */
  int determining(int k) {
    return items.get(k).ofSlopes() ? firstOfPart(k) : k;
  }

  /** The interval of N*, D* or D*{@literal /}N* that follows from that of N*. */
  Interval determined(int k, Interval sizes) {
    Place own = place(k);
    return own.part.optimum.orElseThrow().bySizes(sizes).get(k - own.first);
  }

  /** An interval of one of the numbers, see {@link OptimalSize#bounded}. */
  Interval bounded(int k, Interval interval) {
    Place own = place(k);
    return own.part.optimum.map(size -> size.bounded(k - own.first, interval)).orElse(interval);
  }

  /** The values, each on its scale. */
  public double[] scaled(Surface surface) {
    double[] scaled = values.apply(surface);
    for (int k = 0; k < scaled.length; k++) {
      scaled[k] = items.get(k).toScale(scaled[k]);
    }
    return scaled;
  }

  /** How many numbers there are. */
  public int size() {
    return items.size();
  }

  /** The values, each on its scale, as a function of the centred parameters of a surface. */
  UnaryOperator<double[]> scaledAround(FittedSurface surface) {
    return centred ->
        scaled(FittedSurface.of(surface.law(), surface.centre(), centred, surface.runs()));
  }

  /**
   * Derivatives of the values on their scales by the centred parameters of a surface.
   *
   * @return p x size
   */
  public double[][] gradient(FittedSurface surface) {
    if (derivatives.isPresent()) {
      return derivatives.get().apply(surface);
    }
    if (parts.isEmpty()) {
      return LinearPropagation.gradient(scaledAround(surface), surface.centredArray());
    }
    double[][] gradient = new double[surface.law().parameterCount()][size()];
    int before = 0;
    for (Estimands part : parts) {
      double[][] own = part.gradient(surface);
      for (int j = 0; j < own.length; j++) {
        System.arraycopy(own[j], 0, gradient[j], before, part.size());
      }
      before += part.size();
    }
    return gradient;
  }

  /**
   * Standard errors by linear propagation, on the scale of each number.
   *
   * @param covariance of the centred parameters of the surface, p x p
   * @return not numbers without a covariance
   */
  public double[] errors(FittedSurface surface, Optional<double[][]> covariance) {
    return covariance
        .map(known -> LinearPropagation.errors(gradient(surface), known))
        .orElseGet(() -> {
          double[] unknown = new double[size()];
          Arrays.fill(unknown, Double.NaN);
          return unknown;
        });
  }

  /** The values on each of several surfaces: one array per surface. */
  double[][] on(List<? extends Surface> surfaces, int threads) {
    double[][] found = new double[surfaces.size()][];
    Parallel.forEach(found.length, threads, i -> found[i] = values.apply(surfaces.get(i)));
    return found;
  }

  /** The loss at some points. */
  public static Estimands losses(List<Point> points) {
    return joined(points.stream().map(Estimands::loss).toList());
  }

  /** What is predicted at some points, which may be of any sign. */
  public static Estimands values(List<Point> points) {
    return joined(
        points.stream()
            .map(point ->
                new Estimands(
                    List.of(new Item("value at " + point.name(), false)),
                    surface -> new double[] {point.on(surface)}))
            .toList());
  }

  private static Estimands loss(Point point) {
    return new Estimands(
        List.of(new Item("loss at " + point.name(), true)),
        surface -> new double[] {point.on(surface)},
        Optional.empty(),
        Optional.of(surface -> derivativesOfLoss(surface, point)),
        List.of());
  }

  /** Of ln L, which the law knows. */
  private static double[][] derivativesOfLoss(FittedSurface surface, Point point) {
    double[] gradient = new double[surface.law().parameterCount()];
    surface.fixing(point.further()).logLoss(point.n(), point.d(), gradient);
    return Arrays.stream(gradient).mapToObj(each -> new double[] {each}).toArray(double[][]::new);
  }

  /** The published parameters of a law; surfaces must be of that law. */
  public static Estimands parameters(Law law) {
    return new Estimands(
        law.parameterNames().stream().map(name -> new Item(name, false)).toList(),
        surface -> ((FittedSurface) surface).published());
  }

  /** The centred parameters of a law; surfaces must be of that law. */
  public static Estimands centred(Law law) {
    return new Estimands(
        law.centredNames().stream().map(name -> new Item(name, false)).toList(),
        surface -> ((FittedSurface) surface).centredArray());
  }

  /** What {@link #optima} gives per budget, in this order. */
  public static final List<String> OPTIMUM = List.of("N*", "D*", "D*/N*", "loss");

  /**
   * For each budget the compute-optimal N, D, D/N and the loss there.
   *
   * @param flops budgets in FLOPs
   * @param near the optimum of the fit for each budget, where the search begins; NaN if unknown
   */
  public static Estimands optima(
      SurfaceRange range, ComputeModel compute, double[] flops, double[] near) {
    return joined(
        IntStream.range(0, flops.length)
            .mapToObj(i -> optimum(range, compute, flops[i], near[i]))
            .toList());
  }

  private static Estimands optimum(
      SurfaceRange range, ComputeModel compute, double budget, double near) {
    OptimalSize size = new OptimalSize(range, compute, budget, near, Map.of());
    return new Estimands(
        OPTIMUM.stream()
            .map(name ->
                new Item("%s at C = %.4g".formatted(name, budget), true, !name.equals("loss")))
            .toList(),
        size::values,
        Optional.of(size),
        Optional.of(size::derivatives),
        List.of());
  }

  /**
   * The compute at whose optimum a loss is reached.
   *
   * @param known the optimum of the fit that reaches it
   */
  public static Estimands requiredCompute(
      SurfaceRange range, ComputeModel compute, double target, Allocation.Point known) {
    return new Estimands(
        List.of(new Item("C for loss %.6g".formatted(target), true)),
        surface ->
            new double[] {
              new Allocation(surface, range, compute).computeFor(target, known).orElse(Double.NaN)
            });
  }
}

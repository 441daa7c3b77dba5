package org.farfit.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.formula.Derivation;
import org.farfit.formula.Derivations;
import org.farfit.formula.FewValues;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.LawCoordinates;
import org.farfit.formula.Model;
import org.farfit.formula.Schedule;
import org.farfit.law.Centre;

/**
 * What all problems of a batch share when a law is a formula: its derivation, the runs, and which
 * parameters each run has. Immutable.
 *
 * <p>Runs are divided into parts: one per response and combination of categories that parameters
 * are indexed by. A part knows which parameter of the problem each parameter of the formula is.
 */
public final class FormulaProblem implements ScheduledProblem {

  /** Values to sixteen runs above which what depends on a column alone is computed by run. */
  private static final int MANY_VALUES = 12;

  /**
   * Runs whose response is computed with the same parameters.
   *
   * @param response which response
   * @param parameters for each parameter of the formula, that of the problem
   * @param runs their places in the data
   */
  public record Part(
      int response, int[] parameters, int[] runs, ScheduleInputs inputs, double[] target) {}

  private final Derivation derivation;
  private final Objective objective;
  private final WeightTable weights;
  private final Function<String, double[]> columns;
  private final IntFunction<String> places;
  private final List<String> names;
  private final List<Integer> templates;
  private final List<Part> parts;
  private final double[] centres;
  private final BitSet fixed;
  private final Optional<PriorTable> prior;
  private final List<LossTable> losses;
  private final Optional<SharedSizes> shared;

  /**
   * A problem.
   *
   * @param weights rows over the runs
   * @throws InputException if an expression of columns is not finite for a run, or a response is
   *     not positive though residuals are of logarithms
   */
  public FormulaProblem(
      Derivation derivation, FormulaRuns runs, Objective objective, WeightTable weights) {
    this.derivation = derivation;
    this.objective = objective;
    this.weights = weights;
    this.columns = runs::column;
    this.places = runs::place;
    Model model = derivation.model();
    this.centres = runs.centres(model.columns());
    Map<String, Integer> numbers = new LinkedHashMap<>();
    List<Integer> templateOf = new ArrayList<>();
    for (int j = 0; j < model.parameters().size(); j++) {
      Model.Parameter parameter = model.parameters().get(j);
      for (List<String> categories : runs.categories(parameter.indices())) {
        numbers.put(name(parameter, categories), numbers.size());
        templateOf.add(j);
      }
    }
    this.names = List.copyOf(numbers.keySet());
    this.templates = List.copyOf(templateOf);
    PartBinder binder = new PartBinder(model.columns(), columns, places, centres);
    List<Part> made = new ArrayList<>();
    List<String> indices = model.indices();
    for (int r = 0; r < model.responses().size(); r++) {
      for (List<String> categories : runs.categories(indices)) {
        int[] members = runs.withCategories(indices, categories);
        int[] own =
            model.parameters().stream()
                .mapToInt(parameter ->
                    numbers.get(name(parameter, chosen(parameter, indices, categories))))
                .toArray();
        made.add(
            binder.part(
                derivation, r, own, members, runs.response(model.responses().get(r).name())));
      }
    }
    this.parts = List.copyOf(made);
    this.fixed = new BitSet();
    this.prior = Optional.empty();
    this.losses = List.of();
    this.shared = Optional.empty();
  }

  private FormulaProblem(
      FormulaProblem other,
      BitSet fixed,
      Optional<PriorTable> prior,
      List<LossTable> losses,
      Optional<SharedSizes> shared) {
    this.derivation = other.derivation;
    this.objective = other.objective;
    this.weights = other.weights;
    this.columns = other.columns;
    this.places = other.places;
    this.names = other.names;
    this.templates = other.templates;
    this.parts = other.parts;
    this.centres = other.centres;
    this.fixed = fixed;
    this.prior = prior;
    this.losses = losses;
    this.shared = shared;
  }

  /**
   * The problem of a law that is fitted to runs.
   *
   * @param centre what coordinates refer to
   * @param weights rows over the runs
   * @throws InputException as the other
   * @throws IllegalArgumentException if the law's coordinates are made for residuals of the other
   *     kind
   */
  public FormulaProblem(
      FormulaLaw law, Centre centre, RunSet runs, Objective objective, WeightTable weights) {
    boolean log = objective.residual() == Objective.Residual.LOG;
    if (law.logResiduals() != log) {
      throw new IllegalArgumentException(
          "the coordinates of %s are for residuals of %s"
              .formatted(law.name(), log ? "losses" : "logarithms"));
    }
    Model model = law.model();
    this.derivation = Derivations.of(model, log, grouped(model, runs::column, runs.size()));
    this.objective = objective;
    this.weights = weights;
    this.columns = runs::column;
    this.places = runs::place;
    this.centres = model.columns().stream().mapToDouble(centre::value).toArray();
    this.names = law.parameterNames();
    this.templates = law.templates();
    Map<List<Integer>, List<Integer>> members = new TreeMap<>(FormulaProblem::compare);
    for (int i = 0; i < runs.size(); i++) {
      double[] row = runs.row(law.columns(), i);
      List<Integer> kind = new ArrayList<>(List.of(law.response(row)));
      Arrays.stream(law.contextAt(row)).forEach(kind::add);
      members.computeIfAbsent(kind, key -> new ArrayList<>()).add(i);
    }
    double[] measured = runs.loss();
    PartBinder binder = new PartBinder(model.columns(), columns, places, centres);
    List<Part> made = new ArrayList<>();
    members.forEach((kind, which) ->
        made.add(
            binder.part(
                derivation,
                kind.getFirst(),
                ints(kind.subList(1, kind.size())),
                ints(which),
                measured)));
    this.parts = List.copyOf(made);
    this.fixed = new BitSet();
    this.prior = Optional.empty();
    this.losses = List.of();
    this.shared = Optional.empty();
  }

  private static int compare(List<Integer> a, List<Integer> b) {
    return Arrays.compare(ints(a), ints(b));
  }

  private FormulaProblem(FormulaProblem whole, int[] component) {
    losses = whole.losses;
    shared = whole.shared;
    prior = whole.prior.map(table -> table.of(component));
    fixed = new BitSet();
    for (int j = 0; j < component.length; j++) {
      fixed.set(j, whole.fixed.get(component[j]));
    }
    derivation = whole.derivation;
    objective = whole.objective;
    weights = whole.weights;
    columns = whole.columns;
    places = whole.places;
    centres = whole.centres;
    names = Arrays.stream(component).mapToObj(whole.names::get).toList();
    templates = Arrays.stream(component).mapToObj(whole.templates::get).toList();
    int[] number = new int[whole.names.size()];
    Arrays.fill(number, -1);
    for (int j = 0; j < component.length; j++) {
      number[component[j]] = j;
    }
    parts =
        whole.parts.stream()
            .filter(part -> whole.uses(part, number))
            .map(part ->
                new Part(
                    part.response(),
                    Arrays.stream(part.parameters()).map(j -> number[j]).toArray(),
                    part.runs(),
                    part.inputs(),
                    part.target()))
            .toList();
  }

  private boolean uses(Part part, int[] number) {
    return Arrays.stream(derivation.schedules().get(part.response()).inputs())
        .anyMatch(j -> number[part.parameters()[j]] >= 0);
  }

  /**
   * The problem of one of the {@link #components}; parameters of others have the number -1.
   *
   * @param component places of its parameters among those of the problem, ascending
   */
  public FormulaProblem component(int[] component) {
    return new FormulaProblem(this, component);
  }

  /**
   * The same problem with some parameters fixed where they start: they have no gradient, no
   * products with others, and a one on the diagonal.
   *
   * @param parameters numbers of parameters of the problem
   */
  public FormulaProblem fixing(Collection<Integer> parameters) {
    BitSet set = new BitSet();
    parameters.forEach(j -> set.set(Objects.checkIndex(j, parameterCount())));
    return new FormulaProblem(this, set, prior, losses, shared);
  }

  /**
   * The same problem with priors on coordinates.
   *
   * @param priors as many rows as the weight table has
   * @throws IllegalArgumentException if the number of rows or parameters differs
   */
  public FormulaProblem withPrior(PriorTable priors) {
    if (priors.rows() != weights.rows() || priors.parameters() != parameterCount()) {
      throw new IllegalArgumentException(
          "%d rows of %d priors for %d of weights and %d parameters"
              .formatted(priors.rows(), priors.parameters(), weights.rows(), parameterCount()));
    }
    Optional<PriorTable> pulling = priors.isFlat() ? Optional.empty() : Optional.of(priors);
    return new FormulaProblem(this, fixed, pulling, losses, shared);
  }

  /**
   * The same problem with responses of its own for every row of weights.
   *
   * @param tables one per response, as many rows as the weight table has, in the order of the runs
   * @throws IllegalArgumentException if the number of tables, rows or runs differs, or residuals
   *     are of logarithms and a value is not positive
   */
  public FormulaProblem withLosses(LossTable... tables) {
    if (tables.length != derivation.schedules().size()) {
      throw new IllegalArgumentException(
          "%d tables for %d responses".formatted(tables.length, derivation.schedules().size()));
    }
    for (LossTable table : tables) {
      if (table.rows() != weights.rows() || table.runs() != weights.runs()) {
        throw new IllegalArgumentException(
            "%d x %d losses for %d x %d weights"
                .formatted(table.rows(), table.runs(), weights.rows(), weights.runs()));
      }
      if (derivation.logResiduals() && !table.isPositive()) {
        throw new IllegalArgumentException("a loss is not positive");
      }
    }
    return new FormulaProblem(this, fixed, prior, List.of(tables), shared);
  }

  /**
   * The same problem by generalised least squares: runs of a size share an error, whatever their
   * response and their categories; see {@link SurfaceProblem#sharing}.
   *
   * @param ratio variance of the shared error over that of a run of weight one, not negative
   * @param sizeOf the size of each run in the order of the data, any number
   * @throws IllegalArgumentException if the loss is robust, or the ratio not a variance's
   */
  public FormulaProblem sharing(double ratio, double[] sizeOf) {
    if (!objective.isSquared() || !(ratio >= 0 && ratio < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "shared errors of ratio %s under %s".formatted(ratio, objective));
    }
    double[] sizes = Arrays.stream(sizeOf).sorted().distinct().toArray();
    int[] number =
        Arrays.stream(sizeOf).mapToInt(size -> Arrays.binarySearch(sizes, size)).toArray();
    return sharing(
        ratio > 0
            ? Optional.of(new SharedSizes(ratio, number, new double[sizes.length]))
            : Optional.empty());
  }

  /**
   * The same problem with rows of weights that are copies of sizes, see {@link
   * SurfaceProblem#copyingSizes}.
   *
   * @param once of each run its weight when its size is there once, in the order of the data
   */
  public FormulaProblem copyingSizes(double[] once) {
    return sharing(
        shared.map(sizes -> {
          double[] sums = new double[sizes.once().length];
          for (int i = 0; i < once.length; i++) {
            sums[sizes.sizeOf()[i]] += once[i];
          }
          return new SharedSizes(sizes.ratio(), sizes.sizeOf(), sums);
        }));
  }

  private FormulaProblem sharing(Optional<SharedSizes> sizes) {
    return new FormulaProblem(this, fixed, prior, losses, sizes);
  }

  @Override
  public Optional<SharedSizes> sharedSizes() {
    return shared;
  }

  /** Whether every row has responses of its own. */
  @Override
  public boolean hasLossRows() {
    return !losses.isEmpty();
  }

  /** Parameters that are fixed. */
  public BitSet fixed() {
    return (BitSet) fixed.clone();
  }

  /** The priors on coordinates, if there are any. */
  public Optional<PriorTable> prior() {
    return prior;
  }

  /**
   * The value that residuals of a row compare with, on the scale of residuals.
   *
   * @param row a row of the weight table; without losses of its own every row has the measured ones
   * @param i which run of the part
   */
  @Override
  public double target(Part part, int row, int i) {
    if (losses.isEmpty()) {
      return part.target()[i];
    }
    double value = losses.get(part.response()).loss(row, part.runs()[i]);
    return derivation.logResiduals() ? Math.log(value) : value;
  }

  static String name(Model.Parameter parameter, List<String> categories) {
    return categories.isEmpty()
        ? parameter.name()
        : parameter.name() + "[" + String.join(",", categories) + "]";
  }

  private static List<String> chosen(
      Model.Parameter parameter, List<String> indices, List<String> categories) {
    return parameter.indices().stream()
        .map(index -> categories.get(indices.indexOf(index)))
        .toList();
  }

  static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(i -> i).toArray();
  }

  /** The law. */
  public Derivation derivation() {
    return derivation;
  }

  @Override
  public List<Schedule> schedules() {
    return derivation.schedules();
  }

  /** What is minimised. */
  @Override
  public Objective objective() {
    return objective;
  }

  /** The weightings that problems refer to. */
  @Override
  public WeightTable weights() {
    return weights;
  }

  /** The numbers of a column. Not to be changed. */
  public double[] column(String name) {
    return columns.apply(name);
  }

  /** p, the number of parameters of a problem. */
  @Override
  public int parameterCount() {
    return names.size();
  }

  /** The names of the parameters of a problem: those with indices once per category. */
  public List<String> parameterNames() {
    return names;
  }

  /** For each parameter of a problem, that of the formula. */
  public List<Integer> templates() {
    return templates;
  }

  /** The parts. */
  @Override
  public List<Part> parts() {
    return parts;
  }

  /** The columns of the model at the centre. */
  public double[] centres() {
    return centres.clone();
  }

  /** How many residuals there are. */
  public int residuals() {
    return parts.stream().mapToInt(part -> part.runs().length).sum();
  }

  /**
   * Parameters that are estimated together: two are connected if a run's response depends on both,
   * or runs of a size share an error. Each set can be fitted on its own.
   */
  public List<int[]> components() {
    int p = parameterCount();
    if (shared.isPresent()) {
      return List.of(IntStream.range(0, p).toArray());
    }
    int[] root = IntStream.range(0, p).toArray();
    for (Part part : parts) {
      int[] used = derivation.schedules().get(part.response()).inputs();
      for (int j = 1; j < used.length; j++) {
        join(root, part.parameters()[used[0]], part.parameters()[used[j]]);
      }
    }
    Map<Integer, List<Integer>> sets = new TreeMap<>();
    for (int j = 0; j < p; j++) {
      sets.computeIfAbsent(find(root, j), key -> new ArrayList<>()).add(j);
    }
    return sets.values().stream().map(FormulaProblem::ints).toList();
  }

  private static int find(int[] root, int j) {
    int at = j;
    while (root[at] != at) {
      at = root[at];
    }
    return at;
  }

  private static void join(int[] root, int a, int b) {
    int to = Math.min(find(root, a), find(root, b));
    int from = Math.max(find(root, a), find(root, b));
    root[from] = to;
  }

  /** Which parameter of the problem each of the formula is, in every combination of categories. */
  public List<int[]> contexts() {
    List<int[]> distinct = new ArrayList<>();
    for (Part part : parts) {
      if (distinct.stream().noneMatch(known -> Arrays.equals(known, part.parameters()))) {
        distinct.add(part.parameters());
      }
    }
    return distinct;
  }

  /** The coordinates of its parameters, for one thread. */
  public LawCoordinates coordinates() {
    return new LawCoordinates(derivation, centres, templates, contexts());
  }

  /** Columns that have at most three quarters as many distinct values as there are runs. */
  public static List<FewValues> grouped(Model model, FormulaRuns runs) {
    return grouped(model, runs::column, runs.size());
  }

  private static List<FewValues> grouped(
      Model model, Function<String, double[]> columns, int runs) {
    return few(
        model.columns().stream()
            .map(name ->
                FewValues.of(name, Arrays.stream(columns.apply(name)).distinct().count(), runs))
            .toList());
  }

  /** Those columns whose values are few enough. */
  static List<FewValues> few(List<FewValues> columns) {
    return columns.stream().filter(few -> few.share() <= MANY_VALUES).toList();
  }
}

package org.farfit.formula;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Everything that is derived from a law for one kind of residuals: coordinates, derivatives,
 * schedules. Immutable and shared; depends on runs only by which columns have few values.
 */
public final class Derivation {

  private final Model model;
  private final boolean logResiduals;
  private final Graph natural;
  private final int[] naturalRoots;
  private final List<SortedMap<Integer, Integer>> naturalGradients = new ArrayList<>();
  private final BitSet linear;
  private final Coordinates coordinates;
  private final BitSet logged;
  private final int[] coordinateRoots;
  private final List<SortedMap<Integer, Integer>> coordinateGradients = new ArrayList<>();
  private final int[] transformed;
  private final List<SortedMap<Integer, Integer>> transformedGradients = new ArrayList<>();
  private final List<Schedule> schedules = new ArrayList<>();

  /**
   * Derives.
   *
   * @param logResiduals whether residuals are differences of logarithms
   * @param grouped columns that have few distinct values
   */
  public Derivation(Model model, boolean logResiduals, List<FewValues> grouped) {
    this(model, logResiduals, grouped, true);
  }

  /** The same without schedules, of columns that may have any number of values. */
  static Derivation unscheduled(Model model, boolean logResiduals) {
    return new Derivation(model, logResiduals, List.of(), false);
  }

  private Derivation(
      Model model, boolean logResiduals, List<FewValues> grouped, boolean isScheduled) {
    this.model = model;
    this.logResiduals = logResiduals;
    int count = model.parameters().size();
    natural = model.graph();
    naturalRoots = new int[model.responses().size()];
    Derivatives byNature = new Derivatives(natural, new Frequency(natural, new BitSet()));
    for (int r = 0; r < naturalRoots.length; r++) {
      naturalRoots[r] = natural.lowered(model.responses().get(r).root())[0];
      naturalGradients.add(byNature.of(naturalRoots[r]));
    }
    linear = LinearParameters.find(natural, naturalGradients, count);
    coordinates = new Coordinates(model, logResiduals ? new BitSet() : linear);
    Graph graph = coordinates.graph();
    BitSet few = new BitSet();
    SortedMap<Integer, Double> share = new TreeMap<>();
    for (FewValues column : grouped) {
      int index = model.columns().indexOf(column.column());
      few.set(index);
      share.put(index, (double) column.share() / FewValues.RUN);
    }
    Frequency frequency = new Frequency(graph, few);
    share.forEach((column, part) -> {
      // Looking up what takes little arithmetic pays only where values are few.
      if (part > 0.5 && !hasFunctions(frequency, graph, column)) {
        few.clear(column);
      }
    });
    share.keySet().retainAll(few.stream().boxed().toList());
    Derivatives derivatives = new Derivatives(graph, frequency);
    coordinateRoots = new int[coordinates.roots().length];
    for (int r = 0; r < coordinateRoots.length; r++) {
      int root = coordinates.roots()[r];
      int value = graph.lowered(logResiduals ? graph.ln(root) : root)[0];
      if (isScheduled) {
        schedules.add(
            new Schedule(
                graph,
                frequency,
                count,
                value,
                Factorisation.best(graph, frequency, derivatives, value, share)));
      }
      coordinateRoots[r] = value;
      coordinateGradients.add(derivatives.of(value));
    }
    int[] bare = coordinates.natural().clone();
    logged = coordinates.logged();
    logged.stream().forEach(j -> bare[j] = graph.ln(bare[j]));
    transformed = graph.lowered(bare);
    for (int node : transformed) {
      transformedGradients.add(derivatives.of(node));
    }
  }

  private boolean hasFunctions(Frequency frequency, Graph graph, int column) {
    int[] values =
        Arrays.stream(coordinates.roots())
            .map(root -> graph.lowered(logResiduals ? graph.ln(root) : root)[0])
            .toArray();
    Frequency.Level level = new Frequency.Level(Frequency.Kind.VALUE, column);
    return graph.reachable(values).stream()
        .anyMatch(node -> graph.op(node).isTranscendental() && frequency.of(node).equals(level));
  }

  /** The law's meaning. */
  public Model model() {
    return model;
  }

  /** Whether residuals are differences of logarithms. */
  public boolean logResiduals() {
    return logResiduals;
  }

  /** The parameters in which every response is jointly linear. */
  public BitSet linear() {
    return (BitSet) linear.clone();
  }

  /** Coordinates whose scales are of like size: logarithms of terms, and their exponents. */
  public BitSet logarithmic() {
    return (BitSet) coordinates.logarithmic().clone();
  }

  /** What each coordinate is, in words. */
  public List<String> meanings() {
    return coordinates.meanings();
  }

  /** Parameters that are held by their logarithm; {@link Change} takes and gives that. */
  public BitSet logged() {
    return (BitSet) logged.clone();
  }

  /** What each coordinate is. */
  public List<Coordinates.Role> roles() {
    return coordinates.roles();
  }

  /**
   * One schedule per response.
   *
   * @throws IllegalStateException if they were not asked for
   */
  public List<Schedule> schedules() {
    if (schedules.isEmpty()) {
      throw new IllegalStateException("a derivation without schedules");
    }
    return Collections.unmodifiableList(schedules);
  }

  /** On which scale the columns put natural parameters. */
  public ColumnScales columnScales() {
    return new ColumnScales(natural, naturalRoots);
  }

  /** The responses and their derivatives in natural parameters, for a point and a run at a time. */
  public NaturalSurface naturalSurface(int response) {
    return new NaturalSurface(response);
  }

  /**
   * A response and some of its derivatives in natural parameters, at many runs at once.
   *
   * @param columns the columns of the law, each with a value per run
   * @param count how many runs
   * @param by the parameters by which derivatives are wanted
   */
  public NaturalRows naturalRows(int response, double[][] columns, int count, BitSet by) {
    return new NaturalRows(response, columns, count, by);
  }

  /**
   * The responses, or their logarithms where {@link #logResiduals}, and their derivatives in
   * coordinates, for a point and a run at a time.
   */
  public CoordinateSurface coordinateSurface(int response) {
    return new CoordinateSurface(response);
  }

  /** The derivative of a response by the logarithm of a column, in natural parameters. */
  public ColumnSlope slope(int response, int column) {
    return new ColumnSlope(response, column);
  }

  /**
   * The change of coordinates, for one thread.
   *
   * @param centres values of the columns at the centre, in the order of the model
   */
  public Change change(double[] centres) {
    return new Change(centres);
  }

  /**
   * A response in natural parameters. One thread at a time. Points are the parameters of the
   * formula and the columns of a run, both in the order of the model.
   */
  public final class NaturalSurface {

    private final int root;
    private final int[] byParameter;
    private final Interpreter interpreter;
    private final Interpreter valueOnly;

    private NaturalSurface(int response) {
      root = naturalRoots[response];
      SortedMap<Integer, Integer> gradient = naturalGradients.get(response);
      byParameter = new int[model.parameters().size()];
      Arrays.fill(byParameter, -1);
      gradient.forEach((parameter, node) -> byParameter[parameter] = node);
      interpreter = new Interpreter(natural, nodes(root, gradient));
      valueOnly = new Interpreter(natural, root);
    }

    /**
     * The response at a point.
     *
     * @param parameters of the formula, in the order of the model
     * @param columns of a run, in the order of the model
     */
    public double value(double[] parameters, double[] columns) {
      valueOnly.run(parameters, columns, null);
      return valueOnly.value(root);
    }

    /**
     * The response at a point, and its derivatives.
     *
     * @param parameters of the formula, in the order of the model
     * @param columns of a run, in the order of the model
     * @param gradient receives the derivatives by each parameter
     */
    public double gradient(double[] parameters, double[] columns, double[] gradient) {
      interpreter.run(parameters, columns, null);
      for (int j = 0; j < byParameter.length; j++) {
        gradient[j] = byParameter[j] < 0 ? 0 : interpreter.value(byParameter[j]);
      }
      return interpreter.value(root);
    }
  }

  /** A response in natural parameters at some runs. One thread at a time. */
  public final class NaturalRows {

    private final int root;
    private final SortedMap<Integer, Integer> gradient;
    private final RowsInterpreter interpreter;
    private final RowsInterpreter valueOnly;

    private NaturalRows(int response, double[][] columns, int count, BitSet by) {
      root = naturalRoots[response];
      gradient = new TreeMap<>(naturalGradients.get(response));
      gradient.keySet().removeIf(parameter -> !by.get(parameter));
      interpreter = new RowsInterpreter(natural, columns, null, count, nodes(root, gradient));
      valueOnly = new RowsInterpreter(natural, columns, null, count, root);
    }

    /**
     * The response at each run, at a point. Not to be changed; good until the next call.
     *
     * @param parameters of the formula, in the order of the model
     */
    public double[] values(double[] parameters) {
      valueOnly.run(parameters);
      return valueOnly.values(root);
    }

    /**
     * The same, and computes {@link #slopes}.
     *
     * @param parameters of the formula, in the order of the model
     */
    public double[] valuesAndSlopes(double[] parameters) {
      interpreter.run(parameters);
      return interpreter.values(root);
    }

    /** The parameters by which there are derivatives. */
    public int[] parameters() {
      return gradient.keySet().stream().mapToInt(parameter -> parameter).toArray();
    }

    /** The derivative by a parameter at each run. Not to be changed. */
    public double[] slopes(int parameter) {
      return interpreter.values(gradient.get(parameter));
    }
  }

  /**
   * A response, or its logarithm, in coordinates. One thread at a time. Points are as many
   * coordinates as the formula has parameters, the columns of a run and the columns at the centre.
   */
  public final class CoordinateSurface {

    private final int root;
    private final int[] byParameter;
    private final Interpreter interpreter;
    private final Interpreter valueOnly;

    private CoordinateSurface(int response) {
      root = coordinateRoots[response];
      SortedMap<Integer, Integer> gradient = coordinateGradients.get(response);
      byParameter = new int[model.parameters().size()];
      Arrays.fill(byParameter, -1);
      gradient.forEach((parameter, node) -> byParameter[parameter] = node);
      interpreter = new Interpreter(coordinates.graph(), nodes(root, gradient));
      valueOnly = new Interpreter(coordinates.graph(), root);
    }

    /**
     * The response, or its logarithm, at a point.
     *
     * @param parameters coordinates, in the order of the model's parameters
     * @param columns of a run, in the order of the model
     * @param centres values of the columns at the centre
     */
    public double value(double[] parameters, double[] columns, double[] centres) {
      valueOnly.run(parameters, columns, centres);
      return valueOnly.value(root);
    }

    /**
     * The response, or its logarithm, at a point, and its derivatives.
     *
     * @param parameters coordinates, in the order of the model's parameters
     * @param columns of a run, in the order of the model
     * @param centres values of the columns at the centre
     * @param gradient receives the derivatives by each coordinate
     */
    public double gradient(
        double[] parameters, double[] columns, double[] centres, double[] gradient) {
      interpreter.run(parameters, columns, centres);
      for (int j = 0; j < byParameter.length; j++) {
        gradient[j] = byParameter[j] < 0 ? 0 : interpreter.value(byParameter[j]);
      }
      return interpreter.value(root);
    }
  }

  private static int[] nodes(int root, SortedMap<Integer, Integer> gradient) {
    return IntStream.concat(IntStream.of(root), gradient.values().stream().mapToInt(node -> node))
        .toArray();
  }

  /** The slope of a response by the logarithm of a column. One thread at a time. */
  public final class ColumnSlope {

    private final int root;
    private final int slope;
    private final Interpreter interpreter;

    private ColumnSlope(int response, int column) {
      // With e^s in the column's place, s being one more parameter, it is a derivative by s.
      int stand = model.parameters().size();
      Graph graph = new Graph();
      model.parameters().stream()
          .filter(parameter -> parameter.bounds().positive())
          .forEach(parameter -> graph.positive(model.parameters().indexOf(parameter)));
      Graph.Leaves leaves =
          (target, op, index) ->
              op == Op.COLUMN && index == column
                  ? target.exp(target.parameter(stand))
                  : Graph.Leaves.SAME.leaf(target, op, index);
      int free =
          Graph.rebuilt(natural, new int[] {model.responses().get(response).root()}, graph, leaves)[
              0];
      root = graph.lowered(free)[0];
      Integer found =
          new Derivatives(graph, new Frequency(graph, new BitSet())).of(root).get(stand);
      slope = found == null ? graph.constant(0) : found;
      interpreter = new Interpreter(graph, root, slope);
    }

    /**
     * d response / d ln column, over the response.
     *
     * @param parameters of the formula, in the order of the model
     * @param columns of a run, in the order of the model; what stands in the place of the column
     *     does not count
     * @param log the logarithm of the column
     */
    public double relative(double[] parameters, double[] columns, double log) {
      double[] extended = Arrays.copyOf(parameters, parameters.length + 1);
      extended[parameters.length] = log;
      interpreter.run(extended, columns, null);
      return interpreter.value(slope) / interpreter.value(root);
    }
  }

  /** The change between natural parameters and coordinates. One thread at a time. */
  public final class Change {

    private final double[] centres;
    private final Coordinates.Forward forward;
    private final Interpreter back;
    private final int[][] moved;
    private final int[][] slopes;

    private Change(double[] centres) {
      this.centres = centres;
      forward = coordinates.forward(centres);
      moved = new int[transformed.length][];
      slopes = new int[transformed.length][];
      for (int i = 0; i < transformed.length; i++) {
        SortedMap<Integer, Integer> gradient = transformedGradients.get(i);
        moved[i] = gradient.keySet().stream().mapToInt(j -> j).toArray();
        slopes[i] = gradient.values().stream().mapToInt(node -> node).toArray();
      }
      int[] nodes =
          IntStream.concat(
                  Arrays.stream(transformed),
                  transformedGradients.stream()
                      .flatMap(gradient -> gradient.values().stream())
                      .mapToInt(node -> node))
              .toArray();
      back = new Interpreter(coordinates.graph(), nodes);
    }

    /**
     * Natural parameters, those that are {@linkplain #logged} by their logarithms, become
     * coordinates, in place.
     */
    public void toCoordinates(double[] parameters) {
      forward.apply(parameters);
    }

    /**
     * Natural parameters of coordinates, those that are {@linkplain #logged} by their logarithms.
     *
     * @param natural output
     * @param jacobian output, row-major: d natural parameter / d coordinate; or null
     */
    public void toNatural(double[] coordinates, double[] natural, double[] jacobian) {
      back.run(coordinates, null, centres);
      int p = natural.length;
      for (int i = 0; i < p; i++) {
        natural[i] = back.value(transformed[i]);
        if (jacobian != null) {
          Arrays.fill(jacobian, i * p, (i + 1) * p, 0);
          for (int k = 0; k < moved[i].length; k++) {
            jacobian[i * p + moved[i][k]] = back.value(slopes[i][k]);
          }
        }
      }
    }
  }
}

package org.farfit.formula;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What is computed how often, in which loops and where it is kept, for one response and the factors
 * and shares of its derivatives: d_j = sum over k of factor_k share_kj ({@link #factors}, {@link
 * #shares}). Every emitter writes the same schedule in its own language.
 *
 * <p>There are three kinds of extents, by {@link Frequency}: the problem, the distinct values of a
 * column, and the runs. Within an extent, arithmetic is gathered in loops, and loops are split at
 * functions such as exp and ln, which run over whole arrays. What crosses from one loop to another
 * is kept in a slot: an array over the extent.
 */
public final class Schedule {

  /** Where an operand is found. */
  public enum Place {
    /** A number in the code. */
    CONST,
    /** A number of the data set. */
    SCALAR,
    /** A column, or an expression of columns, by run or by value. */
    COLUMN,
    /** A slot of the problem; the first are the parameters. */
    PROBLEM,
    /** A slot of the values of a column. */
    VALUE,
    /** A slot of the extent that is being computed. */
    OWN
  }

  /**
   * Where a node is found by a loop.
   *
   * @param extent for {@link Place#VALUE} the extent, else -1
   * @param slot which of its kind
   */
  public record Location(Place place, int extent, int slot) {}

  /**
   * A function over an array, with those of the same operand that cost little beside it.
   *
   * <p>{@link Op#SOFTPLUS} gives softplus(a), sigmoid(a), sigmoid(-a); {@link Op#SIGMOID} the last
   * two; {@link Op#GROWTH} growth(a) and its slope; others one result.
   *
   * @param operand the node that it is a function of
   * @param results the nodes that it gives, -1 for one that is not needed
   */
  public record Call(Op op, int operand, List<Integer> results) {}

  /**
   * Loops of arithmetic, then functions of what they stored.
   *
   * @param loops nodes of each loop in order
   * @param calls functions of stored nodes
   */
  public record Stage(List<List<Integer>> loops, List<Call> calls) {

    /** The nodes that are functions. */
    public List<Integer> functions() {
      return calls.stream().flatMap(c -> c.results().stream()).filter(node -> node >= 0).toList();
    }
  }

  /**
   * A part of a derivative.
   *
   * @param parameter which of {@link #parameters}
   * @param factor which of {@link #factors}
   * @param node what it is multiplied by
   * @param slot where that is kept by the {@link #shareExtent}, -1 if it is 1
   */
  public record Share(int parameter, int factor, int node, int slot) {}

  /** Everything that is computed equally often. */
  public static final class Extent {

    private final Frequency.Level level;
    private final List<Integer> columns = new ArrayList<>();
    private final Map<Integer, Integer> slots = new LinkedHashMap<>();
    private final List<Stage> stages = new ArrayList<>();
    private int slotCount;
    private int spare = -1;

    Extent(Frequency.Level level) {
      this.level = level;
    }

    /** How often. */
    public Frequency.Level level() {
      return level;
    }

    /** The nodes of columns alone that its loops read. */
    public List<Integer> columns() {
      return Collections.unmodifiableList(columns);
    }

    /** The stages in order. */
    public List<Stage> stages() {
      return Collections.unmodifiableList(stages);
    }

    /** How many slots it has. */
    public int slotCount() {
      return slotCount;
    }

    /** The slot of a node, or -1 if it is not kept; -1 as a node is a result that is not needed. */
    public int slot(int node) {
      return node < 0 ? spare : slots.getOrDefault(node, -1);
    }

    /** Makes room for results that are not needed. */
    void makeSpare() {
      if (spare < 0) {
        spare = slotCount++;
      }
    }

    /** Keeps a node in a slot. */
    void store(int node) {
      if (!slots.containsKey(node)) {
        slots.put(node, slotCount++);
      }
    }

    void add(Stage stage) {
      stages.add(stage);
    }

    void addColumn(int node) {
      columns.add(node);
    }

    /** How many operations it has that are not functions. */
    int operations() {
      return stages.stream().flatMap(s -> s.loops().stream()).mapToInt(List::size).sum();
    }

    /** Its functions. */
    List<Integer> functions() {
      return stages.stream().flatMap(s -> s.functions().stream()).toList();
    }
  }

  private final Graph graph;
  private final Frequency frequency;
  private final List<Integer> scalars;
  private final Map<Frequency.Level, Integer> extentOf = new HashMap<>();
  private final List<Extent> extents = new ArrayList<>();
  private final int[] parameters;
  private final int[] factors;

  private final List<Share> shares = new ArrayList<>();
  private final int shareExtent;
  private final int value;

  /**
   * Schedules a response.
   *
   * @param parameterCount how many parameters a problem has
   * @param value the response in the scale of residuals
   * @param derivatives its derivatives by parameter
   */
  Schedule(
      Graph graph, Frequency frequency, int parameterCount, int value, Factorisation derivatives) {
    this.graph = graph;
    this.frequency = frequency;
    this.value = value;
    this.factors = derivatives.factors();
    SortedMap<Integer, SortedMap<Integer, Integer>> parts = derivatives.shares();
    this.parameters = parts.keySet().stream().mapToInt(j -> j).toArray();
    int[] ofRuns = Arrays.copyOf(factors, factors.length + 1);
    ofRuns[factors.length] = value;
    int[] ofShares =
        parts.values().stream()
            .flatMap(own -> own.values().stream())
            .mapToInt(node -> node)
            .filter(node -> !graph.is(node, 1))
            .distinct()
            .toArray();
    int[] outputs = IntStream.concat(Arrays.stream(ofRuns), Arrays.stream(ofShares)).toArray();
    ExtentPlanner planner = new ExtentPlanner(graph, frequency, outputs);
    BitSet needed = planner.needed();
    Extent problem = extent(Frequency.Level.PROBLEM);
    for (int j = 0; j < parameterCount; j++) {
      problem.store(graph.parameter(j));
    }
    Map<Frequency.Level, List<Integer>> members = new LinkedHashMap<>();
    members.put(Frequency.Level.PROBLEM, new ArrayList<>());
    List<Integer> byRun = new ArrayList<>();
    if (ofShares.length > 0) {
      members.putIfAbsent(derivatives.level(), new ArrayList<>());
    }
    for (int id = needed.nextSetBit(0); id >= 0; id = needed.nextSetBit(id + 1)) {
      Frequency.Level level = frequency.of(id);
      switch (level.kind()) {
        case CONSTANT, COLUMN -> {}
        case PROBLEM -> {
          if (graph.op(id) != Op.PARAMETER) {
            members.get(level).add(id);
          }
        }
        case VALUE -> members.computeIfAbsent(level, key -> new ArrayList<>()).add(id);
        case RUN -> byRun.add(id);
      }
    }
    members.put(Frequency.Level.RUN, byRun);
    members.forEach((level, nodes) -> extent(level));
    members.forEach((level, nodes) -> {
      boolean isOfRuns = level.kind() == Frequency.Kind.RUN;
      int[] own = isOfRuns ? ofRuns : level.equals(derivatives.level()) ? ofShares : new int[0];
      planner.arrange(extent(level), nodes, own);
    });
    scalars = planner.scalars();
    shareExtent = ofShares.length == 0 ? 0 : extentOf.get(derivatives.level());
    for (int j = 0; j < parameters.length; j++) {
      int parameter = j;
      parts
          .get(parameters[j])
          .forEach((factor, node) -> {
            int slot = graph.is(node, 1) ? -1 : extents.get(shareExtent).slot(node);
            shares.add(new Share(parameter, factor, node, slot));
          });
    }
  }

  /**
   * The schedule of a law's first response in the law's own parameters, which are taken to be
   * coordinates already.
   *
   * @param logResiduals whether residuals are differences of logarithms
   * @param grouped columns that have few distinct values
   */
  public static Schedule inOwnParameters(
      Model model, boolean logResiduals, List<FewValues> grouped) {
    Graph graph = model.graph();
    BitSet few = new BitSet();
    SortedMap<Integer, Double> share = new TreeMap<>();
    for (FewValues column : grouped) {
      int index = model.columns().indexOf(column.column());
      few.set(index);
      share.put(index, (double) column.share() / FewValues.RUN);
    }
    Frequency frequency = new Frequency(graph, few);
    int root = model.responses().getFirst().root();
    int value = graph.lowered(logResiduals ? graph.ln(root) : root)[0];
    Factorisation factorisation =
        Factorisation.best(graph, frequency, new Derivatives(graph, frequency), value, share);
    return new Schedule(graph, frequency, model.parameters().size(), value, factorisation);
  }

  private Extent extent(Frequency.Level level) {
    Integer index =
        extentOf.computeIfAbsent(
            level,
            key -> {
              extents.add(new Extent(key));
              return extents.size() - 1;
            });
    return extents.get(index);
  }

  /** The graph whose nodes are scheduled. */
  public Graph graph() {
    return graph;
  }

  /** Expressions of centres alone, in the order of their numbers. */
  public List<Integer> scalars() {
    return scalars;
  }

  /** The extents: the problem first, the runs last, values of columns between. */
  public List<Extent> extents() {
    return Collections.unmodifiableList(extents);
  }

  /** The extent of the runs. */
  public Extent runs() {
    return extents.getLast();
  }

  /** The parameters that the response depends on, in rising order. */
  public int[] parameters() {
    return parameters.clone();
  }

  /** The parameters whose values the response needs, be it without a derivative. */
  public int[] inputs() {
    return graph.parameters(value).stream().toArray();
  }

  /** The slot of the runs that holds the response. */
  public int valueSlot() {
    return runs().slot(value);
  }

  /** The node of the response. */
  public int valueNode() {
    return value;
  }

  /** The nodes of the factors of derivatives, which change from run to run. */
  public int[] factors() {
    return factors.clone();
  }

  /** The slots of the runs that hold the factors. */
  public int[] factorSlots() {
    return Arrays.stream(factors).map(node -> runs().slot(node)).toArray();
  }

  /** The parts of derivatives, by parameter and then factor. */
  public List<Share> shares() {
    return Collections.unmodifiableList(shares);
  }

  /**
   * The extent by which shares change, and by whose values products of factors are summed up: the
   * problem (over all runs), or a column that the runs are sorted by.
   */
  public int shareExtent() {
    return shareExtent;
  }

  /** Whether every derivative is a factor of its own. */
  public boolean isDirect() {
    return shares.size() == factors.length
        && shares.size() == parameters.length
        && shares.stream().allMatch(share -> share.slot() < 0);
  }

  /** Where a loop of an extent finds a node that it does not compute itself. */
  public Location locate(Extent extent, int node) {
    if (graph.op(node) == Op.CONST) {
      return new Location(Place.CONST, -1, -1);
    }
    Frequency.Level level = frequency.of(node);
    if (level.equals(extent.level())) {
      return new Location(Place.OWN, -1, extent.slot(node));
    }
    return switch (level.kind()) {
      case CONSTANT -> new Location(Place.SCALAR, -1, scalars.indexOf(node));
      case COLUMN -> new Location(Place.COLUMN, -1, extent.columns.indexOf(node));
      case PROBLEM -> new Location(Place.PROBLEM, -1, extents.getFirst().slot(node));
      case VALUE -> {
        int index = extentOf.get(level);
        yield new Location(Place.VALUE, index, extents.get(index).slot(node));
      }
      case RUN -> throw new IllegalStateException("a value of runs in " + extent.level());
    };
  }
}

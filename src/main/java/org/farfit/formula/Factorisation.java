package org.farfit.formula;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The derivatives of a response as sums of products, d_j = sum over k of factor_k share_kj: factors
 * change from run to run, shares with the values of one column at most. So products of derivatives
 * can be summed up over the runs of each value in the few factors, and are expanded to parameters
 * once per value.
 *
 * <p>Which column, or none, is decided by counting operations.
 */
final class Factorisation {

  /** Operations of adding a product that is expanded, where one for each run is 1. */
  private static final double EXPANSION = 1.5;

  private final Graph graph;
  private final Frequency frequency;
  private final Frequency.Level level;
  private final Map<Integer, Integer> factorOf = new TreeMap<>();
  private final SortedMap<Integer, SortedMap<Integer, Integer>> shares = new TreeMap<>();

  private Factorisation(Graph graph, Frequency frequency, Frequency.Level level) {
    this.graph = graph;
    this.frequency = frequency;
    this.level = level;
  }

  /**
   * The factorisation that takes least work.
   *
   * @param share for each column of few values, its values by runs
   */
  static Factorisation best(
      Graph graph,
      Frequency frequency,
      Derivatives derivatives,
      int value,
      SortedMap<Integer, Double> share) {
    List<Derivatives.Cut> cuts = derivatives.cuts(value);
    SortedMap<Integer, Integer> gradient = derivatives.of(value);
    graph.normalising(false);
    List<Factorisation> candidates = new ArrayList<>();
    candidates.add(direct(graph, frequency, gradient));
    candidates.add(of(graph, frequency, Frequency.Level.PROBLEM, cuts, gradient));
    for (int column : share.keySet()) {
      Frequency.Level level = new Frequency.Level(Frequency.Kind.VALUE, column);
      candidates.add(of(graph, frequency, level, cuts, gradient));
    }
    graph.normalising(true);
    return candidates.stream()
        .min(Comparator.comparingDouble(candidate -> candidate.cost(value, share)))
        .orElseThrow();
  }

  /** Each derivative a factor of its own. */
  private static Factorisation direct(
      Graph graph, Frequency frequency, SortedMap<Integer, Integer> gradient) {
    Factorisation direct = new Factorisation(graph, frequency, Frequency.Level.PROBLEM);
    gradient.forEach((parameter, node) -> direct.add(parameter, node, graph.constant(1)));
    return direct;
  }

  /**
   * Parameters that the response depends on through what changes seldom alone have shares; of any
   * other, the derivative as a whole is a factor, so that parts of it that cancel do so run by run.
   */
  private static Factorisation of(
      Graph graph,
      Frequency frequency,
      Frequency.Level level,
      List<Derivatives.Cut> cuts,
      SortedMap<Integer, Integer> gradient) {
    Factorisation made = new Factorisation(graph, frequency, level);
    BitSet byRun = new BitSet();
    for (Derivatives.Cut cut : cuts) {
      if (!made.isWithinLevel(cut.node())) {
        cut.gradient().keySet().forEach(byRun::set);
      }
    }
    for (Derivatives.Cut cut : cuts) {
      cut.gradient()
          .forEach((parameter, derivative) -> {
            if (!byRun.get(parameter)) {
              made.addProduct(parameter, cut.adjoint(), derivative);
            }
          });
    }
    byRun.stream()
        .filter(parameter -> gradient.containsKey(parameter))
        .forEach(
            parameter -> made.addProduct(parameter, gradient.get(parameter), graph.constant(1)));
    made.shares.values().forEach(own -> own.values().removeIf(node -> graph.is(node, 0)));
    made.shares.keySet().removeIf(parameter -> made.shares.get(parameter).isEmpty());
    return made;
  }

  /** Whether a node changes no more often than with the level's values. */
  private boolean isWithinLevel(int node) {
    Frequency.Level own = frequency.of(node);
    return switch (own.kind()) {
      case CONSTANT, PROBLEM -> true;
      case COLUMN ->
          level.kind() == Frequency.Kind.VALUE
              && graph.columns(node).cardinality() == 1
              && graph.columns(node).get(level.column());
      case VALUE -> own.equals(level);
      case RUN -> false;
    };
  }

  /** Adds factor times share; what changes seldom in the factor goes over to the share. */
  private void addProduct(int parameter, int factor, int share) {
    List<Integer> above = new ArrayList<>();
    List<Integer> below = new ArrayList<>();
    int rest = share;
    List<int[]> open = new ArrayList<>(List.of(new int[] {factor, 1}));
    while (!open.isEmpty()) {
      int[] next = open.removeLast();
      int node = next[0];
      boolean inverse = next[1] < 0;
      if (isWithinLevel(node)) {
        rest = inverse ? graph.div(rest, node) : graph.mul(rest, node);
      } else if (graph.op(node) == Op.NEG) {
        rest = graph.neg(rest);
        open.add(new int[] {graph.a(node), next[1]});
      } else if (graph.op(node) == Op.MUL || graph.op(node) == Op.DIV) {
        open.add(new int[] {graph.a(node), next[1]});
        open.add(new int[] {graph.b(node), graph.op(node) == Op.MUL ? next[1] : -next[1]});
      } else {
        (inverse ? below : above).add(node);
      }
    }
    int product = product(above);
    add(parameter, below.isEmpty() ? product : graph.div(product, product(below)), rest);
  }

  private int product(List<Integer> nodes) {
    nodes.sort(null);
    int product = graph.constant(1);
    for (int node : nodes) {
      product = graph.mul(product, node);
    }
    return product;
  }

  private void add(int parameter, int factor, int share) {
    factorOf.putIfAbsent(factor, factorOf.size());
    shares
        .computeIfAbsent(parameter, key -> new TreeMap<>())
        .merge(factorOf.get(factor), share, graph::add);
  }

  /** How often the shares change. */
  Frequency.Level level() {
    return level;
  }

  /** The factors. */
  int[] factors() {
    int[] nodes = new int[factorOf.size()];
    factorOf.forEach((node, k) -> nodes[k] = node);
    return nodes;
  }

  /** For each parameter, the share of each factor that its derivative has a part of. */
  SortedMap<Integer, SortedMap<Integer, Integer>> shares() {
    return shares;
  }

  // Counting --------------------------------------------------------------------------------------

  private double cost(int value, SortedMap<Integer, Double> share) {
    int q = factorOf.size();
    BitSet byRun = graph.reachable(withValue(factors(), value));
    double perRun = arithmetic(byRun, Frequency.Level.RUN) + 2.0 * q + 0.5 * q * (q + 1);
    BitSet byValue = graph.reachable(shareNodes().stream().mapToInt(node -> node).toArray());
    double perValue = EXPANSION * products() + arithmetic(byValue, level) + q * (q + 3.0);
    double values = level.kind() == Frequency.Kind.VALUE ? share.get(level.column()) : 0.005;
    return perRun + values * perValue;
  }

  private static int[] withValue(int[] factors, int value) {
    int[] nodes = java.util.Arrays.copyOf(factors, factors.length + 1);
    nodes[factors.length] = value;
    return nodes;
  }

  private List<Integer> shareNodes() {
    return shares.values().stream().flatMap(own -> own.values().stream()).toList();
  }

  private long arithmetic(BitSet reached, Frequency.Level own) {
    return reached.stream()
        .filter(node ->
            graph.op(node).operands() > 0
                && !graph.op(node).isTranscendental()
                && frequency.of(node).equals(own))
        .count();
  }

  /** How many products are added up for one value: rows of factors, then pairs of parameters. */
  private int products() {
    int count = 0;
    List<SortedMap<Integer, Integer>> all = new ArrayList<>(shares.values());
    for (int i = 0; i < all.size(); i++) {
      BitSet used = new BitSet();
      for (int j = 0; j <= i; j++) {
        Collection<Integer> own = all.get(j).keySet();
        own.forEach(used::set);
        count += own.size();
      }
      boolean alike = isUnit(all.get(i));
      count += alike ? 0 : used.cardinality() * all.get(i).size();
    }
    return count;
  }

  private boolean isUnit(SortedMap<Integer, Integer> own) {
    return own.size() == 1 && graph.is(own.firstEntry().getValue(), 1);
  }
}

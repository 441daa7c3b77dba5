package org.farfit.formula;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.farfit.formula.Schedule.Call;
import org.farfit.formula.Schedule.Extent;
import org.farfit.formula.Schedule.Stage;

/**
 * Puts the nodes of an extent into stages, loops and slots: a function waits for its operand in the
 * stage before it, arithmetic is done as late as what needs it allows, and what crosses from one
 * loop to another, or to another extent, is kept.
 */
final class ExtentPlanner {

  /** Operations of a loop: what the registers of a processor and its compiler take. */
  private static final int LONGEST_LOOP = 40;

  private final Graph graph;
  private final Frequency frequency;

  /** Nodes that an extent may have to copy from another. */
  private final int[] copied;

  private final BitSet needed;
  private final List<Integer> scalars = new ArrayList<>();

  /**
   * A planner of one response.
   *
   * @param outputs what is wanted of all extents together
   */
  ExtentPlanner(Graph graph, Frequency frequency, int[] outputs) {
    this.graph = graph;
    this.frequency = frequency;
    this.copied = outputs;
    this.needed = needed(outputs);
  }

  /** What the outputs are computed from, and they themselves. */
  BitSet needed() {
    return needed;
  }

  /** Expressions of centres alone that the extents arranged so far read. */
  List<Integer> scalars() {
    return List.copyOf(scalars);
  }

  private BitSet needed(int[] outputs) {
    BitSet reached = new BitSet();
    Arrays.stream(outputs).forEach(reached::set);
    for (int id = reached.length() - 1; id >= 0; id--) {
      if (reached.get(id)) {
        Arrays.stream(operands(id)).forEach(reached::set);
      }
    }
    return reached;
  }

  /**
   * Gives an extent its stages, slots and columns.
   *
   * @param nodes what is computed as often as it, operands first
   * @param outputs what is wanted of it, computed there or not
   */
  void arrange(Extent extent, List<Integer> nodes, int[] outputs) {
    BitSet own = new BitSet();
    nodes.forEach(own::set);
    int stages = 1;
    Map<Integer, Integer> earliest = new HashMap<>();
    for (int node : nodes) {
      int stage = 0;
      for (int operand : operands(node)) {
        if (own.get(operand)) {
          stage = Math.max(stage, earliest.get(operand) + (isFunction(operand) ? 1 : 0));
        }
      }
      earliest.put(node, stage);
      stages = Math.max(stages, stage + 1);
    }
    Map<Integer, Integer> stageOf = sink(nodes, own, earliest, stages);
    List<List<Integer>> arithmetic = new ArrayList<>();
    List<List<Integer>> functions = new ArrayList<>();
    for (int stage = 0; stage < stages; stage++) {
      arithmetic.add(new ArrayList<>());
      functions.add(new ArrayList<>());
    }
    for (int node : nodes) {
      (isFunction(node) ? functions : arithmetic).get(stageOf.get(node)).add(node);
    }
    addCopies(arithmetic.getLast(), own, outputs, extent.level());
    Map<Integer, Integer> loopOf = new HashMap<>();
    int loops = 0;
    for (int stage = 0; stage < stages; stage++) {
      List<List<Integer>> split = new ArrayList<>();
      List<Integer> all = arithmetic.get(stage);
      for (int from = 0; from < all.size(); from += LONGEST_LOOP) {
        List<Integer> loop = all.subList(from, Math.min(all.size(), from + LONGEST_LOOP));
        split.add(List.copyOf(loop));
        for (int node : loop) {
          loopOf.put(node, loops);
        }
        loops++;
      }
      extent.add(new Stage(split, calls(extent, functions.get(stage))));
    }
    keep(extent, nodes, own, loopOf, outputs);
    findColumns(extent, nodes, outputs);
  }

  /** What functions that are called together have in common. */
  private record Together(Op op, int operand) {}

  /** Functions of one operand together. */
  private List<Call> calls(Extent extent, List<Integer> nodes) {
    Map<Integer, Integer> softplus = new HashMap<>();
    for (int node : nodes) {
      if (graph.op(node) == Op.SOFTPLUS) {
        softplus.put(graph.a(node), node);
      }
    }
    Map<Together, Integer[]> results = new LinkedHashMap<>();
    for (int node : nodes) {
      Op op = graph.op(node);
      int operand = argument(node);
      Op main =
          switch (op) {
            case SIGMOID -> softplus.containsKey(operand) ? Op.SOFTPLUS : Op.SIGMOID;
            case GROWTH_SLOPE -> Op.GROWTH;
            default -> op;
          };
      int size =
          switch (main) {
            case SOFTPLUS -> 3;
            case SIGMOID, GROWTH -> 2;
            default -> 1;
          };
      int at =
          switch (op) {
            case SIGMOID -> size - 2 + (operand == graph.a(node) ? 0 : 1);
            case GROWTH_SLOPE -> 1;
            default -> 0;
          };
      results
              .computeIfAbsent(
                  new Together(main, operand),
                  key -> Collections.nCopies(size, -1).toArray(Integer[]::new))[at] =
          node;
    }
    List<Call> calls = new ArrayList<>();
    results.forEach((key, nodesOf) -> {
      List<Integer> list = List.of(nodesOf);
      if (list.contains(-1)) {
        extent.makeSpare();
      }
      calls.add(new Call(key.op(), key.operand(), list));
    });
    return calls;
  }

  /**
   * What a function is computed from: for sigmoid(-a) a, so that it comes with those of a. Either
   * is of the same extent.
   */
  private int argument(int function) {
    int operand = graph.a(function);
    boolean turned = graph.op(function) == Op.SIGMOID && graph.op(operand) == Op.NEG;
    return turned ? graph.a(operand) : operand;
  }

  /** Each node of arithmetic as late as those that need it allow, so that it need not be kept. */
  private Map<Integer, Integer> sink(
      List<Integer> nodes, BitSet own, Map<Integer, Integer> earliest, int stages) {
    Map<Integer, Integer> latest = new HashMap<>();
    Map<Integer, Integer> stageOf = new HashMap<>();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      int node = nodes.get(i);
      int stage =
          isFunction(node)
              ? earliest.get(node)
              : Math.max(earliest.get(node), latest.getOrDefault(node, stages - 1));
      stageOf.put(node, stage);
      for (int operand : operands(node)) {
        if (own.get(operand)) {
          latest.merge(operand, stage, Math::min);
        }
      }
    }
    return stageOf;
  }

  /** Outputs that an extent does not compute are copied, so that all are found in one place. */
  private void addCopies(List<Integer> loop, BitSet own, int[] outputs, Frequency.Level loopLevel) {
    for (int output : outputs) {
      boolean given =
          graph.op(output) == Op.PARAMETER && loopLevel.kind() == Frequency.Kind.PROBLEM;
      if (!own.get(output) && !given && !loop.contains(output)) {
        loop.add(output);
      }
    }
  }

  /** Gives slots to what is an output, a function or its operand, or crosses loops or extents. */
  private void keep(
      Extent extent, List<Integer> nodes, BitSet own, Map<Integer, Integer> loopOf, int[] outputs) {
    for (int node : nodes) {
      if (isFunction(node)) {
        extent.store(node);
      }
      for (int operand : operands(node)) {
        boolean crosses =
            isFunction(node) || !loopOf.getOrDefault(operand, -1).equals(loopOf.get(node));
        if (own.get(operand) && crosses) {
          extent.store(operand);
        } else if (isFunction(node) && !own.get(operand) && graph.op(operand) != Op.PARAMETER) {
          throw new IllegalStateException("a function of what changes more seldom");
        }
      }
    }
    for (int output : outputs) {
      extent.store(output);
    }
    if (extent.level().kind() == Frequency.Kind.RUN) {
      return;
    }
    for (int output : copied) {
      if (own.get(output)) {
        extent.store(output);
      }
    }
    for (int id = needed.nextSetBit(0); id >= 0; id = needed.nextSetBit(id + 1)) {
      if (!own.get(id)) {
        for (int operand : operands(id)) {
          if (own.get(operand)) {
            extent.store(operand);
          }
        }
      }
    }
  }

  private void findColumns(Extent extent, List<Integer> nodes, int[] outputs) {
    BitSet found = new BitSet();
    for (int node : nodes) {
      for (int operand : operands(node)) {
        found.set(operand);
      }
    }
    for (int output : outputs) {
      found.set(output);
    }
    found.stream()
        .forEach(node -> {
          switch (frequency.of(node).kind()) {
            case COLUMN -> extent.addColumn(node);
            case CONSTANT -> {
              if (graph.op(node) != Op.CONST && !scalars.contains(node)) {
                scalars.add(node);
              }
            }
            default -> {}
          }
        });
  }

  private int[] operands(int node) {
    if (isFunction(node)) {
      return new int[] {argument(node)};
    }
    return switch (graph.op(node).operands()) {
      case 0 -> new int[0];
      case 1 -> new int[] {graph.a(node)};
      default -> new int[] {graph.a(node), graph.b(node)};
    };
  }

  private boolean isFunction(int node) {
    return graph.op(node).isTranscendental();
  }
}

package org.farfit.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import org.farfit.formula.Graph;
import org.farfit.kernels.Arrangement.Level;

/**
 * What is computed of each run, split into stages: arithmetic in one, the functions of its results
 * in the next, and so on. A stage depends on those before it alone, so that it can be a loop over
 * several runs.
 */
final class RunStages {

  private final Arrangement arrangement;
  private final Graph graph;
  private final BitSet outputs = new BitSet();
  private final int[] stages;
  private final List<List<Integer>> nodes = new ArrayList<>();
  private final BitSet kept = new BitSet();

  /**
   * Stages.
   *
   * @param wanted nodes of which any that changes from run to run is wanted
   */
  RunStages(Arrangement arrangement, List<Integer> wanted) {
    this.arrangement = arrangement;
    this.graph = arrangement.schedule().graph();
    this.stages = new int[graph.size()];
    Arrays.fill(stages, -1);
    wanted.stream().filter(this::isOfRun).forEach(outputs::set);
    outputs.stream().forEach(this::place);
    keep();
  }

  private boolean isOfRun(int node) {
    return arrangement.level(node) == Level.RUN;
  }

  private List<Integer> operands(int node) {
    return switch (graph.op(node).operands()) {
      case 0 -> List.of();
      case 1 -> List.of(graph.a(node));
      default -> List.of(graph.a(node), graph.b(node));
    };
  }

  /** Even stages are of arithmetic, odd ones of functions. */
  private int place(int node) {
    if (stages[node] >= 0) {
      return stages[node];
    }
    int stage = 0;
    for (int operand : operands(node)) {
      if (isOfRun(operand)) {
        stage = Math.max(stage, place(operand));
      }
    }
    // A function of a function of the same stage would not find it.
    boolean isFunction = graph.op(node).isTranscendental();
    boolean odd = (stage & 1) == 1;
    if (isFunction) {
      stage += odd ? 2 : 1;
    } else {
      stage += odd ? 1 : 0;
    }
    while (nodes.size() <= stage) {
      nodes.add(new ArrayList<>());
    }
    stages[node] = stage;
    nodes.get(stage).add(node);
    return stage;
  }

  private void keep() {
    kept.or(outputs);
    for (List<Integer> stage : nodes) {
      for (int node : stage) {
        for (int operand : operands(node)) {
          if (isOfRun(operand) && stages[operand] < stages[node]) {
            kept.set(operand);
          }
        }
      }
    }
  }

  /** The nodes of each stage, operands first. */
  List<List<Integer>> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  /** The stage of a node, or -1. */
  int stage(int node) {
    return stages[node];
  }

  /** Nodes that are read outside their own stage, and those that are wanted. */
  BitSet kept() {
    return kept;
  }
}

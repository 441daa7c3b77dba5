package org.farfit.formula;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;

/**
 * Parameters in which every response is jointly linear, so that they can be solved for when the
 * others are given: no derivative by one of them depends on any of them.
 */
final class LinearParameters {

  private LinearParameters() {}

  /**
   * Finds them.
   *
   * @param gradients for each response its derivatives by parameter
   * @param count how many parameters there are
   */
  static BitSet find(Graph graph, List<SortedMap<Integer, Integer>> gradients, int count) {
    List<BitSet> conflicts = new ArrayList<>();
    for (int j = 0; j < count; j++) {
      conflicts.add(new BitSet());
    }
    for (SortedMap<Integer, Integer> gradient : gradients) {
      gradient.forEach((parameter, derivative) -> {
        BitSet depends = graph.parameters(derivative);
        conflicts.get(parameter).or(depends);
        depends.stream().forEach(other -> conflicts.get(other).set(parameter));
      });
    }
    // Those that conflict with few come first: E before A in A*(1 + g*x) + E.
    BitSet candidates = new BitSet();
    for (int j = 0; j < count; j++) {
      candidates.set(j, !conflicts.get(j).get(j));
    }
    BitSet linear = new BitSet();
    while (!candidates.isEmpty()) {
      int least = -1;
      int fewest = Integer.MAX_VALUE;
      for (int j = candidates.nextSetBit(0); j >= 0; j = candidates.nextSetBit(j + 1)) {
        BitSet among = (BitSet) conflicts.get(j).clone();
        among.and(candidates);
        if (among.cardinality() < fewest) {
          fewest = among.cardinality();
          least = j;
        }
      }
      linear.set(least);
      candidates.clear(least);
      candidates.andNot(conflicts.get(least));
    }
    return linear;
  }
}

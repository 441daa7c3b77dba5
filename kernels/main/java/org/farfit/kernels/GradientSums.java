package org.farfit.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.farfit.formula.Schedule;

/**
 * How the sums of products that a {@link Schedule} takes in factors become those of its
 * derivatives: by the shares that each derivative has of each factor.
 */
final class GradientSums {

  /** The number one, as a node. */
  static final int ONE = -1;

  /**
   * One product of a derivative.
   *
   * @param factor which factor
   * @param share the node that it is multiplied by, or {@link #ONE}
   */
  record Term(int factor, int share) {}

  private final int[] factors;
  private final List<List<Term>> terms = new ArrayList<>();
  private final boolean byGroup;

  /** Sums of the derivatives that a kernel is to have, in its order. */
  GradientSums(KernelTarget target) {
    Schedule schedule = target.schedule();
    factors = schedule.factors();
    List<Integer> parameters = Arrays.stream(schedule.parameters()).boxed().toList();
    for (int j : target.derivatives().list()) {
      int parameter = parameters.indexOf(j);
      terms.add(
          schedule.shares().stream()
              .filter(share -> share.parameter() == parameter)
              .map(share -> new Term(share.factor(), share.slot() < 0 ? ONE : share.node()))
              .toList());
    }
    byGroup = schedule.shareExtent() > 0;
  }

  /** The nodes of the factors. */
  int[] factors() {
    return factors;
  }

  /** The products that make up each derivative. */
  List<List<Term>> terms() {
    return terms;
  }

  /** Whether shares change by group, so that sums end with each. */
  boolean byGroup() {
    return byGroup;
  }
}

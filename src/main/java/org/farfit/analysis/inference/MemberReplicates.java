package org.farfit.analysis.inference;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.farfit.fit.Surface;

/** The replicates of an average: each is one of a member, as often as that is probable. */
final class MemberReplicates {

  private static final double GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

  private final List<Inference.Member> members;

  /** Replicates of fits that all have some. */
  MemberReplicates(List<Inference.Member> members) {
    this.members = members;
  }

  /**
   * The surfaces of those that converged.
   *
   * @param drawn how many were drawn of each
   */
  List<Surface> surfaces(int drawn) {
    return IntStream.range(0, drawn)
        .mapToObj(b -> Map.entry(b, members.get(memberOf(b)).replicates().orElseThrow()))
        .filter(each -> !each.getValue().isFailed(each.getKey()))
        .<Surface>map(each -> each.getValue().surface(each.getKey()))
        .toList();
  }

  /** Which member gives a replicate: spread evenly by multiples of the golden ratio. */
  private int memberOf(int replicate) {
    double position = (replicate + 1) * GOLDEN_RATIO % 1;
    double sum = members.stream().mapToDouble(Inference.Member::doubt).sum();
    int member = 0;
    double reached = members.getFirst().doubt() / sum;
    while (position >= reached && member < members.size() - 1) {
      member++;
      reached += members.get(member).doubt() / sum;
    }
    return member;
  }
}

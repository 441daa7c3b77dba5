package org.farfit.fit;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The mean of the losses that several fitted laws predict. Laws that err in opposite directions
 * when extrapolated leave less error than either.
 *
 * @param members the fitted laws, at least one
 */
public record AverageSurface(List<FittedSurface> members) implements Surface {

  /** Checks that there is a member. */
  public AverageSurface {
    if (members.isEmpty()) {
      throw new IllegalArgumentException("an average needs a member");
    }
    members = List.copyOf(members);
  }

  @Override
  public String name() {
    return members.stream().map(FittedSurface::name).collect(Collectors.joining("+"));
  }

  @Override
  public double loss(double n, double d) {
    double sum = 0;
    for (FittedSurface member : members) {
      sum += member.loss(n, d);
    }
    return sum / members.size();
  }
}

package org.farfit.fit.extrapolation;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.farfit.data.RunSet;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.Surface;

/**
 * The weighted mean of the losses that several fitted laws predict. Laws that err in opposite
 * directions when extrapolated leave less error than either.
 *
 * @param members the fitted laws, at least one
 * @param weights of the members, not negative; they are divided by their sum
 */
public record AverageSurface(List<FittedSurface> members, List<Double> weights) implements Surface {

  /** Checks that there are members and as many weights. */
  public AverageSurface {
    if (members.isEmpty() || members.size() != weights.size()) {
      throw new IllegalArgumentException(
          "%d members with %d weights".formatted(members.size(), weights.size()));
    }
    double sum = weights.stream().mapToDouble(Double::doubleValue).sum();
    if (!weights.stream().allMatch(weight -> weight >= 0) || !(sum > 0)) {
      throw new IllegalArgumentException("weights " + weights);
    }
    members = List.copyOf(members);
    weights = weights.stream().map(weight -> weight / sum).toList();
  }

  @Override
  public String name() {
    return members.stream().map(FittedSurface::name).collect(Collectors.joining("+"));
  }

  @Override
  public double loss(double n, double d) {
    return mean(member -> member.loss(n, d));
  }

  @Override
  public double loss(RunSet runs, int run) {
    return mean(member -> member.loss(runs, run));
  }

  @Override
  public AverageSurface fixing(Map<String, Double> values) {
    return new AverageSurface(
        members.stream().map(member -> member.fixing(values)).toList(), weights);
  }

  private double mean(ToDoubleFunction<FittedSurface> loss) {
    double sum = 0;
    for (int k = 0; k < weights.size(); k++) {
      // A member without weight need not even be a number.
      sum += weights.get(k) > 0 ? weights.get(k) * loss.applyAsDouble(members.get(k)) : 0;
    }
    return sum;
  }
}

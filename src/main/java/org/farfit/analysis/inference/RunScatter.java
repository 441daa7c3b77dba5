package org.farfit.analysis.inference;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.fit.LawFit;
import org.farfit.fit.Surface;

/** How single runs scatter around a surface: as their noise is modelled, else as residuals do. */
final class RunScatter {

  private final List<Inference.Member> members;
  private final RunSet runs;
  private final Surface surface;
  private final int parameters;
  private double ofResiduals = Double.NaN;

  /**
   * The scatter.
   *
   * @param members the fit, or those whose average the surface is
   * @param parameters how many were fitted
   */
  RunScatter(List<Inference.Member> members, RunSet runs, Surface surface, int parameters) {
    this.members = members;
    this.runs = runs;
    this.surface = surface;
    this.parameters = parameters;
  }

  /** Variance of ln L of a run of weight one, where the noise is modelled: the members' mean. */
  OptionalDouble logVariance(Estimands.Point point) {
    double sum = 0;
    for (Inference.Member member : members) {
      LawFit fit = member.fit();
      if (fit.structuredNoise().isEmpty()) {
        return OptionalDouble.empty();
      }
      double scale = fit.objective().residual().perLogLoss(point.on(fit.surface()));
      sum +=
          fit.structuredNoise().get().totalVariance(fit.surface().centre(), point.n(), point.d())
              / (scale * scale);
    }
    return OptionalDouble.of(sum / members.size());
  }

  /** The same where there is no model, too: then it is that of all residuals. */
  double meanLogVariance(Estimands.Point point) {
    return logVariance(point).orElseGet(this::varianceOfResiduals);
  }

  /** The same for all points, so that it is computed once. */
  private double varianceOfResiduals() {
    if (Double.isNaN(ofResiduals)) {
      ofResiduals = Arrays.stream(logResiduals()).map(r -> r * r).average().orElseThrow();
    }
    return ofResiduals;
  }

  /** Residuals ln L - ln Lhat of the fitted runs, enlarged for the parameters that were fitted. */
  double[] logResiduals() {
    double enlarged = Math.sqrt(runs.size() / (double) Math.max(1, runs.size() - parameters));
    return IntStream.range(0, runs.size())
        .mapToDouble(i -> enlarged * Math.log(runs.loss(i) / surface.loss(runs, i)))
        .toArray();
  }
}

package org.farfit.analysis.inference;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.fit.LawFit;
import org.farfit.fit.Surface;
import org.farfit.fit.statistics.ErrorQuantile;
import org.farfit.fit.statistics.NoiseModel;

/**
 * How single runs scatter around a surface: with the variance that a model of their noise has at
 * each N and D, else with that of all residuals; and far out as residuals do in units of it, which
 * need not be normal. A model of a robust fit has the variance of what residuals count for there;
 * runs scatter by all of it.
 */
final class RunScatter {

  private final List<Inference.Member> members;
  private final RunSet runs;
  private final Surface surface;
  private final int parameters;
  private double ofResiduals = Double.NaN;
  private double[] errors;

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

  /** Whether a model of each member says how the variance changes. */
  private boolean isModelled() {
    return members.stream().allMatch(member -> member.fit().structuredNoise().isPresent());
  }

  /** Standard deviation of ln L of a run of weight one in the units of {@link #errors}. */
  double deviation(Estimands.Point point) {
    return isModelled()
        ? Math.sqrt(modelled(point.n(), point.d(), 1, fit -> point.on(fit.surface())))
        : deviationOfResiduals();
  }

  /** The mean variance of ln L that the members' models have of a run. */
  private double modelled(double n, double d, double weight, ToDoubleFunction<LawFit> loss) {
    double sum = 0;
    for (Inference.Member member : members) {
      LawFit fit = member.fit();
      NoiseModel model = fit.structuredNoise().orElseThrow();
      double scale = fit.objective().residual().perLogLoss(loss.applyAsDouble(fit));
      sum += model.totalVariance(fit.surface().centre(), n, d, weight) / (scale * scale);
    }
    return sum / members.size();
  }

  /** Enlarged for the parameters that were fitted; the same for all points, so computed once. */
  private double deviationOfResiduals() {
    if (Double.isNaN(ofResiduals)) {
      double enlarged = runs.size() / (double) Math.max(1, runs.size() - parameters);
      double meanSquare = Arrays.stream(residuals()).map(r -> r * r).average().orElseThrow();
      ofResiduals = Math.sqrt(enlarged * meanSquare);
    }
    return ofResiduals;
  }

  /**
   * Errors of the fitted runs, ln L - ln Lhat in units of {@link #deviation}. Their mean square is
   * one but for robust fits with a model, of which what residuals count for has that.
   */
  double[] errors() {
    if (errors == null) {
      double[] residual = residuals();
      double[] unit = new double[residual.length];
      Arrays.fill(unit, 1);
      if (isModelled()) {
        Arrays.setAll(
            unit,
            i ->
                Math.sqrt(
                    modelled(runs.n(i), runs.d(i), runs.weight(i), fit -> fit.loss(runs, i))));
      }
      double[] counted = isModelled() ? counted(residual) : residual;
      errors = ErrorQuantile.inDeviations(over(residual, unit), over(counted, unit));
    }
    return errors.clone();
  }

  private static double[] over(double[] values, double[] units) {
    double[] ratios = new double[values.length];
    Arrays.setAll(ratios, i -> values[i] / units[i]);
    return ratios;
  }

  /** How many standard deviations of {@link #deviation} errors reach beside normal ones. */
  double reach(double level) {
    return ErrorQuantile.besideNormal(errors(), level);
  }

  private double[] residuals() {
    return IntStream.range(0, runs.size())
        .mapToDouble(i -> Math.log(runs.loss(i) / surface.loss(runs, i)))
        .toArray();
  }

  /** What residuals count for in the fit, see {@code Evaluation.influence}. */
  private double[] counted(double[] residual) {
    Objective objective = members.getFirst().fit().objective();
    if (objective.isSquared()) {
      return residual;
    }
    double[] own = new double[residual.length];
    Arrays.setAll(own, i -> objective.residual().perLogLoss(surface.loss(runs, i)) * residual[i]);
    double inside = objective.insideShare(own);
    double[] counted = new double[residual.length];
    Arrays.setAll(counted, i -> objective.weight(own[i]) * residual[i] / inside);
    return counted;
  }
}

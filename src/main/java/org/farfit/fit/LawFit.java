package org.farfit.fit;

import java.util.List;
import java.util.Optional;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.fit.statistics.Evaluation;
import org.farfit.fit.statistics.FitQuality;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.fit.statistics.NoiseStudy;
import org.farfit.fit.statistics.Uncertainty;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.solver.Status;

/**
 * A law fitted to runs: the surface, and what is known about how good and how certain it is.
 *
 * @param surface the fitted surface
 * @param origin how it was fitted, and what is known of that
 * @param objective what was minimised
 * @param status how the fit ended
 * @param cost the objective of the surface: half the weighted sum of squared or robust residuals,
 *     without what a prior adds
 * @param standardErrors standard errors of the published parameters, if they can be estimated
 * @param condition condition number of the column-scaled Jacobian
 * @param quality how well the surface describes the runs
 * @param noise how the residuals scatter, which covariance and standard errors then follow; without
 *     it they take residuals to be independent and alike
 * @param atLimit positions of centred parameters at a limit, which all inference takes as known
 */
public record LawFit(
    FittedSurface surface,
    FitOrigin origin,
    Objective objective,
    Status status,
    double cost,
    Optional<double[]> standardErrors,
    double condition,
    FitQuality quality,
    List<Integer> atLimit,
    Optional<NoiseStudy.Result> noise) {

  /**
   * The least-squares fit that an optimum is.
   *
   * @param cost of the runs alone, without what a prior adds
   * @param runs the runs that it was fitted to
   */
  public static LawFit of(
      Law law,
      Centre centre,
      Optimum optimum,
      double cost,
      Objective objective,
      RunSet runs,
      FitOrigin origin) {
    double[] centred = optimum.parameters();
    double[] precision = precision(origin, law);
    List<Integer> atLimit = law.atLimit(centre, centred, runs.n());
    Evaluation at = Evaluation.of(law, centre, centred, runs, objective);
    Uncertainty uncertainty = Uncertainty.of(at, precision, atLimit);
    boolean determined = optimum.status().isConverged();
    return new LawFit(
        new FittedSurface(
            law,
            centre,
            optimum.centred(),
            runs.size(),
            determined ? uncertainty.covariance() : Optional.empty()),
        origin,
        objective,
        optimum.status(),
        cost,
        determined ? uncertainty.standardErrors() : Optional.empty(),
        uncertainty.condition(),
        FitQuality.of(at),
        atLimit,
        Optional.empty());
  }

  /**
   * The same fit with a study of its residuals, which covariance and standard errors follow.
   *
   * @param runs the runs that were fitted
   * @param asked the model to take; empty for the one that the tests speak for
   */
  public LawFit withNoise(RunSet runs, Optional<NoiseModel.Kind> asked) {
    Evaluation at = evaluation(runs);
    Optional<NoiseStudy.Result> found = NoiseStudy.of(at, atLimit, asked);
    boolean follows =
        found.isPresent()
            && found.get().model().kind() != NoiseModel.Kind.INDEPENDENT
            && surface.covariance().isPresent();
    Optional<double[][]> covariance =
        follows
            ? Optional.of(
                Uncertainty.covariance(at, priorPrecision(), atLimit, found.get().model()))
            : surface.covariance();
    return new LawFit(
        new FittedSurface(law(), surface.centre(), surface.centred(), surface.runs(), covariance),
        origin,
        objective,
        status,
        cost,
        follows
            ? Optional.of(
                Uncertainty.publishedErrors(
                    law(), surface.centre(), surface.centredArray(), covariance.get()))
            : standardErrors,
        condition,
        quality,
        atLimit,
        found);
  }

  /** The model of the noise, if it is anything but independent and alike. */
  public Optional<NoiseModel> structuredNoise() {
    return noise
        .map(NoiseStudy.Result::model)
        .filter(model -> model.kind() != NoiseModel.Kind.INDEPENDENT);
  }

  /**
   * Whether runs of a size share an error, so that sizes and not runs are what there are many of.
   */
  public boolean sharesNoiseBySize() {
    return structuredNoise().map(model -> model.kind().sharesBySize()).orElse(false);
  }

  /** The surface on runs, such as those that it was fitted to. */
  public Evaluation evaluation(RunSet runs) {
    return Evaluation.of(law(), surface.centre(), surface.centredArray(), runs, objective);
  }

  /** How it was fitted. */
  public Method method() {
    return origin.method();
  }

  /** What the search from many starts found on the way, if there was one and it is known. */
  public Optional<MultiStart> multiStart() {
    return switch (origin) {
      case FitOrigin.Searched searched -> searched.search();
      case FitOrigin.Regularised regularised -> regularised.search();
      case FitOrigin.Staged staged -> Optional.empty();
    };
  }

  /** The prior on its parameters, if there is one. */
  public Optional<Regularisation> regularisation() {
    return origin instanceof FitOrigin.Regularised regularised
        ? Optional.of(regularised.prior())
        : Optional.empty();
  }

  /** What its stages found, if it was fitted in stages and they are known. */
  public Optional<StagedReport> stages() {
    return origin instanceof FitOrigin.Staged staged ? staged.report() : Optional.empty();
  }

  /** The law that was fitted. */
  public Law law() {
    return surface.law();
  }

  /** Precision of the prior on each centred parameter in the unit of the cost; 0 without one. */
  public double[] priorPrecision() {
    return precision(origin, law());
  }

  private static double[] precision(FitOrigin origin, Law law) {
    return origin instanceof FitOrigin.Regularised regularised
        ? regularised.prior().precision()
        : new double[law.parameterCount()];
  }

  /** Where the prior on each centred parameter is centred; 0 without one. */
  public double[] priorMean() {
    return regularisation()
        .map(chosen -> chosen.prior().means())
        .orElseGet(() -> new double[law().parameterCount()]);
  }

  /** What it means that parameters are at their limits, a sentence for each. */
  public List<String> limitStatements() {
    return atLimit.stream().map(this::limitStatement).toList();
  }

  private String limitStatement(int j) {
    if (law().samplingBox(surface.centre()).isEmpty()) {
      return "%s: %s is at its bound, %.6g; the standard errors of the others take it as known"
          .formatted(law().name(), law().parameterNames().get(j), surface.published()[j]);
    }
    String name = law().centredNames().get(j);
    double value = surface.centred().get(j);
    String meaning;
    if (name.equals("lnE")) {
      meaning =
          "E is at its limit, a hundred-millionth of the typical loss: the runs show no irreducible"
              + " loss";
    } else if (law().curvatures().contains(j)) {
      meaning =
          "%s is at its limit, %.3g: beyond it the %s size alone would see the bend"
              .formatted(name, value, value > 0 ? "largest" : "smallest");
    } else {
      meaning = "%s is at its limit, %.3g: beyond it no run could tell".formatted(name, value);
    }
    return law().name() + ": " + meaning + "; the standard errors of the others take it as known";
  }

  /** The predicted loss of a run. */
  public double loss(RunSet runs, int run) {
    return surface.loss(runs, run);
  }

  /** The predicted loss, see {@link FittedSurface#loss(double, double)}. */
  public double loss(double n, double d) {
    return surface.loss(n, d);
  }
}

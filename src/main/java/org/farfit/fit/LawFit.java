package org.farfit.fit;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.engine.PriorTable;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.fit.statistics.ClusteredErrors;
import org.farfit.fit.statistics.Evaluation;
import org.farfit.fit.statistics.FitQuality;
import org.farfit.fit.statistics.LogLikelihood;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.fit.statistics.NoiseStudy;
import org.farfit.fit.statistics.ResidualDensity;
import org.farfit.fit.statistics.RunErrors;
import org.farfit.fit.statistics.Uncertainty;
import org.farfit.law.AddedTerm;
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
    List<Integer> atLimit = law.atLimit(centre, centred, runs.n(), runs.d());
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
        determined && !atLimit.isEmpty() ? Status.CONVERGED_LIMIT : optimum.status(),
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
    return withNoise(at, NoiseStudy.of(at, atLimit, asked));
  }

  /**
   * The same fit whose covariance and intervals follow what was found of the noise by a fit to more
   * of the runs.
   *
   * @param runs the runs that were fitted
   */
  public LawFit withNoise(RunSet runs, NoiseStudy.Result found) {
    return withNoise(evaluation(runs), Optional.of(found));
  }

  private LawFit withNoise(Evaluation at, Optional<NoiseStudy.Result> found) {
    Optional<double[][]> covariance =
        surface.covariance().map(usual -> found.map(noise -> covariance(at, noise)).orElse(usual));
    return withCovariance(covariance, found);
  }

  private LawFit withCovariance(
      Optional<double[][]> covariance, Optional<NoiseStudy.Result> found) {
    return new LawFit(
        new FittedSurface(law(), surface.centre(), surface.centred(), surface.runs(), covariance),
        origin,
        objective,
        status,
        cost,
        covariance.equals(surface.covariance())
            ? standardErrors
            : covariance.map(changed ->
                Uncertainty.publishedErrors(
                    law(), surface.centre(), surface.centredArray(), changed)),
        condition,
        quality,
        atLimit,
        found);
  }

  /**
   * The covariance of the centred parameters that the study of the residuals gives, computed anew;
   * empty without one.
   *
   * @param runs the runs that were fitted
   */
  public Optional<double[][]> covarianceUnderNoise(RunSet runs) {
    return surface.covariance().isEmpty()
        ? Optional.empty()
        : noise.map(found -> covariance(evaluation(runs), found));
  }

  /**
   * The model of the noise that comes nearest to what was found of it, for fits to part of the
   * runs: where no model describes it, that of an error which runs of a size share. Empty if errors
   * are independent and alike.
   *
   * @param runs the runs that were fitted
   */
  public Optional<NoiseModel> noiseByModel(RunSet runs) {
    return isBeyondModel() && !noise.orElseThrow().model().kind().sharesBySize()
        ? NoiseStudy.model(evaluation(runs), atLimit, NoiseModel.Kind.SIZE)
        : structuredNoise();
  }

  /**
   * The same fit whose covariance follows a model of the noise that was found elsewhere.
   *
   * @param runs the runs that were fitted
   */
  public LawFit under(NoiseModel model, RunSet runs) {
    return surface.covariance().isEmpty()
        ? this
        : withCovariance(
            Optional.of(Uncertainty.covariance(evaluation(runs), priorPrecision(), atLimit, model)),
            noise);
  }

  /**
   * Positions of irreducible losses that vanished, see {@link org.farfit.law.Limits}: they are at
   * the least that they may be.
   */
  public List<Integer> vanished() {
    return law().addedTerms().stream()
        .filter(AddedTerm::isConstant)
        .map(AddedTerm::logarithm)
        .filter(atLimit::contains)
        .toList();
  }

  /**
   * The same fit, certain to the extent that it would be if some parameters at their limits were
   * not held there.
   *
   * @param held some of {@link #atLimit}
   * @param runs the runs that were fitted
   */
  public LawFit freeing(List<Integer> held, RunSet runs) {
    List<Integer> fixed = atLimit.stream().filter(j -> !held.contains(j)).toList();
    Evaluation at = evaluation(runs);
    LawFit freed =
        new LawFit(
            new FittedSurface(
                law(),
                surface.centre(),
                surface.centred(),
                surface.runs(),
                Uncertainty.of(at, priorPrecision(), fixed).covariance()),
            origin,
            objective,
            status,
            cost,
            standardErrors,
            condition,
            quality,
            fixed,
            noise);
    return freed.withNoise(at, noise);
  }

  private double[][] covariance(Evaluation at, NoiseStudy.Result found) {
    if (found.isBeyondModel() || found.generalised()) {
      return clustered(at, atLimit, found);
    }
    return found.model().kind() == NoiseModel.Kind.INDEPENDENT
        ? Uncertainty.of(at, priorPrecision(), atLimit).covariance().orElseThrow()
        : Uncertainty.covariance(at, priorPrecision(), atLimit, found.model());
  }

  /** By residuals as if their cluster had been left out where weights were estimated from them. */
  private double[][] clustered(Evaluation at, List<Integer> fixed, NoiseStudy.Result found) {
    ClusteredErrors errors = errors(at, fixed, found);
    return found.generalised() ? errors.jackknife() : errors.covariance();
  }

  /**
   * Errors that rest on few assumptions: by sizes, or by runs where these share nothing.
   *
   * @param at the fit on its runs
   */
  private ClusteredErrors errors(Evaluation at, List<Integer> fixed, NoiseStudy.Result found) {
    NoiseModel model = found.model();
    double ratio = Math.pow(model.sizeDeviation() / model.deviation(), 2);
    if (!found.generalised()) {
      return new ClusteredErrors(at, priorPrecision(), fixed, true, 0, ratio);
    }
    RunSet weighed = at.runs().weighted(model.weights(at.centre(), at.runs()));
    return new ClusteredErrors(
        Evaluation.of(at.law(), at.centre(), at.centred(), weighed, at.objective()),
        priorPrecision(),
        fixed,
        model.kind().sharesBySize(),
        ratio,
        0);
  }

  /**
   * Errors by sizes of a law within this one, weighed as this fit weighs.
   *
   * @param smaller centred parameters of that law
   * @param zero which of them it gives up
   * @param runs the runs that were fitted
   */
  public ClusteredErrors errorsWithin(double[] smaller, List<Integer> zero, RunSet runs) {
    List<Integer> fixed =
        Stream.concat(
                zero.stream(),
                law().atLimit(surface.centre(), smaller, runs.n(), runs.d()).stream())
            .distinct()
            .toList();
    Evaluation at = Evaluation.of(law(), surface.centre(), smaller, runs, objective);
    return errors(at, fixed, noise.orElseThrow());
  }

  /**
   * Errors that rest on few assumptions, where those of this fit do: it is by generalised least
   * squares, or runs of a size share errors, or no model describes its residuals.
   *
   * @param runs the runs that were fitted
   */
  public Optional<ClusteredErrors> clusteredErrors(RunSet runs) {
    return noise
        .filter(found ->
            found.generalised() || found.isBeyondModel() || found.model().kind().sharesBySize())
        .map(found -> errors(evaluation(runs), atLimit, found));
  }

  /**
   * The fit by generalised least squares under a model of the noise. The model is estimated anew
   * from its residuals; tests stay those of the fit before.
   *
   * @param optimum of {@link NoiseModel#problem}, with the prior of this fit
   * @param before what was found of the residuals of this fit
   * @param runs the runs that were fitted
   * @return empty if its covariance cannot be estimated
   */
  public Optional<LawFit> generalised(Optimum optimum, NoiseStudy.Result before, RunSet runs) {
    double[] centred = optimum.parameters();
    List<Integer> fixed = law().atLimit(surface.centre(), centred, runs.n(), runs.d());
    Evaluation at = Evaluation.of(law(), surface.centre(), centred, runs, objective);
    Optional<NoiseStudy.Result> found =
        NoiseStudy.model(at, fixed, before.model().kind())
            .map(again -> new NoiseStudy.Result(again, before.asked(), before.p(), true));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    double[][] covariance = clustered(at, fixed, found.get());
    if (!isUsable(covariance, fixed)) {
      return Optional.empty();
    }
    return Optional.of(
        new LawFit(
            new FittedSurface(
                law(),
                surface.centre(),
                optimum.centred(),
                surface.runs(),
                Optional.of(covariance)),
            origin,
            objective,
            optimum.status(),
            at.cost(),
            Optional.of(Uncertainty.publishedErrors(law(), surface.centre(), centred, covariance)),
            condition,
            FitQuality.of(at, found.get().model()),
            fixed,
            found));
  }

  private static boolean isUsable(double[][] covariance, List<Integer> fixed) {
    for (int i = 0; i < covariance.length; i++) {
      if (!(covariance[i][i] > 0 || fixed.contains(i)) || !Double.isFinite(covariance[i][i])) {
        return false;
      }
    }
    return true;
  }

  /** Whether it is by generalised least squares under {@link #structuredNoise()}. */
  public boolean isGeneralised() {
    return noise.map(NoiseStudy.Result::generalised).orElse(false);
  }

  /** How well it describes the runs that were fitted, computed anew. */
  public FitQuality qualityOn(RunSet runs) {
    Evaluation at = evaluation(runs);
    return isGeneralised() ? FitQuality.of(at, structuredNoise().orElseThrow()) : FitQuality.of(at);
  }

  /**
   * What the fit minimised, prior included, on runs with some weightings.
   *
   * @param weights rows of weights of the runs
   */
  public SurfaceProblem problem(RunSet runs, WeightTable weights) {
    return isGeneralised()
        ? problemUnder(structuredNoise().orElseThrow(), runs, weights)
        : withPrior(new SurfaceProblem(law(), surface.centre(), runs, objective, weights));
  }

  /** The problem of generalised least squares under a model of the noise, prior included. */
  public SurfaceProblem problemUnder(NoiseModel model, RunSet runs, WeightTable weights) {
    return withPrior(model.problem(law(), surface.centre(), runs, objective, weights));
  }

  private SurfaceProblem withPrior(SurfaceProblem problem) {
    return problem.withPrior(
        PriorTable.repeated(priorMean(), priorPrecision(), problem.weights().rows()));
  }

  /**
   * The same where rows of weights are multiples of the runs' own, as those of a bootstrap are.
   *
   * @param weights rows of weights of the runs
   */
  public SurfaceProblem resampled(RunSet runs, WeightTable weights) {
    SurfaceProblem problem = problem(runs, weights);
    return problem.sharesErrors()
        ? problem.copyingSizes(structuredNoise().orElseThrow().weights(surface.centre(), runs))
        : problem;
  }

  /**
   * What the fit minimised, at its optimum, prior included.
   *
   * @param runs the runs that were fitted
   */
  public double minimised(RunSet runs) {
    double ofRuns =
        isGeneralised()
            ? evaluation(runs).generalised(structuredNoise().orElseThrow()).cost[0]
            : cost;
    return ofRuns + regularisation().map(Regularisation::penalty).orElse(0.0);
  }

  /** Why the fit has no standard errors, in words, where it has none. */
  public String withoutErrors() {
    return Uncertainty.lack(
        status.isConverged(), surface.runs(), law().parameterCount(), condition);
  }

  /**
   * The scale of a residual in the unit of the cost of {@link #problem}: of a run at the centre,
   * without what runs of a size share.
   */
  public double residualScale() {
    return isGeneralised()
        ? structuredNoise().orElseThrow().deviation()
        : LogLikelihood.scale(
            cost, Math.max(1, surface.degreesOfFreedom()), objective.huberDelta());
  }

  /**
   * Degrees of freedom of a combination of parameters, by its gradient: those of {@link
   * ClusteredErrors} where its errors are those, else those of all.
   *
   * @param runs the runs that were fitted
   */
  public ToDoubleFunction<double[]> degreesOfFreedomOf(RunSet runs) {
    Optional<ClusteredErrors> clustered = clusteredErrors(runs);
    if (clustered.isPresent()) {
      return clustered.get()::degreesOfFreedom;
    }
    int all = degreesOfFreedom(runs);
    return gradient -> all;
  }

  /**
   * Degrees of freedom of its errors: runs beyond parameters; where runs of a size share an error,
   * sizes less one.
   *
   * @param runs the runs that were fitted
   */
  public int degreesOfFreedom(RunSet runs) {
    return sharesNoiseBySize() ? Math.max(1, runs.sizes() - 1) : surface.degreesOfFreedom();
  }

  /** The model of the noise, if it is anything but independent and alike. */
  public Optional<NoiseModel> structuredNoise() {
    return noise
        .map(NoiseStudy.Result::model)
        .filter(model -> model.kind() != NoiseModel.Kind.INDEPENDENT);
  }

  /** What the errors of some runs are drawn from, if the fit is taken for the truth. */
  public RunErrors errors(RunSet runs) {
    return structuredNoise()
        .map(model -> RunErrors.of(model, RunErrors.Distribution.NORMAL, surface.centre(), runs))
        .orElseGet(() ->
            RunErrors.independent(
                1, ResidualDensity.of(objective, cost, surface.degreesOfFreedom()), runs));
  }

  /**
   * Whether runs of a size share an error, so that sizes and not runs are what there are many of.
   */
  public boolean sharesNoiseBySize() {
    return isBeyondModel()
        || structuredNoise().map(model -> model.kind().sharesBySize()).orElse(false);
  }

  /** Whether nothing is taken to be known of its errors but that sizes are independent. */
  public boolean isBeyondModel() {
    return noise.map(NoiseStudy.Result::isBeyondModel).orElse(false);
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
    return origin.search();
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
    } else if (law().addedTerms().stream().anyMatch(term -> term.slopes().contains(j))) {
      meaning =
          "%s is at its limit, %.3g: beyond it one size alone would see the term"
              .formatted(name, value);
    } else {
      meaning = "%s is at its limit, %.3g: beyond it no run could tell".formatted(name, value);
    }
    return "%s: %s; the standard errors of the others take it as known%s"
        .formatted(
            law().name(),
            meaning,
            vanished().contains(j) ? ", intervals of losses and optima do not" : "");
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

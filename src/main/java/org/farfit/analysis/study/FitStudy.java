package org.farfit.analysis.study;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.extrapolation.AutoFit;
import org.farfit.fit.extrapolation.BackTest;
import org.farfit.fit.method.Fitters;
import org.farfit.fit.search.GeneralisedFit;
import org.farfit.fit.search.OutlierSearch;
import org.farfit.fit.search.Outliers;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.fit.statistics.NoiseStudy;
import org.farfit.law.Law;
import org.farfit.solver.Parallel;
import org.farfit.solver.ProgressListener;

/**
 * Fits laws to runs and studies how these scatter, as {@code farfit fit} does: each law by a
 * method, then, where its residuals are not independent and alike, again by generalised least
 * squares.
 *
 * <pre>{@code
 * LawFit fit =
 *     new FitStudy(engine, FitOptions.DEFAULT)
 *         .fit(new FitStudy.Plan(new Farseer(), Method.GLOBAL), runs, ProgressListener.NONE);
 * }</pre>
 */
public final class FitStudy {

  private final Engine engine;
  private final FitOptions options;
  private final Optional<NoiseModel.Kind> noise;
  private final LeastSquares leastSquares;
  private final OutlierSearch outliers;

  /** How a fit follows the model of the noise. */
  public enum LeastSquares {
    /** It weighs runs as the model says. */
    GENERALISED,
    /** It stays as it is, and only what is said of its certainty follows the model. */
    ORDINARY
  }

  /** A fit to be made. */
  public record Plan(Law law, Method method) {

    /** The fits that a choice is an average of, in its order. */
    public static List<Plan> of(AutoFit.Choice choice) {
      return choice.members().stream()
          .map(member -> new Plan(member.surface().law(), member.method()))
          .toList();
    }
  }

  /** A study by generalised least squares under the noise that tests speak for. */
  public FitStudy(Engine engine, FitOptions options) {
    this(engine, options, Optional.empty(), LeastSquares.GENERALISED);
  }

  /**
   * A study.
   *
   * @param noise the model to take; empty for the one that tests of the residuals speak for
   */
  public FitStudy(
      Engine engine,
      FitOptions options,
      Optional<NoiseModel.Kind> noise,
      LeastSquares leastSquares) {
    this(engine, options, noise, leastSquares, new OutlierSearch(engine, options));
  }

  private FitStudy(
      Engine engine,
      FitOptions options,
      Optional<NoiseModel.Kind> noise,
      LeastSquares leastSquares,
      OutlierSearch outliers) {
    this.engine = engine;
    this.options = options;
    this.noise = noise;
    this.leastSquares = leastSquares;
    this.outliers = outliers;
  }

  /** How fits are made. */
  public FitOptions options() {
    return options;
  }

  /**
   * What to extrapolate these runs with.
   *
   * @param methods those that may be chosen
   * @throws org.farfit.data.InputException if there is nothing to choose from
   */
  public AutoFit.Choice choose(RunSet runs, Set<Method> methods, ProgressListener progress) {
    return new AutoFit(engine, options, progress, methods, outliers).choose(runs);
  }

  /** The study whose fits are those of a choice: they minimise what its members did. */
  public FitStudy following(AutoFit.Choice choice) {
    return new FitStudy(
        engine, options.withObjective(choice.objective()), noise, leastSquares, outliers);
  }

  /**
   * Fits one law.
   *
   * @throws org.farfit.data.InputException if the method is not defined for it, or not for such
   *     runs
   */
  public LawFit fit(Plan plan, RunSet runs, ProgressListener progress) {
    return studied(ordinary(plan, runs, progress), runs);
  }

  /**
   * Fits laws one after the other; how runs scatter around one is studied while the next is fitted.
   *
   * @param first fits plan i, see {@link #ordinary}; on the calling thread
   * @return their fits, in the order of the plans
   */
  public List<LawFit> fits(int plans, RunSet runs, IntFunction<LawFit> first) {
    return Parallel.inTwoSteps(plans, options.threads(), first, fit -> studied(fit, runs));
  }

  /**
   * Fits one law and leaves its residuals as they are: the first step of {@link #fit}.
   *
   * @throws org.farfit.data.InputException as there
   */
  public LawFit ordinary(Plan plan, RunSet runs, ProgressListener progress) {
    return new Fitters(engine, options, progress, outliers).of(plan.method()).fit(plan.law(), runs);
  }

  private LawFit studied(LawFit fit, RunSet runs) {
    return leastSquares == LeastSquares.GENERALISED
        ? new GeneralisedFit(engine, options).fit(fit, runs, noise)
        : fit.withNoise(runs, noise);
  }

  /**
   * Runs whose loss is none of their N and D, which least squares follow and robust fits do not.
   * They are looked for where residuals show outliers, or that sizes share errors, and where fits
   * are robust; not for laws of more than N and D, of which other columns may explain a loss.
   *
   * @param fits made by this study, or one that follows a choice of it
   */
  public Outliers outliers(List<LawFit> fits, RunSet runs) {
    boolean worthLooking =
        !options.objective().isSquared()
            || fits.stream()
                .flatMap(fit -> fit.noise().stream())
                .anyMatch(noise ->
                    noise.shows(NoiseStudy.Feature.OUTLIERS)
                        || noise.shows(NoiseStudy.Feature.SIZES));
    return worthLooking && runs.furtherColumns().isEmpty() ? outliers.among(runs) : Outliers.NONE;
  }

  /**
   * How intervals of a fit for single runs did within its runs, each larger part predicted from the
   * smaller ones.
   *
   * @param runs the runs that were fitted
   * @return empty without N and D, without standard errors, and for too few runs or very many
   */
  public Optional<BackTest> backTest(LawFit fit, RunSet runs) {
    return new LawBackTest(engine, options, outliers).of(fit, runs);
  }
}

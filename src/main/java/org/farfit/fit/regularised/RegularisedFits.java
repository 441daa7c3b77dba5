package org.farfit.fit.regularised;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Objective;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitOrigin;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.Optimum;
import org.farfit.fit.Regularisation;
import org.farfit.fit.search.Outliers;
import org.farfit.fit.search.WeightedFits;
import org.farfit.fit.statistics.Evaluation;
import org.farfit.fit.statistics.LogLikelihood;
import org.farfit.fit.statistics.Uncertainty;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.law.Limits;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Status;

/**
 * Fits of laws to many weightings of the same runs, each with the prior of its law ({@link
 * Law#prior}), weighed by the scale of the residuals of the free least-squares fit of the same
 * weighting. Runs of weight 0 have no influence. All fits of a law are two batches: the free ones,
 * and those with a prior.
 */
public final class RegularisedFits {

  /** Stands for the scale of residuals where runs are too few to tell it, one percent of a loss. */
  private static final double UNKNOWN_SCALE = 0.01;

  private static final Law SIMPLEST = Laws.simplest();

  /** Huber's threshold at which 95% of the efficiency is left for normal residuals, in scales. */
  private static final double ROBUST = 1.345;

  /** The median size of a normal deviate, inverted. */
  private static final double MEDIAN_TO_SCALE = 1.4826;

  /** Residuals of a hundredth of a percent are as good as none. */
  private static final double LEAST_THRESHOLD = 1e-4;

  private final Engine engine;
  private final FitOptions options;
  private final ProgressListener progress;
  private final RunSet runs;
  private final Centre centre;
  private final List<double[]> weightings;

  /** The same without outliers, for what is told by the residuals of least squares. */
  private final List<double[]> counted;

  private final Map<Law, List<Optimum>> free = new HashMap<>();

  /**
   * A fitter.
   *
   * @param centre what centred parameters refer to
   * @param weightings weight of each run, 0 for those left out
   * @param outliers what free fits and the scales of residuals leave out, if fits are robust
   */
  public RegularisedFits(
      Engine engine,
      FitOptions options,
      ProgressListener progress,
      RunSet runs,
      Centre centre,
      List<double[]> weightings,
      Outliers outliers) {
    this.engine = engine;
    this.options = options;
    this.progress = progress;
    this.runs = runs;
    this.centre = centre;
    this.weightings = List.copyOf(weightings);
    this.counted = weightings.stream().map(outliers::without).toList();
  }

  /**
   * The fit of one weighting.
   *
   * @param surface the surface
   * @param status how its fit ended
   * @param regularisation its prior, if it has one
   */
  public record Result(
      FittedSurface surface, Status status, Optional<Regularisation> regularisation) {

    /**
     * The fit that it is.
     *
     * @param objective what was minimised
     * @param own the runs of its weighting
     */
    public LawFit fit(Objective objective, RunSet own) {
      double[] centred = surface.centredArray();
      return LawFit.of(
          surface.law(),
          surface.centre(),
          new Optimum(surface.centred(), Double.NaN, status, 0),
          Evaluation.of(surface.law(), surface.centre(), centred, own, objective).cost(),
          objective,
          own,
          FitOrigin.searched(Optional.empty(), regularisation));
    }
  }

  /** Least-squares fits without a prior, one for each weighting. */
  public List<Result> free(Law law) {
    return results(
        law,
        squares(),
        freeOptima(law),
        weightings.stream().map(w -> Optional.<Regularisation>empty()).toList());
  }

  /**
   * Fits with the prior of the law, one for each weighting; without one if it has none.
   *
   * @param objective what is minimised
   */
  public List<Result> fit(Law law, Objective objective) {
    List<Optional<Regularisation>> priors =
        IntStream.range(0, weightings.size()).mapToObj(i -> regularisation(law, i)).toList();
    List<WeightedFits.Task> tasks =
        IntStream.range(0, weightings.size())
            .mapToObj(i -> new WeightedFits.Task(weightings.get(i), priors.get(i)))
            .toList();
    return results(law, objective, batch(objective).fit(law, centre, runs, tasks), priors);
  }

  private WeightedFits batch(Objective objective) {
    return new WeightedFits(engine, options.withObjective(objective), progress);
  }

  /** The prior of a law for a weighting, if it has one; its penalty is not known yet. */
  public Optional<Regularisation> regularisation(Law law, int weighting) {
    DoubleSummaryStatistics losses = logLosses(counted.get(weighting));
    return law.prior(losses.getAverage(), losses.getMin())
        .map(prior -> new Regularisation(prior, residualScale(law, weighting), 0));
  }

  /**
   * Huber's loss with a threshold of 1.345 standard deviations of a residual of the first weighting
   * (Huber 1981, section 4.5): outliers pull no harder than that. The deviation is that of the law
   * which describes the runs best, by the median of its residuals, which outliers hardly move.
   */
  public Objective robust(List<Law> laws) {
    double scale =
        laws.stream().mapToDouble(this::medianScale).filter(each -> each > 0).min().orElse(0);
    return new Objective(options.objective().residual(), Math.max(LEAST_THRESHOLD, ROBUST * scale));
  }

  /** NaN where the runs of the first weighting are not more than the parameters. */
  private double medianScale(Law law) {
    double[] weights = counted.getFirst();
    int used = RunSet.countWeighted(weights);
    int freedom = used - law.parameterCount();
    if (freedom <= 0) {
      return Double.NaN;
    }
    double[] centred = freeOptima(law).getFirst().parameters();
    Evaluation at = Evaluation.of(law, centre, centred, runs, options.objective());
    double[] sizes =
        IntStream.range(0, weights.length)
            .filter(i -> weights[i] > 0)
            .mapToDouble(i -> Math.abs(at.residual(i)))
            .sorted()
            .toArray();
    double median = (sizes[(used - 1) / 2] + sizes[used / 2]) / 2;
    return MEDIAN_TO_SCALE * median * Math.sqrt((double) used / freedom);
  }

  private List<Result> results(
      Law law, Objective objective, List<Optimum> optima, List<Optional<Regularisation>> priors) {
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < optima.size(); i++) {
      Optimum optimum = optima.get(i);
      double[] precision =
          priors.get(i).map(Regularisation::precision).orElse(new double[law.parameterCount()]);
      results.add(
          new Result(
              new FittedSurface(
                  law,
                  centre,
                  optimum.centred(),
                  RunSet.countWeighted(weightings.get(i)),
                  covariance(law, objective, optimum, precision, runs.weighted(weightings.get(i)))),
              optimum.status(),
              priors.get(i).map(each -> each.at(optimum.parameters()))));
    }
    return results;
  }

  private Optional<double[][]> covariance(
      Law law, Objective objective, Optimum optimum, double[] precision, RunSet own) {
    if (!optimum.status().isConverged() || own.size() == 0) {
      return Optional.empty();
    }
    double[] centred = optimum.parameters();
    return Uncertainty.of(
            Evaluation.of(law, centre, centred, own, objective),
            precision,
            Limits.of(law, centre, own.n(), own.d()).reachedBy(centred))
        .covariance();
  }

  private List<Optimum> freeOptima(Law law) {
    return free.computeIfAbsent(
        law,
        key ->
            batch(squares())
                .fit(
                    key,
                    centre,
                    runs,
                    counted.stream()
                        .map(weights -> new WeightedFits.Task(weights, Optional.empty()))
                        .toList()));
  }

  private Objective squares() {
    return new Objective(options.objective().residual(), Double.POSITIVE_INFINITY);
  }

  private DoubleSummaryStatistics logLosses(double[] weights) {
    return IntStream.range(0, weights.length)
        .filter(i -> weights[i] > 0)
        .mapToDouble(i -> Math.log(runs.loss(i)))
        .summaryStatistics();
  }

  /**
   * Standard deviation of a residual of the free fit; of the simplest law's, where the runs are not
   * more than the parameters.
   */
  private double residualScale(Law law, int weighting) {
    int used = RunSet.countWeighted(counted.get(weighting));
    for (Law each : law.equals(SIMPLEST) ? List.of(law) : List.of(law, SIMPLEST)) {
      int freedom = used - each.parameterCount();
      double cost = freedom > 0 ? freeOptima(each).get(weighting).cost() : Double.NaN;
      if (Double.isFinite(cost)) {
        return LogLikelihood.scale(cost, freedom, Double.POSITIVE_INFINITY);
      }
    }
    return UNKNOWN_SCALE;
  }
}

package org.farfit.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Status;

/**
 * Fits of one law to many weightings of the same runs, each with the {@link CurvaturePrior} that
 * predicts best from the smaller to the next larger size inside that weighting. Runs of weight 0
 * have no influence on it. All fits, at every origin and with every strength, are two batches.
 *
 * <p>A law without curvatures has nothing to choose; its origins still tell how well it
 * extrapolates.
 */
final class RegularisedFits {

  /** The deviation of the prior where there are too few sizes to choose one. */
  private static final double UNCHOSEN_DEVIATION = 0.05;

  private final Engine engine;
  private final FitOptions options;
  private final ProgressListener progress;
  private final boolean regularise;

  /**
   * A fitter.
   *
   * @param regularise whether a prior may be chosen; without it fits are free
   */
  RegularisedFits(
      Engine engine, FitOptions options, ProgressListener progress, boolean regularise) {
    this.regularise = regularise;
    this.engine = engine;
    this.options = options;
    this.progress = progress;
  }

  /**
   * The fit of one weighting.
   *
   * @param surface the surface with the chosen prior
   * @param status how its fit ended
   * @param prior the chosen prior
   * @param errors mean error one size ahead, by deviation; empty if there are too few sizes
   * @param origins the origins that it was chosen by
   * @param atOrigins the surface with the chosen deviation at each origin
   */
  record Result(
      FittedSurface surface,
      Status status,
      CurvaturePrior prior,
      TreeMap<Double, Double> errors,
      List<RollingOrigin> origins,
      List<FittedSurface> atOrigins) {}

  List<Result> fit(Law law, RunSet runs, List<double[]> weightings) {
    Session session = new Session(law, runs);
    List<List<RollingOrigin>> origins = new ArrayList<>();
    for (double[] weights : weightings) {
      List<RollingOrigin> usable =
          RollingOrigin.within(runs, weights).stream()
              .filter(origin -> origin.fitted() > law.parameterCount())
              .filter(origin -> FitRequirements.problem(law, runs, origin.fit()).isEmpty())
              .toList();
      origins.add(usable);
      session.add(weights);
      usable.forEach(origin -> session.add(origin.fit()));
    }
    session.fit();
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < weightings.size(); i++) {
      results.add(session.choose(weightings.get(i), origins.get(i)));
    }
    return results;
  }

  /** All fits of one law: each distinct weighting with each deviation, once. */
  private final class Session {

    private final Law law;
    private final RunSet runs;
    private final Centre centre;
    private final double[] deviations;
    private final SequencedMap<List<Double>, Map<Double, Fit>> fits = new LinkedHashMap<>();

    private record Fit(Optimum optimum, CurvaturePrior prior) {}

    Session(Law law, RunSet runs) {
      this.law = law;
      this.runs = runs;
      this.centre = Centre.of(runs.n(), runs.d(), runs.loss());
      this.deviations =
          law.curvatures().isEmpty() || !regularise
              ? new double[] {Double.POSITIVE_INFINITY}
              : CurvaturePrior.DEVIATIONS;
    }

    private static List<Double> key(double[] weights) {
      return Arrays.stream(weights).boxed().toList();
    }

    private static double[] weights(List<Double> key) {
      return key.stream().mapToDouble(Double::doubleValue).toArray();
    }

    void add(double[] weights) {
      fits.putIfAbsent(key(weights), new TreeMap<>());
    }

    /** Fits without a prior come first: they tell the scale of the residuals. */
    void fit() {
      WeightedFits batch = new WeightedFits(engine, options, progress);
      List<WeightedFits.Task> free = new ArrayList<>();
      fits.keySet()
          .forEach(key ->
              free.add(new WeightedFits.Task(weights(key), new double[law.parameterCount()])));
      List<Optimum> found = batch.fit(law, centre, runs, free);

      List<CurvaturePrior> priors = new ArrayList<>();
      List<WeightedFits.Task> bound = new ArrayList<>();
      List<Map<Double, Fit>> targets = new ArrayList<>();
      int position = 0;
      for (Map<Double, Fit> byDeviation : fits.values()) {
        double[] weights = free.get(position).weights();
        double scale = residualScale(weights, found.get(position).cost());
        for (double deviation : deviations) {
          CurvaturePrior prior = new CurvaturePrior(deviation, scale);
          if (deviation == Double.POSITIVE_INFINITY) {
            byDeviation.put(deviation, new Fit(found.get(position), prior));
          } else {
            priors.add(prior);
            bound.add(new WeightedFits.Task(weights, prior.precision(law)));
            targets.add(byDeviation);
          }
        }
        position++;
      }
      List<Optimum> regularised = batch.fit(law, centre, runs, bound);
      for (int i = 0; i < bound.size(); i++) {
        targets.get(i).put(priors.get(i).deviation(), new Fit(regularised.get(i), priors.get(i)));
      }
    }

    private double residualScale(double[] weights, double cost) {
      int used = RunSet.countWeighted(weights);
      int freedom = Math.max(1, used - law.parameterCount());
      return Double.isFinite(cost)
          ? LogLikelihood.scale(cost, freedom, options.objective().huberDelta())
          : 0;
    }

    Result choose(double[] weights, List<RollingOrigin> origins) {
      TreeMap<Double, Double> errors = new TreeMap<>();
      for (double deviation : deviations) {
        origins.stream()
            .mapToDouble(origin -> origin.error(runs, surface(origin.fit(), deviation)))
            .average()
            .ifPresent(error -> errors.put(deviation, error));
      }
      double chosen =
          errors.entrySet().stream()
              .filter(entry -> !entry.getValue().isNaN())
              .min(Comparator.comparingDouble(Map.Entry::getValue))
              .map(Map.Entry::getKey)
              .orElse(deviations.length == 1 ? deviations[0] : UNCHOSEN_DEVIATION);
      Fit fit = fits.get(key(weights)).get(chosen);
      return new Result(
          surface(weights, chosen),
          fit.optimum().status(),
          fit.prior(),
          errors,
          origins,
          origins.stream().map(origin -> surface(origin.fit(), chosen)).toList());
    }

    private FittedSurface surface(double[] weights, double deviation) {
      return new FittedSurface(
          law,
          centre,
          fits.get(key(weights)).get(deviation).optimum().centred(),
          RunSet.countWeighted(weights),
          Optional.empty());
    }
  }
}

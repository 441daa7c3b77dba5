package org.farfit.analysis.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Inference;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.LawFit;
import org.farfit.fit.Optimum;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.extrapolation.BackTest;
import org.farfit.fit.extrapolation.ExtrapolationOrigin;
import org.farfit.fit.search.OutlierSearch;
import org.farfit.solver.ProgressListener;
import org.hipparchus.distribution.continuous.NormalDistribution;

/**
 * How intervals for single runs by one law did within the fitted runs: at every origin the law is
 * fitted to the smaller runs, as the whole was, and its intervals for the larger ones are held
 * against these. The fits of all origins are one batch, that of a bootstrap, and begin at the
 * optimum of all runs. What was found of the noise of all runs is taken to be known at each origin.
 */
final class LawBackTest {

  /** Runs up to which it is made: it makes some twenty predictions of each. */
  private static final int MOST_RUNS = 10_000;

  private static final double NORMAL =
      new NormalDistribution().inverseCumulativeProbability(0.5 + 0.5 * BackTest.LEVEL);

  private final Engine engine;
  private final FitOptions options;
  private final OutlierSearch outliers;

  /**
   * A test.
   *
   * @param options of the fit, of which seed and threads count
   */
  LawBackTest(Engine engine, FitOptions options, OutlierSearch outliers) {
    this.engine = engine;
    this.options = options;
    this.outliers = outliers;
  }

  /**
   * Tests a fit.
   *
   * @param runs the runs that were fitted
   * @return empty without N and D, without standard errors, and for too few runs or very many
   */
  Optional<BackTest> of(LawFit fit, RunSet runs) {
    if (!runs.hasSizesAndTokens()
        || !runs.isPositive()
        || runs.size() > MOST_RUNS
        || fit.surface().covariance().isEmpty()) {
      return Optional.empty();
    }
    List<ExtrapolationOrigin> origins =
        ExtrapolationOrigin.within(
                runs, outliers.ofRobust(fit.objective(), runs).without(runs.weight()))
            .stream()
            .filter(origin -> suffices(fit, runs, origin.fit()))
            .toList();
    if (origins.isEmpty()) {
      return Optional.empty();
    }
    Replicates fits =
        new Bootstrap(
                engine,
                BootstrapOptions.pairs(origins.size(), options.seed())
                    .withRestarts(0)
                    .withThreads(options.threads()),
                ProgressListener.NONE)
            .of(fit, runs, origins.stream().map(ExtrapolationOrigin::fit).toList());
    return BackTest.of(
        runs,
        origins,
        o ->
            fits.isFailed(o) ? List.of() : predictions(fit, runs, origins.get(o), fits.centred(o)));
  }

  private static boolean suffices(LawFit fit, RunSet runs, double[] weights) {
    return RunSet.countWeighted(weights) > fit.law().parameterCount()
        && FitRequirements.problem(fit.law(), fit.method(), runs, weights).isEmpty();
  }

  private List<BackTest.Prediction> predictions(
      LawFit fit, RunSet runs, ExtrapolationOrigin origin, double[] centred) {
    LawFit at = at(fit, runs.weighted(origin.fit()), centred);
    if (at.surface().covariance().isEmpty()) {
      return List.of();
    }
    int[] larger = IntStream.range(0, runs.size()).filter(i -> origin.test()[i] > 0).toArray();
    List<Estimands.Point> points = new ArrayList<>();
    for (int i : larger) {
      points.add(Estimands.Point.of(runs, i, fit.law().columns()));
    }
    List<Interval> intervals =
        Inference.ofLaw(
                engine,
                new Inference.Member(at, Optional.empty()),
                runs.weighted(origin.fit()),
                BackTest.LEVEL,
                IntervalType.DEFAULT)
            .ofRuns(points);
    return IntStream.range(0, larger.length)
        .mapToObj(k ->
            new BackTest.Prediction(
                points.get(k).on(at.surface()),
                Math.log(intervals.get(k).high() / intervals.get(k).low()) / (2 * NORMAL)))
        .toList();
  }

  /** The fit to part of the runs. */
  private static LawFit at(LawFit fit, RunSet own, double[] centred) {
    LawFit at =
        LawFit.of(
            fit.law(),
            fit.surface().centre(),
            new Optimum(Arrays.stream(centred).boxed().toList(), fit.cost(), fit.status(), 1),
            fit.cost(),
            fit.objective(),
            own,
            fit.origin());
    return fit.noise().isPresent() ? at.withNoise(own, fit.noise().get()) : at;
  }
}

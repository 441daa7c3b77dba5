package org.farfit.fit.piecewise;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.fit.FitOrigin;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.Fitter;
import org.farfit.fit.LawFit;
import org.farfit.fit.StagedReport;
import org.farfit.fit.statistics.Evaluation;
import org.farfit.fit.statistics.FitQuality;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.solver.Status;

/**
 * Fits by the differential piecewise procedure of the Farseer paper (Li et al. 2025,
 * arXiv:2506.10972, appendix C, algorithms 1 and 2): differences of the loss over D give A and B of
 * each size, a search over exponents their curves in N, and what is left of the loss the capacity
 * term. The same stages serve a law of constant A and B; which laws have these forms they say
 * themselves ({@link Law#stagedForm}).
 *
 * <pre>{@code
 * LawFit fit =
 *     new PiecewiseFit(Objective.LOG_SQUARED, PiecewiseSettings.DEFAULT)
 *         .fit(new Farseer(), runs);
 * System.out.println(fit.loss(25.1e9, 3.2e11));
 * fit.stages().orElseThrow().rounds().forEach(System.out::println);
 * }</pre>
 */
public final class PiecewiseFit implements Fitter {

  private final Objective objective;
  private final PiecewiseSettings settings;

  /**
   * A fitter.
   *
   * @param objective what the reported cost is of; the procedure has its own
   */
  public PiecewiseFit(Objective objective, PiecewiseSettings settings) {
    this.objective = objective;
    this.settings = settings;
  }

  /** Curves found by a procedure, with its report. */
  record Stages(double[] centred, boolean settled, StagedReport report) {}

  /** Why the procedure is not defined for a law. */
  public static Optional<String> reasonAgainst(Law law) {
    return law.stagedForm().isPresent()
        ? Optional.empty()
        : Optional.of("piecewise is defined for %s, not for %s".formatted(names(), law.name()));
  }

  /** The laws that the procedure is defined for. */
  private static String names() {
    return Laws.all().stream()
        .filter(law -> law.stagedForm().isPresent())
        .map(Law::name)
        .collect(Collectors.joining(" and "));
  }

  @Override
  public Optional<String> unsupported(Law law) {
    return reasonAgainst(law);
  }

  /**
   * Fits a law; its origin has what the stages found.
   *
   * @throws InputException also if there are too few sizes with differences that can be used
   */
  @Override
  public LawFit fit(Law law, RunSet runs) {
    require(law);
    FitRequirements.check("runs", law, runs);
    LossDifferences differences = LossDifferences.of(runs, settings);
    Centre centre = SurfaceProblem.centre(runs);
    Stages stages =
        switch (law.stagedForm().orElseThrow()) {
          case STRETCHED -> new StretchedStages(centre, differences).fit(settings.maxRounds());
          case CONSTANT -> new ConstantStages(centre, differences).fit();
        };
    FittedSurface surface =
        new FittedSurface(
            law,
            centre,
            Arrays.stream(stages.centred()).boxed().toList(),
            runs.size(),
            Optional.empty());
    Evaluation at = Evaluation.of(law, centre, stages.centred(), runs, objective);
    FitQuality quality = FitQuality.of(at);
    return new LawFit(
        surface,
        new FitOrigin.Staged(Optional.of(stages.report())),
        objective,
        stages.settled() ? Status.CONVERGED_COST : Status.EVALUATION_LIMIT,
        at.cost(),
        Optional.empty(),
        Double.NaN,
        quality,
        List.of(),
        Optional.empty());
  }

  /** One after the other; there is no batch. */
  @Override
  public List<Outcome> fit(Law law, RunSet runs, List<double[]> weightings) {
    require(law);
    return weightings.stream()
        .map(weights -> {
          try {
            return Outcome.of(fit(law, runs.weighted(weights)));
          } catch (InputException e) {
            return Outcome.none(e.getMessage());
          }
        })
        .toList();
  }
}

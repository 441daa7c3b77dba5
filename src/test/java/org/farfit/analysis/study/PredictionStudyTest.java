package org.farfit.analysis.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.LossLimits;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Inference;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Law;
import org.farfit.law.Skaling;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;

/** What a prediction says of its interval. */
class PredictionStudyTest {

  private static final Law LAW = new Skaling();

  private static final Estimands.Point FAR = new Estimands.Point(1e12, 2e13);

  private static PredictionStudy.Prediction predicted(double noise, int replicates) {
    Engine engine = Engines.open("auto");
    RunSet runs = Simulation.runs(LAW, LAW.example(), DesignGrid.small(), noise, 1);
    LawFit fit = new GlobalFit(engine, FitOptions.DEFAULT.withStarts(24, 1)).fit(LAW, runs);
    Optional<Replicates> drawn =
        replicates == 0
            ? Optional.empty()
            : Optional.of(
                new Bootstrap(engine, BootstrapOptions.pairs(replicates, 1), ProgressListener.NONE)
                    .run(fit, runs));
    Inference inference =
        Inference.ofLaw(engine, new Inference.Member(fit, drawn), runs, 0.9, IntervalType.DEFAULT);
    return new PredictionStudy(runs, LossLimits.of(runs))
        .of(inference, List.of(FAR), ProgressListener.NONE)
        .getFirst();
  }

  private static double length(PredictionStudy.Prediction found) {
    return Math.log(found.estimate().interval().high() / found.estimate().interval().low());
  }

  @Test
  void longIntervalsByStandardErrorsAreToldToBeRough() {
    PredictionStudy.Prediction rough = predicted(0.12, 0);
    assertThat(length(rough)).isGreaterThan(0.3);
    assertThat(rough.lack().orElseThrow()).startsWith("standard errors tell so long an interval");
    PredictionStudy.Prediction usual = predicted(0.002, 0);
    assertThat(length(usual)).isLessThan(0.1);
    assertThat(usual.lack()).isEmpty();
  }

  @Test
  void thoseByReplicatesAreNot() {
    assertThat(predicted(0.12, 100).lack()).isEmpty();
  }
}

package org.farfit.analysis.coverage;

import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.farfit.analysis.inference.Inference;
import org.farfit.analysis.study.FitStudy;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.extrapolation.AutoFit;
import org.farfit.solver.ProgressListener;

/**
 * How often the intervals of what is chosen to extrapolate with contain the truth, which need be
 * none of the laws: data sets go through what {@code farfit fit --law auto} does, without and with
 * replicates.
 */
public final class AutoCoverage {

  /** Intervals are for these multiples of the largest N: amid the runs, and beyond them. */
  private static final double[] FACTORS = {1, 4, 16};

  private static final int STARTS = 24;

  private final Engine engine;
  private final SimulatedCoverage coverage;

  /**
   * A study.
   *
   * @param replicates of each member of each choice; none for 0
   */
  public AutoCoverage(Engine engine, int replicates, int threads, ProgressListener progress) {
    this.engine = engine;
    this.coverage = new SimulatedCoverage(engine, replicates, threads, progress);
  }

  /** Runs a study: a row per interval and estimand, whose law is the name of the truth. */
  public List<CoverageRow> run(CoverageStudy study) {
    return coverage.run(study, FACTORS, runs -> chosen(study, runs), set -> study.seed());
  }

  /** How often two data sets are told apart. */
  public List<Ties.Row> ties(CoverageStudy study) {
    return coverage.ties(study, runs -> chosen(study, runs));
  }

  private SimulatedCoverage.Fitted chosen(CoverageStudy study, RunSet runs) {
    FitStudy fits =
        new FitStudy(engine, FitOptions.DEFAULT.withStarts(STARTS, study.seed()).withThreads(1));
    AutoFit.Choice choice = fits.choose(runs, EnumSet.allOf(Method.class), ProgressListener.NONE);
    List<LawFit> members =
        FitStudy.Plan.of(choice).stream()
            .map(plan -> fits.following(choice).fit(plan, runs, ProgressListener.NONE))
            .toList();
    return new SimulatedCoverage.Fitted(
        members,
        true,
        replicates ->
            Inference.ofChoice(
                engine,
                IntStream.range(0, members.size())
                    .mapToObj(k -> {
                      AutoFit.Member member = choice.members().get(k);
                      return new Inference.Member(members.get(k), replicates.get(k))
                          .weighing(member.weight(), member.doubt());
                    })
                    .toList(),
                runs,
                study.level(),
                IntervalType.DEFAULT,
                choice.backTest()));
  }
}

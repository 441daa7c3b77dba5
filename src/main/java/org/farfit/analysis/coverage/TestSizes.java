package org.farfit.analysis.coverage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.farfit.analysis.SimulatedTruth;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.study.LawSelection;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FittedSurface;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.solver.Parallel;
import org.farfit.solver.ProgressListener;

/**
 * How often tests of nested laws reject a smaller law that holds, by simulation: chinchilla within
 * skaling, and farseer with powers of N only within farseer.
 */
public final class TestSizes {

  /** Tests reject at this p. */
  public static final double LEVEL = 0.05;

  /** Which parameters a law holds to be a smaller one does not depend on the runs. */
  private static final Centre ANY = new Centre(0, 0, 0);

  private static final int STARTS = 8;

  private final Engine engine;
  private final int threads;
  private final ProgressListener progress;

  /** A study whose data sets are taken several at a time. */
  public TestSizes(Engine engine, int threads, ProgressListener progress) {
    this.engine = engine;
    this.threads = threads;
    this.progress = progress;
  }

  /**
   * How a test did.
   *
   * @param smaller the law that holds
   * @param noise how runs scatter
   * @param sets how many data sets gave a p
   * @param rejected share of these with p below {@link #LEVEL}
   */
  public record Row(String smaller, String larger, String noise, int sets, double rejected) {}

  /**
   * Runs a study of one law that contains others.
   *
   * @param law which
   * @param study whose truth is not used: runs scatter around the law with what the others give up
   *     at zero
   */
  public List<Row> run(Law law, CoverageStudy study) {
    FittedSurface truth = truth(law, study);
    List<Law> laws = new ArrayList<>(smaller(law).stream().toList());
    laws.add(law);
    List<List<LawSelection.Test>> found =
        Parallel.map(
            study.sets(),
            threads,
            progress,
            set -> {
              FitOptions options = FitOptions.DEFAULT.withStarts(STARTS, set).withThreads(1);
              return new LawSelection(engine, options, ProgressListener.NONE)
                  .tests(laws, runs(study, truth, set));
            });
    Map<String, List<Double>> byName = new LinkedHashMap<>();
    for (List<LawSelection.Test> tests : found) {
      for (LawSelection.Test test : tests) {
        if (!Double.isNaN(test.p())) {
          byName.computeIfAbsent(test.smaller(), none -> new ArrayList<>()).add(test.p());
        }
      }
    }
    List<Row> rows = new ArrayList<>();
    byName.forEach((name, p) ->
        rows.add(
            new Row(
                name,
                law.name(),
                study.noise().label(),
                p.size(),
                p.stream().filter(value -> value < LEVEL).count() / (double) p.size())));
    return rows;
  }

  /** Whether a law contains others that can be tested. */
  public static boolean canTest(Law law) {
    return !law.nestedForms(ANY).isEmpty();
  }

  /** The law of a name of its own within a law, if there is one. */
  private static Optional<Law> smaller(Law law) {
    return law.nestedForms(ANY).stream()
        .flatMap(form -> form.law().stream())
        .map(Laws::named)
        .findFirst();
  }

  /** The law with what the smaller ones give up at zero. */
  private static FittedSurface truth(Law larger, CoverageStudy study) {
    Law law = smaller(larger).orElse(larger);
    RunSet plan = study.grid().runs();
    RunSet exact = Simulation.runs(SimulatedTruth.of(law), plan, new double[plan.size()]);
    Centre centre = Centre.of(exact.n(), exact.d(), exact.loss());
    double[] centred = new double[law.parameterCount()];
    law.toCentred(centre, law.example(), centred);
    law.curvatures().forEach(j -> centred[j] = 0);
    return FittedSurface.of(law, centre, centred, plan.size());
  }

  private static RunSet runs(CoverageStudy study, FittedSurface truth, int set) {
    RunSet plan = study.grid().runs();
    return Simulation.runs(
        truth,
        plan,
        study
            .noise()
            .errors(
                plan, truth.centre(), study.deviation(), CoverageStudy.random(study.seed(), set)));
  }
}

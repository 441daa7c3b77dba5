package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.farfit.analysis.study.FitStudy;
import org.farfit.data.InputException;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.extrapolation.AutoFit;
import org.farfit.fit.search.FewSizes;
import org.farfit.fit.search.RunStructure;
import org.farfit.fit.search.WithoutMinimum;
import org.farfit.formula.StatedLaw;
import org.farfit.report.archive.FitArchive;
import org.farfit.report.archive.MadeFit;

/** Makes the fits of {@code farfit fit}, and says on the way what to beware of. */
final class FitRun {

  private final RunsInput input;
  private final FitChoices choices;
  private final EstimatorChoices estimator;
  private final PrintWriter log;

  FitRun(RunsInput input, FitChoices choices, EstimatorChoices estimator, PrintWriter log) {
    this.input = input;
    this.choices = choices;
    this.estimator = estimator;
    this.log = log;
  }

  /**
   * Fits the laws to the runs that were read.
   *
   * @param replicates bootstraps the fits
   * @param journal where it keeps what it does, if anywhere
   */
  FitArchive archive(StatedLaw.Read read, BootstrapRun replicates, Optional<Path> journal) {
    RunFile file = read.file();
    int runs = file.runs().size();
    boolean manyFits = estimator.makesManyFits();
    try (Engine engine = choices.openEngine(log, runs, manyFits, replicates.replicates())) {
      journal.ifPresent(path -> replicates.open(path, dependencies(file, replicates, engine)));
      FitStudy study = estimator.study(engine, choices.options());
      Optional<AutoFit.Choice> chosen =
          choices.laws.auto() ? Optional.of(choose(study, file)) : Optional.empty();
      chosen.ifPresent(choice -> log.println("auto: " + choice.reason()));
      FitStudy used = chosen.map(study::following).orElse(study);
      List<LawFit> fits =
          fits(
              used,
              chosen.map(FitStudy.Plan::of).orElseGet(() -> estimator.plans(read.laws())),
              file.runs());
      List<MadeFit> made = replicates.run(engine, file.runs(), fits, choices);
      return FitArchive.of(
          input.source(file, used.options(), engine.name()),
          estimator.backTest ? tested(used, made, file.runs()) : made,
          chosen);
    }
  }

  private static List<MadeFit> tested(FitStudy study, List<MadeFit> fits, RunSet runs) {
    return fits.stream().map(each -> each.with(study.backTest(each.fit(), runs))).toList();
  }

  private List<LawFit> fits(FitStudy study, List<FitStudy.Plan> plans, RunSet runs) {
    List<LawFit> fits = study.fits(plans.size(), runs, i -> ordinary(study, plans.get(i), runs));
    study
        .outliers(fits, runs)
        .words()
        .ifPresent(words ->
            log.printf(
                "warning: %s; %s%n",
                words,
                study.options().objective().isSquared()
                    ? "least squares follow that: correct it, leave it out (--where), or fit robustly"
                        + " (--loss huber:1e-3, --law auto)"
                    : "these fits are robust and hardly follow that; correct it or leave it out"
                        + " (--where) if it is a mistake"));
    fits.stream()
        .flatMap(fit ->
            Stream.of(
                    RunStructure.undetermined(fit, runs).stream(),
                    WithoutMinimum.of(fit, runs).stream(),
                    FewSizes.of(fit, runs).stream())
                .flatMap(remarks -> remarks))
        .forEach(remark -> log.println("warning: " + remark));
    return fits;
  }

  private LawFit ordinary(FitStudy study, FitStudy.Plan plan, RunSet runs) {
    RunsInput.warnOfStructure(log, List.of(plan.law()), plan.method(), runs);
    try (Progress progress = new Progress(plan.law().name())) {
      return study.ordinary(plan, runs, progress);
    }
  }

  private AutoFit.Choice choose(FitStudy study, RunFile file) {
    try (Progress progress = new Progress("auto")) {
      return study.choose(file.runs(), estimator.allowed(), progress);
    } catch (InputException e) {
      throw new InputException(file.file() + ": " + e.getMessage(), e);
    }
  }

  /** What replicates depend on, in words. */
  private Map<String, String> dependencies(RunFile file, BootstrapRun replicates, Engine engine) {
    BootstrapOptions options = replicates.options(choices);
    Map<String, String> map = new LinkedHashMap<>();
    map.put("version", Version.text());
    map.put("input", file.sha256());
    map.put("columns", file.columns().toString());
    map.put("--where", String.valueOf(input.where));
    map.put("--same-size", Double.toString(input.sameSize));
    map.put("--law", choices.laws.names());
    map.put("--objective", choices.objective.name());
    map.put("--loss", String.valueOf(choices.huberDelta));
    map.put("--starts", choices.starts.toString());
    map.put("--seed", Long.toString(choices.seed));
    map.put("--max-evaluations", choices.maxEvaluations.toString());
    map.put("--bootstrap", Integer.toString(options.replicates()));
    map.put("--resampling", options.resampling().label());
    map.put("--restarts", Integer.toString(options.restarts()));
    map.put("engine", engine.name());
    map.put("--method", String.valueOf(estimator.method));
    map.put("--noise", estimator.noise.label());
    map.put("--least-squares", estimator.leastSquares.name());
    return map;
  }
}

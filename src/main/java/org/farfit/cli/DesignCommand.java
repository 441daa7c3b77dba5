package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.study.DesignStudy;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.LawFit;
import org.farfit.report.DesignReport;
import org.farfit.report.archive.FitArchive;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farfit design}: which runs to train next, and how good a plan is. */
@Command(
    name = "design",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Says which runs to train next to be surer of a target.",
      "Within a budget of compute; the target is the loss at a given N and D, or D*/N* at a budget."
          + " Or says how sure given plans would make it."
    },
    footer = {
      "",
      "Examples:",
      "  farfit design runs.fit.json --budget 1e22 --n 1e8:1e10:9 --d 1e9:4e11:9 \\",
      "      --target-n 25.1B --target-d 500B",
      "  farfit design runs.fit.json --n 1e8:1e10:9 --d 1e9:4e11:9 --target-compute 1e24 \\",
      "      --fresh --plan grid,l-shape,my-plan.csv",
      "  farfit design runs.fit.json --budget 1e4 --cost batch --column lr=1e-5:1e-2:7 \\",
      "      --column batch=16,64,256 --target-at lr=1e-3,batch=1024",
      "  farfit design --benchmark scalebench --only vocab --repeats 3"
    })
final class DesignCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FIT.json",
      description = "A fit file of farfit fit.")
  Path file;

  @Option(
      names = "--law",
      paramLabel = "NAME",
      description = "Which fit of the file to plan by (default: the law of least BIC).")
  String law;

  @Mixin DesignQuestion question;

  @Mixin DesignPlans plans;

  @Option(
      names = "--simulations",
      paramLabel = "S",
      defaultValue = "400",
      converter = CountConverter.class,
      description = "Simulated data sets per plan (default ${DEFAULT-VALUE}).")
  Integer simulations;

  @Mixin DesignBenchmarkRun benchmark;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of the simulations (default ${DEFAULT-VALUE}).")
  long seed;

  @Mixin EngineChoice engine;

  @Mixin ReportChoices report;

  @Mixin JsonChoice printing;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    if (benchmark.isAsked()) {
      printing.print(benchmark.run(engine), spec);
      return ExitCode.DONE;
    }
    check();
    report.declare(new Outputs(spec).reads(file));
    FitArchive archive = FitArchive.open(file);
    FitArchive.Entry entry = archive.entry(Optional.ofNullable(law));
    if (!entry.fit().status().isConverged()) {
      throw new InputException("%s: the fit of %s did not converge".formatted(file, entry.name()));
    }
    PrintWriter log = spec.commandLine().getErr();
    try (Engine opened = engine.open(log, EngineChoice.MUCH_WORK)) {
      DesignReport found = new DesignReport(archive, find(opened, entry.fit(), archive));
      printing.print(found, spec);
      report.write(log, "Runs to train next", found.subtitle(), found::sections);
    }
    return ExitCode.DONE;
  }

  private DesignStudy.Findings find(Engine opened, LawFit fit, FitArchive archive) {
    AtPoints reader = new AtPoints(archive, spec.commandLine());
    List<Estimands.Point> candidates = question.candidates(reader);
    return plans.find(study(opened, fit, archive, reader), candidates, reader);
  }

  private DesignStudy study(Engine opened, LawFit fit, FitArchive archive, AtPoints reader) {
    ToDoubleFunction<Estimands.Point> cost = question.cost(archive, reader);
    try {
      return new DesignStudy(
          opened,
          fit,
          plans.fresh ? RunSet.EMPTY : archive.runs(),
          question.target(fit, archive, reader),
          cost,
          simulations,
          seed);
    } catch (IllegalArgumentException e) {
      throw new InputException("%s: %s".formatted(archive.path(), e.getMessage()), e);
    }
  }

  private void check() {
    if (file == null) {
      throw new ParameterException(spec.commandLine(), "Missing required parameter: 'FIT.json'");
    }
    question.check();
    benchmark.check();
    plans.check(report);
  }
}

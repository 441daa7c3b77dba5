package org.farfit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.farfit.analysis.SimulatedNoise;
import org.farfit.analysis.coverage.AutoCoverage;
import org.farfit.analysis.coverage.Coverage;
import org.farfit.analysis.coverage.CoverageRow;
import org.farfit.analysis.coverage.CoverageStudy;
import org.farfit.analysis.coverage.DefaultCoverage;
import org.farfit.analysis.coverage.TestSizes;
import org.farfit.analysis.coverage.Ties;
import org.farfit.engine.Engine;
import org.farfit.law.Law;
import org.farfit.report.CoverageReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code farfit coverage}: how often intervals contain the truth, by simulation. */
@Command(
    name = "coverage",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Tells how often intervals of a loss contain the true one, by simulation.",
      "Data sets are simulated on the grid of the Farseer paper, or over any columns, and each is fitted"
          + " and bootstrapped."
    },
    footer = {
      "",
      "The first table of docs/coverage.md is written by:",
      "  farfit coverage --law chinchilla,skaling,farseer --sets 1000 --bootstrap 500 --markdown",
      "  farfit coverage --scatter independent,variance,size,both,along-d,heavy --grid small",
      "  farfit coverage --law data-constrained --column N=1e8:1e10:6 --column D=1e9:1e11:6 \\",
      "      --column U=1e9,1e10 --at N=1e11,D=1e12,U=1e11",
      "  farfit coverage --law auto --scatter independent,size --grid small --sets 40"
    })
final class CoverageCommand implements Callable<Integer> {

  @Mixin CoverageQuestions asked;

  @Mixin EngineChoice engine;

  @Mixin JsonChoice printing;

  @Option(names = "--markdown", description = "Print the table as Markdown.")
  boolean markdown;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    asked.check();
    CoverageReport found;
    try (Engine opened = engine.open(spec.commandLine().getErr(), EngineChoice.MUCH_WORK)) {
      found =
          asked.laws.auto()
              ? ofChoices(opened)
              : asked.scatter.isEmpty() ? ofIntervals(opened) : underScatter(opened);
    }
    printing.print(markdown ? found.asMarkdown() : found, spec);
    return ExitCode.DONE;
  }

  private CoverageReport ofIntervals(Engine opened) {
    List<Coverage.Row> rows = new ArrayList<>();
    for (Law law : asked.laws()) {
      try (Progress progress = new Progress("coverage " + law.name())) {
        rows.addAll(new Coverage(opened, asked.bootstrap(), progress).run(asked.study(law)));
      }
    }
    return CoverageReport.ofIntervals(rows, asked.level, asked.sets, asked.replicates());
  }

  private CoverageReport ofChoices(Engine opened) {
    List<CoverageRow> rows = new ArrayList<>();
    List<Ties.Row> ties = new ArrayList<>();
    for (CoverageStudy study : asked.studies()) {
      String what = "coverage %s %s".formatted(study.truth().name(), study.noise().label());
      try (Progress progress = new Progress(what)) {
        AutoCoverage judge =
            new AutoCoverage(opened, asked.replicates(), asked.threads(), progress);
        if (asked.ties) {
          ties.addAll(judge.ties(study));
        } else {
          rows.addAll(judge.run(study));
        }
      }
    }
    return asked.ties
        ? CoverageReport.ofTies(ties, asked.sets, asked.replicates())
        : CoverageReport.ofDefaults(rows, asked.level, asked.sets, asked.replicates());
  }

  private CoverageReport underScatter(Engine opened) {
    if (asked.tests) {
      return CoverageReport.ofTests(
          studies(
              TestSizes::canTest,
              progress -> new TestSizes(opened, asked.threads(), progress)::run),
          asked.sets);
    }
    if (asked.ties) {
      return CoverageReport.ofTies(
          studies(
              law -> true,
              progress ->
                  new DefaultCoverage(opened, asked.replicates(), asked.threads(), progress)::ties),
          asked.sets,
          asked.replicates());
    }
    return CoverageReport.ofDefaults(
        studies(
            law -> true,
            progress ->
                new DefaultCoverage(opened, asked.replicates(), asked.threads(), progress)::run),
        asked.level,
        asked.sets,
        asked.replicates());
  }

  /** Something that judges data sets. */
  private interface Judge<R> {
    BiFunction<Law, CoverageStudy, List<R>> reporting(Progress progress);
  }

  /** What is found of the laws that are wanted, under every way to scatter. */
  private <R> List<R> studies(Predicate<Law> wanted, Judge<R> judge) {
    List<R> rows = new ArrayList<>();
    for (Law law : asked.laws().stream().filter(wanted).toList()) {
      for (SimulatedNoise kind : asked.scatter) {
        try (Progress progress = new Progress("coverage " + law.name() + " " + kind.label())) {
          rows.addAll(judge.reporting(progress).apply(law, asked.study(law, kind)));
        }
      }
    }
    return rows;
  }
}

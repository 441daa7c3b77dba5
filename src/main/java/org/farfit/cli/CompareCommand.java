package org.farfit.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.farfit.analysis.inference.ComparedInference;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.study.ComparisonStudy;
import org.farfit.report.ComparisonReport;
import org.farfit.report.archive.FitArchive;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farfit compare}: which of two recipes wins where. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compares two training recipes by their fitted surfaces.",
      "Both must measure the same loss: same validation set, same unit."
    },
    footer = {
      "",
      "Example:",
      "  farfit compare a.fit.json b.fit.json --n 7B,70B --d 1e12 --compute 1e22,1e24"
    })
final class CompareCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "A.json", description = "A fit file of recipe A.")
  Path fileA;

  @Parameters(index = "1", paramLabel = "B.json", description = "A fit file of recipe B.")
  Path fileB;

  @Option(
      names = "--law",
      paramLabel = "NAME",
      description =
          "Which fit of the files to compare (default: auto where the file has it, else the law of"
              + " least BIC).")
  String law;

  @Mixin ComparisonQuestions questions;

  @Mixin IntervalChoices intervals;

  @Mixin ReportChoices report;

  @Mixin JsonChoice printing;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    List<Estimands.Point> asked = questions.checked();
    report.declare(new Outputs(spec).reads(fileA).reads(fileB));
    FitArchive a = FitArchive.open(fileA);
    FitArchive b = FitArchive.open(fileB);
    Map<String, String> wanted = questions.fixed(a, b);
    ComparisonReport found = found(side(a, wanted), side(b, wanted), asked);
    printing.print(found, spec);
    report.write(spec.commandLine().getErr(), "Two recipes", found.subtitle(), found::sections);
    return ExitCode.DONE;
  }

  private ComparisonReport.Side side(FitArchive archive, Map<String, String> wanted) {
    AtPoints reader = new AtPoints(archive, spec.commandLine());
    Map<String, String> own = new LinkedHashMap<>(wanted);
    own.keySet().removeIf(name -> !reader.isColumn(name));
    return new ComparisonReport.Side(
        archive.chosen(Optional.ofNullable(law)).name(), archive, reader.fixedBesidesSizes(own));
  }

  private ComparedInference.Side studied(ComparisonReport.Side side) {
    return ComparedInference.Side.of(intervals.inferences(side.archive()).get(side.law()))
        .fixing(side.fixed());
  }

  private ComparisonReport found(
      ComparisonReport.Side a, ComparisonReport.Side b, List<Estimands.Point> asked) {
    ComparisonStudy study =
        new ComparisonStudy(studied(a), studied(b), questions.flops.model, intervals.level);
    List<ComparisonStudy.Verdict> grid;
    try (Progress progress = new Progress("grid")) {
      grid = study.grid(questions.steps, progress);
    }
    List<ComparisonStudy.Parity> parity;
    try (Progress progress = new Progress("parity")) {
      parity = study.parity(4 * questions.steps, progress);
    }
    return new ComparisonReport(
        a,
        b,
        study,
        intervals.level,
        grid,
        parity,
        asked.stream().map(study::at).toList(),
        QuantityRange.all(questions.budgets).stream().map(study::saving).toList());
  }
}

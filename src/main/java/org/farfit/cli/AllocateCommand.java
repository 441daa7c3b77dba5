package org.farfit.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.farfit.analysis.ColumnAllocation;
import org.farfit.analysis.inference.Inference;
import org.farfit.analysis.study.AllocationStudy;
import org.farfit.analysis.study.ColumnAllocationStudy;
import org.farfit.report.AllocationReport;
import org.farfit.report.ColumnAllocationReport;
import org.farfit.report.Presentation;
import org.farfit.report.archive.FitArchive;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farfit allocate}: compute-optimal N and D, the inverse questions, and any columns. */
@Command(
    name = "allocate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Splits a budget of compute between parameters and tokens.",
      "Or finds the best values of any columns of the law, under a cost or without one."
    },
    footer = {
      "",
      "Examples:",
      "  farfit allocate runs.fit.json --compute 1e20,1e21,1e22,1e23",
      "  farfit allocate runs.fit.json --compute 1e18:1e26:9 --within 1",
      "  farfit allocate runs.fit.json --target-loss 0.5 --for-n 7B",
      "  farfit allocate runs.fit.json --compute 1e22 --flops \"6*N*D + 12*N^(2/3)*D\"",
      "  farfit allocate runs.fit.json --over N,D --cost \"6*N*D + 2*N*1e13\" --budget 1e23 --at U=1e12",
      "  farfit allocate runs.fit.json --over lr,batch --at N=7B,D=1T"
    })
final class AllocateCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "FIT.json", description = "A fit file of farfit fit.")
  Path file;

  @Mixin SizeQuestions sizes;

  @Mixin ColumnQuestions columns;

  @Option(
      names = "--law",
      paramLabel = "NAME",
      description = "Only this law of the fit file, or auto.")
  String law;

  @Mixin IntervalChoices intervals;

  @Mixin ReportChoices report;

  @Mixin JsonChoice printing;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    columns.check(sizes, spec.commandLine());
    Optional<AllocationStudy.Questions> questions =
        columns.areAsked() ? Optional.empty() : Optional.of(sizes.checked(spec.commandLine()));
    report.declare(new Outputs(spec).reads(file));
    FitArchive archive = FitArchive.open(file);
    Presentation found =
        questions.map(asked -> ofSizes(archive, asked)).orElseGet(() -> ofColumns(archive));
    printing.print(found, spec);
    report.write(
        spec.commandLine().getErr(),
        columns.areAsked() ? "Best values" : "Compute-optimal training",
        archive.title(),
        found::sections);
    return ExitCode.DONE;
  }

  private Presentation ofSizes(FitArchive archive, AllocationStudy.Questions questions) {
    Map<String, Double> fixed = columns.fixedBesidesSizes(archive, spec.commandLine());
    Map<String, Inference> inferences = chosen(archive);
    AllocationStudy study = new AllocationStudy(archive.runs(), sizes.flops.model, fixed);
    AllocationReport found =
        new AllocationReport(archive, inferences, sizes.flops.model, intervals.level);
    inferences.forEach((name, inference) -> {
      try (Progress progress = new Progress("budgets of " + name)) {
        found.add(name, study.of(inference, questions, progress));
      }
    });
    return found;
  }

  private Presentation ofColumns(FitArchive archive) {
    ColumnAllocation.Question question = columns.question(archive, spec.commandLine());
    ColumnAllocationStudy study =
        new ColumnAllocationStudy(archive.runs(), archive.limits(), question);
    ColumnAllocationReport found = new ColumnAllocationReport(archive, question, intervals.level);
    chosen(archive)
        .forEach((name, inference) -> {
          try (Progress progress = new Progress("budgets of " + name)) {
            found.add(name, study.of(inference, columns.budgets(), progress));
          }
        });
    return found;
  }

  /** Inference on the surfaces that are asked for. */
  private Map<String, Inference> chosen(FitArchive archive) {
    Map<String, Inference> inferences = intervals.inferences(archive);
    if (law != null) {
      inferences.keySet().retainAll(Set.of(archive.chosen(Optional.of(law)).name()));
    }
    return inferences;
  }
}

package org.farfit.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.study.DesignStudy;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whether {@code farfit design} searches for runs within a budget, or judges plans. */
final class DesignPlans {

  @Option(
      names = "--budget",
      paramLabel = "C",
      split = ",",
      converter = QuantityConverter.class,
      description =
          "FLOPs, or whatever costs are counted in, for all further runs together; several, joined"
              + " by commas, are spent one after the other, each plan beginning with the runs of"
              + " the one before.")
  List<Double> budgets = List.of();

  @Option(
      names = "--runs",
      paramLabel = "K",
      defaultValue = "10",
      converter = CountConverter.class,
      description = "At most so many runs (default ${DEFAULT-VALUE}).")
  Integer mostRuns;

  @Option(
      names = "--plan",
      paramLabel = "PLANS",
      split = ",",
      description =
          "Judge these plans instead: grid (every candidate), l-shape (the least N with every D and"
              + " the least D with every N; of other columns, too, all but one at their least), or files with the columns of the law: N, D and others.")
  List<String> plans = List.of();

  @Option(
      names = "--fresh",
      description = "Leave out the fitted runs: how sure would the plan alone be?")
  boolean fresh;

  @Spec(Spec.Target.MIXEE)
  CommandSpec spec;

  /** Ends the command if options do not go together. */
  void check(ReportChoices report) {
    if (plans.isEmpty() == budgets.isEmpty()) {
      throw usage("give --budget to search for a plan, or --plan to judge some");
    }
    if (!plans.isEmpty() && report.isWanted()) {
      throw usage("--report and --figures show a search, not --plan");
    }
    if (plans.isEmpty() && fresh) {
      throw usage("--fresh judges plans; a search adds to the fitted runs");
    }
  }

  /** The runs or the judgement. */
  DesignStudy.Findings find(DesignStudy study, List<Estimands.Point> candidates, AtPoints reader) {
    SequencedMap<String, List<Estimands.Point>> named = new LinkedHashMap<>();
    plans.forEach(plan -> named.put(plan, plan(plan, candidates, reader)));
    try (Progress progress = new Progress("plans")) {
      return plans.isEmpty()
          ? study.search(candidates, budgets, mostRuns, progress)
          : study.judge(named, progress);
    }
  }

  /** A plan by name, or from a file. */
  private static List<Estimands.Point> plan(
      String name, List<Estimands.Point> candidates, AtPoints reader) {
    return switch (name) {
      case "grid" -> candidates;
      case "l-shape" -> DesignStudy.leastOfEither(candidates);
      default ->
          reader.planned(Path.of(name)).stream()
              .map(run -> Estimands.Point.of(run.columns()))
              .toList();
    };
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}

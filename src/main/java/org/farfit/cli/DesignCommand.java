package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.farfit.analysis.Allocation;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.SurfaceRange;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.RunDesign;
import org.farfit.data.InputException;
import org.farfit.data.InputLimits;
import org.farfit.data.PlanFile;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.LawFit;
import org.farfit.report.AlignedTable;
import org.farfit.report.FileNames;
import org.farfit.report.FitArchive;
import org.farfit.report.Json;
import org.farfit.report.figure.DecisionFigures;
import org.farfit.report.html.HtmlReport;
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

  @Option(
      names = "--budget",
      paramLabel = "C",
      converter = QuantityConverter.class,
      description = "FLOPs for all further runs together.")
  Double budget;

  @Option(
      names = "--n",
      paramLabel = "N",
      split = ",",
      converter = QuantityRange.Converter.class,
      description = "Sizes to choose from; LOW:HIGH:COUNT spaces them evenly in their logarithm.")
  List<QuantityRange> n;

  @Option(
      names = "--d",
      paramLabel = "D",
      split = ",",
      converter = QuantityRange.Converter.class,
      description = "Tokens to choose from; every N with every D is a candidate.")
  List<QuantityRange> d;

  @Option(
      names = "--target-n",
      paramLabel = "N",
      converter = QuantityConverter.class,
      description = "Be surer of the loss at this N ...")
  Double targetN;

  @Option(
      names = "--target-d",
      paramLabel = "D",
      converter = QuantityConverter.class,
      description = "... and this D;")
  Double targetD;

  @Option(
      names = "--target-compute",
      paramLabel = "C",
      converter = QuantityConverter.class,
      description = "or of D*/N* at this budget.")
  Double targetCompute;

  @Option(
      names = "--runs",
      paramLabel = "K",
      defaultValue = "10",
      converter = FitChoices.PositiveInteger.class,
      description = "At most so many runs (default ${DEFAULT-VALUE}).")
  Integer mostRuns;

  @Option(
      names = "--plan",
      paramLabel = "PLANS",
      split = ",",
      description =
          "Judge these plans instead: grid (every candidate), l-shape (the least N with every D and"
              + " the least D with every N), or files with columns N and D.")
  List<String> plans = List.of();

  @Option(
      names = "--fresh",
      description = "Leave out the fitted runs: how sure would the plan alone be?")
  boolean fresh;

  @Option(
      names = "--flops",
      paramLabel = "FORMULA",
      defaultValue = "6*N*D",
      converter = ComputeConverter.class,
      description = "FLOPs of a run in N and D (default ${DEFAULT-VALUE}).")
  ComputeModel flops;

  @Option(
      names = "--simulations",
      paramLabel = "S",
      defaultValue = "400",
      converter = FitChoices.PositiveInteger.class,
      description = "Simulated data sets per plan (default ${DEFAULT-VALUE}).")
  Integer simulations;

  @Option(
      names = "--benchmark",
      paramLabel = "FOLDER",
      description =
          "Instead of all this: design the laws of a folder in the layout of ScaleBench (laws.yaml,"
              + " TASK_train.csv, TASK_test.csv) within its nested budgets, by several methods, and"
              + " print R2 on the test rows.")
  Path benchmark;

  @Mixin DesignBenchmarkRun benchmarkRun;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of the simulations (default ${DEFAULT-VALUE}).")
  long seed;

  @Mixin EngineChoice engine;

  @Mixin ReportChoices report;

  @Option(names = "--json", description = "Print JSON instead of tables.")
  boolean json;

  @Spec CommandSpec spec;

  /**
   * A run to train, or a plan; errors are standard errors in percent, null where the plan does not
   * determine the law.
   */
  record Row(
      String plan,
      int runs,
      Double n,
      Double d,
      double flops,
      Double standardErrorPercent,
      double undeterminedPercent) {}

  /** The result as JSON. */
  record Result(String law, String target, double value, Double beforePercent, List<Row> rows) {}

  @Override
  public Integer call() {
    if (benchmark != null) {
      benchmarkRun.run(benchmark, engine, json);
      return ExitCode.DONE;
    }
    if (file == null || n == null || d == null) {
      throw usage(
          "Missing required %s"
              .formatted(
                  file == null
                      ? "parameter: 'FIT.json'"
                      : n == null ? "option: '--n=N'" : "option: '--d=D'"));
    }
    benchmarkRun.check();
    if (plans.isEmpty() == (budget == null)) {
      throw usage("give --budget to search for a plan, or --plan to judge some");
    }
    report.declare(new Outputs(spec).reads(file));
    FitArchive archive = FitArchive.open(file);
    LawFit fit = fit(archive);
    Estimands target = target(fit, archive);
    RunSet fitted = fresh ? RunSet.EMPTY : archive.runs();
    List<Estimands.Point> candidates = candidates();
    PrintWriter log = spec.commandLine().getErr();
    archive.warnings().forEach(warning -> log.println("warning: " + warning));
    if (!plans.isEmpty() && (report.report != null || report.figures != null)) {
      throw usage("--report and --figures show a search, not --plan");
    }
    if (plans.isEmpty() && fresh) {
      throw usage("--fresh judges plans; a search adds to the fitted runs");
    }
    try (Engine opened = engine.open(log, EngineChoice.MUCH_WORK)) {
      RunDesign design =
          new RunDesign(
              opened,
              fit,
              fitted,
              target,
              flops,
              simulations,
              seed,
              Runtime.getRuntime().availableProcessors());
      if (plans.isEmpty()) {
        RunDesign.Plan plan = planned(design, candidates);
        Result result = result(fit, target, plan);
        print(result);
        report.write(
            log,
            "Runs to train next",
            "target: %s, by the fit of %s in %s"
                .formatted(result.target(), result.law(), FileNames.of(file)),
            progress -> sections(archive, fit, plan, result));
      } else {
        print(judge(design, fit, target));
      }
    }
    return ExitCode.DONE;
  }

  private RunDesign.Plan planned(RunDesign design, List<Estimands.Point> candidates) {
    try (Progress progress = new Progress("plans")) {
      return design.greedy(candidates, budget, mostRuns, progress);
    }
  }

  private LawFit fit(FitArchive archive) {
    FitArchive.Entry entry = archive.entry(Optional.ofNullable(law));
    if (!entry.fit().status().isConverged()) {
      throw new InputException("%s: the fit of %s did not converge".formatted(file, entry.name()));
    }
    return entry.fit();
  }

  private Estimands target(LawFit fit, FitArchive archive) {
    SurfaceRange range = archive.range();
    boolean loss = targetN != null && targetD != null;
    if (loss == (targetCompute != null) || (targetN == null) != (targetD == null)) {
      throw usage("give a target: --target-n and --target-d, or --target-compute");
    }
    if (loss) {
      refuse(archive, targetN, targetD, fit.surface().loss(targetN, targetD));
      return Estimands.losses(List.of(new Estimands.Point(targetN, targetD)));
    }
    double near =
        new Allocation(fit.surface(), range, flops)
            .at(targetCompute)
            .best()
            .map(optimum -> believed(archive, optimum).n())
            .orElseThrow(() ->
                new InputException(
                    "%s: no interior optimum at C = %.4g".formatted(file, targetCompute)));
    return Estimands.optima(range, flops, new double[] {targetCompute}, new double[] {near})
        .only(2);
  }

  private Allocation.Point believed(FitArchive archive, Allocation.Point optimum) {
    refuse(archive, optimum.n(), optimum.d(), optimum.loss());
    return optimum;
  }

  private void refuse(FitArchive archive, double atN, double atD, double loss) {
    archive
        .limits()
        .refusal(atN, atD, loss)
        .ifPresent(reason -> {
          throw new InputException("%s: no target: %s".formatted(file, reason));
        });
  }

  private List<Estimands.Point> candidates() {
    List<Double> sizes = QuantityRange.all(n);
    List<Double> allTokens = QuantityRange.all(d);
    if ((long) sizes.size() * allTokens.size() > InputLimits.LISTED_POINTS) {
      throw new ParameterException(
          spec.commandLine(),
          "--n and --d have %,d x %,d combinations; at most %,d are accepted"
              .formatted(sizes.size(), allTokens.size(), InputLimits.LISTED_POINTS));
    }
    List<Estimands.Point> candidates = new ArrayList<>();
    for (double size : sizes) {
      for (double tokens : allTokens) {
        candidates.add(new Estimands.Point(size, tokens));
      }
    }
    return candidates;
  }

  private static Result result(LawFit fit, Estimands target, RunDesign.Plan plan) {
    List<Row> rows = new ArrayList<>();
    for (RunDesign.Step step : plan.steps()) {
      rows.add(row("run " + (rows.size() + 1), step.score(), step.run(), step.flops()));
    }
    return result(fit, target, plan.before(), rows);
  }

  private List<HtmlReport.Section> sections(
      FitArchive archive, LawFit fit, RunDesign.Plan plan, Result result) {
    SurfaceRange at;
    if (targetCompute == null) {
      at = new SurfaceRange(targetN, targetN, targetD, targetD);
    } else {
      Allocation.Point optimum =
          new Allocation(fit.surface(), archive.range(), flops)
              .at(targetCompute)
              .best()
              .orElseThrow();
      at = new SurfaceRange(optimum.n(), optimum.n(), optimum.d(), optimum.d());
    }
    return List.of(
        HtmlReport.Section.of(
            "Plan",
            List.of(
                DecisionFigures.plan(archive.runs(), plan, at), DecisionFigures.progress(plan))),
        new HtmlReport.Section(
            "Runs",
            List.of(),
            List.of(new HtmlReport.Table("In the order in which they help", table(result), false)),
            List.of()));
  }

  private Result judge(RunDesign design, LawFit fit, Estimands target) {
    List<Row> rows = new ArrayList<>();
    try (Progress progress = new Progress("plans")) {
      for (String name : plans) {
        RunDesign.Score score = design.score(plan(name));
        rows.add(row(name, score, null, score.flops()));
        progress.done(rows.size(), plans.size());
      }
    }
    return result(fit, target, design.score(List.of()), rows);
  }

  private List<Estimands.Point> plan(String name) {
    double[] sizes = QuantityRange.all(n).stream().mapToDouble(v -> v).sorted().toArray();
    double[] tokens = QuantityRange.all(d).stream().mapToDouble(v -> v).sorted().toArray();
    return switch (name) {
      case "grid" -> candidates();
      case "l-shape" ->
          candidates().stream().filter(run -> run.n() == sizes[0] || run.d() == tokens[0]).toList();
      default ->
          PlanFile.read(Path.of(name)).stream()
              .map(run -> new Estimands.Point(run[0], run[1]))
              .toList();
    };
  }

  private static Row row(String name, RunDesign.Score score, Estimands.Point run, double cost) {
    return new Row(
        name,
        score.runs(),
        run == null ? null : run.n(),
        run == null ? null : run.d(),
        cost,
        Json.finite(100 * score.standardError()),
        100 * score.undetermined());
  }

  private static Result result(
      LawFit fit, Estimands target, RunDesign.Score before, List<Row> rows) {
    return new Result(
        fit.law().name(),
        target.items().getFirst().name(),
        target.values().apply(fit.surface())[0],
        Json.finite(100 * before.standardError()),
        rows);
  }

  private void print(Result result) {
    PrintWriter output = spec.commandLine().getOut();
    if (json) {
      output.print(Json.text(result));
      output.flush();
      return;
    }
    output.printf(
        "target: %s, %s by %s; standard error without further runs: %s%%%n%n",
        result.target(),
        AlignedTable.number(result.value(), 5),
        result.law(),
        AlignedTable.number(result.beforePercent(), 3));
    output.print(table(result).text());
    if (result.rows().isEmpty()) {
      output.println("no affordable run makes the target surer");
    }
    output.flush();
  }

  private AlignedTable table(Result result) {
    AlignedTable table =
        new AlignedTable(
            "plan", "N", "D", "FLOPs", "FLOPs in all", "runs", "std. error %", "undetermined %");
    double[] spent = result.rows().stream().mapToDouble(Row::flops).toArray();
    if (plans.isEmpty()) {
      Arrays.parallelPrefix(spent, Double::sum);
    }
    for (int i = 0; i < spent.length; i++) {
      Row row = result.rows().get(i);
      table.add(
          List.of(
              row.plan(),
              AlignedTable.number(row.n(), 4),
              AlignedTable.number(row.d(), 4),
              AlignedTable.number(row.flops(), 3),
              AlignedTable.number(spent[i], 3),
              Integer.toString(row.runs()),
              AlignedTable.number(row.standardErrorPercent(), 3),
              AlignedTable.number(row.undeterminedPercent(), 2)));
    }
    return table;
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}

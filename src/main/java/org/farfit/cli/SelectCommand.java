package org.farfit.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.LawSelection;
import org.farfit.data.RunFile;
import org.farfit.engine.Engine;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.Method;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.statistics.NoiseStudy;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.report.AlignedTable;
import org.farfit.report.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code farfit select}: which law to believe, and averages over laws. */
@Command(
    name = "select",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Says which law to believe, and predicts with averages over laws.",
      "Laws are weighed by information criteria, by tests of laws that contain one another, and by how"
          + " well each extrapolates within the runs."
    },
    footer = {"", "Example:", "  farfit select runs.csv --n 25.1B --d 320B"})
final class SelectCommand implements Callable<Integer> {

  @Mixin RunsInput input;

  @Mixin FitChoices choices;

  @Mixin PointQuestions sizes;

  @Option(
      names = "--bootstrap",
      paramLabel = "B",
      defaultValue = "2000",
      converter = FitChoices.PositiveInteger.class,
      description = "Replicates per law for the intervals of averages (default ${DEFAULT-VALUE}).")
  Integer replicates;

  @Option(
      names = "--interval",
      paramLabel = "PERCENT",
      defaultValue = "90",
      converter = LevelConverter.class,
      description = "Coverage of intervals in percent (default ${DEFAULT-VALUE}).")
  Double level;

  @Option(
      names = "--noise",
      paramLabel = "MODEL",
      completionCandidates = Candidates.Noises.class,
      defaultValue = "auto",
      converter = NoiseConverter.class,
      description =
          "How runs scatter, which likelihoods and tests follow: auto (the default), what tests of"
              + " the residuals of the best law speak for; independent, size, variance or both.")
  NoiseConverter.Choice noise;

  @Option(names = "--json", description = "Print JSON instead of tables.")
  boolean json;

  @Spec CommandSpec spec;

  /** A law; what is not known is null, and the problem says why. Errors are in percent. */
  record LawRow(
      String law,
      int parameters,
      Double aicc,
      Double akaikeWeight,
      Double bic,
      Double rollingError,
      Double stackingWeight,
      String status,
      String problem) {}

  /** A prediction by an average over laws; what is not known is null, and the problem says why. */
  record AverageRow(
      String weights, double n, double d, Double loss, Double low, Double high, String problem) {}

  /** A test; one that is not decided, since a fit has not converged, has no p. */
  record TestRow(
      String smaller, String larger, int constraints, Double statistic, Double p, String problem) {

    String verdict() {
      if (p == null) {
        return problem;
      }
      return p < 0.05 ? "rejected" : "not rejected";
    }
  }

  /** The result as JSON. */
  record Result(
      String noise,
      int origins,
      List<LawRow> laws,
      List<TestRow> tests,
      List<AverageRow> averages) {}

  @Override
  public Integer call() {
    PrintWriter log = spec.commandLine().getErr();
    List<Estimands.Point> points = sizes.points();
    StatedLaw.Read read = input.read(choices);
    RunFile file = read.file();
    List<Law> laws = choices.laws.auto() ? Laws.all() : read.laws();
    laws.forEach(law -> FitRequirements.check(file.file(), law, file.runs()));
    input.notes(file).forEach(log::println);
    RunsInput.warnOfStructure(log, laws, Method.GLOBAL, file.runs());
    Result result;
    try (Engine engine = choices.engine.open(log, EngineChoice.MUCH_WORK);
        Progress progress = new Progress("select")) {
      LawSelection selection = new LawSelection(engine, choices.options(), progress, noise.kind());
      LawSelection.Result found = selection.select(laws, file.runs());
      BootstrapOptions bootstrap =
          BootstrapOptions.pairs(replicates, choices.seed).withThreads(choices.options().threads());
      result =
          new Result(
              found
                  .noise()
                  .map(NoiseStudy.Result::verdict)
                  .orElse("noise: " + NoiseStudy.NOT_STUDIED),
              found.origins(),
              found.candidates().stream().map(SelectCommand::row).toList(),
              found.tests().stream().map(SelectCommand::row).toList(),
              points.isEmpty()
                  ? List.of()
                  : selection.average(found, file.runs(), points, bootstrap, level).stream()
                      .map(SelectCommand::row)
                      .toList());
    }
    print(result);
    return ExitCode.DONE;
  }

  private static LawRow row(LawSelection.Candidate candidate) {
    return new LawRow(
        candidate.fit().law().name(),
        candidate.fit().law().parameterCount(),
        Json.finite(candidate.aicc()),
        Json.finite(candidate.akaikeWeight()),
        Json.finite(candidate.fit().quality().bic()),
        candidate.rollingError().map(error -> 100 * error).orElse(null),
        candidate.stackingWeight().orElse(null),
        candidate.fit().status().label(),
        problem(candidate));
  }

  private static String problem(LawSelection.Candidate candidate) {
    List<String> problems = new ArrayList<>();
    if (!Double.isFinite(candidate.aicc())) {
      problems.add(
          candidate.fit().cost() > 0
              ? "no AICc: too few runs for %d parameters"
                  .formatted(candidate.fit().law().parameterCount())
              : "no AICc: the fit is exact, so that its likelihood has no bound");
    }
    if (candidate.rollingError().isEmpty()) {
      problems.add("not judged ahead: no part of the runs leaves enough smaller ones to fit");
    }
    return problems.isEmpty() ? null : String.join("; ", problems);
  }

  private static TestRow row(LawSelection.Test test) {
    return new TestRow(
        test.smaller(),
        test.larger(),
        test.constraints(),
        Json.finite(test.statistic()),
        Json.finite(test.p()),
        Double.isFinite(test.p()) ? null : "not decided: a fit has not converged, or is exact");
  }

  private static AverageRow row(LawSelection.Average average) {
    return new AverageRow(
        average.weights().name().toLowerCase(Locale.ROOT),
        average.point().n(),
        average.point().d(),
        Json.finite(average.loss()),
        Json.finite(average.interval().low()),
        Json.finite(average.interval().high()),
        average.problem().orElse(null));
  }

  private void print(Result result) {
    PrintWriter output = spec.commandLine().getOut();
    if (json) {
      output.print(Json.text(result));
      output.flush();
      return;
    }
    AlignedTable laws =
        new AlignedTable(
            "law", "parameters", "AICc", "weight", "BIC", "ahead %", "stacking", "status");
    for (LawRow row : result.laws()) {
      laws.add(
          List.of(
              row.law(),
              Integer.toString(row.parameters()),
              AlignedTable.number(row.aicc(), 6),
              AlignedTable.number(row.akaikeWeight(), 3),
              AlignedTable.number(row.bic(), 6),
              AlignedTable.number(row.rollingError(), 3),
              AlignedTable.number(row.stackingWeight(), 3),
              row.status()));
    }
    output.print(laws.text());
    output.println(result.noise());
    result.laws().stream()
        .filter(row -> row.problem() != null)
        .map(row -> row.law() + ": " + row.problem())
        .forEach(output::println);
    output.printf(
        "weight: Akaike's; ahead: mean error from smaller to larger N, D and compute at %d origins"
            + " within the runs; stacking: weights that would have predicted best there%n",
        result.origins());
    if (!result.tests().isEmpty()) {
      AlignedTable tests =
          new AlignedTable("tested", "within", "gives up", "statistic", "p", "verdict at 5%");
      for (TestRow test : result.tests()) {
        tests.add(
            List.of(
                test.smaller(),
                test.larger(),
                Integer.toString(test.constraints()),
                AlignedTable.number(test.statistic(), 4),
                AlignedTable.number(test.p(), 3),
                test.verdict()));
      }
      output.println();
      output.print(tests.text());
    }
    if (!result.averages().isEmpty()) {
      AlignedTable averages = new AlignedTable("average by", "N", "D", "loss", "low", "high");
      for (AverageRow row : result.averages()) {
        averages.add(
            List.of(
                row.weights(),
                AlignedTable.number(row.n(), 4),
                AlignedTable.number(row.d(), 4),
                AlignedTable.number(row.loss(), 6),
                AlignedTable.number(row.low(), 6),
                AlignedTable.number(row.high(), 6)));
      }
      output.println();
      output.print(averages.text());
      result.averages().stream()
          .filter(row -> row.problem() != null)
          .map(row ->
              "%s, N = %.4g, D = %.4g: no prediction: %s"
                  .formatted(row.weights(), row.n(), row.d(), row.problem()))
          .forEach(output::println);
      output.printf(
          "low, high: %s%% interval over the replicates of all laws, %,d each%n",
          AlignedTable.number(100 * level, 3), replicates);
    }
    output.flush();
  }
}

package org.farfit.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.study.LawSelection;
import org.farfit.data.RunFile;
import org.farfit.engine.Engine;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.Method;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.report.SelectionReport;
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
      converter = CountConverter.class,
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

  @Mixin JsonChoice printing;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter log = spec.commandLine().getErr();
    List<Estimands.Point> points = sizes.points();
    StatedLaw.Read read = input.read(choices);
    RunFile file = read.file();
    List<Law> laws = choices.laws.auto() ? Laws.all() : read.laws();
    FitRequirements.check(file.file(), laws, Method.GLOBAL, file.runs());
    input.notes(file).forEach(log::println);
    RunsInput.warnOfStructure(log, laws, Method.GLOBAL, file.runs());
    SelectionReport found;
    try (Engine engine = choices.engine.open(log, EngineChoice.MUCH_WORK);
        Progress progress = new Progress("select")) {
      LawSelection selection = new LawSelection(engine, choices.options(), progress, noise.kind());
      LawSelection.Result selected = selection.select(laws, file.runs());
      found =
          new SelectionReport(
              selected,
              points.isEmpty()
                  ? List.of()
                  : selection.average(selected, file.runs(), points, bootstrap(), level),
              replicates,
              level);
    }
    printing.print(found, spec);
    return ExitCode.DONE;
  }

  private BootstrapOptions bootstrap() {
    return BootstrapOptions.pairs(replicates, choices.seed)
        .withThreads(choices.options().threads());
  }
}

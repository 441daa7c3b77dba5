package org.farfit.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.farfit.analysis.IsoFlopProfiles;
import org.farfit.analysis.ScalingExponents;
import org.farfit.data.RunFile;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.Method;
import org.farfit.report.ExponentReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code farfit approaches}: Chinchilla's three approaches and variable projection. */
@Command(
    name = "approaches",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Exponents of compute-optimal scaling, by several approaches.",
      "By the three approaches of the Chinchilla paper and by variable projection."
    },
    footer = {
      "",
      "Examples:",
      "  farfit approaches runs.csv --compute 1e21,1e23",
      "  farfit approaches isoflops.csv --budget-column flops --interval 95"
    })
final class ApproachesCommand implements Callable<Integer> {

  @Mixin RunsInput input;

  @Option(
      names = "--compute",
      paramLabel = "C",
      split = ",",
      defaultValue = "1e21,1e23",
      converter = QuantityRange.Converter.class,
      description = "Budgets to give N* and D* for, in FLOPs (default ${DEFAULT-VALUE}).")
  List<QuantityRange> budgets;

  @Option(
      names = "--budget-column",
      paramLabel = "NAME",
      description =
          "Column of the FLOPs that each run was budgeted for, by which approach 2 groups runs. Without"
              + " it budgets are found by gaps in 6 N D, no size having two runs of one budget.")
  String budgetColumn;

  @Option(
      names = "--near",
      paramLabel = "FACTOR",
      converter = QuantityConverter.class,
      description =
          "Fit the parabolas of approach 2 only to runs within this factor of the N of least loss in"
              + " their budget (default: to all, as published).")
  Double near;

  @Option(
      names = "--bootstrap",
      paramLabel = "B",
      defaultValue = "2000",
      converter = CountConverter.class,
      description = "Replicates for the intervals of a and b by budget (default ${DEFAULT-VALUE}).")
  Integer replicates;

  @Option(
      names = "--interval",
      paramLabel = "PERCENT",
      defaultValue = "90",
      converter = LevelConverter.class,
      description = "Coverage of these intervals in percent (default ${DEFAULT-VALUE}).")
  Double level;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of the replicates (default ${DEFAULT-VALUE}).")
  long seed;

  @Mixin EngineChoice engine;

  @Mixin JsonChoice printing;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter log = spec.commandLine().getErr();
    RunFile file = input.read();
    input.notes(file).forEach(log::println);
    RunsInput.warnOfStructure(log, List.of(ScalingExponents.law()), Method.GLOBAL, file.runs());
    try (Engine opened = engine.open(log, EngineChoice.MUCH_WORK);
        Progress progress = new Progress("approaches")) {
      IsoFlopProfiles.Found found = profiles(file);
      printing.print(
          new ExponentReport(
              level,
              new ScalingExponents(opened, FitOptions.DEFAULT, progress).all(file.runs(), found),
              QuantityRange.all(budgets),
              found),
          spec);
    }
    return ExitCode.DONE;
  }

  private IsoFlopProfiles.Found profiles(RunFile file) {
    if (near != null && !(near > 1)) {
      throw new ParameterException(spec.commandLine(), "--near: expected a factor above 1");
    }
    IsoFlopProfiles profiles =
        new IsoFlopProfiles(
            new IsoFlopProfiles.Settings(
                near == null ? Double.POSITIVE_INFINITY : near, replicates, level, seed));
    return budgetColumn == null
        ? profiles.of(file.runs())
        : profiles.of(file.runs(), input.numbers(budgetColumn, "--budget-column"));
  }
}

package org.farfit.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.farfit.analysis.ScalingExponents;
import org.farfit.data.RunFile;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.report.ExponentTable;
import org.farfit.report.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code farfit approaches}: Chinchilla's three approaches and variable projection. */
@Command(
    name = "approaches",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Exponents of compute-optimal scaling by the three approaches of the Chinchilla paper and"
            + " by variable projection.",
    footer = {"", "Example:", "  farfit approaches runs.csv --compute 1e21,1e23"})
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

  @Mixin EngineChoice engine;

  @Option(names = "--json", description = "Print JSON instead of tables.")
  boolean json;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter log = spec.commandLine().getErr();
    RunFile file = input.read();
    input.notes(file).forEach(log::println);
    try (Engine opened = engine.open(log, EngineChoice.MUCH_WORK);
        Progress progress = new Progress("approaches")) {
      List<ExponentTable.Row> rows =
          ExponentTable.rows(
              new ScalingExponents(opened, FitOptions.DEFAULT, progress).all(file.runs()),
              QuantityRange.all(budgets));
      PrintWriter output = spec.commandLine().getOut();
      output.print(json ? Json.text(new ExponentTable.Document(rows)) : ExponentTable.text(rows));
      output.flush();
    }
    return ExitCode.DONE;
  }
}

package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.literature.Reproduction;
import org.farfit.report.output.OutputFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code farfit reproduce}: the tables of the literature on the public runs. */
@Command(
    name = "reproduce",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes the tables of the literature on the public runs, ours beside theirs.",
      "As Markdown. docs/data.md says where to get the runs."
    },
    footer = {"", "Example:", "  farfit reproduce --data ~/runs --out tables.md"})
final class ReproduceCommand implements Callable<Integer> {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:FARFIT_DATA}",
      description = "Folder of the public runs (default: the environment variable FARFIT_DATA).")
  Path data;

  @Mixin EngineChoice engine;

  @Option(
      names = "--out",
      paramLabel = "FILE.md",
      description = "Where to write the tables (default: standard output).")
  Path out;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    if (data == null) {
      throw new ParameterException(
          spec.commandLine(), "say where the public runs are: --data DIR, or FARFIT_DATA");
    }
    new Outputs(spec).writes("--out", out, "a file of tables", Reproduction::isOne);
    PrintWriter output = spec.commandLine().getOut();
    StringBuilder text = new StringBuilder();
    try (Engine opened = engine.open(spec.commandLine().getErr(), EngineChoice.MUCH_WORK);
        Progress progress = new Progress("tables")) {
      new Reproduction(data, opened, FitOptions.DEFAULT, progress)
          .run(section -> {
            text.append(section);
            if (out == null) {
              output.print(section);
              output.flush();
            }
          });
    }
    if (out != null) {
      OutputFile.write(out, text.toString());
      output.println("result: " + out);
      output.flush();
    }
    return ExitCode.DONE;
  }
}

package org.farfit.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.farfit.data.RunSet;
import org.farfit.law.Law;
import org.farfit.report.Presentation;
import org.farfit.report.RunTable;
import org.farfit.report.output.OutputFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code farfit simulate}: writes runs simulated from a law with known parameters. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Simulates training runs from a law with known parameters.",
    footer = {
      "",
      "The bundled example is written by:",
      "  farfit simulate --law farseer --grid paper --noise 0.002 --seed 1 --out example.csv"
    })
final class SimulateCommand implements Callable<Integer> {

  @Mixin SimulationQuestions asked;

  @Option(
      names = "--out",
      paramLabel = "RUNS.csv",
      required = true,
      description = "Where to write the runs.")
  Path out;

  @Mixin JsonChoice printing;

  @Spec CommandSpec spec;

  /** What was simulated. */
  record Result(
      String file,
      boolean simulated,
      String law,
      Map<String, Double> parameters,
      double noise,
      long seed,
      int runs) {}

  @Override
  public Integer call() {
    RunSet points = asked.points();
    Law chosen = asked.law(points);
    double[] published = asked.parameters(chosen);
    new Outputs(spec)
        .writes(
            "--out", out, "a file of simulated runs", path -> RunTable.isSimulated(path, points));
    RunSet runs = asked.runs(chosen, published, points);
    OutputFile.write(out, RunTable.text(runs));
    Map<String, Double> named = new LinkedHashMap<>();
    for (int j = 0; j < published.length; j++) {
      named.put(chosen.parameterNames().get(j), published[j]);
    }
    printing.print(
        new Simulated(
            new Result(
                out.toString(), true, chosen.name(), named, asked.noise, asked.seed, runs.size()),
            "%d simulated runs of %s: %s%nresult: %s%n"
                .formatted(runs.size(), chosen.name(), chosen.description().formula(), out)),
        spec);
    return ExitCode.DONE;
  }

  /** What was simulated, as it is shown. */
  private record Simulated(Result data, String text) implements Presentation {}
}

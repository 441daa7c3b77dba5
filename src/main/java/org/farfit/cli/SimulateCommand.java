package org.farfit.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.farfit.analysis.ColumnGrid;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Law;
import org.farfit.report.OutputFile;
import org.farfit.report.Presentation;
import org.farfit.report.RunTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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

  /** Grids by name. */
  enum Grid {
    PAPER
  }

  @Option(
      names = "--law",
      paramLabel = "LAW",
      defaultValue = "farseer",
      description =
          "A law of farfit laws, a law file or a formula, of N and D unless --column says of what"
              + " (default ${DEFAULT-VALUE}).")
  String law;

  @Option(
      names = "--parameters",
      paramLabel = "P",
      split = ",",
      description =
          "Published parameters, in the order that farfit fit prints; without them, published or"
              + " typical ones.")
  double[] parameters;

  @Option(
      names = "--grid",
      paramLabel = "GRID",
      defaultValue = "paper",
      description = "paper: the 21 sizes of the Farseer paper, D spaced by sqrt 2.")
  Grid grid;

  @Option(
      names = "--column",
      paramLabel = "NAME=VALUES",
      description =
          "Instead of --grid: values of a column, such as lr=1e-4:1e-2:5 or P=1,2,4, every one with"
              + " every one of the other columns; once per column.")
  List<String> columns = List.of();

  @Option(
      names = "--noise",
      paramLabel = "SIGMA",
      defaultValue = "0.002",
      description = "Standard deviation of the log loss (default ${DEFAULT-VALUE}).")
  double noise;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of the noise (default ${DEFAULT-VALUE}).")
  long seed;

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
    RunSet points = points();
    Law chosen = law(points);
    double[] published = parameters == null ? example(chosen) : parameters;
    if (published.length != chosen.parameterCount()) {
      throw usage(
          "--parameters has %d values, expected %d: %s"
              .formatted(published.length, chosen.parameterCount(), chosen.parameterNames()));
    }
    new Outputs(spec)
        .writes(
            "--out", out, "a file of simulated runs", path -> RunTable.isSimulated(path, points));
    RunSet runs = told(() -> Simulation.runs(chosen, published, points, noise, seed));
    OutputFile.write(out, RunTable.text(runs));
    Map<String, Double> named = new LinkedHashMap<>();
    for (int j = 0; j < published.length; j++) {
      named.put(chosen.parameterNames().get(j), published[j]);
    }
    printing.print(
        new Simulated(
            new Result(out.toString(), true, chosen.name(), named, noise, seed, runs.size()),
            "%d simulated runs of %s: %s%nresult: %s%n"
                .formatted(runs.size(), chosen.name(), chosen.description().formula(), out)),
        spec);
    return ExitCode.DONE;
  }

  /** What was simulated, as it is shown. */
  private record Simulated(Result data, String text) implements Presentation {}

  private RunSet points() {
    return columns.isEmpty()
        ? DesignGrid.paper().runs()
        : told(() -> ColumnGrid.runs(ColumnValues.of(columns, spec.commandLine())));
  }

  private double[] example(Law chosen) {
    try {
      return chosen.example();
    } catch (IllegalStateException e) {
      throw usage("%s: %s; give them with --parameters".formatted(chosen.name(), e.getMessage()));
    }
  }

  private Law law(RunSet points) {
    return told(() -> {
      StatedLaw stated = StatedLaw.parse(law);
      return columns.isEmpty() ? stated.ofSizes() : stated.over(points);
    });
  }

  private <T> T told(Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}

package org.farfit.cli;

import java.util.List;
import java.util.function.Supplier;
import org.farfit.analysis.ColumnGrid;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of {@code farfit simulate} that say what is simulated. */
final class SimulationQuestions {

  /** Grids by name. */
  enum Grid {
    PAPER
  }

  @Option(
      names = "--law",
      paramLabel = "LAW",
      description =
          "A law of farfit laws, a law file or a formula, of N and D unless --column says of what"
              + " (default: ${DEFAULT-VALUE}, of most parameters).")
  String law = Laws.richest().name();

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

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  /** The parameters of a law: those that were given, else published or typical ones. */
  double[] parameters(Law chosen) {
    double[] published = parameters == null ? example(chosen) : parameters;
    if (published.length != chosen.parameterCount()) {
      throw usage(
          "--parameters has %d values, expected %d: %s"
              .formatted(published.length, chosen.parameterCount(), chosen.parameterNames()));
    }
    return published;
  }

  /** Runs with losses that scatter around those of the law. */
  RunSet runs(Law chosen, double[] published, RunSet points) {
    return orRefused(() -> Simulation.runs(chosen, published, points, noise, seed));
  }

  /** The points to simulate at. */
  RunSet points() {
    return columns.isEmpty()
        ? DesignGrid.paper().runs()
        : orRefused(() -> ColumnGrid.runs(ColumnValues.of(columns, command.commandLine())));
  }

  private double[] example(Law chosen) {
    try {
      return chosen.example();
    } catch (IllegalStateException e) {
      throw usage("%s: %s; give them with --parameters".formatted(chosen.name(), e.getMessage()));
    }
  }

  Law law(RunSet points) {
    return orRefused(() -> {
      StatedLaw stated = StatedLaw.parse(law);
      return columns.isEmpty() ? stated.ofSizes() : stated.over(points);
    });
  }

  private <T> T orRefused(Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}

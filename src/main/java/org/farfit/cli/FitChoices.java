package org.farfit.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.Objective;
import org.farfit.engine.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.solver.SolverSettings;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options that say what to fit and how, shared by all commands that fit. */
final class FitChoices {

  @Option(
      names = "--law",
      paramLabel = "LAWS",
      defaultValue = "all",
      converter = LawList.class,
      description =
          "kaplan, chinchilla, skaling, farseer, or several joined by commas, or all; or auto: the"
              + " law and method, or the average of two, that predicts best from smaller to larger"
              + " N within the runs.")
  LawList.Choice laws;

  @Option(
      names = "--objective",
      paramLabel = "SCALE",
      defaultValue = "log",
      description = "Residuals are differences of log losses (log) or of losses (linear).")
  Objective.Residual objective;

  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      defaultValue = "squared",
      converter = LossConverter.class,
      description = "squared, or huber:DELTA; Chinchilla's choice is huber:1e-3.")
  Double huberDelta;

  @Option(
      names = "--starts",
      paramLabel = "K",
      defaultValue = "" + FitOptions.DEFAULT_STARTS,
      converter = PositiveInteger.class,
      description = "Starting points per law (default ${DEFAULT-VALUE}).")
  Integer starts;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of the starting points (default ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--threads",
      paramLabel = "T",
      converter = PositiveInteger.class,
      description = "Threads to use; the result does not depend on it (default: every core).")
  Integer threads;

  @Option(
      names = "--max-evaluations",
      paramLabel = "M",
      defaultValue = "" + SolverSettings.DEFAULT_MAX_EVALUATIONS,
      converter = PositiveInteger.class,
      description = "Evaluations after which a start is given up (default ${DEFAULT-VALUE}).")
  Integer maxEvaluations;

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "auto, or an engine by name; see farfit engines.")
  String engine;

  /** Much work: worth compiling vector code for. */
  static final long MUCH_WORK = Long.MAX_VALUE;

  /** Little work: over before vector code is compiled. */
  static final long LITTLE_WORK = 0;

  /**
   * Opens the engine that was asked for, and says which it is and why.
   *
   * @param work problems to solve times runs
   */
  Engine openEngine(PrintWriter log, long work) {
    return openEngine(engine, log, work);
  }

  /** Opens an engine by the name of {@code --engine}, and says which it is and why. */
  static Engine openEngine(String name, PrintWriter log, long work) {
    Engine opened = Engines.openFor(name, work);
    String why = "";
    if (name.equals(Engines.AUTO)) {
      why =
          opened.name().equals(ScalarEngine.NAME)
              ? "; auto takes it for short work, which would be over before vector code is compiled"
              : "; auto takes the most preferred that is available";
    }
    log.printf("engine: %s (%s)%s%n", opened.name(), opened.device(), why);
    log.flush();
    return opened;
  }

  FitOptions options() {
    return new FitOptions(
        new Objective(objective, huberDelta),
        starts,
        seed,
        threads == null ? Runtime.getRuntime().availableProcessors() : threads,
        SolverSettings.DEFAULT.withMaxEvaluations(maxEvaluations));
  }

  /** Reads {@code --law}. */
  static final class LawList implements ITypeConverter<LawList.Choice> {

    /** The laws that were chosen; none if the choice is left to validation. */
    record Choice(List<Law> laws) {

      boolean auto() {
        return laws.isEmpty();
      }
    }

    @Override
    public Choice convert(String text) {
      if (text.equals("auto")) {
        return new Choice(List.of());
      }
      if (text.equals("all")) {
        return new Choice(Laws.all());
      }
      List<Law> chosen = new ArrayList<>();
      for (String name : text.split(",", -1)) {
        try {
          Law law = Laws.named(name.strip());
          if (!chosen.contains(law)) {
            chosen.add(law);
          }
        } catch (IllegalArgumentException e) {
          throw new TypeConversionException(e.getMessage() + ", or all, or auto");
        }
      }
      return new Choice(chosen);
    }
  }

  /** Reads {@code --loss} as a Huber threshold. */
  static final class LossConverter implements ITypeConverter<Double> {

    private static final String HUBER = "huber:";

    @Override
    public Double convert(String text) {
      if (text.equals("squared")) {
        return Double.POSITIVE_INFINITY;
      }
      if (text.startsWith(HUBER)) {
        return new QuantityConverter().convert(text.substring(HUBER.length()));
      }
      throw new TypeConversionException("'" + text + "' is not squared or huber:DELTA");
    }
  }

  /** Reads counts. */
  static final class PositiveInteger implements ITypeConverter<Integer> {

    @Override
    public Integer convert(String text) {
      try {
        int value = Integer.parseInt(text);
        if (value > 0) {
          return value;
        }
      } catch (NumberFormatException e) {
        // told below
      }
      throw new TypeConversionException("'" + text + "' is not a whole number above 0");
    }
  }
}

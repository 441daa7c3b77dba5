package org.farfit.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import org.farfit.data.InputException;
import org.farfit.data.InputLimits;
import org.farfit.engine.Engine;
import org.farfit.engine.Objective;
import org.farfit.fit.FitOptions;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Laws;
import org.farfit.solver.SolverSettings;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options that say what to fit and how, shared by all commands that fit. */
final class FitChoices {

  @Option(
      names = "--law",
      paramLabel = "LAWS",
      completionCandidates = Candidates.Laws.class,
      defaultValue = "all",
      converter = LawList.class,
      description =
          "Laws of farfit laws, joined by commas; or all: those that are made by hand, or auto: the"
              + " average of these that predicts best from smaller to larger runs within the data. Or a"
              + " formula such as \"E + A*N^-alpha + B*D^-beta\", in which names that are columns are columns"
              + " and the others parameters, or a law file (.yaml).")
  LawList.Choice laws;

  @Option(
      names = "--objective",
      paramLabel = "SCALE",
      completionCandidates = Candidates.Residuals.class,
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
      converter = StartCount.class,
      description = "Starting points per law (default ${DEFAULT-VALUE}).")
  Integer starts;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of the starting points (default ${DEFAULT-VALUE}).")
  long seed;

  @Mixin ThreadsChoice threads;

  @Option(
      names = "--max-evaluations",
      paramLabel = "M",
      defaultValue = "" + SolverSettings.DEFAULT_MAX_EVALUATIONS,
      converter = CountConverter.class,
      description =
          "Evaluations after which a start is given up (default ${DEFAULT-VALUE}); the best ones go"
              + " on while their cost falls.")
  Integer maxEvaluations;

  @Mixin EngineChoice engine;

  /** Work of a formula beside that of a law by hand: its derivatives are many. */
  private static final int OF_FORMULA = 20;

  /**
   * Opens the engine for fits of the laws, of which a choice among them makes hundreds.
   *
   * @param manyFits whether each law is fitted many times
   * @param replicates of each fit
   */
  Engine openEngine(PrintWriter log, int runs, boolean manyFits, int replicates) {
    boolean uncounted = laws.auto() || manyFits;
    long problems = (long) laws.stated().size() * (starts + replicates);
    long work =
        uncounted || replicates > 0
            ? EngineChoice.MUCH_WORK
            : (laws.areMade() ? 1 : OF_FORMULA) * problems * runs;
    return uncounted || !laws.areMade()
        ? engine.open(log, work)
        : engine.openCounted(log, problems * runs, work);
  }

  FitOptions options() {
    return new FitOptions(
        new Objective(objective, huberDelta),
        starts,
        seed,
        threads.count(),
        SolverSettings.DEFAULT.withMaxEvaluations(maxEvaluations));
  }

  /** Reads {@code --law}. */
  static final class LawList implements ITypeConverter<LawList.Choice> {

    private static final Set<String> ALONE = Set.of("all", "auto");

    /**
     * The laws that were chosen; none if the choice is left to validation.
     *
     * @param stated the laws as they were named
     */
    record Choice(List<StatedLaw> stated) {

      boolean auto() {
        return stated.isEmpty();
      }

      /** Whether all are laws of N and D that are made by hand. */
      boolean areMade() {
        return stated.stream().allMatch(law -> law.made().isPresent());
      }

      /** The choice as it could be given again. */
      String names() {
        return auto() ? "auto" : String.join(",", stated.stream().map(StatedLaw::name).toList());
      }
    }

    @Override
    public Choice convert(String text) {
      if (text.equals("auto")) {
        return new Choice(List.of());
      }
      if (text.equals("all")) {
        return new Choice(Laws.all().stream().map(StatedLaw::of).toList());
      }
      try {
        return new Choice(StatedLaw.parseAll(text));
      } catch (InputException e) {
        throw new TypeConversionException(SettingNames.in(e.getMessage()));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(
            List.of(text.split(",")).stream().map(String::strip).anyMatch(ALONE::contains)
                ? "all and auto are given alone, not beside other laws"
                : e.getMessage() + ", or all, or auto");
      }
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

  /** Reads how many starts. */
  static final class StartCount extends CountConverter {
    StartCount() {
      super(InputLimits.STARTS, " starts");
    }
  }
}

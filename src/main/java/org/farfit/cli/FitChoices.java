package org.farfit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.farfit.data.InputException;
import org.farfit.data.InputLimits;
import org.farfit.data.Shown;
import org.farfit.engine.Objective;
import org.farfit.fit.FitOptions;
import org.farfit.formula.LawFile;
import org.farfit.formula.LawText;
import org.farfit.formula.Shelf;
import org.farfit.law.Law;
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
      defaultValue = "all",
      converter = LawList.class,
      description =
          "kaplan, chinchilla, skaling, farseer, or several joined by commas, or all; or auto: the"
              + " average of laws that predicts best from smaller to larger runs within the data. For fit also a"
              + " formula such as \"E + A*N^-alpha + B*D^-beta\", in which names that are columns are columns and"
              + " the others parameters, or a law file (.yaml); see farfit laws.")
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
      converter = StartCount.class,
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
      converter = ThreadCount.class,
      description = "Threads to use; the result does not depend on it (default: every core).")
  Integer threads;

  @Option(
      names = "--max-evaluations",
      paramLabel = "M",
      defaultValue = "" + SolverSettings.DEFAULT_MAX_EVALUATIONS,
      converter = PositiveInteger.class,
      description =
          "Evaluations after which a start is given up (default ${DEFAULT-VALUE}); the best ones go"
              + " on while their cost falls.")
  Integer maxEvaluations;

  @Mixin EngineChoice engine;

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

    /** What no list of names has. */
    private static final Pattern FORMULA = Pattern.compile("[-+*/^()=\\[;]");

    /**
     * The laws that were chosen; none if the choice is left to validation, or is a formula.
     *
     * @param laws laws of N and D
     * @param formula a law that is a formula
     */
    record Choice(List<Law> laws, Optional<LawText> formula) {

      Choice(List<Law> laws) {
        this(laws, Optional.empty());
      }

      boolean auto() {
        return laws().isEmpty();
      }

      /**
       * The laws of N and D.
       *
       * @throws InputException if the choice is a formula
       */
      @Override
      public List<Law> laws() {
        if (formula.isPresent()) {
          throw new InputException(
              "--law: formulas and law files are fitted by farfit fit and used by farfit predict;"
                  + " this takes "
                  + Laws.all().stream().map(Law::name).collect(Collectors.joining(", ")));
        }
        return laws;
      }

      /** The choice as it could be given again. */
      String names() {
        return auto() ? "auto" : String.join(",", laws.stream().map(Law::name).toList());
      }
    }

    /** The law that a text states: a law file, the name of one that is on the shelf, a formula. */
    static Optional<LawText> text(String text) {
      if (text.strip().matches("(?s)[^\n]*\\.ya?ml")) {
        return Optional.of(LawFile.read(Path.of(text.strip())));
      }
      Optional<LawText> known = Shelf.named(text.strip());
      if (known.isPresent()) {
        return known;
      }
      return FORMULA.matcher(text).find() ? Optional.of(LawText.formula(text)) : Optional.empty();
    }

    @Override
    public Choice convert(String text) {
      if (text.equals("auto")) {
        return new Choice(List.of());
      }
      if (text.equals("all")) {
        return new Choice(Laws.all());
      }
      boolean builtIn = Laws.all().stream().anyMatch(law -> law.name().equals(text.strip()));
      Optional<LawText> formula = builtIn ? Optional.empty() : text(text);
      if (formula.isPresent()) {
        return new Choice(List.of(), formula);
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
  static class PositiveInteger implements ITypeConverter<Integer> {

    private final int most;
    private final String what;

    PositiveInteger() {
      this(InputLimits.COUNT, "");
    }

    private PositiveInteger(int most, String what) {
      this.most = most;
      this.what = what;
    }

    @Override
    public Integer convert(String text) {
      try {
        int value = Integer.parseInt(text);
        if (value > most) {
          throw new TypeConversionException(
              "'%s' is more than the %,d%s that are accepted".formatted(text, most, what));
        }
        if (value > 0) {
          return value;
        }
      } catch (NumberFormatException e) {
        // told below
      }
      throw new TypeConversionException(
          "'%s' is not a whole number above 0".formatted(Shown.text(text)));
    }
  }

  /** Reads how many starts. */
  static final class StartCount extends PositiveInteger {
    StartCount() {
      super(InputLimits.STARTS, " starts");
    }
  }

  /** Reads how many threads. */
  static final class ThreadCount extends PositiveInteger {
    ThreadCount() {
      super(InputLimits.THREADS, " threads");
    }
  }
}

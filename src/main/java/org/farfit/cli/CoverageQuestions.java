package org.farfit.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.farfit.analysis.ColumnGrid;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.SimulatedNoise;
import org.farfit.analysis.SimulatedTruth;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.coverage.Coverage;
import org.farfit.analysis.coverage.CoverageStudy;
import org.farfit.analysis.inference.Estimands;
import org.farfit.data.RunSet;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Resampling;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Options of {@code farfit coverage} that say what is simulated and judged. */
final class CoverageQuestions {

  private static final double LARGEST_FACTOR = 1e6;

  private static final int USUAL_REPLICATES = 500;

  @Option(
      names = "--law",
      paramLabel = "LAWS",
      converter = FitChoices.LawList.class,
      description =
          "Laws, joined by commas (default: those made by hand that are extrapolated"
              + " with); or auto: intervals of what farfit fit --law auto makes of runs that"
              + " scatter around --truth, at 1, 4 and 16 times the largest N.")
  FitChoices.LawList.Choice laws =
      new FitChoices.LawList.Choice(Laws.extrapolating().stream().map(StatedLaw::of).toList());

  @Option(
      names = "--truth",
      paramLabel = "NAMES",
      split = ",",
      converter = TruthConverter.class,
      description =
          "With --law auto: what runs are simulated from, joined by commas: laws, or mixture (the"
              + " mean of the laws), broken-up, broken-down or broken-n (a law whose exponents, or"
              + " that of N, change amid the runs). By default the laws and all of these.")
  List<Surface> truths = List.of();

  @Option(
      names = "--sets",
      paramLabel = "K",
      defaultValue = "500",
      converter = CountConverter.class,
      description = "Simulated data sets per law (default ${DEFAULT-VALUE}).")
  Integer sets;

  @Option(
      names = "--bootstrap",
      paramLabel = "B",
      converter = CountConverter.class,
      description = "Replicates per data set (default 500; with --law auto none, but for --ties).")
  Integer replicates;

  @Option(
      names = "--resampling",
      paramLabel = "DRAWS",
      completionCandidates = Candidates.Resamplings.class,
      defaultValue = "pairs",
      description = "pairs (the default), groups, residuals, wild or parametric.")
  Resampling resampling;

  @Option(
      names = "--noise",
      paramLabel = "SIGMA",
      defaultValue = "0.002",
      converter = QuantityConverter.class,
      description = "Standard deviation of the log loss (default ${DEFAULT-VALUE}).")
  Double noise;

  @Option(
      names = "--factor",
      paramLabel = "F",
      defaultValue = "4",
      converter = QuantityConverter.class,
      description =
          "Intervals are for the loss at F times the largest N, with 20 tokens per parameter"
              + " (default ${DEFAULT-VALUE}).")
  Double factor;

  @Option(
      names = "--column",
      paramLabel = "NAME=VALUES",
      description =
          "Instead of sizes and tokens: values of a column that data sets have, such as"
              + " lr=1e-4:1e-2:5, every one with every one of the other columns; once per column.")
  List<String> columns = List.of();

  @Option(
      names = "--at",
      paramLabel = "NAME=VALUE,...",
      description = "With --column: intervals are for what the law predicts here.")
  String at;

  @Option(
      names = "--parameters",
      paramLabel = "P",
      split = ",",
      description =
          "With --column, or with --scatter: published parameters of the one law that data sets are"
              + " drawn from; without them, published or typical ones.")
  double[] parameters;

  @Option(
      names = "--interval",
      paramLabel = "PERCENT",
      defaultValue = "90",
      converter = LevelConverter.class,
      description = "Nominal coverage in percent (default ${DEFAULT-VALUE}).")
  Double level;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of data sets and replicates (default ${DEFAULT-VALUE}).")
  long seed;

  @Mixin ThreadsChoice threads;

  @Option(
      names = "--scatter",
      paramLabel = "KINDS",
      split = ",",
      converter = ScatterConverter.class,
      description =
          "How simulated runs scatter, joined by commas: independent; variance: it falls with D;"
              + " size: runs of a size share an error; both; along-d: neighbours in D correlate;"
              + " heavy: Student's t of 3 degrees of freedom. With it, data sets are fitted as farfit"
              + " fit does by default, and the intervals that commands print by default are judged:"
              + " of the loss, of single runs and of D*/N* at 4 and 16 times the largest N.")
  List<SimulatedNoise> scatter = List.of();

  @Option(
      names = "--grid",
      paramLabel = "GRID",
      defaultValue = "paper",
      completionCandidates = Candidates.SimulatedGrids.class,
      converter = GridConverter.class,
      description =
          "With --scatter or --law auto: paper, the grid of the Farseer paper; small, 8 sizes by 6"
              + " token counts; isoflop, 6 budgets by 8 sizes; or so many sizes by token counts,"
              + " such as 4x8, from 1e8 to 3e9 and from 2e9 to 2e11 (default ${DEFAULT-VALUE}).")
  DesignGrid grid;

  @Option(
      names = "--tests",
      description =
          "With --scatter: instead of intervals, how often tests of nested laws reject, at 5%%, a"
              + " smaller law that holds, for the laws of --law that contain others.")
  boolean tests;

  @Option(
      names = "--ties",
      description =
          "With --scatter: instead of intervals, how often two data sets of one truth are told apart"
              + " (P below 0.05 or above 0.95), of --sets data sets taken two by two.")
  boolean ties;

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  /** Ends the command if an option makes no sense. */
  void check() {
    if (laws.auto() && tests) {
      throw refused("--law auto: --tests is of laws; name some");
    }
    if (!laws.auto() && !truths.isEmpty()) {
      throw refused("--truth is what runs are simulated from with --law auto");
    }
    if (laws.auto() && !columns.isEmpty()) {
      throw refused("--law auto: is about sizes and tokens; leave out --column");
    }
    if (columns.isEmpty() != (at == null)) {
      throw refused(
          "--column and --at go together: what runs there are, and what is asked of them");
    }
    if (parameters != null
        && (laws.auto() || (columns.isEmpty() && scatter.isEmpty()) || laws.stated().size() > 1)) {
      throw refused("--parameters goes with --column or --scatter, and one law");
    }
    if (!columns.isEmpty() && !scatter.isEmpty()) {
      throw refused("--scatter is about sizes and tokens; leave it out with --column");
    }
    if (noise > Simulation.MOST_NOISE) {
      throw refused(
          "--noise %s is above %s, in units of the log loss"
              .formatted(noise, Simulation.MOST_NOISE));
    }
    if (factor > LARGEST_FACTOR) {
      throw refused(
          "--factor %s is above %.0e; intervals so far out mean nothing"
              .formatted(factor, LARGEST_FACTOR));
    }
  }

  /** The laws that data sets are drawn from. */
  List<Law> laws() {
    try {
      return laws.stated().stream()
          .map(law -> columns.isEmpty() ? law.ofSizes() : law.over(points()))
          .toList();
    } catch (IllegalArgumentException e) {
      throw refused("--law: " + e.getMessage());
    }
  }

  private RunSet points() {
    try {
      return ColumnGrid.runs(ColumnValues.of(columns, command.commandLine()));
    } catch (IllegalArgumentException e) {
      throw refused("--column: " + e.getMessage());
    }
  }

  /** How each data set is bootstrapped. */
  BootstrapOptions bootstrap() {
    BootstrapOptions options = BootstrapOptions.pairs(replicates(), seed).with(resampling);
    return options.withThreads(threads.count());
  }

  int threads() {
    return threads.count();
  }

  /** Data sets whose runs scatter independently and alike. */
  Coverage.Study study(Law law) {
    if (columns.isEmpty()) {
      return Coverage.Study.ofSizes(law, DesignGrid.paper(), noise, sets, seed, level, factor);
    }
    try {
      return new Coverage.Study(
          law, published(law), points(), target(law), noise, sets, seed, level);
    } catch (IllegalStateException e) {
      throw refused("%s: %s; give them with --parameters".formatted(law.name(), e.getMessage()));
    }
  }

  /** Data sets whose runs scatter in a way that {@code --scatter} names. */
  CoverageStudy study(Law law, SimulatedNoise kind) {
    return new CoverageStudy(
        SimulatedTruth.of(law, published(law)), grid, kind, noise, sets, seed, level);
  }

  private double[] published(Law law) {
    double[] published = parameters == null ? law.example() : parameters;
    if (published.length != law.parameterCount()) {
      throw refused(
          "--parameters has %d values, expected %d: %s"
              .formatted(published.length, law.parameterCount(), law.parameterNames()));
    }
    return published;
  }

  /** The point of {@code --at}, which says every column of a law. */
  private Estimands.Point target(Law law) {
    SequencedMap<String, List<Double>> values =
        ColumnValues.of(Arrays.asList(at.split(",", -1)), "--at", command.commandLine());
    Map<String, Double> point = new LinkedHashMap<>();
    values.forEach((name, of) -> point.put(name, of.getFirst()));
    if (!point.keySet().equals(new LinkedHashSet<>(law.columns()))
        || values.values().stream().anyMatch(of -> of.size() != 1)) {
      throw refused(
          "--at: expected one value of each column of %s: %s"
              .formatted(law.name(), String.join(", ", law.columns())));
    }
    return Estimands.Point.of(point);
  }

  /** Choices that are made of data sets from each truth. */
  List<CoverageStudy> studies() {
    List<Surface> from =
        truths.isEmpty()
            ? Stream.concat(
                    Laws.extrapolating().stream().map(SimulatedTruth::of),
                    SimulatedTruth.names().stream()
                        .map(name -> SimulatedTruth.named(name).orElseThrow()))
                .toList()
            : truths;
    List<SimulatedNoise> kinds = scatter.isEmpty() ? List.of(SimulatedNoise.INDEPENDENT) : scatter;
    return from.stream()
        .flatMap(truth ->
            kinds.stream()
                .map(kind -> new CoverageStudy(truth, grid, kind, noise, sets, seed, level)))
        .toList();
  }

  /** Replicates per data set. */
  int replicates() {
    return replicates == null ? laws.auto() && !ties ? 0 : USUAL_REPLICATES : replicates;
  }

  private ParameterException refused(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  /** Reads {@code --scatter}. */
  static final class ScatterConverter implements ITypeConverter<SimulatedNoise> {

    @Override
    public SimulatedNoise convert(String text) {
      return Arrays.stream(SimulatedNoise.values())
          .filter(kind -> kind.label().equals(text))
          .findFirst()
          .orElseThrow(() ->
              new TypeConversionException(
                  "'%s' is none of %s"
                      .formatted(
                          text,
                          Arrays.stream(SimulatedNoise.values())
                              .map(SimulatedNoise::label)
                              .collect(Collectors.joining(", ")))));
    }
  }

  /** Reads {@code --grid}. */
  static final class GridConverter implements ITypeConverter<DesignGrid> {

    private static final Pattern RECTANGLE = Pattern.compile("([1-9][0-9]?)x([1-9][0-9]?)");

    @Override
    public DesignGrid convert(String text) {
      Matcher rectangle = RECTANGLE.matcher(text);
      if (rectangle.matches()) {
        int sizes = Integer.parseInt(rectangle.group(1));
        int tokens = Integer.parseInt(rectangle.group(2));
        if (sizes > 1 && tokens > 1) {
          return DesignGrid.rectangle(sizes, tokens);
        }
      }
      return switch (text) {
        case "paper" -> DesignGrid.paper();
        case "small" -> DesignGrid.small();
        case "isoflop" -> DesignGrid.isoFlop();
        default ->
            throw new TypeConversionException(
                "'%s' is none of paper, small, isoflop, or sizes by token counts such as 4x8"
                    .formatted(text));
      };
    }
  }

  /** Reads {@code --truth}. */
  static final class TruthConverter implements ITypeConverter<Surface> {

    @Override
    public Surface convert(String text) {
      return SimulatedTruth.named(text)
          .or(() ->
              Laws.extrapolating().stream()
                  .filter(law -> law.name().equals(text))
                  .findFirst()
                  .map(SimulatedTruth::of))
          .orElseThrow(() ->
              new TypeConversionException(
                  "'%s' is none of %s, %s"
                      .formatted(
                          text,
                          Laws.extrapolating().stream()
                              .map(Law::name)
                              .collect(Collectors.joining(", ")),
                          String.join(", ", SimulatedTruth.names()))));
    }
  }
}

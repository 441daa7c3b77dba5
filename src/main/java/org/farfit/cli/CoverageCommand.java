package org.farfit.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.SimulatedNoise;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.inference.Coverage;
import org.farfit.analysis.inference.DefaultCoverage;
import org.farfit.analysis.inference.TestSizes;
import org.farfit.analysis.inference.Ties;
import org.farfit.engine.Engine;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Resampling;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Law;
import org.farfit.report.AlignedTable;
import org.farfit.report.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code farfit coverage}: how often intervals contain the truth, by simulation. */
@Command(
    name = "coverage",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Tells how often intervals of a loss contain the true one, by simulation.",
      "Data sets are simulated on the grid of the Farseer paper, and each is fitted and bootstrapped."
    },
    footer = {
      "",
      "The table of docs/uncertainty.md is written by:",
      "  farfit coverage --law chinchilla,skaling,farseer --sets 1000 --bootstrap 500 --markdown",
      "  farfit coverage --scatter independent,variance,size,both,along-d,heavy --grid small"
    })
final class CoverageCommand implements Callable<Integer> {

  private static final double LARGEST_FACTOR = 1e6;

  @Option(
      names = "--law",
      paramLabel = "LAWS",
      defaultValue = "chinchilla,skaling,farseer",
      converter = FitChoices.LawList.class,
      description = "Laws, joined by commas (default ${DEFAULT-VALUE}).")
  FitChoices.LawList.Choice laws;

  @Option(
      names = "--sets",
      paramLabel = "K",
      defaultValue = "500",
      converter = FitChoices.PositiveInteger.class,
      description = "Simulated data sets per law (default ${DEFAULT-VALUE}).")
  Integer sets;

  @Option(
      names = "--bootstrap",
      paramLabel = "B",
      defaultValue = "500",
      converter = FitChoices.PositiveInteger.class,
      description = "Replicates per data set (default ${DEFAULT-VALUE}).")
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

  @Option(
      names = "--threads",
      paramLabel = "T",
      converter = FitChoices.ThreadCount.class,
      description = "Threads to use; the result does not depend on it (default: every core).")
  Integer threads;

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
      description =
          "With --scatter: paper, the grid of the Farseer paper, or small, 8 sizes by 6 token counts"
              + " (default ${DEFAULT-VALUE}).")
  Grid grid;

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

  /** Grids of simulated runs. */
  enum Grid {
    PAPER,
    SMALL;

    DesignGrid grid() {
      return this == PAPER ? DesignGrid.paper() : DesignGrid.small();
    }
  }

  @Mixin EngineChoice engine;

  @Option(names = "--json", description = "Print JSON instead of a table.")
  boolean json;

  @Option(names = "--markdown", description = "Print the table as Markdown.")
  boolean markdown;

  @Spec CommandSpec spec;

  /** The result as JSON. */
  record Result(double interval, int sets, int replicates, List<Coverage.Row> rows) {}

  @Override
  public Integer call() {
    if (laws.auto()) {
      throw new ParameterException(spec.commandLine(), "--law: name laws to simulate, not auto");
    }
    if (noise > Simulation.MOST_NOISE) {
      throw new ParameterException(
          spec.commandLine(),
          "--noise %s is above %s, in units of the log loss"
              .formatted(noise, Simulation.MOST_NOISE));
    }
    if (factor > LARGEST_FACTOR) {
      throw new ParameterException(
          spec.commandLine(),
          "--factor %s is above %.0e; intervals so far out mean nothing"
              .formatted(factor, LARGEST_FACTOR));
    }
    if (!scatter.isEmpty()) {
      if (tests) {
        printTests(sizes());
      } else if (ties) {
        printTies(
            studies(
                law -> true,
                (opened, progress) -> new Ties(opened, replicates, used(), progress)::run));
      } else {
        printDefault(defaults());
      }
      return ExitCode.DONE;
    }
    List<Coverage.Row> rows = new ArrayList<>();
    BootstrapOptions options = BootstrapOptions.pairs(replicates, seed).with(resampling);
    if (threads != null) {
      options = options.withThreads(threads);
    }
    try (Engine opened = engine.open(spec.commandLine().getErr(), EngineChoice.MUCH_WORK)) {
      for (Law law : laws()) {
        try (Progress progress = new Progress("coverage " + law.name())) {
          rows.addAll(
              new Coverage(opened, options, progress)
                  .run(
                      new Coverage.Study(
                          law, DesignGrid.paper(), noise, sets, seed, level, factor)));
        }
      }
    }
    print(rows);
    return ExitCode.DONE;
  }

  /** The laws, with parameters to simulate with. */
  private List<Law> laws() {
    try {
      return laws.stated().stream().map(StatedLaw::ofSizes).toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--law: " + e.getMessage(), e);
    }
  }

  /** How often tests reject what holds, under every way to scatter. */
  private List<TestSizes.Row> sizes() {
    return studies(
        TestSizes::canTest, (opened, progress) -> new TestSizes(opened, used(), progress)::run);
  }

  private interface Judge<R> {
    Function<DefaultCoverage.Study, List<R>> of(Engine opened, Progress progress);
  }

  private int used() {
    return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
  }

  private <R> List<R> studies(Predicate<Law> wanted, Judge<R> judge) {
    List<R> rows = new ArrayList<>();
    try (Engine opened = engine.open(spec.commandLine().getErr(), EngineChoice.MUCH_WORK)) {
      for (Law law : laws().stream().filter(wanted).toList()) {
        for (SimulatedNoise kind : scatter) {
          try (Progress progress = new Progress("coverage " + law.name() + " " + kind.label())) {
            rows.addAll(
                judge
                    .of(opened, progress)
                    .apply(
                        new DefaultCoverage.Study(
                            law, grid.grid(), kind, noise, sets, seed, level)));
          }
        }
      }
    }
    return rows;
  }

  /** The result of --ties as JSON. */
  record TieResult(int sets, int replicates, List<Ties.Row> rows) {}

  private void printTies(List<Ties.Row> rows) {
    PrintWriter output = spec.commandLine().getOut();
    if (json) {
      output.print(Json.text(new TieResult(sets, replicates, rows)));
      output.flush();
      return;
    }
    AlignedTable table = new AlignedTable("law", "scatter", "of", "pairs", "told apart %");
    for (Ties.Row row : rows) {
      table.add(
          List.of(
              row.law(),
              row.noise(),
              row.of(),
              Integer.toString(row.pairs()),
              AlignedTable.number(100 * row.toldApart(), 3)));
    }
    output.print(markdown ? table.markdown() : table.text());
    output.flush();
  }

  /** The result of --tests as JSON. */
  record TestResult(double level, int sets, List<TestSizes.Row> rows) {}

  private void printTests(List<TestSizes.Row> rows) {
    PrintWriter output = spec.commandLine().getOut();
    if (json) {
      output.print(Json.text(new TestResult(TestSizes.LEVEL, sets, rows)));
      output.flush();
      return;
    }
    AlignedTable table = new AlignedTable("tested", "within", "scatter", "sets", "rejected %");
    for (TestSizes.Row row : rows) {
      table.add(
          List.of(
              row.smaller(),
              row.larger(),
              row.noise(),
              Integer.toString(row.sets()),
              AlignedTable.number(100 * row.rejected(), 3)));
    }
    output.print(markdown ? table.markdown() : table.text());
    output.flush();
  }

  /** The intervals that are printed by default, under every way to scatter. */
  private List<DefaultCoverage.Row> defaults() {
    return studies(
        law -> true,
        (opened, progress) -> new DefaultCoverage(opened, replicates, used(), progress)::run);
  }

  /** The result of --scatter as JSON. */
  record DefaultResult(double interval, int sets, int replicates, List<DefaultCoverage.Row> rows) {}

  private void printDefault(List<DefaultCoverage.Row> rows) {
    PrintWriter output = spec.commandLine().getOut();
    if (json) {
      output.print(Json.text(new DefaultResult(100 * level, sets, replicates, rows)));
      output.flush();
      return;
    }
    AlignedTable table =
        new AlignedTable(
            "law",
            "scatter",
            "interval",
            "of",
            "sets",
            "covers %",
            "too high %",
            "too low %",
            "width %");
    for (DefaultCoverage.Row row : rows) {
      table.add(
          List.of(
              row.law(),
              row.noise(),
              row.interval(),
              row.estimand(),
              Integer.toString(row.sets()),
              AlignedTable.number(100 * row.coverage(), 3),
              AlignedTable.number(100 * row.above(), 2),
              AlignedTable.number(100 * row.below(), 2),
              AlignedTable.number(100 * row.meanWidth(), 3)));
    }
    output.print(markdown ? table.markdown() : table.text());
    output.flush();
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

  private void print(List<Coverage.Row> rows) {
    PrintWriter output = spec.commandLine().getOut();
    if (json) {
      output.print(Json.text(new Result(100 * level, sets, replicates, rows)));
      output.flush();
      return;
    }
    AlignedTable table =
        new AlignedTable(
            "law", "interval", "sets", "covers %", "too high %", "too low %", "width %");
    for (Coverage.Row row : rows) {
      table.add(
          List.of(
              row.law(),
              row.interval(),
              Integer.toString(row.sets()),
              AlignedTable.number(100 * row.coverage(), 3),
              AlignedTable.number(100.0 * row.above() / row.sets(), 2),
              AlignedTable.number(100.0 * row.below() / row.sets(), 2),
              AlignedTable.number(100 * row.meanWidth(), 3)));
    }
    output.print(markdown ? table.markdown() : table.text());
    output.flush();
  }
}

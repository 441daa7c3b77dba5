package org.farfit.literature;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.farfit.analysis.Allocation;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.Holdout;
import org.farfit.analysis.SurfaceRange;
import org.farfit.analysis.study.Validation;
import org.farfit.data.ColumnOptions;
import org.farfit.data.InputException;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Objective;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.Surface;
import org.farfit.fit.extrapolation.AutoFit;
import org.farfit.fit.extrapolation.GuardedSurface;
import org.farfit.fit.piecewise.FormSelection;
import org.farfit.fit.piecewise.PiecewiseSettings;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Kaplan;
import org.farfit.law.Skaling;
import org.farfit.report.FormReport;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.OutputFile;
import org.farfit.solver.ProgressListener;

/**
 * The tables of the literature on the public runs, ours beside theirs, as Markdown. Needs the files
 * that docs/data.md describes.
 *
 * <pre>{@code
 * new Reproduction(folder, engine, FitOptions.DEFAULT, ProgressListener.NONE)
 *     .run(System.out::print);
 * }</pre>
 */
public final class Reproduction {

  private static final String FARSEER_RUNS = "farseer_1222_full.csv";
  private static final String EPOCH_RUNS = "chinchilla_svg_extracted.csv";

  private static final String COLLECTIONS = "collections";
  private static final String HEADLINE_RUNS = "scalebench/farseer_test.csv";

  /** The share of the runs with most compute that is held out of a collection. */
  private static final double TOP = 0.25;

  /** The sizes that the Farseer paper fits. */
  private static final String PAPER_SIZES = "N > 2e8";

  /** How the first table is called. */
  private static final String FIRST = "Protocol A";

  /** The least of the largest N of protocol A. */
  private static final double FIRST_CUT = 1.9e9;

  /** Runs beyond this D are told apart in the ablation. */
  private static final double LARGE_D = 6e9;

  /** What absolute deviations of log residuals come to; see docs/data.md. */
  private static final double NEARLY_ABSOLUTE = 4.7e-9;

  private static final List<Validation.Candidate> CANDIDATES =
      List.of(
          Validation.Candidate.of(new Kaplan(), Method.GLOBAL),
          Validation.Candidate.of(new Chinchilla(), Method.GLOBAL),
          Validation.Candidate.of(new Chinchilla(), Method.PIECEWISE),
          Validation.Candidate.of(new Skaling(), Method.GLOBAL),
          Validation.Candidate.of(new Farseer(), Method.GLOBAL),
          Validation.Candidate.of(new Farseer(), Method.REGULARISED),
          Validation.Candidate.of(new Farseer(), Method.PIECEWISE),
          Validation.Candidate.AUTO);

  private static final List<Validation.Candidate> SIZE_CANDIDATES =
      List.of(
          Validation.Candidate.of(new Farseer(), Method.PIECEWISE),
          Validation.Candidate.of(new Farseer(), Method.GLOBAL),
          Validation.Candidate.of(new Farseer(), Method.REGULARISED),
          Validation.Candidate.of(new Skaling(), Method.GLOBAL),
          Validation.Candidate.of(new Chinchilla(), Method.PIECEWISE),
          Validation.Candidate.of(new Chinchilla(), Method.GLOBAL),
          Validation.Candidate.AUTO);

  private static final List<Validation.Candidate> EMBEDDING_CANDIDATES =
      List.of(
          Validation.Candidate.of(new Chinchilla(), Method.GLOBAL),
          Validation.Candidate.of(new Skaling(), Method.GLOBAL),
          Validation.Candidate.of(new Farseer(), Method.GLOBAL),
          Validation.Candidate.of(new Farseer(), Method.REGULARISED),
          Validation.Candidate.of(new Farseer(), Method.PIECEWISE));

  private static final List<Validation.Candidate> COLLECTION_CANDIDATES =
      List.of(
          Validation.Candidate.of(new Chinchilla(), Method.GLOBAL),
          Validation.Candidate.of(new Skaling(), Method.GLOBAL),
          Validation.Candidate.of(new Farseer(), Method.GLOBAL),
          Validation.Candidate.of(new Chinchilla(), Method.REGULARISED),
          Validation.Candidate.of(new Skaling(), Method.REGULARISED),
          Validation.Candidate.of(new Farseer(), Method.REGULARISED),
          Validation.Candidate.AUTO);

  private static final List<String> EMBEDDING_COLUMNS = List.of("N", "N_add_emb");

  private static final List<Double> THRESHOLDS =
      List.of(Objective.PUBLISHED_HUBER_DELTA, NEARLY_ABSOLUTE);

  /** A piecewise procedure that differs from the usual one, or is given other sizes. */
  private record Ablation(String name, boolean allSizes, PiecewiseSettings settings) {}

  private static final List<Ablation> ABLATIONS =
      List.of(
          new Ablation("as in protocol A", false, PiecewiseSettings.DEFAULT),
          new Ablation("one round", false, PiecewiseSettings.DEFAULT.withMaxRounds(1)),
          new Ablation(
              "two rounds, as published", false, PiecewiseSettings.DEFAULT.withMaxRounds(2)),
          new Ablation(
              "duplicates not averaged", false, PiecewiseSettings.DEFAULT.withoutAveraging()),
          new Ablation("all sizes, not N > 2e8 alone", true, PiecewiseSettings.DEFAULT),
          new Ablation(
              "fitted to D >= 2e9 only", false, PiecewiseSettings.DEFAULT.withSmallestTokens(2e9)),
          new Ablation(
              "fitted to D >= 4e9 only",
              false,
              PiecewiseSettings.DEFAULT.withSmallestTokens(3.9e9)),
          new Ablation(
              "fitted to D >= 6e9 only",
              false,
              PiecewiseSettings.DEFAULT.withSmallestTokens(5.6e9)));

  private final Path folder;
  private final Engine engine;
  private final FitOptions options;
  private final ProgressListener progress;
  private int rowsDone;
  private int rowsInAll;

  /**
   * A reproduction.
   *
   * @param folder where the public runs are
   * @param progress told after every row of a table that had to be fitted
   */
  public Reproduction(Path folder, Engine engine, FitOptions options, ProgressListener progress) {
    this.folder = folder;
    this.engine = engine;
    this.options = options;
    this.progress = progress;
  }

  /** Whether a file looks like one of these tables. */
  public static boolean isOne(Path path) {
    return OutputFile.head(path, 100).startsWith("## " + FIRST);
  }

  /**
   * Makes every table.
   *
   * @param output receives the Markdown of each section when it is done
   * @throws InputException if a file is missing
   */
  public void run(Consumer<String> output) {
    for (String name : List.of(FARSEER_RUNS, EPOCH_RUNS)) {
      if (!Files.exists(folder.resolve(name))) {
        throw new InputException(
            "%s: no such file; docs/data.md says where to get it".formatted(folder.resolve(name)));
      }
    }
    RunSet all = farseer(ColumnOptions.usual());
    RunSet paper = farseer(ColumnOptions.usual().where(PAPER_SIZES));
    List<Section> sections =
        new ArrayList<>(
            List.of(
                new Section(SIZE_CANDIDATES.size(), () -> sizeHoldout(paper)),
                new Section(ABLATIONS.size(), () -> ablation(all, paper)),
                new Section(CANDIDATES.size(), () -> edgeHoldout(all)),
                new Section(CANDIDATES.size(), () -> computeHoldout(all)),
                new Section(1, () -> forms(paper)),
                new Section(THRESHOLDS.size(), this::epoch),
                new Section(1, () -> ratios(all)),
                new Section(
                    EMBEDDING_COLUMNS.size() * EMBEDDING_CANDIDATES.size(), this::embeddings)));
    if (Files.isDirectory(folder.resolve(COLLECTIONS))) {
      sections.add(
          new Section(collectionFiles().size() * COLLECTION_CANDIDATES.size(), this::collections));
    }
    if (Files.exists(folder.resolve(HEADLINE_RUNS))) {
      sections.add(new Section(CANDIDATES.size(), () -> headline(all, paper)));
    }
    rowsDone = 0;
    rowsInAll = sections.stream().mapToInt(Section::rows).sum();
    sections.forEach(section -> output.accept(section.markdown().get()));
  }

  /** A table to be made, and how many of its rows are fitted one after the other. */
  private record Section(int rows, Supplier<String> markdown) {}

  private void rowDone() {
    rowsDone++;
    progress.done(rowsDone, rowsInAll);
  }

  private RunSet farseer(ColumnOptions columns) {
    return RunFile.read(folder.resolve(FARSEER_RUNS), columns).runs();
  }

  private List<Validation.Row> validate(
      RunSet runs, List<Holdout> holdouts, Validation.Candidate candidate) {
    return new Validation(engine, options, ProgressListener.NONE)
        .run(runs, holdouts, List.of(candidate));
  }

  private static String section(String title, AlignedTable table) {
    return "## " + title + "\n\n" + table.markdown() + "\n";
  }

  /** The error in the unit of the paper's figure, 1e-3, of the rows that were predicted. */
  private static List<Double> errors(List<Validation.Row> rows) {
    return rows.stream()
        .filter(row -> !row.split().equals("fit"))
        .map(row -> 10 * row.errors().mape())
        .toList();
  }

  private static double geometricMean(List<Double> values) {
    return Math.exp(values.stream().mapToDouble(Math::log).average().orElseThrow());
  }

  private String sizeHoldout(RunSet runs) {
    List<Holdout> holdouts = Holdout.size(runs, FIRST_CUT);
    List<String> header = new ArrayList<>(List.of("law", "method"));
    holdouts.forEach(holdout -> header.add(holdout.name()));
    header.addAll(List.of("largest", "geometric mean"));
    AlignedTable table = new AlignedTable(header.toArray(String[]::new));
    List<String> published = new ArrayList<>(List.of("farseer", "piecewise, published", "6.01"));
    for (int i = 2; i < holdouts.size(); i++) {
      published.add("-");
    }
    published.addAll(List.of("0.587", "-", "-"));
    table.add(published);
    for (Validation.Candidate candidate : SIZE_CANDIDATES) {
      List<Double> errors = errors(validate(runs, holdouts, candidate));
      List<String> row = new ArrayList<>(names(candidate));
      errors.forEach(error -> row.add(AlignedTable.number(error, 3)));
      row.add(AlignedTable.number(errors.stream().max(Double::compare).orElseThrow(), 3));
      row.add(AlignedTable.number(geometricMean(errors), 3));
      table.add(row);
      rowDone();
    }
    return section(FIRST + ": error of the largest size, 1e-3, by largest N fitted", table);
  }

  private static List<String> names(Validation.Candidate candidate) {
    return candidate.law().isPresent()
        ? List.of(candidate.law().get().name(), candidate.methods().iterator().next().label())
        : List.of("auto", "chosen within the fitted runs");
  }

  /** What the parts of the piecewise procedure account for. */
  private String ablation(RunSet all, RunSet paper) {
    AlignedTable table =
        new AlignedTable(
            "piecewise farseer",
            "N <= 1.9e9",
            "signed",
            "its runs of D > 6e9",
            "N <= 5.4e9",
            "signed",
            "its runs of D > 6e9");
    ABLATIONS.forEach(ablation -> {
      table.add(ablated(ablation.name(), ablation.allSizes() ? all : paper, ablation.settings()));
      rowDone();
    });
    return section("What the parts of the piecewise procedure account for, error in 1e-3", table);
  }

  private List<String> ablated(String name, RunSet runs, PiecewiseSettings settings) {
    List<Holdout> cuts = Holdout.size(runs, FIRST_CUT);
    List<String> cells = new ArrayList<>(List.of(name));
    for (Holdout cut : List.of(cuts.getFirst(), cuts.getLast())) {
      double[] test = cut.tests().firstEntry().getValue();
      double[] large = test.clone();
      for (int i = 0; i < large.length; i++) {
        large[i] = runs.d(i) > LARGE_D ? large[i] : 0;
      }
      Holdout both = new Holdout(cut.name(), cut.fit(), new LinkedHashMap<>());
      both.tests().put("all", test);
      both.tests().put("large", large);
      List<Validation.Row> rows =
          new Validation(engine, options, ProgressListener.NONE)
              .withPiecewise(settings)
              .run(
                  runs,
                  List.of(both),
                  List.of(Validation.Candidate.of(new Farseer(), Method.PIECEWISE)));
      cells.add(AlignedTable.number(10 * rows.get(1).errors().mape(), 3));
      cells.add(AlignedTable.number(10 * rows.get(1).errors().meanSigned(), 3));
      cells.add(AlignedTable.number(10 * rows.get(2).errors().mape(), 3));
    }
    return cells;
  }

  private String edgeHoldout(RunSet runs) {
    AlignedTable table =
        new AlignedTable("law", "method", "fit %", "ext N %", "theirs", "ext D %", "theirs");
    Map<String, List<String>> theirs =
        Map.of(
            "chinchilla", List.of("1.48", "1.98"),
            "skaling", List.of("0.47", "0.88"),
            "farseer", List.of("-", "4.13"));
    for (Validation.Candidate candidate : CANDIDATES) {
      List<Validation.Row> rows = validate(runs, Holdout.edge(runs), candidate);
      List<String> published = theirs.getOrDefault(names(candidate).getFirst(), List.of("-", "-"));
      List<String> cells = new ArrayList<>(names(candidate));
      cells.add(AlignedTable.number(rows.get(0).errors().mape(), 3));
      cells.add(AlignedTable.number(rows.get(1).errors().mape(), 3));
      cells.add(published.get(0));
      cells.add(AlignedTable.number(rows.get(2).errors().mape(), 3));
      cells.add(published.get(1));
      table.add(cells);
      rowDone();
    }
    return section("Protocol B: edge hold-out, mean relative error in percent", table);
  }

  private String computeHoldout(RunSet runs) {
    AlignedTable table =
        new AlignedTable("law", "method", "fitted runs", "fit %", "held out %", "theirs");
    Map<String, String> theirs = Map.of("chinchilla", "2.34", "farseer", "0.80", "skaling", "0.60");
    for (Validation.Candidate candidate : CANDIDATES) {
      List<Validation.Row> rows = validate(runs, Holdout.compute(runs), candidate);
      List<String> cells = new ArrayList<>(names(candidate));
      cells.add(Integer.toString(rows.get(0).fit().runs()));
      cells.add(AlignedTable.number(rows.get(0).errors().mape(), 3));
      cells.add(AlignedTable.number(rows.get(1).errors().mape(), 3));
      cells.add(theirs.getOrDefault(names(candidate).getFirst(), "-"));
      table.add(cells);
      rowDone();
    }
    return section("Protocol C: compute hold-out, mean relative error in percent", table);
  }

  private String forms(RunSet runs) {
    AlignedTable table =
        new FormReport(new FormSelection(PiecewiseSettings.DEFAULT).rank(runs)).table();
    rowDone();
    return section("Forms of A(N), B(N) and G(N); published: log of a power for each", table);
  }

  private String epoch() {
    RunSet runs =
        RunFile.read(
                folder.resolve(EPOCH_RUNS),
                ColumnOptions.usual()
                    .computeColumns("Model Size", "Training FLOP", "loss")
                    .where("loss < 3.44"))
            .runs();
    AlignedTable table =
        new AlignedTable(
            "objective", "E", "A", "B", "alpha", "beta", "starts at best", "a = beta/(alpha+beta)");
    table.add(
        List.of(
            "published (Besiroglu et al.)",
            "1.8169",
            "482.01",
            "2085.43",
            "0.3478",
            "0.3659",
            "-",
            "0.5127"));
    for (double delta : THRESHOLDS) {
      LawFit fit =
          new GlobalFit(engine, options.withObjective(Objective.logHuber(delta)))
              .fit(new Chinchilla(), runs);
      double[] p = fit.surface().published();
      List<String> cells = new ArrayList<>(List.of("Huber, threshold " + delta));
      Arrays.stream(p).forEach(value -> cells.add(AlignedTable.number(value, 6)));
      cells.add(
          "%d of %d"
              .formatted(
                  fit.multiStart().orElseThrow().atBest(),
                  fit.multiStart().orElseThrow().starts()));
      cells.add(AlignedTable.number(p[4] / (p[3] + p[4]), 4));
      table.add(cells);
      rowDone();
    }
    return section("Chinchilla's law on the 240 Epoch runs", table);
  }

  private String ratios(RunSet runs) {
    SurfaceRange range = SurfaceRange.of(runs);
    List<Surface> surfaces = new ArrayList<>();
    GlobalFit fitter = new GlobalFit(engine, options);
    surfaces.add(fitter.fit(new Chinchilla(), runs).surface());
    surfaces.add(fitter.fit(new Skaling(), runs).surface());
    surfaces.add(fitter.fit(new Farseer(), runs).surface());
    AutoFit.Choice choice = new AutoFit(engine, options, ProgressListener.NONE).choose(runs);
    surfaces.add(choice.surface());
    List<String> header = new ArrayList<>(List.of("C"));
    surfaces.forEach(
        surface -> header.add(surface instanceof GuardedSurface ? AutoFit.NAME : surface.name()));
    AlignedTable table = new AlignedTable(header.toArray(String[]::new));
    for (int exponent = 18; exponent <= 26; exponent++) {
      double flops = Math.pow(10, exponent);
      List<String> cells = new ArrayList<>(List.of("1e" + exponent));
      for (Surface surface : surfaces) {
        cells.add(
            new Allocation(surface, range, ComputeModel.USUAL)
                .at(flops)
                .best()
                .map(point ->
                    AlignedTable.number(point.ratio(), 3)
                        + (point.factorBeyond() > SurfaceRange.FAR ? " (far)" : ""))
                .orElse("none"));
      }
      table.add(cells);
    }
    rowDone();
    return section("Compute-optimal D*/N* against C (all 404 runs)", table)
        + "far: N* or D* lies more than a factor 10 beyond the runs. auto: "
        + choice.reason()
        + "\n\n";
  }

  private String embeddings() {
    AlignedTable table =
        new AlignedTable(
            "N counts",
            "law",
            "method",
            "A: largest 1e-3",
            "A: geometric mean 1e-3",
            "B: fit %",
            "B: ext N %",
            "B: ext D %");
    for (String column : EMBEDDING_COLUMNS) {
      ColumnOptions columns = ColumnOptions.usual().sizesFrom(column);
      RunSet all = farseer(columns);
      RunSet paper = farseer(columns.where(PAPER_SIZES));
      for (Validation.Candidate candidate : EMBEDDING_CANDIDATES) {
        List<Holdout> cuts = Holdout.size(paper, FIRST_CUT);
        List<Double> errors =
            errors(validate(paper, cuts.subList(cuts.size() - 7, cuts.size()), candidate));
        List<Validation.Row> edge = validate(all, Holdout.edge(all), candidate);
        List<String> cells = new ArrayList<>(List.of(column));
        cells.addAll(names(candidate));
        cells.add(AlignedTable.number(errors.stream().max(Double::compare).orElseThrow(), 3));
        cells.add(AlignedTable.number(geometricMean(errors), 3));
        edge.forEach(row -> cells.add(AlignedTable.number(row.errors().mape(), 3)));
        table.add(cells);
        rowDone();
      }
    }
    return section("Counting embeddings", table);
  }

  /** The quarter of runs with most compute, predicted from the others, for each collection. */
  private String collections() {
    AlignedTable table =
        new AlignedTable(
            "runs of",
            "fitted",
            "chinchilla",
            "skaling",
            "farseer",
            "chinchilla regularised",
            "skaling regularised",
            "farseer regularised",
            "auto");
    double[] logRatios = new double[COLLECTION_CANDIDATES.size()];
    List<Path> files = collectionFiles();
    for (Path file : files) {
      RunSet runs = RunFile.read(file, ColumnOptions.usual()).runs();
      List<Validation.Row> rows = new ArrayList<>();
      for (Validation.Candidate candidate : COLLECTION_CANDIDATES) {
        rows.add(validate(runs, top(runs), candidate).get(1));
        rowDone();
      }
      List<String> cells = new ArrayList<>();
      cells.add(file.getFileName().toString().replace(".csv", ""));
      cells.add(Integer.toString(rows.getFirst().fit().runs()));
      for (int k = 0; k < rows.size(); k++) {
        cells.add(AlignedTable.number(rows.get(k).errors().mape(), 3));
        logRatios[k] +=
            Math.log(rows.get(k).errors().mape() / rows.getFirst().errors().mape()) / files.size();
      }
      table.add(cells);
    }
    List<String> means = new ArrayList<>(List.of("over chinchilla, geometric mean", ""));
    Arrays.stream(logRatios).forEach(mean -> means.add(AlignedTable.number(Math.exp(mean), 3)));
    table.add(means);
    return section("Public collections: the top quarter of compute, error in percent", table);
  }

  private List<Path> collectionFiles() {
    try (Stream<Path> files = Files.list(folder.resolve(COLLECTIONS))) {
      return files.filter(file -> file.toString().endsWith(".csv")).sorted().toList();
    } catch (IOException e) {
      throw new InputException(folder.resolve(COLLECTIONS) + ": " + e.getMessage(), e);
    }
  }

  /**
   * The runs of the largest N D, a quarter to the next run, as these tables have always had them:
   * {@link Holdout#top} keeps together what differs by rounding, and rounds the share.
   */
  private static List<Holdout> top(RunSet runs) {
    double[] compute = new double[runs.size()];
    Arrays.setAll(compute, i -> runs.n(i) * runs.d(i));
    double[] sorted = compute.clone();
    Arrays.sort(sorted);
    double cut = sorted[(int) Math.floor((1 - TOP) * sorted.length)];
    boolean[] heldOut = new boolean[runs.size()];
    for (int i = 0; i < heldOut.length; i++) {
      heldOut[i] = compute[i] >= cut;
    }
    return Holdout.of("top", runs, heldOut);
  }

  /**
   * The seven validation runs of the Farseer paper, figure 7, from all runs and from large ones.
   */
  private String headline(RunSet all, RunSet paper) {
    RunSet test = RunFile.read(folder.resolve(HEADLINE_RUNS), ColumnOptions.usual()).runs();
    AlignedTable table =
        new AlignedTable("law", "method", "fitted: all runs", "fitted: N > 2e8", "published");
    Map<String, String> published = Map.of("chinchilla", "2.68", "farseer", "0.50");
    for (Validation.Candidate candidate : CANDIDATES) {
      List<String> cells = new ArrayList<>(names(candidate));
      for (RunSet fitted : List.of(all, paper)) {
        RunSet both = joined(fitted, test);
        boolean[] heldOut = new boolean[both.size()];
        Arrays.fill(heldOut, fitted.size(), heldOut.length, true);
        cells.add(
            AlignedTable.number(
                validate(both, Holdout.of("headline", both, heldOut), candidate)
                    .get(1)
                    .errors()
                    .mape(),
                3));
      }
      cells.add(published.getOrDefault(cells.getFirst(), "-"));
      table.add(cells);
      rowDone();
    }
    return section(
        "The seven validation runs of the Farseer paper, mean relative error in percent", table);
  }

  private static RunSet joined(RunSet a, RunSet b) {
    return new RunSet(joined(a.n(), b.n()), joined(a.d(), b.d()), joined(a.loss(), b.loss()));
  }

  private static double[] joined(double[] a, double[] b) {
    double[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}

package org.farfit.report.archive;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.stream.IntStream;
import org.farfit.analysis.LossLimits;
import org.farfit.analysis.SurfaceRange;
import org.farfit.analysis.inference.Inference;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.data.UnitCheck;
import org.farfit.engine.Engine;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.extrapolation.AutoFit;
import org.farfit.fit.extrapolation.AverageSurface;
import org.farfit.fit.extrapolation.BackTest;
import org.farfit.fit.extrapolation.GuardedSurface;
import org.farfit.fit.search.FewSizes;
import org.farfit.fit.search.RunStructure;
import org.farfit.fit.search.WithoutMinimum;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.Model;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.FileNames;
import org.farfit.report.output.Json;
import org.farfit.report.output.OutputException;
import org.farfit.report.output.OutputFile;

/**
 * A fit file, opened or about to be written: its fits by name with their replicates, what
 * validation chose, and the runs. How it looks as JSON is said by {@code docs/fit.schema.json}.
 *
 * <pre>{@code
 * FitArchive.of(source, List.of(MadeFit.of(fit)), Optional.empty()).write(path);
 * FitArchive archive = FitArchive.open(path);
 * System.out.println(archive.chosen(Optional.empty()).surface().loss(25.1e9, 3.2e11));
 * }</pre>
 */
public final class FitArchive {

  /** The name of what validation chose to extrapolate with. */
  public static final String AUTO = "auto";

  /** How the bundled example, which is simulated, is called where files are named. */
  public static final String EXAMPLE = "bundled example (simulated)";

  private final Path path;
  private final FitDocument document;
  private final List<Entry> entries;
  private final RunSet runs;
  private final Optional<Surface> auto;

  /**
   * A fit of the file.
   *
   * @param name by which it is asked for: the law; for a further fit of a law also the method; and
   *     where that is not enough its position
   * @param fit the fit; of one that was read, without what its search found on the way
   * @param replicates its bootstrap, if there is one
   * @param backTest how its intervals did within the runs, if that is known
   */
  public record Entry(
      String name, LawFit fit, Optional<Replicates> replicates, Optional<BackTest> backTest) {

    private Inference.Member member() {
      return new Inference.Member(fit, replicates);
    }
  }

  /** A surface to decide by, and its name. */
  public record Named(String name, Surface surface) {}

  /** The smallest and the largest of some values. */
  public record Range(double low, double high) {
    static Range of(double[] values) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (double value : values) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      return new Range(low, high);
    }
  }

  private FitArchive(Path path, FitDocument document, List<Entry> entries, RunSet runs) {
    this.path = path;
    this.document = document;
    this.entries = entries;
    this.runs = runs;
    this.auto =
        document.auto() == null || entries.isEmpty()
            ? Optional.empty()
            : Optional.of(
                description(
                    path + ": auto: ",
                    () ->
                        new GuardedSurface(
                            new AverageSurface(fitted(), document.auto().weights()), runs)));
  }

  private static List<Entry> entries(Path path, FitDocument document) {
    List<String> names = names(document);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      FitDocument.Fit entry = document.fits().get(i);
      LawFit fit =
          description(
              "%s: fit of law '%s': ".formatted(path, entry.law()), () -> document.lawFit(entry));
      entries.add(
          new Entry(
              names.get(i),
              fit,
              Optional.ofNullable(entry.bootstrap())
                  .map(bootstrap -> bootstrap.replicates(fit.surface())),
              Optional.ofNullable(entry.backTest()).map(BackTestEntry::test)));
    }
    return List.copyOf(entries);
  }

  private static List<String> names(FitDocument document) {
    SequencedSet<String> names = new LinkedHashSet<>();
    for (FitDocument.Fit fit : document.fits()) {
      int position = names.size() + 1;
      boolean unique =
          names.add(fit.law())
              || names.add(fit.law() + "/" + fit.method())
              || names.add("%s/%s/%d".formatted(fit.law(), fit.method(), position));
      if (!unique) {
        throw new IllegalStateException("positions differ");
      }
    }
    return List.copyOf(names);
  }

  private interface Read<T> {
    T get();
  }

  /** What is read from entries that do not fit together is an error of the file. */
  private static <T> T description(String where, Read<T> read) {
    try {
      return read.get();
    } catch (IllegalArgumentException e) {
      throw new InputException(where + e.getMessage(), e);
    }
  }

  /** Makes the first {@link #open} quicker, by the time that this takes; for another thread. */
  public static void prepare() {
    FitFile.prepare();
  }

  /** Makes the first {@link #write} quicker, by the time that this takes; for another thread. */
  public static void prepareToWrite() {
    Json.prepare(FitDocument.class);
  }

  /**
   * Opens a fit file.
   *
   * @throws InputException if it is missing, not a fit file, of a newer format, broken, or
   *     contradicts itself; the message names file, line and key
   */
  public static FitArchive open(Path path) {
    FitDocument document = FitFile.read(path);
    return new FitArchive(
        path,
        document,
        entries(path, document),
        description(path + ": ", () -> document.data().runs()));
  }

  /**
   * What has just been fitted.
   *
   * @param fits in the order that the file is to have
   * @param choice what validation chose, whose members are the fits in their order
   */
  public static FitArchive of(
      FitSource source, List<MadeFit> fits, Optional<AutoFit.Choice> choice) {
    FitDocument document =
        FitDocument.of(
            source,
            fits.stream().map(MadeFit::entry).toList(),
            choice.map(ChoiceEntry::of).orElse(null));
    List<String> names = names(document);
    return new FitArchive(
        Path.of(source.file().file()),
        document,
        IntStream.range(0, fits.size())
            .mapToObj(i ->
                new Entry(
                    names.get(i),
                    fits.get(i).fit(),
                    fits.get(i).bootstrap().map(MadeFit.Bootstrapped::replicates),
                    fits.get(i).backTest()))
            .toList(),
        source.file().runs());
  }

  /** Whether a file looks like a fit file, whole or not. */
  public static boolean isOne(Path path) {
    return FitFile.isOne(path);
  }

  /** What the file holds, to be written as JSON. */
  public Object data() {
    return document;
  }

  /**
   * Laws ranked by BIC, and the parameters of each, as text.
   *
   * @param level of the intervals that back-tests speak of
   */
  public String text(double level) {
    return FitTables.parameters(document, level) + FitTables.comparison(document).text();
  }

  /** The laws ranked by BIC, with their rank by AIC. */
  public AlignedTable comparison() {
    return FitTables.comparison(document);
  }

  /** Published parameters of one of its fits, with their standard errors. */
  public AlignedTable parameters(Entry entry) {
    return FitTables.parameterTable(shown(entry));
  }

  /**
   * What to beware of in one of its fits, in words.
   *
   * @param level of the intervals that its back-test speaks of
   */
  public List<String> remarks(Entry entry, double level) {
    return FitTables.warnings(shown(entry), level);
  }

  /** How the file shows a fit; both lists are in its order. */
  private FitDocument.Fit shown(Entry entry) {
    return document.fits().get(entries.indexOf(entry));
  }

  /** Whether the runs were simulated. */
  public boolean isSimulated() {
    return document.input().simulated();
  }

  /**
   * What the back-test of {@link #AUTO} found, in words; empty if there was none.
   *
   * @param level of the intervals it speaks of
   */
  public Optional<String> backTestOfAuto(double level) {
    return Optional.ofNullable(document.auto())
        .flatMap(ChoiceEntry::tested)
        .map(test -> test.words(level));
  }

  /** The text of the fit file. */
  public String json() {
    return Json.text(document);
  }

  /**
   * Writes the fit file; what is there is replaced once all is written.
   *
   * @throws OutputException if it cannot be written
   */
  public void write(Path target) {
    OutputFile.write(target, json());
  }

  /** How messages call it. */
  public Path path() {
    return path;
  }

  /** The name of the file of runs that was fitted. */
  public String input() {
    return document.input().file();
  }

  /** The fits, in the order of the file. */
  public List<Entry> entries() {
    return entries;
  }

  /** The surfaces of the fits, in the order of the file. */
  public List<FittedSurface> fitted() {
    return entries.stream().map(entry -> entry.fit().surface()).toList();
  }

  /** The runs that were fitted. */
  public RunSet runs() {
    return runs;
  }

  /** The ranges of N, D and further columns of numbers, of those that the runs have. */
  public SequencedMap<String, Range> ranges() {
    SequencedMap<String, Range> ranges = new LinkedHashMap<>();
    if (document.input().n() != null) {
      ranges.put(RunSet.N, document.input().n());
    }
    if (document.input().d() != null) {
      ranges.put(RunSet.D, document.input().d());
    }
    ranges.putAll(document.input().further());
    return ranges;
  }

  /** Columns in words: labels of categories, numbers to four digits. */
  public SequencedMap<String, String> words(Map<String, Double> columns) {
    SequencedMap<String, String> words = new LinkedHashMap<>();
    columns.forEach((name, value) -> {
      List<String> labels = runs.categories().get(name);
      words.put(
          name.equals(FormulaLaw.RESPONSE) ? "response" : name,
          labels == null ? "%.4g".formatted(value) : labels.get(value.intValue()));
    });
    return words;
  }

  /** Whether every fit has converged. */
  public boolean isConverged() {
    return entries.stream().allMatch(entry -> entry.fit().status().isConverged());
  }

  /** Whether the runs have N and D. */
  public boolean hasSizesAndTokens() {
    return runs.hasSizesAndTokens();
  }

  /** What the fits predict: the loss, another column, or several. */
  public String measured() {
    LawEntry formula = document.fits().getFirst().formula();
    return formula == null
        ? Model.LOSS
        : formula.responses().size() > 1 ? "value" : formula.responses().getFirst();
  }

  /**
   * The range of N and D of the runs.
   *
   * @throws InputException if they have no N or no D
   */
  public SurfaceRange range() {
    FitDocument.Input input = document.input();
    if (!hasSizesAndTokens()) {
      throw new InputException(
          "%s: this needs runs with N and D, and these have %s"
              .formatted(path, String.join(", ", ranges().keySet())));
    }
    return new SurfaceRange(input.n().low(), input.n().high(), input.d().low(), input.d().high());
  }

  /** Which losses may be believed of runs like these; any number of what is not the loss. */
  public LossLimits limits() {
    return measured().equals(Model.LOSS) && runs.isPositive()
        ? LossLimits.of(runs)
        : LossLimits.NONE;
  }

  /** Why validation chose what is called {@link #AUTO}; empty if nothing was chosen. */
  public Optional<String> reasonOfAuto() {
    return Optional.ofNullable(document.auto()).map(ChoiceEntry::reason);
  }

  /**
   * What predictions are made from, by name: every fit, and under {@link #AUTO} what validation
   * chose, which is the average of the fits.
   */
  public SequencedMap<String, Surface> surfaces() {
    SequencedMap<String, Surface> surfaces = new LinkedHashMap<>();
    entries.forEach(entry -> surfaces.put(entry.name(), entry.fit().surface()));
    auto.ifPresent(surface -> surfaces.put(AUTO, surface));
    return surfaces;
  }

  /** Inference on every surface, by name. */
  public SequencedMap<String, Inference> inferences(
      Engine engine, double level, IntervalType type) {
    SequencedMap<String, Inference> inferences = new LinkedHashMap<>();
    for (Entry entry : entries) {
      inferences.put(
          entry.name(),
          Inference.ofLaw(engine, entry.member(), runs, level, type, entry.backTest()));
    }
    if (auto.isPresent()) {
      List<Inference.Member> members = new ArrayList<>();
      for (Entry entry : entries) {
        int k = members.size();
        members.add(
            entry
                .member()
                .weighing(document.auto().weights().get(k), document.auto().doubts().get(k)));
      }
      inferences.put(
          AUTO, Inference.ofChoice(engine, members, runs, level, type, document.auto().tested()));
    }
    return inferences;
  }

  /**
   * The one surface to decide by: what validation chose, else the fit of least BIC.
   *
   * @param name a name from {@link #surfaces}, if one was asked for
   * @throws InputException if there is no such name, or no fit
   */
  public Named chosen(Optional<String> name) {
    if (name.isEmpty() && auto.isPresent()) {
      return new Named(AUTO, auto.get());
    }
    if (name.isEmpty()) {
      Entry best = leastBic();
      return new Named(best.name(), best.fit().surface());
    }
    Surface surface = surfaces().get(name.get());
    if (surface == null) {
      throw noSuch(name.get(), surfaces().sequencedKeySet());
    }
    return new Named(name.get(), surface);
  }

  /**
   * One fit: for what an average of fits cannot answer.
   *
   * @param name a name of {@link #entries}; if none was asked for, the fit of least BIC
   * @throws InputException if there is no such name, or no fit
   */
  public Entry entry(Optional<String> name) {
    return name.isEmpty()
        ? leastBic()
        : entries.stream()
            .filter(entry -> entry.name().equals(name.get()))
            .findFirst()
            .orElseThrow(() -> noSuch(name.get(), entries.stream().map(Entry::name).toList()));
  }

  private InputException noSuch(String name, Iterable<String> names) {
    return new InputException(
        "%s: has no fit of '%s'; it has %s".formatted(path, name, String.join(", ", names)));
  }

  /** The fit of least BIC; those without one come last. */
  private Entry leastBic() {
    return entries.stream()
        .min(Comparator.comparingDouble(FitArchive::bic))
        .orElseThrow(() -> new InputException(path + ": has no fits"));
  }

  private static double bic(Entry entry) {
    double bic = entry.fit().quality().bic();
    return Double.isNaN(bic) ? Double.POSITIVE_INFINITY : bic;
  }

  /** What to beware of before deciding by these fits, in words. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    for (Entry entry : entries) {
      LawFit fit = entry.fit();
      if (!fit.status().isConverged()) {
        warnings.add(
            "the fit of %s did not converge (%s)"
                .formatted(fit.law().name(), fit.status().label()));
      }
      warnings.addAll(RunStructure.remarks(fit.law(), fit.method(), runs));
      warnings.addAll(RunStructure.undetermined(fit, runs));
      WithoutMinimum.of(fit, runs).ifPresent(warnings::add);
      FewSizes.of(fit, runs).ifPresent(warnings::add);
    }
    UnitCheck.remark(runs).ifPresent(warnings::add);
    if (document.input().simulated()) {
      warnings.add("fitted to the bundled example, which is simulated");
    }
    return warnings;
  }

  /** The name of the file, for what is printed. */
  public String file() {
    return FileNames.of(path);
  }

  /** What was fitted and how, for commands that print it, in words. */
  public String title() {
    return "fits of %s to %d runs of %s"
        .formatted(FileNames.of(path), runs.size(), FileNames.of(input()));
  }
}

package org.farfit.report.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.InputException;
import org.farfit.data.Repeats;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.extrapolation.AutoFit;
import org.farfit.fit.extrapolation.BackTest;
import org.farfit.fit.piecewise.PiecewiseFit;
import org.farfit.fit.piecewise.PiecewiseSettings;
import org.farfit.fit.regularised.RegularisedFit;
import org.farfit.fit.search.GlobalFit;
import org.farfit.fit.statistics.NoiseModel.Kind;
import org.farfit.fit.statistics.NoiseStudy;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.report.output.Json;
import org.farfit.report.output.OutputFile;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fit files: what is written is read back, and what contradicts itself or the schema is refused.
 */
class FitFileTest {

  private static final Path SCHEMA = Path.of("..", "docs", "fit.schema.json");

  private static final BackTest TESTED =
      new BackTest(
          7,
          List.of(
              new BackTest.Way(
                  "N", 40, IntStream.rangeClosed(1, 99).mapToObj(i -> i / 40.0).toList())),
          0.004,
          1.5);

  private static RunSet runs;
  private static RunFile runFile;
  private static List<LawFit> fits;
  private static FitDocument document;
  private static FitDocument everything;

  @TempDir Path folder;

  @BeforeAll
  static void fitEveryLaw() {
    Law truth = Laws.named("farseer");
    runs = Simulation.runs(truth, truth.example(), DesignGrid.paper(), 2e-3, 1);
    FitOptions options = FitOptions.DEFAULT.withStarts(20, 1);
    GlobalFit fitter = new GlobalFit(new ScalarEngine(), options);
    fits = Laws.all().stream().map(law -> fitter.fit(law, runs)).toList();
    runFile =
        new RunFile(
            "runs.csv",
            "00ff",
            Map.of("N", "N", "D", "D", "loss", "L"),
            400,
            runs.size(),
            Repeats.KEEP,
            runs,
            List.of());
    document =
        FitDocument.of(
            new FitSource("9.9", runFile, false, Optional.of("N > 1"), options, "scalar"),
            fits.stream().map(fit -> FitDocument.entry(fit, null)).toList(),
            null);
    LawFit piecewise =
        new PiecewiseFit(options.objective(), PiecewiseSettings.DEFAULT).fit(truth, runs);
    everything =
        FitDocument.of(
            new FitSource("9.9", runFile, false, Optional.empty(), options, "scalar"),
            List.of(
                FitDocument.entry(
                    new RegularisedFit(new ScalarEngine(), options, ProgressListener.NONE)
                        .fit(truth, runs),
                    BackTestEntry.of(TESTED)),
                FitDocument.entry(piecewise, null)),
            ChoiceEntry.of(
                new AutoFit.Choice(
                    runs,
                    Objective.LOG_SQUARED,
                    List.of(
                        new AutoFit.Member(Method.REGULARISED, fits.get(3).surface(), 0.75, 0.7),
                        new AutoFit.Member(Method.PIECEWISE, piecewise.surface(), 0.25, 0.3)),
                    List.of(
                        new AutoFit.Score("farseer/regularised", 0.001, 0.75),
                        new AutoFit.Score("farseer/piecewise", 0.002, 0.25)),
                    0.001,
                    7,
                    Optional.of(TESTED),
                    List.of())));
  }

  private static long allocated(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  /** What the check of a file allocates whose only fit has its noise by a model. */
  private static long allocatedByCheck(LawFit fit, Kind kind) {
    FitDocument one =
        FitDocument.of(
            new FitSource("9.9", runFile, false, Optional.empty(), FitOptions.DEFAULT, "scalar"),
            List.of(FitDocument.entry(fit.withNoise(runs, Optional.of(kind)), null)),
            null);
    FitCheck.check(one);
    return allocated(() -> FitCheck.check(one));
  }

  /**
   * A file's noise is confirmed, not searched for: to check the model with slopes takes little more
   * than to check the one without, less than a quarter of the search for them. Memory is the
   * measure of work here.
   */
  @Test
  void theCheckOfAFileDoesNotSearchForItsNoise() {
    LawFit fit = fits.get(1);
    long searched =
        allocated(() -> NoiseStudy.model(fit.evaluation(runs), fit.atLimit(), Kind.VARIANCE));
    long more = allocatedByCheck(fit, Kind.VARIANCE) - allocatedByCheck(fit, Kind.INDEPENDENT);
    assertThat(more).isLessThan(searched / 4);
  }

  @Test
  void piecewiseAndRegularisedFitsAndChoicesSurviveARoundTrip() throws Exception {
    Path file = written(Json.text(everything));
    assertThat(FitFile.read(file)).isEqualTo(everything);
    assertThat(schema().validate(new ObjectMapper().readTree(Json.text(everything)))).isEmpty();
    FitArchive archive = FitArchive.open(file);
    assertThat(archive.surfaces().sequencedKeySet())
        .containsExactly("farseer", "farseer/piecewise", "auto");
    double mean =
        0.75 * archive.surfaces().get("farseer").loss(1e10, 1e11)
            + 0.25 * archive.surfaces().get("farseer/piecewise").loss(1e10, 1e11);
    assertThat(archive.chosen(Optional.empty()).name()).isEqualTo("auto");
    assertThat(archive.chosen(Optional.empty()).surface().loss(1e10, 1e11))
        .isCloseTo(mean, within(1e-15));
    assertThat(FitTables.parameters(everything, 0.9))
        .contains(
            "prior: cA -1.05 +- 0.15",
            "back-test: 90% intervals like these, made from the smaller runs at 7 origins, held 66% of"
                + " 40 larger runs; its intervals beyond all runs are widened as if losses drifted"
                + " from it by 0.40%",
            "A_N",
            "round");
    assertThatThrownBy(() -> archive.chosen(Optional.of("kaplan")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no fit of 'kaplan'; it has farseer, farseer/piecewise, auto");
    // An average of fits is not a fit.
    assertThat(archive.entry(Optional.empty()).name()).isEqualTo("farseer");
    assertThatThrownBy(() -> archive.entry(Optional.of("auto")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no fit of 'auto'; it has farseer, farseer/piecewise");
  }

  private static JsonSchema schema() throws Exception {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(Files.readString(SCHEMA));
  }

  private Path written(String text) {
    Path file = folder.resolve("a.fit.json");
    OutputFile.write(file, text);
    return file;
  }

  private void assertRefused(String text, String... messages) {
    Path file = written(text);
    assertThatThrownBy(() -> FitArchive.open(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContainingAll(messages);
  }

  @Test
  void readsBackToTheSamePredictions() {
    Path file = written(Json.text(document));
    FitDocument back = FitFile.read(file);
    assertThat(back).isEqualTo(document);
    List<FittedSurface> surfaces = FitArchive.open(file).fitted();
    assertThat(surfaces).hasSize(4);
    for (int i = 0; i < 4; i++) {
      assertThat(surfaces.get(i).loss(25e9, 3e11)).isEqualTo(fits.get(i).loss(25e9, 3e11));
      assertThat(surfaces.get(i).logLossError(25e9, 3e11))
          .isEqualTo(fits.get(i).surface().logLossError(25e9, 3e11));
    }
  }

  @Test
  void theSchemaDescribesIt() throws Exception {
    JsonSchema schema = schema();
    JsonNode json = new ObjectMapper().readTree(Json.text(document));
    assertThat(schema.validate(json)).isEmpty();
    // The schema is as strict as the reader.
    assertThat(schema.validate(new ObjectMapper().readTree("{}"))).isNotEmpty();
    JsonNode extra =
        new ObjectMapper().readTree(Json.text(document).replaceFirst("\\{", "{\"x\": 1,"));
    assertThat(schema.validate(extra)).isNotEmpty();
  }

  @Test
  void unknownMissingAndDoubleKeysAreErrors() {
    String text = Json.text(document);
    assertRefused(text.replace("\"mape\"", "\"mapE\""), "line ", "key 'fits.[0].mape' is missing");
    assertRefused(
        text.replaceFirst("\"mape\"", "\"mapE\" : 1, \"mape\""),
        "line ",
        "unknown key 'fits.[0].mapE'",
        "mape");
    assertRefused(text.replaceFirst("\"engine\" : \"scalar\",", ""), "key 'engine' is missing");
    assertRefused(text.replaceFirst("\"engine\"", "\"engine\" : \"x\", \"engine\""), "line ");
  }

  @Test
  void otherFormatsAreErrors() {
    String text = Json.text(document);
    assertRefused(
        text.replace("farfit.fit/3", "farfit.fit/4"),
        "has format 'farfit.fit/4' but this Farfit reads 'farfit.fit/3'",
        "update Farfit");
    assertRefused("{}", "this is not a fit file");
    assertRefused("[1, 2]", "this is not a fit file");
    assertRefused("N,D,L\n1,2,3\n", "this is not a fit file", "'farfit fit' makes one");
    assertRefused("", "this is not a fit file");
    assertRefused(text.substring(0, text.length() / 2), "line ");
  }

  @Test
  void entriesThatContradictThemselvesAreErrors() {
    String text = Json.text(document);
    assertRefused(
        text.replace("\"law\" : \"kaplan\"", "\"law\" : \"kepler\""),
        "key 'fits.[0].law' is 'kepler', expected one of kaplan");
    assertRefused(
        text.replaceFirst("\"alphaN\" : [0-9.E-]+", "\"alphaN\" : 0.5"),
        "key 'fits.[0].parameters.alphaN' is 0.5",
        "changed by hand");
    assertRefused(text.replaceFirst("\"lnE\"", "\"lne\""), "has the keys", "lne");
    assertRefused(text.replaceFirst("\"cN\" : [0-9.E-]+", "\"cN\" : null"), "centred.cN' is null");
    assertRefused(text.replaceFirst("\"cN\" : [0-9.E-]+", "\"cN\" : \"a\""), "line ", "cN");
  }

  /** Files of the format before have no hashes and are read; those of this format need them. */
  @Test
  void filesOfTheFirstFormatAreRead() throws IOException {
    String text = Json.text(document);
    String hash = ",\\s*\"sha256\" : \"[0-9a-f]{64}\"";
    Path file =
        written(
            text.replaceAll(hash, "")
                .replaceAll(",\\s*\"unknown\" : \\{[^}]*}", "")
                .replace("farfit.fit/3", "farfit.fit/1"));
    assertThat(Files.readString(file)).doesNotContain("unknown");
    FitDocument back = FitFile.read(file);
    assertThat(FitArchive.open(file).fitted()).hasSize(4);
    assertThat(back.data().sha256()).isNull();
    assertRefused(text.replaceAll(hash, ""), "key 'data.sha256' is missing");
    // One digit of one run, which no other number shows to six digits.
    String loss = document.data().loss().get(7).toString();
    assertRefused(
        text.replace(loss, loss.substring(0, loss.length() - 1) + (loss.endsWith("1") ? 2 : 1)),
        "key 'data.sha256' is not the hash");
  }

  @Test
  void missingFilesAndFoldersAreErrors() {
    assertThatThrownBy(() -> FitFile.read(folder.resolve("none.json")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("none.json");
    assertThatThrownBy(() -> FitFile.read(folder)).isInstanceOf(InputException.class);
  }

  @Test
  void tablesShowEveryLaw() {
    String comparison = FitTables.comparison(document).text();
    assertThat(comparison.lines().skip(1).map(line -> line.split(" ")[0]))
        .containsExactly("farseer", "skaling", "chinchilla", "kaplan");
    assertThat(FitTables.parameters(document, 0.9)).contains("alpha", "std. error");
  }

  @Test
  void parametersThatOverflowAreNullAndTheReaderKnows() {
    FitDocument.Fit farseer = document.fits().get(3);
    Map<String, Double> centred = new LinkedHashMap<>(farseer.centred());
    centred.put("beta", 0.0);
    Map<String, Double> parameters = new LinkedHashMap<>(farseer.parameters());
    parameters.put("a2", null);
    parameters.put("b2", null);
    parameters.put("beta", 0.0);
    FittedSurface surface =
        document.surface(
            new FitDocument.Fit(
                "farseer",
                null,
                "global",
                "converged",
                345,
                1.0,
                1.0,
                1.0,
                1.0,
                1.0,
                1.0,
                1.0,
                parameters,
                null,
                farseer.centre(),
                centred,
                null,
                null,
                Map.of(),
                null,
                null,
                farseer.starts(),
                null,
                null,
                null,
                null));
    assertThat(surface.loss(1e9, 1e10)).isCloseTo(fits.get(3).loss(1e9, 1e10), within(0.1));
    assertThat(surface.published()[3]).isInfinite();
  }
}

package org.farfit.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.farfit.analysis.Allocation;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.SurfaceRange;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Estimate;
import org.farfit.analysis.inference.Inference;
import org.farfit.analysis.inference.Reach;
import org.farfit.cli.Main;
import org.farfit.data.RunSet;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.formula.Derivation;
import org.farfit.formula.LawScript;
import org.farfit.formula.Model;
import org.farfit.formula.Scalars;
import org.farfit.formula.Shelf;
import org.farfit.report.archive.FitArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a report answers in a browser, against the library: laws, intervals, optima. Skipped where
 * there is no Chromium.
 */
class ExplorerTest {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final double LEVEL = 0.9;

  /** Accuracy of intervals' ends over their widths where derivatives are taken by differences. */
  private static final double DIFFERENCES = 1e-6;

  @TempDir static Path folder;

  private static Browser browser;

  @BeforeAll
  static void open() throws Exception {
    Optional<Path> found = Browser.find();
    if (found.isEmpty()) {
      String reason = "no Chromium on the PATH (Debian: apt-get install chromium)";
      System.out.println("skipped: ExplorerTest: " + reason);
      Assumptions.abort(reason);
    }
    browser = new Browser(found.get(), folder.resolve("profile"));
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  /** A report, and what the library knows of its fits. */
  private record Made(Path page, Map<String, Inference> inferences, RunSet runs) {}

  private static Made report(String name, String... arguments) {
    Path fit = folder.resolve(name + ".json");
    Path page = folder.resolve(name + ".html");
    List<String> all = new ArrayList<>(List.of("fit", "--out", fit.toString(), "--report"));
    all.add(page.toString());
    all.addAll(List.of(arguments));
    StringWriter log = new StringWriter();
    int exitCode =
        Main.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(log))
            .execute(all.toArray(String[]::new));
    assertThat(exitCode).as(log.toString()).isZero();
    FitArchive archive = FitArchive.open(fit);
    return new Made(
        page, archive.inferences(new ScalarEngine(), LEVEL, IntervalType.DEFAULT), archive.runs());
  }

  /** Points around the runs and far beyond, the last of them where no law can be believed. */
  private static List<Estimands.Point> points() {
    SplittableRandom random = new SplittableRandom(3);
    return IntStream.range(0, 40)
        .mapToObj(i ->
            new Estimands.Point(
                Math.exp(random.nextDouble(Math.log(i < 32 ? 1e7 : 1e2), Math.log(1e12))),
                Math.exp(random.nextDouble(Math.log(i < 32 ? 1e8 : 1e3), Math.log(1e14)))))
        .toList();
  }

  /**
   * Compares every surface of a report with the library.
   *
   * @param accuracy of the ends of intervals, over their widths on the scale of logarithms
   */
  private static void check(Made made, double accuracy) throws Exception {
    List<Estimands.Point> points = points();
    String script =
        """
        explorer.surfaces.map((surface) => ({
          name: surface.name,
          losses: %1$s.map((point) => lossOf(surface, withColumns([], [[sizes, point[0]], [tokens, point[1]]]))),
          intervals: %1$s.map((point) => intervalOf(surface, withColumns([], [[sizes, point[0]], [tokens, point[1]]]))),
          optima: [1e20, 1e21, 1e23].map((budget) => optimumOf(surface, [1, 1], budget)),
        }))
        """
            .formatted(
                MAPPER.writeValueAsString(
                    points.stream().map(point -> new double[] {point.n(), point.d()}).toList()));
    Browser.Page page = browser.open(made.page(), 1440, script);
    assertThat(page.complaints()).isEmpty();
    assertThat(page.answer()).hasSize(made.inferences().size());
    for (JsonNode surface : page.answer()) {
      String name = surface.get("name").asText();
      Inference inference = made.inferences().get(name);
      List<Estimate> expected = inference.of(Estimands.losses(points), false);
      for (int i = 0; i < points.size(); i++) {
        String which = "%s at %s".formatted(name, points.get(i));
        double loss = expected.get(i).value();
        if (Double.isNaN(loss)) {
          assertThat(surface.get("losses").get(i).isNull()).as(which).isTrue();
          assertThat(surface.get("intervals").get(i).isNull()).as(which).isTrue();
          continue;
        }
        assertThat(surface.get("losses").get(i).asDouble() / loss - 1)
            .as(which)
            .isCloseTo(0, within(1e-12));
        JsonNode ends = surface.get("intervals").get(i);
        Interval interval = expected.get(i).interval();
        if (!interval.isKnown()) {
          assertThat(ends.isNull()).as(which).isTrue();
          continue;
        }
        double width = Math.log(interval.high() / interval.low());
        assertThat(width).as(which).isPositive();
        // The last points are where exponents of replicates amplify rounding.
        double tolerance = Math.max(i < 32 ? 2e-12 : 1e-10, accuracy * width);
        assertThat(Math.log(ends.get(0).asDouble() / interval.low()))
            .as(which)
            .isCloseTo(0, within(tolerance));
        assertThat(Math.log(ends.get(1).asDouble() / interval.high()))
            .as(which)
            .isCloseTo(0, within(tolerance));
      }
      checkOptima(made, name, surface.get("optima"));
    }
  }

  private static void checkOptima(Made made, String name, JsonNode optima) {
    Allocation allocation =
        new Allocation(
            made.inferences().get(name).surface(),
            SurfaceRange.of(made.runs()),
            ComputeModel.USUAL);
    double[] budgets = {1e20, 1e21, 1e23};
    for (int i = 0; i < budgets.length; i++) {
      Optional<Allocation.Point> best = allocation.at(budgets[i]).best();
      assertThat(optima.get(i).isNull()).as("%s at %s", name, budgets[i]).isEqualTo(best.isEmpty());
      if (best.isPresent()) {
        // The loss is flat there: half of the digits tell of N.
        assertThat(optima.get(i).get("n").asDouble() / best.get().n()).isCloseTo(1, within(1e-6));
        assertThat(optima.get(i).get("loss").asDouble() / best.get().loss())
            .isCloseTo(1, within(1e-12));
      }
    }
  }

  @Test
  void lawsAndReplicatesAgreeWithTheLibrary() throws Exception {
    check(
        report("replicates", "--starts", "8", "--bootstrap", "40", "--noise", "independent"),
        1e-11);
  }

  @Test
  void formulasAnswerToo() throws Exception {
    check(
        report(
            "formula",
            "--law",
            "E + B*D^-beta + A*N^-alpha",
            "--starts",
            "8",
            "--bootstrap",
            "40",
            "--noise",
            "independent"),
        1e-11);
  }

  @Test
  void errorsAreThoseOfTheDeltaMethod() throws Exception {
    // Here and below both take derivatives by differences.
    check(
        report(
            "delta",
            "--law",
            "chinchilla,skaling,farseer",
            "--starts",
            "20",
            "--noise",
            "independent"),
        DIFFERENCES);
  }

  /** By whole sizes the degrees of freedom differ from point to point. */
  @Test
  void errorsOfWholeSizesAreThoseOfTheLibrary() throws Exception {
    Made delta =
        report("sizes", "--law", "chinchilla,farseer", "--starts", "20", "--noise", "size");
    assertThat(degreesOf(delta, "chinchilla")).isEqualTo(Reach.Way.DEVIATIONS);
    check(delta, DIFFERENCES);
    String[] drawn = {
      "--law",
      "chinchilla",
      "--starts",
      "20",
      "--noise",
      "size",
      "--bootstrap",
      "200",
      "--resampling"
    };
    Made wild =
        report("wild", Stream.concat(Stream.of(drawn), Stream.of("wild")).toArray(String[]::new));
    assertThat(degreesOf(wild, "chinchilla")).isEqualTo(Reach.Way.STRETCHED);
    check(wild, DIFFERENCES);
    Made simulated =
        report(
            "simulated",
            Stream.concat(Stream.of(drawn), Stream.of("parametric")).toArray(String[]::new));
    assertThat(degreesOf(simulated, "chinchilla")).isEqualTo(Reach.Way.QUANTILES);
    check(simulated, DIFFERENCES);
  }

  /** How a law's intervals are made, which must know degrees of freedom by derivatives. */
  private static Reach.Way degreesOf(Made made, String law) {
    Reach reach = made.inferences().get(law).reach();
    assertThat(reach.knowledge()).isPresent();
    return reach.way();
  }

  /** Errors by runs, under a noise that changes with D and N. */
  @Test
  void errorsOfWeighedRunsAreThoseOfTheLibrary() throws Exception {
    Made made = report("variance", "--law", "skaling", "--starts", "20", "--noise", "variance");
    assertThat(degreesOf(made, "skaling")).isEqualTo(Reach.Way.DEVIATIONS);
    check(made, DIFFERENCES);
  }

  /** Of an average, which gives no number at some of the points. */
  @Test
  void averagesAnswerToo() throws Exception {
    Made delta = report("auto", "--law", "auto");
    check(delta, DIFFERENCES);
    check(report("drawn", "--law", "auto", "--bootstrap", "100"), 1e-11);
    Made bySizes = report("auto-sizes", "--law", "auto", "--noise", "size", "--where", "D > 3e9");
    assertThat(bySizes.inferences().get(FitArchive.AUTO).reach().ofMembers()).isNotEmpty();
    check(bySizes, DIFFERENCES);
    Inference average = delta.inferences().get(FitArchive.AUTO);
    assertThat(Files.readString(delta.page()))
        .contains("Back-test: " + average.backTest().orElseThrow());
    assertThat(average.reach().drift()).isPresent();
    long given =
        points().stream()
            .filter(point -> !Double.isNaN(average.surface().loss(point.n(), point.d())))
            .count();
    assertThat(given).isBetween(20L, 39L);
  }

  /** Every law of the shelf, at points, centres and coordinates drawn at random. */
  @Test
  void formulasAgreeWithTheInterpreter() throws Exception {
    StringBuilder page =
        new StringBuilder("<!DOCTYPE html><link rel=\"icon\" href=\"data:,\"><script>\n");
    page.append(LawScript.functions()).append("const laws = [];\n");
    SplittableRandom random = new SplittableRandom(5);
    List<Double> expected = new ArrayList<>();
    List<List<double[]>> given = new ArrayList<>();
    for (String name : Shelf.names()) {
      Derivation derivation =
          new Derivation(Model.of(Shelf.named(name).orElseThrow()), true, List.of());
      int columns = derivation.model().columns().size();
      double[] coordinates =
          random.doubles(derivation.model().parameters().size(), 0.2, 0.9).toArray();
      for (int r = 0; r < derivation.model().responses().size(); r++) {
        page.append("laws.push(").append(LawScript.inCoordinates(derivation, r)).append(");\n");
        double[] point = random.doubles(columns, 1.5, 9).toArray();
        double[] centres = random.doubles(columns, 1.5, 9).toArray();
        given.add(List.of(coordinates, centres, point));
        expected.add(Math.exp(derivation.coordinateSurface(r).value(coordinates, point, centres)));
      }
    }
    page.append("</script>");
    Path file = folder.resolve("shelf.html");
    Files.writeString(file, page);
    Browser.Page opened =
        browser.open(
            file,
            800,
            "%s.map(([p, c, x], i) => laws[i](p, c, x))"
                .formatted(MAPPER.writeValueAsString(given)));
    assertThat(opened.complaints()).isEmpty();
    assertThat(opened.answer()).hasSize(expected.size()).hasSizeGreaterThan(14);
    for (int i = 0; i < expected.size(); i++) {
      double value = expected.get(i);
      assertThat(value).isFinite();
      assertThat(opened.answer().get(i).asDouble())
          .as("response %d, %s", i, Arrays.toString(given.get(i).get(2)))
          .isCloseTo(value, within(1e-12 * Math.abs(value)));
    }
  }

  /** Functions that no law of the shelf has, and the series of the curve near 0. */
  @Test
  void operationsAgreeWithThoseOfJava() throws Exception {
    Path file = folder.resolve("operations.html");
    Files.writeString(
        file,
        "<!DOCTYPE html><link rel=\"icon\" href=\"data:,\"><script>\n%s</script>"
            .formatted(LawScript.functions()));
    double[] at = {
      -800, -30, -1.5, -1, -0.7, -0.5, -1e-3, -1e-9, 0, 1e-12, 1e-4, 0.4999, 0.9, 1, 3, 40
    };
    JsonNode found =
        browser
            .open(
                file,
                800,
                "%s.map((a) => [sigmoid(a), softplus(a), growth(a), growthSlope(a)])"
                    .formatted(MAPPER.writeValueAsString(at)))
            .answer();
    for (int i = 0; i < at.length; i++) {
      double a = at[i];
      double[] expected = {
        Scalars.sigmoid(a), Scalars.softplus(a), Scalars.growth(a), Scalars.growthSlope(a)
      };
      for (int k = 0; k < expected.length; k++) {
        assertThat(found.get(i).get(k).asDouble())
            .as("function %d at %s", k, a)
            .isCloseTo(expected[k], within(2e-14 * Math.max(1, Math.abs(expected[k]))));
      }
    }
  }

  /** The form moves what is shown, says what it cannot read, and figures are saved as SVG. */
  @Test
  void followsTheForm() throws Exception {
    Made made = report("form", "--law", "chinchilla,skaling", "--starts", "8");
    JsonNode answer =
        browser
            .open(
                made.page(),
                1440,
                """
                new Promise(async (done) => {
                  const pause = () => new Promise((next) => setTimeout(next, 150));
                  const set = async (id, value, event) => {
                    const input = document.getElementById(id);
                    input.value = value;
                    input.dispatchEvent(new Event(event));
                    await pause();
                  };
                  const said = () => document.querySelector("#answers dd").textContent;
                  const picture = (id) => document.getElementById(id).innerHTML;
                  await pause();
                  const first = said();
                  const slices = picture("explorer-slice-1");
                  await set("ask-N", "25.1B", "input");
                  await set("ask-D", "3.2e11", "input");
                  const second = said();
                  const follows = picture("explorer-slice-1") !== slices;
                  await set("ask-law", "1", "change");
                  const third = said();
                  await set("ask-D", "much", "input");
                  const invalid = document.getElementById("ask-D").getAttribute("aria-invalid");
                  const kept = said();
                  await set("slide-D", "400", "input");
                  const moved = said();
                  const before = picture("explorer-surface");
                  document.getElementById("explorer-surface")
                    .dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
                  await pause();
                  const files = charts.map((one) => ({ id: one.element.id, text: svg(one) }));
                  const parser = new DOMParser();
                  done({
                    first, second, third, invalid, kept, moved, follows,
                    law: explorer.surfaces[1].name,
                    turned: picture("explorer-surface") !== before,
                    buttons: document.querySelectorAll("figcaption button").length,
                    links: [...document.querySelectorAll("nav a")]
                      .map((link) => document.querySelector(link.getAttribute("href")) !== null),
                    files: files.map((file) => ({
                      id: file.id,
                      root: parser.parseFromString(file.text, "image/svg+xml").documentElement.nodeName,
                      shapes: (file.text.match(/<path|<circle/g) || []).length,
                      dark: file.text.includes("#e6edf3"),
                    })),
                  });
                })
                """)
            .answer();
    double chinchillaOrSkaling = Double.parseDouble(answer.get("second").asText());
    String law = answer.get("law").asText();
    String other = law.equals("skaling") ? "chinchilla" : "skaling";
    assertThat(chinchillaOrSkaling)
        .isCloseTo(made.inferences().get(other).surface().loss(25.1e9, 3.2e11), within(1e-6));
    assertThat(Double.parseDouble(answer.get("third").asText()))
        .isCloseTo(made.inferences().get(law).surface().loss(25.1e9, 3.2e11), within(1e-6));
    assertThat(answer.get("first").asText()).isNotEqualTo(answer.get("second").asText());
    assertThat(answer.get("invalid").asText()).isEqualTo("true");
    assertThat(answer.get("kept").asText()).isEqualTo(answer.get("third").asText());
    assertThat(answer.get("moved").asText()).isNotEqualTo(answer.get("third").asText());
    assertThat(answer.get("follows").asBoolean()).isTrue();
    assertThat(answer.get("turned").asBoolean()).isTrue();
    assertThat(answer.get("links")).hasSizeGreaterThan(4).allMatch(JsonNode::asBoolean);
    assertThat(answer.get("files")).hasSize(answer.get("buttons").asInt());
    for (JsonNode file : answer.get("files")) {
      assertThat(file.get("root").asText()).as(file.toString()).isEqualTo("svg");
      assertThat(file.get("shapes").asInt()).as(file.toString()).isGreaterThan(10);
      assertThat(file.get("dark").asBoolean()).as(file.toString()).isFalse();
    }
  }
}

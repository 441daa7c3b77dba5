package org.farfit.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.farfit.cli.Main;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reports of every command in a real browser, on a phone and on a desk: nothing on the console, no
 * request, every chart drawn. Skipped where there is no Chromium.
 */
class BrowserTest {

  /** What every chart of a page is like once it is drawn. */
  private static final String SCRIPT =
      """
      new Promise((done) => setTimeout(() => done({
        overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        text: parseFloat(getComputedStyle(document.body).fontSize),
        charts: [...document.querySelectorAll(".chart")].map((chart) => ({
          id: chart.id,
          label: chart.getAttribute("aria-label"),
          width: chart.querySelector("svg") ? chart.querySelector("svg").getBoundingClientRect().width : 0,
          paths: chart.querySelectorAll("svg path, svg polygon, svg rect").length,
          texts: chart.querySelectorAll("svg text").length,
          broken: chart.innerHTML.includes("NaN"),
        })),
      }), 300))
      """;

  /** Shows the tooltip of every layer of every chart, and sorts by every heading. */
  private static final String HOVER =
      """
      new Promise(async (done) => {
        const pause = (millis) => new Promise((next) => setTimeout(next, millis));
        await pause(200);
        let tips = 0;
        let charts = 0;
        for (const element of document.querySelectorAll(".chart")) {
          const chart = echarts.getInstanceByDom(element);
          charts += element.querySelector("svg") ? 1 : 0;
          for (let i = 0; i < chart.getOption().series.length; i++) {
            chart.dispatchAction({ type: "showTip", seriesIndex: i, dataIndex: 0 });
            await pause(5);
            tips += [...element.children].slice(1).some((tip) => tip.textContent) ? 1 : 0;
          }
        }
        document.querySelectorAll("th").forEach((heading) => heading.click());
        await pause(100);
        done({
          hacked: window.hacked !== undefined,
          foreign: document.querySelectorAll("img, iframe, svg[onload], [onerror], [onmouseover]").length,
          charts,
          tips,
        });
      })
      """;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @TempDir static Path folder;

  private static Browser browser;

  @BeforeAll
  static void makeReports() throws Exception {
    Optional<Path> found = Browser.find();
    if (found.isEmpty()) {
      String reason = "no Chromium on the PATH (Debian: apt-get install chromium)";
      System.out.println("skipped: BrowserTest: " + reason);
      Assumptions.abort(reason);
    }
    browser = new Browser(found.get(), folder.resolve("profile"));
    String a = at("a.json");
    String b = at("b.json");
    run("fit", "--starts", "20", "--bootstrap", "200", "--out", a, "--report", at("fit.html"));
    run("simulate", "--law", "skaling", "--seed", "4", "--out", at("b.csv"));
    run("fit", at("b.csv"), "--law", "farseer", "--starts", "20", "--bootstrap", "200", "--out", b);
    run("compare", a, b, "--law", "farseer", "--report", at("compare.html"));
    run("identify", a, "--report", at("identify.html"));
    run("allocate", a, "--compute", "1e20:1e23:4", "--report", at("allocate.html"));
    run(
        "validate",
        "--holdout",
        "size",
        "--law",
        "chinchilla,skaling",
        "--starts",
        "8",
        "--report",
        at("validate.html"));
    run(
        "design",
        a,
        "--law=chinchilla",
        "--budget=1e22",
        "--n=1e9:1e10:3",
        "--d=1e10:1e11:3",
        "--target-n=2e10",
        "--target-d=4e11",
        "--runs=3",
        "--simulations=50",
        "--report",
        at("design.html"));
    Path sweep = folder.resolve("sweep.yaml");
    Files.writeString(
        sweep,
        """
        inputs: [%s]
        where: ["", N > 3e8]
        holdouts: [edge, size]
        laws: [chinchilla, skaling]
        starts: 4
        """
            .formatted(at("b.csv")));
    run("sweep", sweep.toString(), "--out", at("sweep.csv"), "--report", at("sweep.html"));
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  private static String at(String name) {
    return folder.resolve(name).toString();
  }

  private static void run(String... arguments) {
    StringWriter log = new StringWriter();
    int exitCode =
        Main.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(log))
            .execute(arguments);
    assertThat(exitCode).as(log.toString()).isZero();
  }

  private static void check(String name, int charts) throws Exception {
    assertThat(Files.readString(folder.resolve(name)))
        .as("folders of this machine in " + name)
        .doesNotContain(folder.toString());
    for (int width : new int[] {390, 1440}) {
      Browser.Page page = browser.open(folder.resolve(name), width, SCRIPT);
      assertThat(page.complaints()).as("console of %s at %d", name, width).isEmpty();
      assertThat(page.requests()).as("requests of %s at %d", name, width).isEmpty();
      assertThat(page.answer().get("overflow").asInt()).as("sideways scrolling").isZero();
      assertThat(page.answer().get("text").asDouble()).isGreaterThanOrEqualTo(16);
      assertThat(page.answer().get("charts")).as("charts of " + name).hasSize(charts);
      for (JsonNode chart : page.answer().get("charts")) {
        String which = "%s at %d".formatted(chart.get("id").asText(), width);
        assertThat(chart.get("label").asText()).as(which).hasSizeGreaterThan(20);
        assertThat(chart.get("width").asDouble()).as(which).isBetween(280.0, (double) width);
        // Axes alone are about ten.
        assertThat(chart.get("paths").asInt()).as(which).isGreaterThan(11);
        assertThat(chart.get("texts").asInt()).as(which).isGreaterThan(3);
        assertThat(chart.get("broken").asBoolean()).as(which).isFalse();
      }
    }
  }

  @Test
  void fits() throws Exception {
    // Four of questions, plane and curves, four residual maps, ratios, starts of four laws, 4 + 5 +
    // 6 + 9 parameters.
    check("fit.html", 4 + 2 + 4 + 1 + 4 + 24);
  }

  @Test
  void comparisons() throws Exception {
    check("compare.html", 2);
  }

  @Test
  void allocations() throws Exception {
    check("allocate.html", 5);
  }

  @Test
  void validations() throws Exception {
    check("validate.html", 2);
  }

  @Test
  void identifications() throws Exception {
    check("identify.html", 4 + 5 + 6 + 9);
  }

  @Test
  void designs() throws Exception {
    check("design.html", 2);
  }

  @Test
  void sweeps() throws Exception {
    check("sweep.html", 2);
    String page = Files.readString(folder.resolve("sweep.html"));
    assertThat(page).contains("<td>skaling/global</td>").contains("class=\"sortable\"");
  }

  /** Names in every place of a report, of which none runs, and every one is read as it is. */
  @Test
  void namesAreText() throws Exception {
    for (int i = 0; i < Hostile.NAMES.size(); i++) {
      String name = Hostile.NAMES.get(i);
      Path file = folder.resolve("hostile-%d.html".formatted(i));
      Files.write(file, Hostile.report(i, name).getBytes(StandardCharsets.UTF_8));
      checkHarmless(file, 3, 5);
      JsonNode shown =
          browser.open(file, 1440, "document.querySelector('h2').textContent").answer();
      assertThat(shown.asText().replaceAll("[\\p{Cc}?\uFFFD]", ""))
          .isEqualTo(name.replaceAll("[\\p{Cc}\\p{Cs}?]", ""));
    }
  }

  /** As above, by the commands: names of columns, files, filters and sweeps. */
  @Test
  void namesOfInputsAreText() throws Exception {
    List<String> columns =
        List.of("L{{figures}}<img src=x onerror=window.hacked=1>", "<!--<script>");
    Path input = folder.resolve("'><img src=x onerror=window.hacked=1>.csv");
    StringBuilder rows = new StringBuilder("N,D," + String.join(",", columns) + "\n");
    Files.readAllLines(folder.resolve("b.csv")).stream()
        .skip(1)
        .forEach(line -> {
          String loss = line.substring(line.lastIndexOf(',') + 1);
          rows.append(line).append(',').append(loss).append('\n');
        });
    Files.writeString(input, rows);
    String hostile = input.toString();
    run(
        "fit",
        hostile,
        "--loss-column",
        columns.get(1),
        "--law",
        "chinchilla,skaling",
        "--starts=4",
        "--bootstrap=50",
        "--out",
        at("h.json"),
        "--report",
        at("h-fit.html"));
    run("compare", at("h.json"), at("a.json"), "--law=skaling", "--report", at("h-compare.html"));
    run(
        "validate",
        hostile,
        "--loss-column",
        columns.get(0),
        "--law=chinchilla,skaling",
        "--starts=4",
        "--report",
        at("h-validate.html"));
    run("identify", at("h.json"), "--report", at("h-identify.html"));
    run("allocate", at("h.json"), "--compute=1e22", "--report", at("h-allocate.html"));
    Path sweep = folder.resolve("<svg onload=window.hacked=1>.json");
    MAPPER.writeValue(
        sweep.toFile(),
        Map.of(
            "inputs", List.of(hostile, at("no<script>window.hacked=1</script>.csv")),
            "losses", columns,
            "where", List.of("N > 1", "N > 2 and '<img src=x onerror=window.hacked=1>' != ''"),
            "laws", List.of("chinchilla", "kaplan"),
            "starts", 2));
    run("sweep", sweep.toString(), "--out", at("h.csv"), "--report", at("h-sweep.html"));
    for (String page : List.of("fit", "compare", "validate", "identify", "allocate", "sweep")) {
      // Profiles are lines, which have no tooltips.
      checkHarmless(folder.resolve("h-" + page + ".html"), 1, page.equals("identify") ? 0 : 1);
    }
  }

  /** Moves over every chart, sorts every table, and looks for anything that a name has done. */
  private static void checkHarmless(Path file, int charts, int tips) throws Exception {
    Browser.Page page = browser.open(file, 1440, HOVER);
    String which = file.getFileName().toString();
    assertThat(page.complaints()).as("console of " + which).isEmpty();
    assertThat(page.requests()).as("requests of " + which).isEmpty();
    assertThat(page.answer().get("hacked").asBoolean()).as(which).isFalse();
    assertThat(page.answer().get("foreign").asInt()).as("foreign elements of " + which).isZero();
    assertThat(page.answer().get("charts").asInt()).as(which).isGreaterThanOrEqualTo(charts);
    assertThat(page.answer().get("tips").asInt())
        .as("tooltips of " + which)
        .isGreaterThanOrEqualTo(tips);
  }

  /** The checks can fail: a page that asks for something, and one whose script is broken. */
  @Test
  void brokenPagesAreNoticed() throws Exception {
    String page = Files.readString(folder.resolve("design.html"));
    Path asking = folder.resolve("asking.html");
    Files.writeString(
        asking, page.replace("<main>", "<main><img src=\"https://example.org/pixel.png\">"));
    assertThat(browser.open(asking, 1440, SCRIPT).complaints().toString()).contains("example.org");
    Path foreign = folder.resolve("foreign.html");
    Files.writeString(foreign, page.replace("<main>", "<main><script>window.hacked = 1</script>"));
    Browser.Page refused = browser.open(foreign, 1440, "window.hacked === undefined");
    assertThat(refused.answer().asBoolean()).isTrue();
    assertThat(refused.complaints().toString()).contains("Content Security Policy");
    Path broken = folder.resolve("broken.html");
    Files.writeString(broken, page.replace("\"palette\":", "\"pallet\":"));
    Browser.Page opened = browser.open(broken, 1440, SCRIPT);
    assertThat(opened.complaints().toString()).contains("TypeError");
    assertThat(opened.answer().get("charts").get(0).get("paths").asInt()).isLessThan(13);
  }
}

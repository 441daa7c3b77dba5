package org.farfit.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
    // Plane and curves, four residual maps, ratios, starts of four laws, 4 + 5 + 6 + 9 parameters.
    check("fit.html", 2 + 4 + 1 + 4 + 24);
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

  /** The checks can fail: a page that asks for something, and one whose script is broken. */
  @Test
  void brokenPagesAreNoticed() throws Exception {
    String page = Files.readString(folder.resolve("design.html"));
    Path asking = folder.resolve("asking.html");
    Files.writeString(
        asking,
        page.replace("const palette = {", "fetch('https://example.org/'); const palette = {"));
    assertThat(browser.open(asking, 1440, SCRIPT).complaints().toString()).contains("example.org");
    Path broken = folder.resolve("broken.html");
    Files.writeString(broken, page.replace("const palette = {", "const pallet = {"));
    Browser.Page opened = browser.open(broken, 1440, SCRIPT);
    assertThat(opened.complaints().toString()).contains("palette is not defined");
    assertThat(opened.answer().get("charts").get(0).get("paths").asInt()).isLessThan(13);
  }
}

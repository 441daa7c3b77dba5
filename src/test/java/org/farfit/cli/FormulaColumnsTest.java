package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Columns of runs for laws that are formulas: weights, computed tokens, and what cannot be used.
 */
class FormulaColumnsTest {

  private static final String LAW = "E + A*N^-alpha + B*D^-beta";

  @TempDir private Path folder;
  private Path runs;

  /** Losses of the law with E 1.8, A 400, alpha 0.34, B 2000, beta 0.37, without noise. */
  @BeforeEach
  void writeRuns() throws IOException {
    List<String> lines = new ArrayList<>(List.of("params,tokens,flops,final,weight,x"));
    for (double n : new double[] {1e8, 3e8, 1e9, 3e9}) {
      for (double ratio : new double[] {5, 20, 80, 320}) {
        double d = n * ratio;
        lines.add(
            "%s,%s,%s,%s,%s,%s"
                .formatted(
                    n, d, 6 * n * d, loss(n, d), ratio == 5 ? 0.5 : 2, ratio == 80 ? 0.1 : 0.2));
      }
    }
    runs = Files.write(folder.resolve("runs.csv"), lines);
  }

  private static double loss(double n, double d) {
    return 1.8 + 400 / Math.pow(n, 0.34) + 2000 / Math.pow(d, 0.37);
  }

  private CommandRun fit(String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "fit",
                runs.toString(),
                "--starts",
                "20",
                "--loss-column",
                "final",
                "--out",
                folder.resolve("f.json").toString()));
    arguments.addAll(List.of(options));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private JsonNode parameters() throws IOException {
    return new ObjectMapper()
        .readTree(folder.resolve("f.json").toFile())
        .path("fits")
        .path(0)
        .path("parameters");
  }

  @Test
  void weightsAndComputedTokensAreThoseOfTheFile() throws IOException {
    CommandRun whole =
        fit("--law", LAW, "--weight-column", "weight", "--compute-column", "flops", "--quiet");
    assertThat(whole.exitCode()).as(whole.log()).isZero();
    assertThat(parameters().path("E").asDouble()).isCloseTo(1.8, within(1e-6));
    assertThat(parameters().path("beta").asDouble()).isCloseTo(0.37, within(1e-6));
  }

  /** One run is wrong: how far the fit follows it goes by its weight. */
  @Test
  void weightsWeigh() throws IOException {
    String wrong = Files.readString(runs).replaceFirst("(1.0E8,5.0E8,[^,]*),[^,]*,", "$1,9.0,");
    Files.writeString(runs, wrong);
    String[] options = {"--law", "E + A*N^-alpha", "--quiet"};
    assertThat(fit(options).exitCode()).isZero();
    double alike = parameters().path("E").asDouble();
    String[] weighted = Arrays.copyOf(options, options.length + 2);
    weighted[options.length] = "--weight-column";
    weighted[options.length + 1] = "weight";
    assertThat(fit(weighted).exitCode()).isZero();
    assertThat(parameters().path("E").asDouble()).isNotCloseTo(alike, within(1e-4));
  }

  @ParameterizedTest
  @CsvSource({
    "E + A*N^-alpha, --compute-column, D",
    "E + A*N^-alpha, --d-column, D",
    "E + A*x^-alpha, --n-column, N",
    "final = E + A*N^-alpha, --loss-column, a loss"
  })
  void columnsThatNoLawNeedsAreRefused(String law, String option, String what) {
    CommandRun asked =
        option.equals("--loss-column") ? fit("--law", law) : fit("--law", law, option, "flops");
    assertThat(asked.exitCode()).isEqualTo(3);
    assertThat(asked.log())
        .contains(
            "%s names the column '%s' for %s, but no law here has %s; leave it out"
                .formatted(option, option.equals("--loss-column") ? "final" : "flops", what, what));
  }

  @Test
  void whatCannotBeUsedIsNamed() throws IOException {
    assertThat(fit("--law", "E + A*N^-alpha + x", "--repeats", "mean").log())
        .contains(
            "--repeats mean merges runs of the same N and D, and these laws have other columns");
    assertThat(fit("--law", "E + A*D^-alpha", "--compute-column", "flops").log())
        .contains(
            "--compute-column gives D = C / (6 N), but no law here has N; name the tokens with --d-column");
    Files.writeString(runs, Files.readString(runs).replaceFirst(",0\\.2\n", ",many\n"));
    CommandRun text = fit("--law", "E + A*N^-alpha + x");
    assertThat(text.exitCode()).isEqualTo(3);
    assertThat(text.log())
        .contains("runs.csv: line 2: column 'x': found 'many', expected a finite number")
        .contains("leave the row out with --where");
    Files.writeString(runs, Files.readString(runs).replaceFirst(",many\n", ",\n"));
    assertThat(fit("--law", "E + A*N^-alpha + x").log())
        .contains("column 'x': found an empty cell, expected a finite number");
  }
}

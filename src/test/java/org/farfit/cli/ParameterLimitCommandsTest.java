package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Random;
import org.farfit.law.Chinchilla;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands make of parameters that the runs do not hold back. */
class ParameterLimitCommandsTest {

  @TempDir Path folder;

  /** Runs whose best E is none: losses fall a little faster than powers without E do. */
  private Path withoutIrreducibleLoss() throws Exception {
    StringBuilder text = new StringBuilder("N,D,L\n");
    Random random = new Random(4);
    Chinchilla law = new Chinchilla();
    double[] published = {1e-9, 20, 60, 0.15, 0.2};
    for (int i = 0; i < 48; i++) {
      double n = 1e8 * Math.pow(2, i % 8);
      int step = i / 8;
      double d = 1e9 * Math.pow(3, step);
      double loss = law.loss(published, n, d) - 0.03 + 2e-3 * random.nextGaussian();
      text.append(String.format(Locale.ROOT, "%s,%s,%s%n", n, d, loss));
    }
    return Files.writeString(folder.resolve("runs.csv"), text);
  }

  @Test
  void aParameterAtItsLimitIsSaidEverywhereAndEndsWithZero() throws Exception {
    String file = folder.resolve("f.json").toString();
    CommandRun run =
        CommandRun.of(
            "fit", withoutIrreducibleLoss().toString(), "--law", "chinchilla", "--out", file);
    assertThat(run.exitCode()).as(run.log()).isZero();
    String sentence = "chinchilla: E is at its limit";
    assertThat(run.output())
        .contains("converged: a parameter is at its limit")
        .contains(sentence)
        .doesNotContain("no standard errors");

    JsonNode fit = JsonMapper.builder().build().readTree(Path.of(file).toFile()).get("fits").get(0);
    assertThat(fit.get("atLimit").get("lnE").asText()).startsWith(sentence);
    assertThat(fit.get("standardErrors").get("E").isNull()).isTrue();
    assertThat(fit.get("standardErrors").get("alpha").asDouble()).isPositive();
    for (Iterator<JsonNode> row = fit.get("correlations").elements(); row.hasNext(); ) {
      row.next().forEach(value -> assertThat(value.asDouble()).isBetween(-1.0, 1.0));
    }

    CommandRun identify = CommandRun.of("identify", file);
    assertThat(identify.exitCode()).as(identify.log()).isZero();
    assertThat(identify.output()).contains(sentence).doesNotContain("not identified");
    for (String[] command :
        new String[][] {
          {"predict", file, "--n", "1e11", "--d", "1e12", "--interval", "90"},
          {"allocate", file, "--compute", "1e22"}
        }) {
      CommandRun next = CommandRun.of(command);
      assertThat(next.exitCode()).as(next.log()).isZero();
    }
  }

  /** Curvatures of few sizes cross 0 among replicates, where published numbers have no moments. */
  @Test
  void parametersWithoutMomentsHaveQuantilesAndTheReason() {
    CommandRun run =
        CommandRun.of(
            "fit",
            "--law",
            "farseer",
            "--where",
            "N < 2e9",
            "--starts",
            "24",
            "--bootstrap",
            "200",
            "--out",
            folder.resolve("b.json").toString());
    assertThat(run.exitCode()).as(run.log()).isZero();
    assertThat(run.output())
        .contains("no bootstrap s.e. of")
        .contains("a few replicates far out would decide it");
    String row = run.output().lines().filter(line -> line.startsWith("a1 ")).findFirst().orElse("");
    String[] cells = row.split(" +");
    assertThat(cells).hasSize(6);
    assertThat(cells[3]).isEqualTo("-");
    assertThat(Double.parseDouble(cells[4])).isLessThan(Double.parseDouble(cells[5]));
  }
}

package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import org.farfit.law.Chinchilla;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The noise in tables, files and predictions. */
class NoiseCommandsTest {

  @TempDir Path folder;

  private Path sharedErrors() throws Exception {
    StringBuilder text = new StringBuilder("N,D,L\n");
    Random random = new Random(5);
    Chinchilla law = new Chinchilla();
    for (int size = 0; size < 12; size++) {
      double n = 1e8 * Math.pow(1.5, size);
      double shared = 3e-3 * random.nextGaussian();
      for (int step = 0; step < 10; step++) {
        double d = 1e9 * Math.pow(2, step);
        double loss =
            law.loss(law.example(), n, d) * Math.exp(shared + 1e-3 * random.nextGaussian());
        text.append(String.format(Locale.ROOT, "%s,%s,%s%n", n, d, loss));
      }
    }
    return Files.writeString(folder.resolve("runs.csv"), text);
  }

  private static JsonNode fit(Path file) throws Exception {
    return JsonMapper.builder().build().readTree(file.toFile()).get("fits").get(0);
  }

  @Test
  void theVerdictIsInTheTableAndInTheFileAndIntervalsFollow() throws Exception {
    String runs = sharedErrors().toString();
    Path auto = folder.resolve("auto.json");
    CommandRun run =
        CommandRun.of(
            "fit", runs, "--law", "chinchilla", "--bootstrap", "200", "--out", auto.toString());
    assertThat(run.exitCode()).as(run.log()).isZero();
    assertThat(run.output())
        .contains("noise (size): residuals show correlation within sizes")
        .contains("200 replicates (wild, seed 1)");
    JsonNode noise = fit(auto).get("noise");
    assertThat(noise.get("kind").asText()).isEqualTo("size");
    assertThat(noise.get("asked").asBoolean()).isFalse();
    assertThat(noise.get("tests").get("sizes").asDouble()).isLessThan(0.01);
    assertThat(noise.get("sizeDeviation").asDouble()).isBetween(1e-3, 6e-3);

    Path plain = folder.resolve("plain.json");
    CommandRun named =
        CommandRun.of(
            "fit",
            runs,
            "--law",
            "chinchilla",
            "--noise",
            "independent",
            "--out",
            plain.toString());
    assertThat(named.exitCode()).as(named.log()).isZero();
    assertThat(named.output()).contains("noise (independent): residuals show correlation within");
    Path ordinary = folder.resolve("ordinary.json");
    CommandRun kept =
        CommandRun.of(
            "fit",
            runs,
            "--law",
            "chinchilla",
            "--least-squares",
            "ordinary",
            "--out",
            ordinary.toString());
    assertThat(kept.exitCode()).as(kept.log()).isZero();
    assertThat(noise.get("generalised").asBoolean()).isTrue();
    double cost = fit(ordinary).get("cost").asDouble();
    assertThat(fit(plain).get("cost").asDouble()).isCloseTo(cost, within(1e-9 * cost));
    // Generalised least squares do not have the least squares.
    assertThat(fit(auto).get("cost").asDouble()).isGreaterThan(cost);
    assertThat(fit(plain).get("standardErrors").get("alpha").asDouble())
        .isLessThan(0.7 * fit(auto).get("standardErrors").get("alpha").asDouble());

    CommandRun predict = CommandRun.of("predict", auto.toString(), "--n", "1e11", "--d", "1e12");
    assertThat(predict.exitCode()).as(predict.log()).isZero();
    String untrue = "profiles take errors to be independent and alike, which these are not";
    assertThat(CommandRun.of("identify", ordinary.toString()).output()).contains(untrue);
    assertThat(CommandRun.of("identify", auto.toString()).output()).doesNotContain(untrue);
    assertThat(CommandRun.of("fit", runs, "--noise", "pink").exitCode()).isEqualTo(ExitCode.USAGE);
  }
}

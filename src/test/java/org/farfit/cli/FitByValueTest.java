package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.farfit.law.Chinchilla;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of several experiments is fitted one by one, from columns as they come. */
class FitByValueTest {

  @TempDir Path folder;

  /** Three experiments: two surfaces, and one of two runs only. */
  private Path experiments() throws IOException {
    StringBuilder text = new StringBuilder("experiment,parameter_count,step,c4_loss,seed\n");
    String[] names = {"it's a", "", "few"};
    for (int k = 0; k < names.length; k++) {
      for (int i = 0; i < (k == 2 ? 2 : 24); i++) {
        double n = 50 * Math.pow(2, i % 4);
        double step = 1000 * Math.pow(2, Math.floorDiv(i, 4));
        double loss =
            new Chinchilla()
                .loss(new double[] {1.8 + k, 400, 2000, 0.34, 0.36}, 1e6 * n, 524288 * step);
        text.append("%s,%sM,%s,%s,1%n".formatted(names[k], n, step, loss));
      }
    }
    return Files.writeString(folder.resolve("runs.csv"), text);
  }

  @Test
  void eachValueHasItsOwnFit() throws IOException {
    Path runs = experiments();
    Path out = folder.resolve("out.fit.json");
    CommandRun run =
        CommandRun.of(
            "fit",
            runs.toString(),
            "--law",
            "chinchilla",
            "--starts",
            "20",
            "--n-column",
            "parameter_count",
            "--d-column",
            "step*524288",
            "--loss-column",
            "c4_loss",
            "--where",
            "seed = 1",
            "--by",
            "experiment",
            "--out",
            out.toString());
    // The third has too few runs, which does not keep the others from their fits.
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.log())
        .contains("farfit: \"experiment\" = 'few': ")
        .contains("2 runs, expected at least");
    assertThat(run.output()).contains("\"experiment\" = 'it''s a'", "\"experiment\" is empty");
    JsonNode first = written("out.it_s_a.fit.json");
    assertThat(first.at("/input/where").asText())
        .isEqualTo("(seed = 1) and \"experiment\" = 'it''s a'");
    assertThat(first.at("/input/runs").asInt()).isEqualTo(24);
    assertThat(first.at("/fits/0/parameters/E").asDouble()).isBetween(1.79, 1.81);
    JsonNode second = written("out.empty.fit.json");
    assertThat(second.at("/fits/0/parameters/E").asDouble()).isBetween(2.79, 2.81);
    assertThat(folder.resolve("out.few.fit.json")).doesNotExist();
    assertThat(out).doesNotExist();
  }

  private JsonNode written(String name) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(name).toFile());
  }

  @Test
  void whatDoesNotGoWithIt() throws IOException {
    String runs = experiments().toString();
    CommandRun json = CommandRun.of("fit", runs, "--by", "experiment", "--json");
    assertThat(json.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(json.log()).contains("--by writes one fit file per value; --json prints one");
    CommandRun missing = CommandRun.of("fit", runs, "--by", "experimnt");
    assertThat(missing.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(missing.log()).contains("no column 'experimnt'", "try 'experiment'");
    CommandRun both = CommandRun.of("fit", runs, "--d-column", "step", "--compute-column", "step");
    assertThat(both.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(both.log()).contains("--d-column and --compute-column exclude each other");
  }
}

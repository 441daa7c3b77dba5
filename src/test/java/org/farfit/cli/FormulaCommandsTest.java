package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Formulas on the command line. */
class FormulaCommandsTest {

  @TempDir Path folder;

  private static JsonNode json(CommandRun run) throws Exception {
    assertThat(run.exitCode()).as(run.log()).isZero();
    return new ObjectMapper().readTree(run.output());
  }

  @Test
  void aFormulaIsFittedAndPredictsAsTheBuiltInLawDoes() throws Exception {
    String fit = folder.resolve("fit.json").toString();
    CommandRun run =
        CommandRun.of("fit", "--law", "E + A*N^-alpha + B*D^-beta", "--starts", "24", "--out", fit);
    assertThat(run.exitCode()).as(run.log()).isZero();
    assertThat(run.output()).contains("alpha").contains("starts reached the best cost");
    String builtIn = folder.resolve("builtin.json").toString();
    CommandRun.of("fit", "--law", "chinchilla", "--starts", "24", "--out", builtIn);
    JsonNode formula = json(CommandRun.of("predict", fit, "--at", "N=25.1B,D=320B", "--json"));
    JsonNode law = json(CommandRun.of("predict", builtIn, "--at", "N=25.1B,D=320B", "--json"));
    double expected = law.at("/rows/0/loss").asDouble();
    assertThat(formula.at("/rows/0/predictions/loss").asDouble())
        .isCloseTo(expected, within(1e-7 * expected));
    JsonNode old = json(CommandRun.of("predict", builtIn, "--n", "25.1B", "--d", "320B", "--json"));
    assertThat(old).isEqualTo(law);
  }

  @Test
  void aLawFileSaysWhereParametersMayBe() throws Exception {
    Path law = folder.resolve("mine.yaml");
    Files.writeString(
        law,
        """
        name: mine
        columns: {N: [params]}
        let: {capacity: A*N^-alpha}
        loss: E + capacity
        parameters: {E: [0.5, 0.6], A: positive, alpha: any}
        """);
    JsonNode fit =
        json(
            CommandRun.of(
                "fit",
                "--law",
                law.toString(),
                "--objective",
                "linear",
                "--starts",
                "8",
                "--json"));
    assertThat(fit.at("/fit/parameters/E").asDouble()).isBetween(0.5, 0.6);
    assertThat(fit.at("/law/formula").asText()).contains("capacity");
    assertThat(fit.at("/fit/status").asText()).startsWith("converged");
  }

  @Test
  void otherCommandsAndOptionsSayThatTheyTakeNoFormula() {
    CommandRun validate = CommandRun.of("validate", "--law", "E + A*N^-alpha");
    assertThat(validate.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(validate.log()).contains("fitted by farfit fit");
    CommandRun bootstrap = CommandRun.of("fit", "--law", "E + A*N^-alpha", "--bootstrap", "10");
    assertThat(bootstrap.exitCode()).isEqualTo(2);
  }

  @Test
  void pointsMustNameEveryColumn() {
    String fit = folder.resolve("fit.json").toString();
    CommandRun.of("fit", "--law", "E + A*N^-alpha", "--starts", "4", "--out", fit);
    CommandRun missing = CommandRun.of("predict", fit, "--at", "D=1B");
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.log()).contains("no value for 'N'");
    CommandRun unknown = CommandRun.of("predict", fit, "--at", "N=1B,U=3");
    assertThat(unknown.log()).contains("no column 'U'");
    CommandRun broken = CommandRun.of("predict", fit, "--at", "N");
    assertThat(broken.log()).contains("NAME=VALUE");
  }

  @Test
  void lawsAreListedPrintedAndChecked() {
    assertThat(CommandRun.of("laws").output()).contains("kaplan", "farseer", "Hoffmann");
    assertThat(CommandRun.of("laws", "chinchilla").output()).startsWith("name: chinchilla");
    assertThat(CommandRun.of("laws", "chinchila").exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    CommandRun check =
        CommandRun.of("laws", "--check", "E + A*N^-alpha + C*U^g", "--columns", "U", "--emit");
    assertThat(check.exitCode()).as(check.log()).isZero();
    assertThat(check.output())
        .contains("columns: N, U")
        .contains("per distinct N")
        .contains("per run")
        .contains("summed up per run            3 factors, 9 sums")
        .contains("expanded per distinct N      5 parts of 5 derivatives, 20 entries")
        .contains("// derivative by alpha: factor 0 * by_N[2]");
    CommandRun wrong = CommandRun.of("laws", "--check", "E + A*N^");
    assertThat(wrong.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(wrong.log()).contains("character 9");
  }
}

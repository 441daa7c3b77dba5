package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.farfit.data.Setting;
import org.farfit.literature.ScaleBenchExample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every command prints with {@code --json}, on the bundled example, is what is stated. */
class JsonResultsTest {

  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  @TempDir Path folder;

  private final Set<String> walked = new TreeSet<>();

  /** The document of a command, as strict JSON. */
  private JsonNode document(String command, String... arguments) throws IOException {
    walked.add(command);
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(arguments));
    all.add("--json");
    CommandRun run = CommandRun.of(all.toArray(String[]::new));
    assertThat(run.exitCode()).as(all + "\n" + run.log()).isZero();
    JsonNode document = STRICT.readTree(run.output());
    texts(document)
        .forEach(text -> {
          assertThat(text).as(all.toString()).isNotIn("NaN", "Infinity", "-Infinity");
          for (Setting setting : Setting.values()) {
            assertThat(text).as(all.toString()).doesNotContain(setting.term());
          }
        });
    return document;
  }

  private static Stream<String> texts(JsonNode node) {
    return node.isTextual()
        ? Stream.of(node.textValue())
        : StreamSupport.stream(node.spliterator(), false).flatMap(JsonResultsTest::texts);
  }

  private static void check(String definition, JsonNode document) throws IOException {
    ObjectNode all =
        (ObjectNode) STRICT.readTree(Path.of("..", "docs", "results.schema.json").toFile());
    all.remove("oneOf");
    all.put("$ref", "#/$defs/" + definition);
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(all);
    assertThat(schema.validate(document)).as(definition).isEmpty();
  }

  private static String[] and(String[] some, String... more) {
    return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
  }

  private void checked(String command, String... arguments) throws IOException {
    check(command, document(command, arguments));
  }

  /** Each command that has the option, and each kind of document that it has. */
  @Test
  void everyDocumentIsStrictJsonAndWhatItsSchemaStates() throws IOException {
    JsonNode fitted =
        document(
            "fit",
            "--law",
            "chinchilla,kaplan",
            "--starts",
            "10",
            "--engine",
            "scalar",
            "--bootstrap",
            "20");
    JsonSchema ofFits =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(STRICT.readTree(Path.of("..", "docs", "fit.schema.json").toFile()));
    assertThat(ofFits.validate(fitted)).isEmpty();
    Path file = folder.resolve("example.fit.json");
    Files.writeString(file, fitted.toString());
    String fit = file.toString();
    checked("predict", fit, "--n", "1e10,1e15", "--d", "1e12");
    checked("allocate", fit, "--compute", "1e20,1e30", "--target-loss", "0.45,0.001");
    check(
        "bestValues",
        document(
            "allocate",
            fit,
            "--law",
            "chinchilla",
            "--over",
            "N,D",
            "--cost",
            "6*N*D",
            "--budget",
            "1e22"));
    checked("compare", fit, fit, "--n", "1e10", "--d", "1e12", "--compute", "1e22", "--grid", "2");
    checked("properties", fit, "--to-n", "1e12");
    checked("identify", fit);
    checked(
        "design",
        fit,
        "--law",
        "chinchilla",
        "--budget",
        "1e20",
        "--n",
        "1e9:1e10:2",
        "--d",
        "1e10:1e11:2",
        "--target-n",
        "2e10",
        "--target-d",
        "3e11");
    String[] quick = {"--law", "chinchilla,skaling", "--starts", "5", "--engine", "scalar"};
    checked("validate", and(quick, "--holdout", "top:0.25"));
    checked("select", and(quick, "--n", "1e10", "--d", "1e12"));
    checked("forms");
    checked("approaches");
    checked("scan", "--law", "chinchilla", "--starts", "5", "--vary", "alpha=0.3:0.4:3");
    checked(
        "scan", "--law", "chinchilla", "--starts", "5", "--vary", "alpha=0.3:0.4:2", "--profile");
    String[] few = {"--law", "chinchilla", "--grid", "small", "--sets", "4", "--bootstrap", "2"};
    checked("coverage", few);
    checked("coverage", and(few, "--scatter", "independent"));
    checked("coverage", and(few, "--scatter", "independent", "--ties"));
    checked(
        "coverage",
        "--law",
        "skaling",
        "--grid",
        "small",
        "--sets",
        "2",
        "--scatter",
        "independent",
        "--tests");
    Path runs = folder.resolve("runs.csv");
    checked("simulate", "--law", "chinchilla", "--out", runs.toString());
    Path spec = folder.resolve("sweep.yaml");
    Files.writeString(spec, "inputs: [%s]\nlaws: [chinchilla]\nstarts: 5\n".formatted(runs));
    checked("sweep", spec.toString(), "--out", folder.resolve("table.csv").toString());
    checked("laws");
    Path bench = Files.createDirectory(folder.resolve("bench"));
    ScaleBenchExample.write(bench);
    String[] benchmark = {"--benchmark", bench.toString(), "--starts", "5"};
    check("lawsBenchmark", document("laws", benchmark));
    check("designBenchmark", document("design", and(benchmark, "--repeats", "2")));
    checked("engines");
    assertThat(walked)
        .isEqualTo(
            new TreeSet<>(
                Main.commandLine().getSubcommands().entrySet().stream()
                    .filter(entry -> entry.getValue().getCommandSpec().findOption("--json") != null)
                    .map(Map.Entry::getKey)
                    .toList()));
  }
}

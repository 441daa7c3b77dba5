package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.farfit.law.Chinchilla;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A number that is null in JSON has a reason beside it, whatever the runs leave undecided. */
class UnknownNumbersTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What need not be there: keys of which the schemas say when they are null. */
  private static final Set<String> OPTIONAL =
      Set.of(
          "auto",
          "where",
          "formula",
          "regularisation",
          "stages",
          "secondBest",
          "bootstrap",
          "replicates",
          "backTest");

  @TempDir Path folder;

  private final List<String> reasons = new ArrayList<>();
  private final List<String> unexplained = new ArrayList<>();

  private Path runs(
      String name, double irreducible, double noise, double[] sizes, double[] tokensPerParameter)
      throws Exception {
    Chinchilla law = new Chinchilla();
    double[] published = {irreducible, 406, 411, 0.34, 0.28};
    Random random = new Random(3);
    StringBuilder text = new StringBuilder("N,D,L\n");
    for (double n : sizes) {
      for (double each : tokensPerParameter) {
        double loss = law.loss(published, n, each * n) * Math.exp(noise * random.nextGaussian());
        text.append(String.format(Locale.ROOT, "%s,%s,%s%n", n, each * n, loss));
      }
    }
    return Files.writeString(folder.resolve(name + ".csv"), text);
  }

  /**
   * Collects the nulls of a document.
   *
   * @param reasonsByKey reasons by key, of an entry that gives them so
   * @param within the key within that entry
   * @param forAll whether the whole document has one reason
   */
  private void walk(
      String at, JsonNode node, Map<String, String> reasonsByKey, String within, boolean forAll) {
    node.properties()
        .forEach(entry -> {
          String key = entry.getKey();
          JsonNode value = entry.getValue();
          boolean isReason = key.toLowerCase(Locale.ROOT).endsWith("problem");
          String path = within.isEmpty() ? key : within + "." + key;
          boolean hasReason =
              forAll
                  || reasonsByKey.containsKey(path)
                  || node.properties().stream()
                      .anyMatch(other ->
                          other.getKey().toLowerCase(Locale.ROOT).endsWith("problem")
                              && !other.getValue().isNull());
          if (value.isNull() && !isReason && !OPTIONAL.contains(key)) {
            (hasReason ? reasons : unexplained).add(at + "." + key);
          }
          walk(at + "." + key, value, reasonsByKey, path, forAll);
        });
    if (node.isArray()) {
      for (JsonNode each : node) {
        Map<String, String> own =
            each.has("unknown")
                ? JSON.convertValue(
                    each.get("unknown"),
                    JSON.getTypeFactory().constructMapType(Map.class, String.class, String.class))
                : reasonsByKey;
        assertThat(each.isNull()).as(at).isFalse();
        walk(at, each, own, each.has("unknown") ? "" : within, forAll);
      }
    }
  }

  private JsonNode run(String... arguments) throws Exception {
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).as(run.log()).isIn(ExitCode.DONE, ExitCode.NOT_CONVERGED);
    return JSON.readTree(run.output());
  }

  private String fit(Path runs, String... further) {
    String file = runs.toString().replace(".csv", ".fit.json");
    List<String> command = new ArrayList<>(List.of("fit", runs.toString(), "--out", file));
    command.addAll(List.of("--law", "chinchilla,skaling", "--starts", "50"));
    command.addAll(List.of(further));
    CommandRun run = CommandRun.of(command.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.log()).isIn(ExitCode.DONE, ExitCode.NOT_CONVERGED);
    return file;
  }

  @Test
  void everyNullHasItsReason() throws Exception {
    double[] sizes = {1e8, 2e8, 4e8, 8e8, 1.6e9};
    double[] ratios = {5, 20, 80, 320};
    String usual = fit(runs("usual", 1.7, 2e-3, sizes, ratios));
    Path ray =
        runs("ray", 1.7, 2e-3, new double[] {1e8, 2e8, 3e8, 4e8, 6e8, 8e8, 1e9}, new double[] {20});
    Path two = runs("two", 1.7, 2e-3, new double[] {1e8, 1e9}, ratios);
    String far = "1e10,1e18";
    for (Path each : List.of(runs("exact", 1.7, 0, sizes, ratios), ray, two)) {
      String file = fit(each, "--bootstrap", "40");
      walk("fit", JSON.readTree(Path.of(file).toFile()), Map.of(), "", false);
      walk("predict", run("predict", file, "--n", far, "--d", far, "--json"), Map.of(), "", false);
    }
    String file = fit(two);
    walk("fit", JSON.readTree(Path.of(file).toFile()), Map.of(), "", false);
    JsonNode compared = run("compare", file, usual, "--grid", "2", "--json");
    walk("compare", compared, Map.of(), "", compared.path("problem").isTextual());
    for (String[] command :
        new String[][] {
          {"allocate", file, "--compute", "1e21,1e24"},
          {"identify", fit(runs("without", -0.05, 2e-3, sizes, ratios))},
          {"select", two.toString(), "--law", "chinchilla,skaling"},
          {"approaches", two.toString()}
        }) {
      String[] asJson = Arrays.copyOf(command, command.length + 1);
      asJson[command.length] = "--json";
      walk(command[0], run(asJson), Map.of(), "", false);
    }
    assertThat(unexplained).isEmpty();
    assertThat(reasons)
        .anyMatch(each -> each.startsWith("fit") && each.endsWith("standardErrors"))
        .anyMatch(each -> each.startsWith("fit") && each.endsWith(".low"))
        .anyMatch(each -> each.startsWith("predict") && each.endsWith(".high"))
        .anyMatch(each -> each.startsWith("identify"))
        .anyMatch(each -> each.startsWith("approaches") && each.endsWith(".n"));
  }
}

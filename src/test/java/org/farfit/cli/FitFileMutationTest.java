package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Keys of real fit files are spoilt in every way: a command that reads the file prints what it
 * printed before, or ends with exit code 3 and names the key. Of all keys and ways some are drawn;
 * {@code -Dfarfit.fuzz=N} draws N times as many, {@code 12} and more every one for predict.
 */
class FitFileMutationTest {

  /** Elements of one list that are tried: all are read alike. */
  private static final int FEW = 2;

  /** Of all mutants, one in so many is given to the quickest command. */
  private static final int OFTEN = 12;

  /** Of all mutants, one in so many is given to each of the others. */
  private static final int SELDOM = 150;

  /** What a fit may lack: without it the file is another fit file, and a good one. */
  private static final Set<String> OPTIONAL =
      Set.of("auto", "backTest", "bootstrap", "doubt", "noise", "where");

  private static final ObjectMapper MAPPER = JsonMapper.builder().build();
  private static final int FUZZ = Integer.getInteger("farfit.fuzz", 1);

  @TempDir static Path folder;

  private static List<String> files;

  @BeforeAll
  static void fitEverything() throws IOException {
    Path runs = folder.resolve("runs.csv");
    assertThat(CommandRun.of("simulate", "--law", "farseer", "--out", runs.toString()).exitCode())
        .isZero();
    files =
        List.of(
            fitted(runs, "a", "--law", "chinchilla,kaplan", "--bootstrap", "12"),
            fitted(runs, "b", "--law", "farseer", "--method", "regularised", "--where", "N < 9e8"),
            fitted(runs, "c", "--law", "farseer", "--method", "piecewise"),
            fitted(runs, "d", "--law", "auto", "--where", "N > 1e9 and N < 4e9"));
  }

  private static String fitted(Path runs, String name, String... more) throws IOException {
    Path file = folder.resolve(name + ".fit.json");
    List<String> call = new ArrayList<>(List.of("fit", runs.toString(), "--starts", "6"));
    call.addAll(List.of(more));
    call.addAll(List.of("--out", file.toString()));
    assertThat(CommandRun.of(call.toArray(String[]::new)).exitCode()).isIn(0, 4);
    return Files.readString(file);
  }

  /** A mutant: its text, and the key that was spoilt. */
  private record Mutant(String key, String parent, String how, String text) {

    /** A key that is gone from a map of any keys is known by the map alone. */
    boolean isNamedIn(String log) {
      return log.contains(key) || (parent.equals("statuses") && log.contains(parent));
    }
  }

  private static List<String[]> commands(String file, Path sound) {
    return List.of(
        new String[] {"predict", file, "--n", "5e9", "--d", "1e11", "--json"},
        new String[] {"allocate", file, "--compute", "1e21", "--json"},
        new String[] {"compare", sound.toString(), file, "--grid", "2", "--json"},
        new String[] {"identify", file, "--json"});
  }

  @Test
  void everyKeyInEveryWay() throws IOException {
    SplittableRandom random = new SplittableRandom(20261124);
    List<String> problems = new ArrayList<>();
    int refused = 0;
    int equal = 0;
    for (String text : files) {
      Path sound = Files.writeString(folder.resolve("sound.json"), text);
      Path file = folder.resolve("mutant.json");
      List<String[]> commands = commands(file.toString(), sound);
      List<String[]> ofSound = commands(sound.toString(), sound);
      Map<Integer, String> expected = new HashMap<>();
      for (Mutant mutant : mutants(text)) {
        Files.writeString(file, mutant.text());
        for (int c = 0; c < commands.size(); c++) {
          if (random.nextInt(c == 0 ? OFTEN : SELDOM) >= FUZZ) {
            continue;
          }
          CommandRun run = CommandRun.of(commands.get(c));
          int number = c;
          boolean done = run.exitCode() == ExitCode.DONE;
          boolean fixed =
              done
                  ? run.output()
                      .equals(
                          expected.computeIfAbsent(
                              c, k -> CommandRun.of(ofSound.get(number)).output()))
                  : run.exitCode() == ExitCode.BAD_INPUT
                      && run.log().contains("mutant.json: ")
                      && mutant.isNamedIn(run.log());
          if (!fixed) {
            problems.add(
                "%s %s ends with %d: %s"
                    .formatted(mutant.key(), mutant.how(), run.exitCode(), run.log()));
          }
          equal += done ? 1 : 0;
          refused += done ? 0 : 1;
        }
      }
    }
    assertThat(problems).isEmpty();
    assertThat(refused).isGreaterThan(50);
    assertThat(equal).isGreaterThan(5);
  }

  /** Standard errors and intervals of a file are those of its replicates, of whatever type. */
  @ParameterizedTest
  @ValueSource(strings = {"expanded", "percentile", "basic", "bca", "studentised"})
  void whatIsSaidOfReplicatesFollowsFromThem(String type) throws IOException {
    String text =
        fitted(
            folder.resolve("runs.csv"),
            type,
            "--law=chinchilla",
            "--where=N > 1e9",
            "--bootstrap=60",
            "--interval=80",
            "--interval-type=" + type);
    Path file = folder.resolve("changed.json");
    assertThat(predicted(Files.writeString(file, text)).exitCode()).isZero();
    String at = "/fits/0/bootstrap/parameters/alpha/";
    for (String name : List.of("standardError", "low", "high")) {
      double value = MAPPER.readTree(text).at(at + name).asDouble();
      List<String> wrong = new ArrayList<>(List.of("null"));
      if (name.equals("standardError")
          || List.of("expanded", "percentile", "basic").contains(type)) {
        wrong.addAll(List.of("0", Double.toString(value * 1.001)));
      }
      for (String other : wrong) {
        List<Mutant> mutant = new ArrayList<>();
        put(mutant, text, JsonPointer.compile(at + name), name, other, other);
        CommandRun run = predicted(Files.writeString(file, mutant.getFirst().text()));
        assertThat(run.exitCode()).as(name + " " + other).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.log()).contains("bootstrap.parameters.alpha." + name);
      }
    }
  }

  private static CommandRun predicted(Path file) {
    return CommandRun.of("predict", file.toString(), "--n", "5e9", "--d", "1e11", "--json");
  }

  private static List<Mutant> mutants(String text) throws IOException {
    List<Mutant> mutants = new ArrayList<>();
    visit(MAPPER.readTree(text), JsonPointer.empty(), "", mutants, text);
    return mutants;
  }

  private static void visit(
      JsonNode node, JsonPointer at, String key, List<Mutant> mutants, String text)
      throws IOException {
    if (!key.isEmpty()) {
      spoil(node, at, key, mutants, text);
    }
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        visit(entry.getValue(), at.appendProperty(entry.getKey()), entry.getKey(), mutants, text);
      }
    }
    // An element of a list is known by the name of the list.
    for (int i = 0; node instanceof ArrayNode && i < Math.min(FEW * FUZZ, node.size()); i++) {
      visit(node.get(i), at.appendIndex(i), key, mutants, text);
    }
  }

  private static void spoil(
      JsonNode node, JsonPointer at, String key, List<Mutant> mutants, String text)
      throws IOException {
    boolean element = at.last().getMatchingIndex() >= 0;
    if (!(OPTIONAL.contains(key) && !element)) {
      put(mutants, text, at, key, "null", "null");
    }
    put(mutants, text, at, key, "true", "true");
    put(mutants, text, at, key, "[]", "[]");
    put(mutants, text, at, key, "{}", "{}");
    put(mutants, text, at, key, "[".repeat(2000) + "]".repeat(2000), "nested");
    put(mutants, text, at, key, "\"NaN\"", "NaN");
    if (!node.isTextual()) {
      put(mutants, text, at, key, "\"text\"", "text");
    }
    if (!element || !node.isNumber()) {
      put(mutants, text, at, key, "2.75", "2.75");
    }
    put(mutants, text, at, key, "-1", "-1");
    put(mutants, text, at, key, "-1e300", "-1e300");
    put(mutants, text, at, key, "1e999", "1e999");
    if (node.isNumber()) {
      put(mutants, text, at, key, node.asText() + "e0x", "no number");
    }
    JsonNode tree = MAPPER.readTree(text);
    JsonNode parent = tree.at(at.head());
    if (element) {
      ArrayNode list = (ArrayNode) parent;
      list.insert(at.last().getMatchingIndex(), node);
      mutants.add(new Mutant(key, parent(at), "doubled", tree.toString()));
      list.remove(at.last().getMatchingIndex());
      list.remove(at.last().getMatchingIndex());
      if (list.isEmpty() || !key.equals("fits")) { // one fit less is a good file
        mutants.add(new Mutant(key, parent(at), "removed", tree.toString()));
      }
    } else {
      String name = at.last().getMatchingProperty();
      ((ObjectNode) parent).remove(name);
      mutants.add(new Mutant(key, parent(at), "removed", tree.toString()));
      ((ObjectNode) parent).set(name + "x", node);
      mutants.add(new Mutant(key, parent(at), "renamed", tree.toString()));
      ((ObjectNode) parent).remove(name + "x");
      ((ObjectNode) parent).put("THE-KEY", 0);
      String twice = "\"%s\":%s,\"%s\":%s".formatted(name, node, name, node);
      mutants.add(
          new Mutant(key, parent(at), "twice", tree.toString().replace("\"THE-KEY\":0", twice)));
    }
  }

  private static String parent(JsonPointer at) {
    return at.head().matches() ? "" : String.valueOf(at.head().last().getMatchingProperty());
  }

  private static void put(
      List<Mutant> mutants, String text, JsonPointer at, String key, String value, String how)
      throws IOException {
    JsonNode tree = MAPPER.readTree(text);
    ContainerNode<?> parent = (ContainerNode<?>) tree.at(at.head());
    String marker = "\"THE-VALUE\"";
    if (parent instanceof ArrayNode list) {
      list.set(at.last().getMatchingIndex(), "THE-VALUE");
    } else {
      ((ObjectNode) parent).put(at.last().getMatchingProperty(), "THE-VALUE");
    }
    mutants.add(new Mutant(key, parent(at), how, tree.toString().replace(marker, value)));
  }
}

package org.farfit.formula;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.farfit.data.InputException;
import org.farfit.data.InputLimits;
import org.farfit.data.Quantity;
import org.farfit.data.Shown;
import org.farfit.data.SmallTextFile;
import org.farfit.law.Laws;

/**
 * Reads law files (YAML): {@code name}, {@code source}, {@code notes}, {@code columns} with their
 * usual names, abbreviations under {@code let}, the expression of the {@code loss} or of several
 * {@code responses}, {@code parameters} with their bounds, published {@code coefficients}, and the
 * smaller laws {@code nested} in it. Strict: an unknown key is an error, and so is a name in a
 * formula that the file does not explain.
 */
public final class LawFile {

  private static final Set<String> KEYS =
      new TreeSet<>(
          Set.of(
              "name",
              "source",
              "notes",
              "columns",
              "let",
              "loss",
              "responses",
              "parameters",
              "coefficients",
              "nested"));

  private final String file;
  private final JsonNode root;

  private LawFile(String file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  /**
   * Reads a law.
   *
   * @throws InputException if it cannot be read; the message names file and key
   */
  public static LawText read(Path path) {
    return parse(
        path.toString(), SmallTextFile.read(path, InputLimits.LAW_FILE_CHARACTERS, "a law file"));
  }

  /** Reads the text of a law file; {@code file} is the name that messages use. */
  public static LawText parse(String file, String text) {
    try {
      JsonNode root =
          new ObjectMapper(new YAMLFactory())
              .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
              .readTree(text);
      if (root == null || !root.isObject()) {
        throw new InputException(
            file + ": is no law, expected keys such as name, parameters and loss");
      }
      return new LawFile(file, root).law();
    } catch (JacksonException e) {
      throw new InputException(
          "%s: line %d: is not valid YAML: %s"
              .formatted(
                  file,
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  Shown.text(e.getOriginalMessage().lines().findFirst().orElse(""))),
          e);
    }
  }

  private LawText law() {
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      if (!KEYS.contains(entry.getKey())) {
        throw new InputException(
            "%s: unknown key '%s'%s; the keys are %s"
                .formatted(
                    file,
                    Shown.text(entry.getKey()),
                    FormulaError.nearest(entry.getKey(), KEYS),
                    String.join(", ", KEYS)));
      }
    }
    if (!root.has("parameters")) {
      throw new InputException(
          file + ": has no key 'parameters'; list them with their bounds, positive, or any");
    }
    if (root.has("loss") == root.has("responses")) {
      throw new InputException(file + ": expected one of the keys 'loss' and 'responses'");
    }
    return new LawText(
        file,
        root.has("name") ? text("name") : file,
        root.has("source") ? text("source") : "",
        root.has("notes") ? text("notes") : "",
        columns(),
        statements(),
        bounds(),
        coefficients(),
        nested(),
        true);
  }

  private String text(String key) {
    JsonNode node = root.get(key);
    if (!node.isValueNode()) {
      throw wrong(key, "a text");
    }
    return node.asText();
  }

  private InputException wrong(String key, String expected) {
    return new InputException(
        "%s: key '%s': expected %s".formatted(file, Shown.text(key), expected));
  }

  private Map<String, List<String>> columns() {
    Map<String, List<String>> columns = new LinkedHashMap<>();
    if (!root.has("columns")) {
      return columns;
    }
    JsonNode node = root.get("columns");
    if (node.isArray()) {
      node.forEach(name -> columns.put(name.asText(), List.of()));
    } else if (node.isObject()) {
      node.properties()
          .forEach(entry -> {
            List<String> usual = new ArrayList<>();
            if (entry.getValue().isArray()) {
              entry.getValue().forEach(name -> usual.add(name.asText()));
            } else if (!entry.getValue().isNull()) {
              usual.add(entry.getValue().asText());
            }
            columns.put(entry.getKey(), usual);
          });
    } else {
      throw wrong("columns", "names, each with its usual names in data files");
    }
    return columns;
  }

  private String statements() {
    List<String> statements = new ArrayList<>();
    expressions("let", statements);
    if (root.has("loss")) {
      statements.add(text("loss"));
    } else {
      expressions("responses", statements);
    }
    return String.join("\n", statements);
  }

  private void expressions(String key, List<String> statements) {
    if (!root.has(key)) {
      return;
    }
    if (!root.get(key).isObject()) {
      throw wrong(key, "a name and an expression on each line");
    }
    root.get(key)
        .properties()
        .forEach(entry ->
            statements.add(
                "%s = %s"
                    .formatted(
                        quoted(entry.getKey()), entry.getValue().asText().replace('\n', ' '))));
  }

  private static String quoted(String name) {
    return name.matches("[\\p{L}_][\\p{L}\\p{N}_]*") ? name : "\"" + name + "\"";
  }

  private Map<String, Bounds> bounds() {
    Map<String, Bounds> bounds = new LinkedHashMap<>();
    JsonNode node = root.get("parameters");
    if (node.isArray()) {
      node.forEach(name -> bounds.put(name.asText(), Bounds.NONE));
    } else if (node.isObject()) {
      node.properties()
          .forEach(entry -> bounds.put(entry.getKey(), bounds(entry.getKey(), entry.getValue())));
    } else {
      throw wrong("parameters", "each name with its bounds, positive, or any");
    }
    return bounds;
  }

  private Bounds bounds(String name, JsonNode node) {
    String expected = "positive, any, or two numbers such as [0.1, 100]";
    if (node.isArray() && node.size() == 2) {
      double lower = number(name, node.get(0), expected);
      double upper = number(name, node.get(1), expected);
      if (!(lower < upper)) {
        throw wrong("parameters." + name, "the smaller number first");
      }
      return Bounds.between(lower, upper);
    }
    return switch (node.asText()) {
      case "positive" -> Bounds.POSITIVE;
      case "any" -> Bounds.NONE;
      default -> throw wrong("parameters." + name, expected);
    };
  }

  private double number(String name, JsonNode node, String expected) {
    try {
      return node.isNumber() ? node.asDouble() : Quantity.parse(node.asText());
    } catch (NumberFormatException e) {
      throw wrong("parameters." + name, expected);
    }
  }

  /** {@code NAME at k = 1}, or a list of such. */
  private Map<String, Map<String, Double>> nested() {
    Map<String, Map<String, Double>> nested = new LinkedHashMap<>();
    if (root.has("nested")) {
      JsonNode node = root.get("nested");
      (node.isArray() ? node : List.of(node)).forEach(each -> nest(each.asText(), nested));
    }
    return nested;
  }

  private void nest(String text, Map<String, Map<String, Double>> nested) {
    String expected =
        "a law and the parameters that it holds, such as %s at k = 1"
            .formatted(Laws.simplest().name());
    int at = text.indexOf(" at ");
    if (at < 0) {
      throw wrong("nested", expected);
    }
    Map<String, Double> fixed = new LinkedHashMap<>();
    for (String part : text.substring(at + 4).split(",", -1)) {
      String[] sides = part.split("=", -1);
      if (sides.length != 2 || fixed.containsKey(sides[0].strip())) {
        throw wrong("nested", expected);
      }
      String parameter = sides[0].strip();
      if (!root.get("parameters").has(parameter)
          && !root.get("parameters").valueStream().anyMatch(n -> n.asText().equals(parameter))) {
        throw new InputException(
            "%s: key 'nested': '%s' is no parameter of the law"
                .formatted(file, Shown.text(parameter)));
      }
      try {
        fixed.put(parameter, Quantity.parse(sides[1].strip()));
      } catch (NumberFormatException e) {
        throw wrong("nested", expected);
      }
    }
    nested.put(text.substring(0, at).strip(), fixed);
  }

  private Map<String, Double> coefficients() {
    Map<String, Double> coefficients = new LinkedHashMap<>();
    if (root.has("coefficients")) {
      root.get("coefficients")
          .properties()
          .forEach(entry ->
              coefficients.put(
                  entry.getKey(), number(entry.getKey(), entry.getValue(), "a number")));
    }
    return coefficients;
  }
}

package org.farfit.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * JSON lines as a table: one object per line, a column per key, an empty cell where a line lacks
 * the key or it is null.
 */
final class JsonLines {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  private JsonLines() {}

  /** Whether a text begins like JSON lines. */
  static boolean looksLike(String text) {
    return text.stripLeading().startsWith("{");
  }

  static TextTable parse(String file, String text, String sha256) {
    List<Map<String, String>> objects = new ArrayList<>();
    List<Long> lines = new ArrayList<>();
    Set<String> header = new LinkedHashSet<>();
    long number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (!line.isBlank()) {
        Map<String, String> cells = cells(file, number, line);
        header.addAll(cells.keySet());
        objects.add(cells);
        lines.add(number);
      }
    }
    List<TextTable.Row> rows = new ArrayList<>();
    for (int i = 0; i < objects.size(); i++) {
      Map<String, String> cells = objects.get(i);
      rows.add(
          new TextTable.Row(
              "line " + lines.get(i),
              header.stream().map(name -> cells.getOrDefault(name, "")).toList()));
    }
    return new TextTable(file, List.copyOf(header), rows, sha256);
  }

  private static Map<String, String> cells(String file, long number, String line) {
    JsonNode node;
    try {
      node = MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw new InputException(
          "%s: line %d: is not valid JSON: %s"
              .formatted(file, number, e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    }
    if (!node.isObject()) {
      throw new InputException(
          "%s: line %d: found %s, expected an object per line".formatted(file, number, line));
    }
    Map<String, String> cells = new LinkedHashMap<>();
    node.properties()
        .forEach(entry -> {
          if (entry.getValue().isContainerNode()) {
            throw new InputException(
                "%s: line %d: column '%s': found %s, expected a number or a text"
                    .formatted(file, number, entry.getKey(), entry.getValue()));
          }
          cells.put(
              entry.getKey().strip(), entry.getValue().isNull() ? "" : entry.getValue().asText());
        });
    return cells;
  }
}

package org.farfit.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * JSON as a table: one object per run, a column per key, an empty cell where an object lacks the
 * key or it is null. Objects follow one another, one per line or over several lines, or are the
 * elements of an array.
 */
final class JsonLines {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

  private final String file;
  private final List<Map<String, String>> objects = new ArrayList<>();
  private final List<Integer> lines = new ArrayList<>();
  private final Set<String> header = new LinkedHashSet<>();

  private JsonLines(String file) {
    this.file = file;
  }

  /** Whether a text begins like an object, or like an array of objects. */
  static boolean looksLike(String text) {
    String start = text.stripLeading();
    if (start.startsWith("[")) {
      start = start.substring(1).stripLeading();
      return start.startsWith("{") || start.startsWith("]");
    }
    return start.startsWith("{");
  }

  static TextTable parse(String file, String text, String sha256) {
    JsonLines found = new JsonLines(file);
    found.read(text);
    List<String> header = List.copyOf(found.header);
    List<TextTable.Row> rows = new ArrayList<>();
    for (int i = 0; i < found.objects.size(); i++) {
      Map<String, String> cells = found.objects.get(i);
      rows.add(
          new TextTable.Row(
              "line " + found.lines.get(i),
              header.stream().map(name -> cells.getOrDefault(name, "")).toList()));
    }
    if (header.isEmpty()) {
      throw new InputException(
          "%s: has no keys in %d JSON objects, expected one object per run such as"
                  .formatted(file, rows.size())
              + " {\"N\": 1e8, \"D\": 2e9, \"loss\": 3.1}");
    }
    return new TextTable(file, header, rows, sha256);
  }

  private void read(String text) {
    boolean inArray = false;
    int line = 1;
    try (JsonParser parser = MAPPER.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        line = parser.currentTokenLocation().getLineNr();
        switch (token) {
          case START_OBJECT -> add(line, parser.readValueAsTree());
          case START_ARRAY, END_ARRAY -> {
            if (inArray == (token == JsonToken.START_ARRAY)) {
              throw notAnObject(line, "an array in an array");
            }
            inArray = !inArray;
          }
          default -> throw notAnObject(line, "'" + parser.getText() + "'");
        }
      }
    } catch (JsonProcessingException e) {
      throw new InputException(
          "%s: line %d: is not valid JSON: %s"
              .formatted(
                  file,
                  e.getLocation() == null ? line : e.getLocation().getLineNr(),
                  e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("text in memory can be read", e);
    }
  }

  private InputException notAnObject(int line, String found) {
    return new InputException(
        "%s: line %d: found %s, expected an object per run".formatted(file, line, found));
  }

  private void add(int line, JsonNode object) {
    Map<String, String> cells = new LinkedHashMap<>();
    object
        .properties()
        .forEach(entry -> {
          JsonNode value = entry.getValue();
          if (value.isContainerNode()) {
            throw new InputException(
                "%s: line %d: column '%s': found %s, expected a number or a text; %s"
                    .formatted(
                        file,
                        line,
                        entry.getKey(),
                        value.isArray() ? "an array" : "an object",
                        "write one object per run, without objects in it"));
          }
          cells.put(entry.getKey().strip(), value.isNull() ? "" : value.asText());
        });
    header.addAll(cells.keySet());
    objects.add(cells);
    lines.add(line);
  }
}

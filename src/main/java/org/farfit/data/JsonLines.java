package org.farfit.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.Reader;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * JSON as a table: one object per run, a column per key, an empty cell where an object lacks the
 * key or it is null. Objects follow one another, one per line or over several lines, or are the
 * elements of an array. What is in an object or an array of a run has the keys that lead there,
 * joined by points: {@code config.params}, {@code results.0.loss}.
 */
final class JsonLines {

  /** How the parser says where something began. */
  private static final Pattern SOURCE = Pattern.compile("\\[Source: [^;]*; ([^\\]]*)\\]");

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Names come from outside: no table of them is kept.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // Other programs write them; as cells they are refused by line and column, or filtered.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(InputLimits.NESTING)
                  .maxNumberLength(InputLimits.NUMBER_CHARACTERS)
                  .maxStringLength(InputLimits.LINE_CHARACTERS)
                  .build())
          .build();

  private final String file;
  private final long skipped;
  private final TextColumns table;
  private final Map<String, Integer> columns = new HashMap<>();

  private JsonLines(String file, long skipped) {
    this.file = file;
    this.skipped = skipped;
    this.table = new TextColumns(file, "line");
  }

  /** Whether the first line that is not blank begins like an object, or an array of objects. */
  static boolean looksLike(String first) {
    String start = first.strip();
    if (start.startsWith("[")) {
      start = start.substring(1).stripLeading();
      return start.isEmpty() || start.startsWith("{") || start.startsWith("]");
    }
    return start.startsWith("{");
  }

  /**
   * Reads a table.
   *
   * @param skipped how many lines came before
   */
  static TextColumns parse(String file, Reader text, long skipped) throws IOException {
    JsonLines found = new JsonLines(file, skipped);
    found.read(text);
    if (found.table.header().isEmpty()) {
      throw new InputException(
          "%s: has no keys in %d JSON objects, expected one object per run such as"
                  .formatted(file, found.table.rowCount())
              + " {\"N\": 1e8, \"D\": 2e9, \"loss\": 3.1}");
    }
    return found.table;
  }

  private void read(Reader text) throws IOException {
    boolean inArray = false;
    long line = skipped + 1;
    try (JsonParser parser = FACTORY.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        line = line(parser);
        switch (token) {
          case START_OBJECT -> add(line, parser);
          case START_ARRAY, END_ARRAY -> {
            if (inArray == (token == JsonToken.START_ARRAY)) {
              throw notAnObject(line, "an array in an array");
            }
            inArray = !inArray;
          }
          default -> throw notAnObject(line, "'" + Shown.text(parser.getText()) + "'");
        }
      }
    } catch (JsonProcessingException e) {
      throw new InputException(
          "%s: line %d: is not valid JSON: %s"
              .formatted(
                  file,
                  e.getLocation() == null ? line : skipped + e.getLocation().getLineNr(),
                  Shown.text(words(e))),
          e);
    }
  }

  /** What is wrong; where something began is a line and a column, not the parser's source, too. */
  private static String words(JsonProcessingException e) {
    return SOURCE.matcher(e.getOriginalMessage().lines().findFirst().orElse("")).replaceAll("$1");
  }

  private long line(JsonParser parser) {
    return skipped + parser.currentTokenLocation().getLineNr();
  }

  private InputException notAnObject(long line, String found) {
    return new InputException(
        "%s: line %d: found %s, expected an object per run".formatted(file, line, found));
  }

  /** Adds the object whose beginning was read. */
  private void add(long line, JsonParser parser) throws IOException {
    addObject("", parser);
    table.endRow(line);
  }

  private void addObject(String prefix, JsonParser parser) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = prefix + parser.currentName().strip();
      parser.nextToken();
      addValue(name, parser);
    }
  }

  private void addArray(String prefix, JsonParser parser) throws IOException {
    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
      addValue(prefix + i, parser);
    }
  }

  private void addValue(String name, JsonParser parser) throws IOException {
    JsonToken value = parser.currentToken();
    if (value == JsonToken.START_OBJECT) {
      addObject(name + ".", parser);
      return;
    }
    if (value == JsonToken.START_ARRAY) {
      addArray(name + ".", parser);
      return;
    }
    Integer column = columns.get(name);
    if (column == null) {
      table.addColumn(name);
      column = columns.size();
      columns.put(name, column);
    }
    if (table.isSet(column)) {
      throw new InputException(
          "%s: line %d: key '%s' occurs twice".formatted(file, line(parser), Shown.text(name)));
    }
    table.set(column, value == JsonToken.VALUE_NULL ? "" : parser.getText());
  }
}

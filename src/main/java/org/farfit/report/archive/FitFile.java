package org.farfit.report.archive;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.farfit.data.FileProblem;
import org.farfit.data.InputException;
import org.farfit.report.output.Json;
import org.farfit.report.output.OutputFile;

/**
 * Reads fit files back. Strict: an unknown or missing key, a duplicate key or a newer format is an
 * error, since a file that is half understood predicts wrongly without saying so.
 */
final class FitFile {

  private static final String FAMILY = "farfit.fit/";

  /** The format is named first: within these bytes. */
  private static final int HEAD = 100;

  /** How Jackson begins its message; it has no exception type of its own for this. */
  private static final String MISSING_KEY = "Missing creator property";

  /** Far more than fit files have. */
  private static final int DEEPEST = 32;

  /** Steps of a key that a message names. */
  private static final int MOST_STEPS = 6;

  private FitFile() {}

  /** How files are read; made when the first one is, since that takes long. */
  private static final class Reader {

    private static final JsonMapper STRICT =
        JsonMapper.builder(
                JsonFactory.builder()
                    .streamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                LogicalType.Textual,
                text ->
                    text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private Reader() {}
  }

  /** Finds out how documents are read, which takes longer than to read a small one. */
  static void prepare() {
    Reader.STRICT.readerFor(FitDocument.class);
  }

  /** Whether a file looks like one that farfit fit wrote, whole or not. */
  static boolean isOne(Path path) {
    return OutputFile.head(path, HEAD).contains("\"" + FAMILY);
  }

  /**
   * Reads a fit file.
   *
   * @throws InputException if it is missing, not a fit file, of a newer format, or broken; the
   *     message names file, line and key
   */
  static FitDocument read(Path path) {
    String text;
    try {
      text = Files.readString(path);
    } catch (MalformedInputException e) {
      throw new InputException(path + ": is not UTF-8 text, expected a fit file (JSON)", e);
    } catch (IOException e) {
      throw new InputException("%s: cannot be read: %s".formatted(path, FileProblem.words(e)), e);
    }
    FitDocument document = parse(path, text);
    try {
      FitCheck.check(document);
    } catch (IllegalArgumentException e) {
      throw new InputException("%s: %s".formatted(path, e.getMessage()), e);
    }
    return document;
  }

  private static FitDocument parse(Path path, String text) {
    String start = text.stripLeading();
    if (!start.startsWith("{") && !start.startsWith("[")) {
      throw new InputException(
          "%s: this is not a fit file, which begins with {; 'farfit fit' makes one of a table of runs"
              .formatted(path));
    }
    String format = format(path, text, false);
    checkFormat(path, format);
    try {
      if (format.equals(FitDocument.SCHEMA)) {
        return Reader.STRICT.readValue(text, FitDocument.class);
      }
      JsonNode tree = Reader.STRICT.readTree(text);
      addNewKeys(tree);
      return Reader.STRICT.treeToValue(tree, FitDocument.class);
    } catch (UnrecognizedPropertyException e) {
      format(path, text, true);
      throw new InputException(
          "%s: %sunknown key '%s'; expected one of %s"
              .formatted(path, line(e), key(e), Json.keys(e.getKnownPropertyIds())),
          e);
    } catch (JsonMappingException e) {
      format(path, text, true);
      boolean missing = e.getOriginalMessage().startsWith(MISSING_KEY);
      throw new InputException(
          "%s: %skey '%s' %s"
              .formatted(
                  path,
                  line(e),
                  key(e),
                  missing ? "is missing" : "cannot be read: " + firstLine(e)),
          e);
    } catch (JacksonException e) {
      // Says where, if the text is no JSON.
      format(path, text, true);
      throw new InputException(
          "%s: %sis not valid JSON: %s".formatted(path, line(e), firstLine(e)), e);
    }
  }

  /**
   * The format that a file names, empty if it names none. Nothing is kept of the text: a million
   * replicates would take twice the memory.
   *
   * @param whole whether to read on when it is found, to find out whether all of it is JSON
   */
  private static String format(Path path, String text, boolean whole) {
    JsonParser parser = null;
    try (JsonParser opened = Reader.STRICT.createParser(text)) {
      parser = opened;
      String format = "";
      while ((whole || format.isEmpty()) && parser.nextToken() != null) {
        boolean atTop =
            parser.getParsingContext().getParent() != null
                && parser.getParsingContext().getParent().inRoot();
        if (atTop
            && "schema".equals(parser.currentName())
            && parser.currentToken().isScalarValue()) {
          format = parser.getText();
        }
      }
      return format;
    } catch (JacksonException e) {
      throw new InputException(
          "%s: line %d: is not valid JSON%s: %s"
              .formatted(
                  path, parser.currentTokenLocation().getLineNr(), within(parser), firstLine(e)),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives the content of an older file the keys that came since. */
  private static void addNewKeys(JsonNode tree) {
    for (String key : List.of("doubt", "backTest")) {
      if (tree.path("auto") instanceof ObjectNode auto && !auto.has(key)) {
        auto.putNull(key);
      }
    }
    putNoHash(tree.path("data"));
    if (tree.path("data") instanceof ObjectNode data && !data.has("sizeTolerance")) {
      data.put("sizeTolerance", 0.0);
    }
    for (String key : List.of("further", "categories")) {
      if (tree.path("data") instanceof ObjectNode data && !data.has(key)) {
        data.putObject(key);
      }
    }
    if (tree.path("input") instanceof ObjectNode input && !input.has("further")) {
      input.putObject("further");
    }
    for (JsonNode fit : tree.path("fits")) {
      putNoHash(fit.path("bootstrap"));
      for (String key : List.of("formula", "noise", "backTest", "unknown")) {
        if (fit instanceof ObjectNode entry && !entry.has(key)) {
          entry.putNull(key);
        }
      }
      if (fit.path("centre") instanceof ObjectNode centre && !centre.has("further")) {
        centre.putObject("further");
      }
      if (fit instanceof ObjectNode entry && !entry.has("atLimit")) {
        entry.putObject("atLimit");
      }
      if (fit.path("noise") instanceof ObjectNode noise && !noise.has("generalised")) {
        noise.put("generalised", false);
      }
    }
  }

  private static void putNoHash(JsonNode entry) {
    if (entry instanceof ObjectNode object && !object.has("sha256")) {
      object.putNull("sha256");
    }
  }

  private static String line(JacksonException e) {
    return e.getLocation() == null ? "" : "line %d: ".formatted(e.getLocation().getLineNr());
  }

  /** The key in which text stops to be JSON, as far as one knows. */
  private static String within(JsonParser parser) {
    String[] steps = parser.getParsingContext().pathAsPointer().toString().split("/", -1);
    String key =
        Arrays.stream(steps)
            .filter(step -> !step.isEmpty())
            .limit(MOST_STEPS)
            .map(step -> step.matches("[0-9]+") ? "[" + step + "]" : step)
            .collect(Collectors.joining("."));
    return key.isEmpty() ? "" : " in key '%s'".formatted(key);
  }

  private static void checkFormat(Path path, String schema) {
    if (!schema.startsWith(FAMILY)) {
      throw new InputException(
          "%s: key 'schema' is '%s', expected '%s': this is not a fit file"
              .formatted(path, schema, FitDocument.SCHEMA));
    }
    if (!List.of(FitDocument.SCHEMA, FitDocument.SCHEMA_OF_SIZES, FitDocument.SCHEMA_WITHOUT_HASHES)
        .contains(schema)) {
      throw new InputException(
          "%s: has format '%s' but this Farfit reads '%s'; update Farfit or fit again"
              .formatted(path, schema, FitDocument.SCHEMA));
    }
  }

  private static String key(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
        .collect(Collectors.joining("."));
  }

  private static String firstLine(JacksonException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("");
  }
}

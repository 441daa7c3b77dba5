package org.farfit.sweep;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.farfit.data.InputException;
import org.farfit.data.InputLimits;
import org.farfit.data.SmallTextFile;
import org.farfit.report.output.Json;

/** Reads sweeps from JSON or YAML (files that end in {@code .yaml} or {@code .yml}). Strict. */
public final class SweepFile {

  /** Far more than sweeps have. */
  private static final int DEEPEST = 16;

  private static final Pattern KEY = Pattern.compile("key '([a-z]+)'");

  private SweepFile() {}

  /**
   * Reads a sweep.
   *
   * @throws InputException if it cannot be read; the message names file, line and key
   */
  public static SweepSpec read(Path path) {
    String name = path.getFileName().toString();
    boolean yaml = name.endsWith(".yaml") || name.endsWith(".yml");
    ObjectMapper mapper = yaml ? new ObjectMapper(new YAMLFactory()) : JsonMapper.builder().build();
    mapper
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        // In what is included or excluded, one value needs no brackets.
        .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    String text =
        SmallTextFile.read(
            path, InputLimits.SPECIFICATION_CHARACTERS, "a file that states a sweep");
    try {
      checkTypes(path, text, mapper);
      SweepSpec spec = mapper.readValue(text, SweepSpec.class);
      if (spec == null) {
        throw empty(path);
      }
      return spec;
    } catch (UnrecognizedPropertyException e) {
      throw new InputException(
          "%s: line %d: unknown key '%s'; expected one of %s"
              .formatted(
                  path,
                  lineOf(text, Pattern.quote(e.getPropertyName())),
                  e.getPropertyName(),
                  Json.keys(e.getKnownPropertyIds())),
          e);
    } catch (JsonMappingException e) {
      throw text.isBlank() ? empty(path) : mapping(path, text, e);
    } catch (JacksonException e) {
      throw new InputException(
          "%s: line %d: cannot be read: %s"
              .formatted(path, line(e.getLocation()), firstLine(e.getOriginalMessage())),
          e);
    }
  }

  private static InputException empty(Path path) {
    return new InputException(path + ": line 1: is empty, expected a sweep with key 'inputs'");
  }

  /** Keys whose values are whole numbers. */
  private static final Set<String> NUMBERS = Set.of("seeds", "seed", "starts", "bootstrap");

  /** Numbers are whole, text is text: nothing is taken for what it is not. */
  private static void checkTypes(Path path, String text, ObjectMapper mapper)
      throws JacksonException {
    try (JsonParser parser = mapper.createParser(text)) {
      String key = "";
      int depth = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : 0;
        depth -= token.isStructEnd() ? 1 : 0;
        if (token == JsonToken.FIELD_NAME) {
          key = parser.currentName();
        }
        String problem = problem(parser, token, key);
        if (problem != null && key.isEmpty()) {
          throw new InputException(
              "%s: line %d: expected keys with values, such as inputs: [runs.csv]"
                  .formatted(path, line(parser.currentTokenLocation())));
        }
        if (problem != null) {
          throw new InputException(
              "%s: line %d: key '%s': %s"
                  .formatted(path, line(parser.currentTokenLocation()), key, problem));
        }
        if (depth > DEEPEST) {
          throw new InputException(
              "%s: line %d: key '%s' is nested too deeply"
                  .formatted(path, line(parser.currentTokenLocation()), key));
        }
      }
    } catch (JacksonException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String problem(JsonParser parser, JsonToken token, String key) throws IOException {
    if (parser instanceof YAMLParser yaml && isAlias(yaml)) {
      return "*%s is an alias, which sweeps do not have; write what it stands for"
          .formatted(parser.getText());
    }
    boolean number = NUMBERS.contains(key);
    return switch (token) {
      case VALUE_NULL -> "is empty";
      case VALUE_NUMBER_FLOAT ->
          number ? "is %s, expected a whole number".formatted(parser.getText()) : text(parser);
      case VALUE_NUMBER_INT ->
          !number
              ? text(parser)
              : key.equals("starts") && parser.getBigIntegerValue().signum() <= 0
                  ? "is %s, not positive".formatted(parser.getText())
                  : null;
      case VALUE_TRUE, VALUE_FALSE -> text(parser);
      case VALUE_STRING ->
          number && !key.equals("seed")
              ? "is '%s', expected a whole number".formatted(parser.getText())
              : null;
      default -> null;
    };
  }

  private static String text(JsonParser parser) throws IOException {
    return "is %s, expected text; put it between quotes".formatted(parser.getText());
  }

  /** Jackson gives the name of an alias as if it were text. */
  @SuppressWarnings("deprecation") // There is no other way to ask.
  private static boolean isAlias(YAMLParser parser) {
    return parser.isCurrentAlias();
  }

  /** The checks of a sweep name a key, and the line is where the file has it. */
  private static InputException mapping(Path path, String text, JsonMappingException e) {
    if (e.getCause() instanceof IllegalArgumentException check) {
      Matcher key = KEY.matcher(check.getMessage());
      int line = key.find() ? lineOf(text, key.group(1)) : 1;
      return new InputException("%s: line %d: %s".formatted(path, line, check.getMessage()), e);
    }
    String key =
        e.getPath().stream()
            .map(JsonMappingException.Reference::getFieldName)
            .filter(field -> field != null)
            .collect(Collectors.joining("."));
    return new InputException(
        "%s: line %d: key '%s' cannot be read: %s"
            .formatted(path, line(e.getLocation()), key, firstLine(e.getOriginalMessage())),
        e);
  }

  private static int line(JsonLocation location) {
    return location == null ? 1 : Math.max(1, location.getLineNr());
  }

  private static int lineOf(String text, String key) {
    Matcher found = Pattern.compile("(?m)^[\\s{]*\"?" + key + "\"?\\s*:").matcher(text);
    return found.find()
        ? (int) text.substring(0, found.start()).lines().count()
            + (found.start() == 0 || text.charAt(found.start() - 1) == '\n' ? 1 : 0)
            + leadingLines(found.group())
        : 1;
  }

  private static int leadingLines(String matched) {
    return (int) matched.chars().filter(c -> c == '\n').count();
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }
}

package org.farfit.report.output;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Writes results as indented JSON, one key per line, with a newline at the end. */
public final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(
              new SimpleModule()
                  .addSerializer(Double.class, new OrNull())
                  .addSerializer(double.class, new OrNull())
                  .addSerializer(double[].class, new EachOrNull()))
          .build();

  private static final ObjectWriter WRITER =
      MAPPER.writer(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));

  private Json() {}

  /** A number, or null where it is not finite, whoever forgot to ask. */
  private static final class OrNull extends StdSerializer<Double> {

    private static final long serialVersionUID = 1L;

    OrNull() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (Double.isFinite(value)) {
        json.writeNumber(value.doubleValue());
      } else {
        json.writeNull();
      }
    }
  }

  /** The same for each number of an array. */
  private static final class EachOrNull extends StdSerializer<double[]> {

    private static final long serialVersionUID = 1L;

    EachOrNull() {
      super(double[].class);
    }

    @Override
    public void serialize(double[] values, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeStartArray(values, values.length);
      for (double value : values) {
        if (Double.isFinite(value)) {
          json.writeNumber(value);
        } else {
          json.writeNull();
        }
      }
      json.writeEndArray();
    }
  }

  /** A number, or null where it is not finite, which JSON cannot say. */
  public static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  /** The number that {@link #finite} wrote; NaN for null. */
  public static double number(Double value) {
    return value == null ? Double.NaN : value;
  }

  /** Keys for people: sorted, with commas between. */
  public static String keys(Collection<?> keys) {
    return keys.stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
  }

  /** SHA-256 of some texts by name, hexadecimal. */
  public static String hash(Map<String, String> texts) {
    try {
      byte[] bytes = text(new TreeMap<>(texts)).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Finds out how records of a class are written, which takes longer than to write a small one. */
  public static void prepare(Class<?> type) {
    WRITER.forType(type);
  }

  /**
   * The JSON text of a record whose sentences for people are put in other words.
   *
   * @param keys under which such sentences are, alone or in a list
   * @param words what to say instead
   */
  public static String text(Object value, Set<String> keys, UnaryOperator<String> words) {
    JsonNode tree = MAPPER.valueToTree(value);
    reword(tree, false, keys, words);
    return text(tree);
  }

  private static void reword(
      JsonNode node, boolean isSaid, Set<String> keys, UnaryOperator<String> words) {
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(entry -> {
            boolean said = keys.contains(entry.getKey());
            if (said && entry.getValue().isTextual()) {
              entry.setValue(TextNode.valueOf(words.apply(entry.getValue().textValue())));
            } else {
              reword(entry.getValue(), said, keys, words);
            }
          });
    } else if (node instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        if (isSaid && list.get(i).isTextual()) {
          list.set(i, TextNode.valueOf(words.apply(list.get(i).textValue())));
        } else {
          reword(list.get(i), false, keys, words);
        }
      }
    }
  }

  /** The JSON text of a record. */
  public static String text(Object value) {
    try {
      return WRITER.writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("results are plain records", e);
    }
  }
}

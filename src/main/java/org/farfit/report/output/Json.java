package org.farfit.report.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes results as indented JSON, one key per line, with a newline at the end. */
public final class Json {

  private static final ObjectWriter WRITER =
      JsonMapper.builder()
          .build()
          .writer(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));

  private Json() {}

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

  /** The JSON text of a record. */
  public static String text(Object value) {
    try {
      return WRITER.writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("results are plain records", e);
    }
  }
}

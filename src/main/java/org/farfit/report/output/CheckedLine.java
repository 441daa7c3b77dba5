package org.farfit.report.output;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Lines of text that tell whether they are whole: checksum (CRC-32C, hexadecimal) and length in
 * bytes stand before the content, which has no line breaks.
 */
public final class CheckedLine {

  private static final Pattern LINE = Pattern.compile("([0-9a-f]{8}) ([0-9]{1,10}) (.*)");

  private CheckedLine() {}

  /** A line with its end. */
  public static String of(String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return "%08x %d %s\n".formatted(checksum(bytes), bytes.length, content);
  }

  /** What a line without its end holds; empty if it is not what was written. */
  public static Optional<String> content(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      return Optional.empty();
    }
    byte[] bytes = parts.group(3).getBytes(StandardCharsets.UTF_8);
    boolean whole =
        Long.parseLong(parts.group(2)) == bytes.length
            && Long.parseLong(parts.group(1), 16) == checksum(bytes);
    return whole ? Optional.of(parts.group(3)) : Optional.empty();
  }

  private static long checksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    return checksum.getValue();
  }
}

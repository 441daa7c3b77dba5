package org.farfit.data;

import com.fasterxml.jackson.core.io.NumberInput;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers as people write them: {@code 25.1e9}, {@code 25.1B}, {@code 200M}, {@code 3T}, {@code
 * 64k}. Stricter than {@link Double#parseDouble}, which also takes {@code 1d}, {@code NaN} and
 * hexadecimal. At most {@link InputLimits#NUMBER_CHARACTERS} characters.
 */
public final class Quantity {

  /** Possessive: a text that is no number is told in one pass. */
  private static final Pattern NUMBER =
      Pattern.compile("([+-]?(?:\\d++(?:\\.\\d*+)?|\\.\\d++)(?:[eE][+-]?\\d++)?)\\s*+([kKMBGT]?)");

  private static final Map<String, Double> FACTORS =
      Map.of("", 1.0, "k", 1e3, "K", 1e3, "M", 1e6, "B", 1e9, "G", 1e9, "T", 1e12);

  private Quantity() {}

  /**
   * Reads a number with an optional suffix k, M, B (or G), T for 10^3, 10^6, 10^9, 10^12.
   *
   * @throws NumberFormatException if the text is anything else
   */
  public static double parse(String text) {
    String stripped = text.strip();
    if (stripped.length() > InputLimits.NUMBER_CHARACTERS) {
      throw new NumberFormatException(
          "'%s' has more than the %,d characters that a number may have"
              .formatted(Shown.text(stripped), InputLimits.NUMBER_CHARACTERS));
    }
    if (isPlain(stripped)) {
      // Faster by a third than the JDK's, and the same to the last bit.
      return NumberInput.parseDouble(stripped, true);
    }
    Matcher matcher = NUMBER.matcher(stripped);
    if (!matcher.matches()) {
      throw new NumberFormatException("'" + Shown.text(text) + "' is not a number");
    }
    return NumberInput.parseDouble(matcher.group(1), true) * FACTORS.get(matcher.group(2));
  }

  /** Whether it is digits, and at most one point among them: by far the most numbers of tables. */
  private static boolean isPlain(String text) {
    boolean point = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.' && !point && i > 0) {
        point = true;
      } else if (c < '0' || c > '9') {
        return false;
      }
    }
    return !text.isEmpty();
  }
}

package org.farfit.data;

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
    Matcher matcher = NUMBER.matcher(stripped);
    if (!matcher.matches()) {
      throw new NumberFormatException("'" + Shown.text(text) + "' is not a number");
    }
    return Double.parseDouble(matcher.group(1)) * FACTORS.get(matcher.group(2));
  }
}

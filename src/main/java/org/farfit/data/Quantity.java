package org.farfit.data;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers as people write them: {@code 25.1e9}, {@code 25.1B}, {@code 200M}, {@code 3T}, {@code
 * 64k}. Stricter than {@link Double#parseDouble}, which also takes {@code 1d}, {@code NaN} and
 * hexadecimal.
 */
public final class Quantity {

  private static final Pattern NUMBER =
      Pattern.compile("([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)\\s*([kKMBGT]?)");

  private static final Map<String, Double> FACTORS =
      Map.of("", 1.0, "k", 1e3, "K", 1e3, "M", 1e6, "B", 1e9, "G", 1e9, "T", 1e12);

  private Quantity() {}

  /**
   * Reads a number with an optional suffix k, M, B (or G), T for 10^3, 10^6, 10^9, 10^12.
   *
   * @throws NumberFormatException if the text is anything else
   */
  public static double parse(String text) {
    Matcher matcher = NUMBER.matcher(text.strip());
    if (!matcher.matches()) {
      throw new NumberFormatException("'" + text + "' is not a number");
    }
    return Double.parseDouble(matcher.group(1)) * FACTORS.get(matcher.group(2));
  }
}

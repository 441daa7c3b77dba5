package org.farfit.formula;

import java.util.Collection;
import java.util.Locale;
import org.farfit.data.EditDistance;
import org.farfit.data.InputException;
import org.farfit.data.Shown;

/** Errors in a formula: they quote it and point at the character. */
final class FormulaError {

  /** Characters quoted on either side of the one pointed at. */
  private static final int AROUND = 38;

  /** A name further away than this share of its length is no suggestion. */
  private static final double NEAR = 0.6;

  private FormulaError() {}

  /**
   * An error.
   *
   * @param source what the formula is called: {@code --law}, or a file and key
   * @param at the character, from 0
   */
  static InputException at(String source, String text, int at, String problem) {
    int from = Math.max(0, at - AROUND);
    int to = Math.min(text.length(), at + AROUND);
    String quoted = Shown.inPlace(text.substring(from, to));
    String before = from > 0 ? "..." : "";
    return new InputException(
        "%s: character %d: %s%n  %s%s%s%n  %s^"
            .formatted(
                source,
                at + 1,
                Shown.message(problem),
                before,
                quoted,
                to < text.length() ? "..." : "",
                " ".repeat(before.length() + at - from)));
  }

  /** A clause that names the nearest of some names, or nothing if none is near. */
  static String nearest(String wanted, Collection<String> names) {
    String best = null;
    int least = Integer.MAX_VALUE;
    for (String name : names) {
      int distance =
          EditDistance.of(name.toLowerCase(Locale.ROOT), wanted.toLowerCase(Locale.ROOT));
      if (distance < least) {
        least = distance;
        best = name;
      }
    }
    return best == null || least > NEAR * Math.max(best.length(), wanted.length())
        ? ""
        : "; nearest is '" + Shown.text(best) + "'";
  }
}

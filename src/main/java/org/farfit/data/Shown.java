package org.farfit.data;

import java.util.List;

/**
 * Text of the user's as messages show it: without characters that steer a terminal, and shortened
 * in its middle, so that a message stays on the screen.
 */
public final class Shown {

  /** Characters of the end that are kept of a text that is too long. */
  private static final double KEPT_END = 0.3;

  private Shown() {}

  /**
   * One text, of at most {@link InputLimits#SHOWN_CHARACTERS} characters and a word on the rest.
   */
  public static String text(String text) {
    return fitting(text, InputLimits.SHOWN_CHARACTERS);
  }

  /** Several texts with commas between, as long together as one message allows for. */
  public static String list(List<String> texts) {
    int most = InputLimits.MESSAGE_CHARACTERS / 2;
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < texts.size(); i++) {
      if (list.length() > most) {
        return list.append(", and %,d more".formatted(texts.size() - i)).toString();
      }
      list.append(i == 0 ? "" : ", ").append(text(texts.get(i)));
    }
    return list.toString();
  }

  /** A whole message, of at most {@link InputLimits#MESSAGE_CHARACTERS} characters. */
  public static String message(String message) {
    return fitting(message, InputLimits.MESSAGE_CHARACTERS);
  }

  private static String fitting(String text, int most) {
    // Written out, characters are longer.
    return shortened(steady(shortened(text, most)), most);
  }

  private static String shortened(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = (int) (KEPT_END * most);
    int start = most - end;
    String left = " ... (%,d characters left out) ... ".formatted(text.length() - most);
    return text.substring(0, start) + left + text.substring(text.length() - end);
  }

  /** Control characters other than line ends, written out; so are marks of writing direction. */
  private static String steady(String text) {
    if (text.chars().noneMatch(Shown::steers)) {
      return text;
    }
    StringBuilder steady = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      steady.append(steers(c) ? "\\u%04x".formatted((int) c) : String.valueOf(c));
    }
    return steady.toString();
  }

  /**
   * Text on one line, every character in its place, to point at one: what would steer a terminal is
   * a question mark.
   */
  public static String inPlace(String text) {
    StringBuilder steady = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      steady.append(Character.isWhitespace(c) ? ' ' : steers(c) ? '?' : c);
    }
    return steady.toString();
  }

  private static boolean steers(int c) {
    return (Character.isISOControl(c) && c != '\n')
        || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069);
  }
}

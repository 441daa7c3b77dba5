package org.farfit.report.output;

/**
 * Text cells of comma-separated tables, made safe for spreadsheets, which take a cell that begins
 * with one of {@code = + - @}, a tab or a carriage return for a formula (OWASP, "CSV Injection"). A
 * leading apostrophe keeps it text. Cells of numbers are not touched.
 */
public final class GuardedText {

  private static final String FORMULA_STARTS = "=+-@\t\r";

  private GuardedText() {}

  /** The text, with an apostrophe before it if a spreadsheet would calculate it. */
  public static String of(String text) {
    boolean formula = !text.isEmpty() && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0;
    return formula ? "'" + text : text;
  }
}

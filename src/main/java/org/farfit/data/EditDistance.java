package org.farfit.data;

/** How far apart two names are, by which messages find the one that was meant. */
public final class EditDistance {

  private EditDistance() {}

  /**
   * Levenshtein's edit distance, by rows of its table: insertions, deletions and substitutions of
   * characters. Of each name as much is compared as a message would show.
   */
  public static int of(String first, String second) {
    String a = compared(first);
    String b = compared(second);
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(substitution, 1 + Math.min(row[j - 1], previous[j]));
      }
      previous = row;
    }
    return previous[b.length()];
  }

  private static String compared(String name) {
    return name.substring(0, Math.min(name.length(), InputLimits.SHOWN_CHARACTERS));
  }
}

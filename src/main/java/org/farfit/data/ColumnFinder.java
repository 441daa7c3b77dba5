package org.farfit.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds columns of a table by name: the one asked for, or the first usual name that occurs, spelled
 * exactly or else up to case, spaces and punctuation.
 */
final class ColumnFinder {

  static final List<String> USUAL_N = List.of("N", "n", "params", "parameters", "model_size");
  static final List<String> USUAL_D = List.of("D", "d", "tokens");
  static final List<String> USUAL_LOSS = List.of("L", "loss", "val_loss", "bpc");

  private final String file;
  private final List<String> header;

  ColumnFinder(String file, List<String> header) {
    this.file = file;
    this.header = header;
  }

  /** The index of a column that the user named. */
  int named(String name, String option) {
    List<Integer> found = positions(name);
    if (found.isEmpty()) {
      throw missing("no column '%s'".formatted(name), name, option);
    }
    return single(name, found);
  }

  /** The index of the first usual name that occurs. */
  int usual(String what, List<String> names, String option) {
    for (String name : names) {
      List<Integer> found = positions(name);
      if (!found.isEmpty()) {
        return single(name, found);
      }
    }
    for (String name : names) {
      for (int i = 0; i < header.size(); i++) {
        if (plain(header.get(i)).equals(plain(name))) {
          return i;
        }
      }
    }
    throw missing(
        "no column for %s (tried %s)".formatted(what, String.join(", ", names)),
        names.getFirst(),
        option);
  }

  /** The index of a column by its exact name, if there is one. */
  Optional<Integer> exact(String name) {
    List<Integer> found = positions(name);
    return found.isEmpty() ? Optional.empty() : Optional.of(single(name, found));
  }

  String name(int column) {
    return header.get(column);
  }

  /** An error that lists the columns and suggests the nearest. */
  InputException missing(String problem, String wanted, String option) {
    return new InputException(
        "%s: line 1: %s; the columns are %s; nearest is '%s'; name one with %s"
            .formatted(file, problem, String.join(", ", header), nearest(wanted), option));
  }

  private int single(String name, List<Integer> found) {
    if (found.size() > 1) {
      throw new InputException(
          "%s: line 1: column '%s' occurs %d times; rename all but one"
              .formatted(file, name, found.size()));
    }
    return found.getFirst();
  }

  private List<Integer> positions(String name) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < header.size(); i++) {
      if (header.get(i).equals(name)) {
        found.add(i);
      }
    }
    return found;
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
  }

  private String nearest(String wanted) {
    String best = header.getFirst();
    for (String candidate : header) {
      if (distance(plain(candidate), plain(wanted)) < distance(plain(best), plain(wanted))) {
        best = candidate;
      }
    }
    return best;
  }

  /** Levenshtein's edit distance, by rows of its table. */
  private static int distance(String a, String b) {
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
}

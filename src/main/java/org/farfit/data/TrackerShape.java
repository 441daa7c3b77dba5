package org.farfit.data;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Shapes in which trackers and programs write something else than a table of runs, and what to give
 * instead; docs/data.md has the steps.
 */
final class TrackerShape {

  /** A chart of Weights and Biases has columns "RUN - METRIC", and their ends over a step. */
  private static final Pattern OF_CHART = Pattern.compile(".+ - .+?(__MIN|__MAX)?");

  /** Columns of the loop in the documentation of Weights and Biases that saves runs as dicts. */
  private static final Set<String> DICTS = Set.of("summary", "config");

  /** Columns of the history of a metric in MLflow. */
  private static final Set<String> METRIC = Set.of("key", "value", "timestamp", "step");

  /** A column of an element of an array that an object holds. */
  private static final Pattern ELEMENT = Pattern.compile("(.+?)\\.(\\d+)(\\..+)?");

  /** Columns that an object may have beside an array of all runs. */
  private static final int BESIDE_ARRAY = 3;

  private TrackerShape() {}

  /** What to do about a table of such a shape, in words. */
  static Optional<String> of(List<String> header) {
    if (header.size() == 1) {
      return Optional.of(
          "There is one column: others go behind a comma, tab, semicolon or |, and names of columns"
              + " in the first line");
    }
    if (header.size() > 1
        && header.stream().skip(1).allMatch(name -> OF_CHART.matcher(name).matches())) {
      return Optional.of(
          "This is a chart as Weights & Biases exports it, a column per run, which does not say"
              + " what N a run has: export the table of runs, or turn the columns into rows"
              + " (docs/data.md)");
    }
    if (header.containsAll(DICTS)) {
      return Optional.of(
          "Columns 'summary' and 'config' hold whole dicts: write a column per key, by"
              + " pandas.json_normalize (docs/data.md)");
    }
    if (header.containsAll(METRIC)) {
      return Optional.of(
          "This is the history of a metric as MLflow keeps it, which does not say what N a run has:"
              + " export the runs by mlflow.search_runs().to_csv (docs/data.md)");
    }
    if (isOfColumns(header)) {
      return Optional.of(
          "This is one object of columns: write an object per run, as"
              + " pandas.read_json(FILE).to_csv(NEW_FILE, index=False) does");
    }
    return arrayWithin(header)
        .map(name ->
            "All runs are in the array '%s' of one object: give the array alone, as jq '.%s' does"
                .formatted(Shown.text(name), Shown.text(name)));
  }

  /** Whether every name is that of an element of one of several arrays of the same length. */
  private static boolean isOfColumns(List<String> header) {
    Map<String, Set<String>> elements = new HashMap<>();
    for (String name : header) {
      Matcher element = ELEMENT.matcher(name);
      if (!element.matches() || element.group(3) != null) {
        return false;
      }
      elements.computeIfAbsent(element.group(1), key -> new HashSet<>()).add(element.group(2));
    }
    return elements.size() > 1
        && Set.copyOf(elements.values()).size() == 1
        && elements.values().iterator().next().size() > 1;
  }

  /** The one array that nearly all columns come from, with two elements or more. */
  private static Optional<String> arrayWithin(List<String> header) {
    List<Matcher> elements =
        header.stream().map(ELEMENT::matcher).filter(Matcher::matches).toList();
    return elements.stream()
        .map(each -> each.group(1))
        .distinct()
        .filter(name ->
            header.size() - BESIDE_ARRAY
                    <= elements.stream().filter(each -> each.group(1).equals(name)).count()
                && elements.stream()
                    .anyMatch(each -> each.group(1).equals(name) && each.group(2).equals("1")))
        .findFirst();
  }
}

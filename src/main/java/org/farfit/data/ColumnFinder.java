package org.farfit.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds columns of a table by name: the one asked for, or the first usual name that occurs, spelled
 * exactly or else up to case, spaces and punctuation, or else after the prefix by which trackers of
 * experiments say where a value is from ({@code config/params}, {@code metrics.loss}). What is
 * missing is collected, and told at once by {@link #check}.
 */
final class ColumnFinder {

  /**
   * What a column may hold.
   *
   * @param label how messages call it
   * @param usual its usual names
   * @param words whose presence in a name speaks for the role
   * @param otherwise words whose presence speaks against it
   */
  record Role(String label, List<String> usual, Set<String> words, Set<String> otherwise) {

    static final Role N =
        new Role(
            "N",
            List.of("N", "n", "params", "parameters", "model_size", "num_params", "n_params"),
            Set.of("n", "param", "params", "parameter", "parameters", "nparams", "size"),
            Set.of("batch", "vocab", "data", "dataset", "per"));

    static final Role D =
        new Role(
            "D",
            List.of("D", "d", "tokens", "num_tokens", "n_tokens", "train_tokens", "tokens_seen"),
            Set.of("d", "token", "tokens", "ntokens"),
            Set.of("batch", "vocab", "per"));

    static final Role COMPUTE =
        new Role(
            "compute",
            List.of("C", "flops", "compute", "train_flops", "training_flops", "total_flops"),
            Set.of("flop", "flops", "compute"),
            Set.of("s", "sec", "second", "per", "peak", "utilization"));

    static final Role PERPLEXITY =
        new Role(
            "perplexity", List.of("perplexity"), Set.of("ppl", "perplexity"), Set.of("std", "log"));

    static final Role ERROR_RATE =
        new Role(
            "error rate",
            List.of("error_rate"),
            Set.of("error", "err"),
            Set.of("std", "standard", "message", "code"));

    static final Role ACCURACY =
        new Role("accuracy", List.of("accuracy"), Set.of("acc", "accuracy"), Set.of("std", "norm"));

    static final Role LOSS =
        new Role(
            "the loss",
            List.of("L", "loss", "val_loss", "bpc", "eval_loss", "validation_loss", "final_loss"),
            Set.of("l", "loss", "nll", "bpc", "bpb", "entropy"),
            Set.of("std", "stderr", "scale"));

    /** Whether a name has the meaning of this role, by its words. */
    private boolean isMeantBy(String name) {
      List<String> parts =
          Arrays.stream(name.split("[^\\p{L}\\p{N}]+|(?<=\\p{Ll})(?=\\p{Lu})"))
              .map(part -> part.toLowerCase(Locale.ROOT))
              .toList();
      return parts.stream().anyMatch(words::contains)
          && parts.stream().noneMatch(otherwise::contains);
    }
  }

  /**
   * Prefixes of the columns that trackers export: of Weights and Biases {@code config} and {@code
   * summary}, of MLflow {@code params} and {@code metrics}, of others {@code hyperparameters}; also
   * one inside the other, such as {@code config/model/}.
   */
  private static final Pattern TRACKED =
      Pattern.compile(
          "((config|summary|summary_metrics|params|metrics|hparams|hyperparameters|model|train|data)[./])+");

  /** Names that stand in expressions without quotes. */
  private static final Pattern PLAIN_WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");

  private static final int MOST_NEAR = 3;
  private static final int MOST_LISTED = 40;

  private final String file;
  private final List<String> header;
  private final List<String> problems = new ArrayList<>();
  private final List<String> advice = new ArrayList<>();

  ColumnFinder(String file, List<String> header) {
    this.file = file;
    this.header = header;
  }

  /** The index of a column that the user named; -1 and a problem if there is none. */
  int named(String name, String option) {
    Optional<Integer> found = exact(name);
    if (found.isEmpty()) {
      missing("no column '%s'".formatted(Shown.text(name)), nearest(name), option);
    }
    return found.orElse(-1);
  }

  /** The index of the first usual name that occurs; -1 and a problem if there is none. */
  int usual(Role role, String option) {
    int found = likely(role);
    if (found < 0) {
      List<String> near = role.equals(Role.LOSS) ? nearestLoss() : nearest(role);
      List<String> compute = role.equals(Role.D) && near.isEmpty() ? compute() : List.of();
      missing(
          "no column for %s (tried %s)".formatted(role.label, String.join(", ", role.usual)),
          near,
          compute.isEmpty()
              ? option
              : "%s, or training FLOPs with %s, from which D = C / (6 N): %s"
                  .formatted(Setting.D, Setting.COMPUTE, enumerated(compute)));
    }
    return found;
  }

  /** Columns of losses, else what falls like one: of perplexities, error rates, accuracies. */
  private List<String> nearestLoss() {
    return Stream.of(
            nearest(Role.LOSS),
            inWords(Role.PERPLEXITY, "log(%s)"),
            header.stream().filter(Role.ERROR_RATE::isMeantBy).limit(MOST_NEAR).toList(),
            inWords(Role.ACCURACY, "1 - %s"))
        .filter(near -> !near.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  /** Columns that are meant by their words, as an expression. */
  private List<String> inWords(Role role, String expression) {
    return header.stream()
        .filter(role::isMeantBy)
        .limit(MOST_NEAR)
        .map(name -> PLAIN_WORD.matcher(name).matches() ? name : "`%s`".formatted(name))
        .map(expression::formatted)
        .toList();
  }

  /** Columns that may hold training compute. */
  private List<String> compute() {
    int found = likely(Role.COMPUTE);
    return found >= 0
        ? List.of(header.get(found))
        : header.stream().filter(Role.COMPUTE::isMeantBy).limit(MOST_NEAR).toList();
  }

  /** The index of the first usual name that occurs; -1 if there is none. */
  int likely(Role role) {
    for (String name : role.usual) {
      List<Integer> found = positions(name);
      if (!found.isEmpty()) {
        return single(name, found);
      }
    }
    for (String name : role.usual) {
      for (int i = 0; i < header.size(); i++) {
        if (plain(header.get(i)).equals(plain(name))) {
          return i;
        }
      }
    }
    for (String name : role.usual) {
      List<Integer> found = tracked(name);
      if (found.size() == 1) {
        return found.getFirst();
      }
    }
    return -1;
  }

  /** The index of a column by its exact name, if there is one. */
  Optional<Integer> exact(String name) {
    List<Integer> found = positions(name);
    return found.isEmpty() ? Optional.empty() : Optional.of(single(name, found));
  }

  String name(int column) {
    return header.get(column);
  }

  /**
   * Ends the search.
   *
   * @throws InputException with every column that was missing and those that there are
   */
  void check() {
    if (!problems.isEmpty()) {
      throw new InputException(
          "%s: line 1: %s; the columns are %s%s"
              .formatted(
                  file,
                  String.join("; ", problems),
                  listed(),
                  TrackerShape.of(header).map(shape -> ". " + shape).orElse("")),
          advice);
    }
  }

  private String listed() {
    String names =
        header.stream().limit(MOST_LISTED).map(Shown::text).collect(Collectors.joining(", "));
    int more = header.size() - MOST_LISTED;
    return more > 0 ? "%s and %d more".formatted(names, more) : names;
  }

  private void missing(String problem, List<String> near, String option) {
    // No column of what is no table of runs is the one.
    Optional<String> shape = TrackerShape.of(header);
    String nearest = near.isEmpty() || shape.isPresent() ? "" : ", try " + enumerated(near);
    String nameOne = "name one with " + option;
    problems.add("%s: %s%s".formatted(problem, nameOne, nearest));
    advice.add(nameOne);
  }

  private static String enumerated(List<String> names) {
    return names.stream()
        .map(name -> "'%s'".formatted(Shown.text(name)))
        .collect(Collectors.joining(" or "));
  }

  private int single(String name, List<Integer> found) {
    if (found.size() > 1) {
      throw new InputException(
          "%s: line 1: column '%s' occurs %d times; rename all but one"
              .formatted(file, Shown.text(name), found.size()));
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

  /** Columns of which a name is left without the prefix of a tracker. */
  private List<Integer> tracked(String name) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < header.size(); i++) {
      Matcher prefix = TRACKED.matcher(header.get(i));
      if (prefix.lookingAt() && plain(header.get(i).substring(prefix.end())).equals(plain(name))) {
        found.add(i);
      }
    }
    return found;
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
  }

  /** Columns that mean the same by their words, else one that may be a misspelled usual name. */
  private List<String> nearest(Role role) {
    List<String> meant = header.stream().filter(role::isMeantBy).limit(MOST_NEAR).toList();
    if (!meant.isEmpty()) {
      return meant;
    }
    return closest(name ->
        role.usual.stream()
            .filter(usual -> isMisspelling(name, usual))
            .mapToInt(usual -> EditDistance.of(plain(name), plain(usual)))
            .min()
            .orElse(Integer.MAX_VALUE));
  }

  private List<String> nearest(String wanted) {
    return closest(name ->
        isMisspelling(name, wanted)
            ? EditDistance.of(plain(name), plain(wanted))
            : Integer.MAX_VALUE);
  }

  /** Whether at most every third letter differs. */
  private static boolean isMisspelling(String name, String wanted) {
    return 3 * EditDistance.of(plain(name), plain(wanted)) <= plain(wanted).length();
  }

  private List<String> closest(ToIntFunction<String> distance) {
    return header.stream()
        .filter(name -> distance.applyAsInt(name) < Integer.MAX_VALUE)
        .min(Comparator.comparingInt(distance))
        .map(List::of)
        .orElse(List.of());
  }
}

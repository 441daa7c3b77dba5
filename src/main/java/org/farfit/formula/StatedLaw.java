package org.farfit.formula;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.farfit.data.ColumnOptions;
import org.farfit.data.InputException;
import org.farfit.data.RunColumns;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.data.Setting;
import org.farfit.law.Law;
import org.farfit.law.Laws;

/**
 * A law as a user names it: one of those made by hand, a law of the shelf, a law file, or a
 * formula. What a formula means depends on the runs: a name that is a column of theirs is a column.
 *
 * @param made a law made by hand
 * @param text a law as a text
 */
public record StatedLaw(Optional<Law> made, Optional<LawText> text) {

  /** What no name has. */
  private static final Pattern FORMULA = Pattern.compile("[-+*/^()=\\[;]");

  /** A law made by hand. */
  public static StatedLaw of(Law law) {
    return new StatedLaw(Optional.of(law), Optional.empty());
  }

  /** A law as a text. */
  public static StatedLaw of(LawText text) {
    return new StatedLaw(Optional.empty(), Optional.of(text));
  }

  /** What commands and tables call it. */
  public String name() {
    return made.map(Law::name).orElseGet(() -> text.orElseThrow().name());
  }

  /**
   * Reads a law: the name of one, the path of a law file, or a formula.
   *
   * @throws InputException if a law file cannot be read
   * @throws IllegalArgumentException if it is none of these; the message lists the laws there are
   */
  public static StatedLaw parse(String law) {
    String name = law.strip();
    Optional<Law> made = Laws.all().stream().filter(each -> each.name().equals(name)).findFirst();
    if (made.isPresent()) {
      return of(made.get());
    }
    Optional<LawText> text = textOf(law);
    if (text.isPresent()) {
      return of(text.get());
    }
    List<String> names =
        Stream.concat(Laws.all().stream().map(Law::name), Shelf.names().stream())
            .distinct()
            .toList();
    throw new IllegalArgumentException(
        "unknown law '%s'%s; the laws are %s, a law file (.yaml) or a formula"
            .formatted(name, FormulaError.nearest(name, names), String.join(", ", names)));
  }

  /**
   * The text of a law: a law file, a law of the shelf, or a formula; empty if it is none of these.
   *
   * @throws InputException if a law file cannot be read
   */
  public static Optional<LawText> textOf(String law) {
    String name = law.strip();
    if (name.matches("(?s)[^\n]*\\.ya?ml")) {
      return Optional.of(LawFile.read(Path.of(name)));
    }
    Optional<LawText> known = Shelf.named(name);
    return known.isPresent() || !FORMULA.matcher(law).find()
        ? known
        : Optional.of(LawText.formula(law));
  }

  /**
   * Reads several laws, joined by commas that are in no brackets.
   *
   * @throws IllegalArgumentException as {@link #parse}
   */
  public static List<StatedLaw> parseAll(String laws) {
    List<StatedLaw> all = new ArrayList<>();
    int depth = 0;
    int from = 0;
    boolean quoted = false;
    for (int i = 0; i <= laws.length(); i++) {
      char c = i == laws.length() ? ',' : laws.charAt(i);
      quoted ^= c == '"';
      if (!quoted && (c == '(' || c == '[')) {
        depth++;
      } else if (!quoted && (c == ')' || c == ']')) {
        depth--;
      } else if (c == ',' && (i == laws.length() || (depth <= 0 && !quoted))) {
        StatedLaw law = parse(laws.substring(from, i));
        if (!all.contains(law)) {
          all.add(law);
        }
        from = i + 1;
      }
    }
    return all;
  }

  /**
   * The law for any runs with N and D.
   *
   * @throws IllegalArgumentException if it has other columns
   */
  public Law ofSizes() {
    if (made.isPresent()) {
      return made.get();
    }
    Model model = Model.of(text.orElseThrow());
    SequencedMap<String, double[]> columns = new LinkedHashMap<>();
    columns.put(RunSet.N, new double[] {1});
    columns.put(RunSet.D, new double[] {1});
    if (!columns.keySet().containsAll(model.columns())
        || !model.indices().isEmpty()
        || model.responses().size() != 1) {
      throw new IllegalArgumentException(
          "'%s' has the columns %s, expected N and D alone"
              .formatted(
                  name(),
                  Stream.concat(model.columns().stream(), model.indices().stream())
                      .collect(Collectors.joining(", "))));
    }
    return FormulaLaw.of(
        model, true, RunSet.of(columns, Map.of(), new double[] {1}, new double[] {1}));
  }

  /**
   * The law for runs of some columns of numbers.
   *
   * @throws IllegalArgumentException if it has other columns, categories or several responses
   */
  public Law over(RunSet runs) {
    Optional<Model> model =
        text.map(each -> Model.of(each, new LinkedHashSet<>(runs.columns()), Set.of()));
    List<String> needed = model.map(Model::columns).orElseGet(() -> made.orElseThrow().columns());
    if (!runs.columns().containsAll(needed)
        || model
            .map(each -> !each.indices().isEmpty() || each.responses().size() != 1)
            .orElse(false)) {
      throw new IllegalArgumentException(
          "'%s' has the columns %s, expected numbers for all of them and one response"
              .formatted(
                  name(),
                  Stream.concat(needed.stream(), model.stream().flatMap(m -> m.indices().stream()))
                      .collect(Collectors.joining(", "))));
    }
    return model.isPresent() ? FormulaLaw.of(model.get(), true, runs) : made.orElseThrow();
  }

  /**
   * Runs, and the laws for them.
   *
   * @param file the runs, with every column that a law needs
   * @param laws the laws, in the order in which they were stated
   */
  public record Read(RunFile file, List<Law> laws) {}

  /**
   * Reads the runs that laws need from a file.
   *
   * @param options columns that were asked for
   * @param logResiduals whether residuals will be differences of logarithms
   * @throws InputException naming file, line and column; or pointing at what a formula has wrong
   */
  public static Read read(
      RunColumns file, ColumnOptions options, List<StatedLaw> laws, boolean logResiduals) {
    Set<String> measured = new TreeSet<>(file.names());
    measured.add(Model.LOSS);
    Map<StatedLaw, Model> models = new LinkedHashMap<>();
    laws.forEach(law ->
        law.text().ifPresent(text -> models.put(law, Model.of(text, file.names(), measured))));
    RunFile runs = file.runs(options, needs(laws, models), FormulaLaw.RESPONSE);
    if (logResiduals) {
      requirePositive(runs);
    }
    return new Read(
        runs,
        laws.stream()
            .map(law ->
                law.made()
                    .orElseGet(() -> FormulaLaw.of(models.get(law), logResiduals, runs.runs())))
            .toList());
  }

  private static void requirePositive(RunFile file) {
    RunSet runs = file.runs();
    for (int i = 0; i < runs.size(); i++) {
      if (!(runs.loss(i) > 0)) {
        throw new InputException(
            "%s: %s is %s, expected a positive number for residuals of logarithms; use %s"
                .formatted(
                    runs.place(i),
                    file.columns().containsKey(Model.LOSS)
                        ? "'" + file.columns().get(Model.LOSS) + "'"
                        : "what is fitted",
                    runs.loss(i),
                    Setting.LINEAR_OBJECTIVE));
      }
    }
  }

  private static RunColumns.Needs needs(List<StatedLaw> laws, Map<StatedLaw, Model> models) {
    SequencedMap<String, List<String>> roles = new LinkedHashMap<>();
    SequencedMap<String, List<String>> numbers = new LinkedHashMap<>();
    List<String> categories = new ArrayList<>();
    for (String role : List.of(RunSet.N, RunSet.D)) {
      boolean byMade =
          laws.stream().flatMap(law -> law.made().stream()).anyMatch(Law::hasSizesAndTokens);
      List<Model> having =
          models.values().stream().filter(model -> model.columns().contains(role)).toList();
      if (byMade || !having.isEmpty()) {
        roles.put(role, usual(having, role));
      }
    }
    for (Model model : models.values()) {
      for (String name : model.columns()) {
        if (!roles.containsKey(name)) {
          numbers.put(name, usual(List.of(model), name));
        }
      }
      model.indices().stream().filter(name -> !categories.contains(name)).forEach(categories::add);
    }
    categories.stream()
        .filter(name -> numbers.containsKey(name) || roles.containsKey(name))
        .findFirst()
        .ifPresent(name -> {
          throw new InputException(
              "'%s' is a column of numbers in one place and one of categories, in [ ], in another"
                  .formatted(name));
        });
    return new RunColumns.Needs(roles, numbers, categories, measured(laws, models), isLoss(models));
  }

  private static List<String> usual(List<Model> models, String column) {
    return models.stream()
        .flatMap(model -> model.law().usualNames(column).orElse(List.of()).stream())
        .distinct()
        .toList();
  }

  private static SequencedMap<String, List<String>> measured(
      List<StatedLaw> laws, Map<StatedLaw, Model> models) {
    List<String> first = null;
    SequencedMap<String, List<String>> measured = new LinkedHashMap<>();
    for (StatedLaw law : laws) {
      List<String> own =
          law.made().isPresent()
              ? List.of(Model.LOSS)
              : models.get(law).responses().stream().map(Model.Response::name).toList();
      if (first != null && !first.equals(own)) {
        throw new InputException(
            "laws that are fitted together must predict the same: '%s' predicts %s, '%s' predicts %s"
                .formatted(
                    laws.getFirst().name(),
                    String.join(", ", first),
                    law.name(),
                    String.join(", ", own)));
      }
      first = own;
    }
    for (String name : first == null ? List.of(Model.LOSS) : first) {
      measured.put(name, usual(List.copyOf(models.values()), name));
    }
    return measured;
  }

  /**
   * Whether the loss is meant by its role: its expression has no name, or is that of a law by hand.
   */
  private static boolean isLoss(Map<StatedLaw, Model> models) {
    return models.values().stream()
        .allMatch(model ->
            model.responses().stream()
                .map(Model.Response::name)
                .collect(Collectors.toSet())
                .equals(Set.of(Model.LOSS)));
  }
}

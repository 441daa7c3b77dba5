package org.farfit.literature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.farfit.data.ColumnOptions;
import org.farfit.data.InputException;
import org.farfit.data.RunColumns;
import org.farfit.formula.Bounds;
import org.farfit.formula.LawText;

/**
 * A folder in the layout of ScaleBench (arXiv 2604.22753): {@code laws.yaml} states the laws of
 * each task with the boxes of their parameters, {@code TASK_train.csv} and {@code TASK_test.csv}
 * hold its runs, in groups that are fitted apart. {@code docs/laws.md} shows the layout.
 *
 * @param path the folder
 */
public record ScaleBenchFolder(Path path) {

  /**
   * A task: runs of one kind.
   *
   * @param columns what its laws are over
   * @param targets what they predict
   * @param groups names of its groups of runs, in the order of the file
   * @param cost of a run, as a formula in its columns; empty where none is stated
   * @param budgets nested budgets, as shares of what all training runs cost
   */
  public record Task(
      String name,
      List<String> columns,
      List<String> targets,
      List<String> groups,
      String cost,
      List<Double> budgets) {}

  /**
   * A law of a task.
   *
   * @param name its name in the task
   * @param bounds the box of its parameters, which {@code text} has, too
   */
  public record TaskLaw(Task task, String name, LawText text, Map<String, Bounds> bounds) {

    /** Task and law, such as {@code vocab/sl_1}. */
    public String id() {
      return task.name() + "/" + name;
    }
  }

  /**
   * The laws of the folder, in the order of the file.
   *
   * @param only a task, or TASK/LAW; empty for all
   * @throws InputException if the file of laws cannot be read or lacks something, or none is meant;
   *     the message names the file and what is missing
   */
  public List<TaskLaw> laws(Optional<String> only) {
    List<TaskLaw> all = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : tasks().properties()) {
      Task task = task(entry.getKey(), entry.getValue());
      for (JsonNode stated : required(entry.getValue(), "laws", task.name())) {
        all.add(law(task, stated));
      }
    }
    List<TaskLaw> laws =
        all.stream().filter(law -> only.map(name -> isMeant(name, law)).orElse(true)).toList();
    if (laws.isEmpty()) {
      throw new InputException(
          "%s: has no task or law '%s'; it has %s"
              .formatted(
                  file(),
                  only.orElse(""),
                  String.join(", ", all.stream().map(TaskLaw::id).toList())));
    }
    return laws;
  }

  private static boolean isMeant(String name, TaskLaw law) {
    return name.equals(law.id()) || name.equals(law.task().name());
  }

  /** The training runs of a group. */
  public RunColumns train(Task task, String group) {
    return runs(task, "train", group);
  }

  /** The test runs of a group. */
  public RunColumns test(Task task, String group) {
    return runs(task, "test", group);
  }

  private RunColumns runs(Task task, String part, String group) {
    return RunColumns.read(
        path.resolve("%s_%s.csv".formatted(task.name(), part)),
        ColumnOptions.usual().where("group == '" + group + "'"));
  }

  private Path file() {
    return path.resolve("laws.yaml");
  }

  private JsonNode tasks() {
    try {
      return required(new ObjectMapper(new YAMLFactory()).readTree(file().toFile()), "tasks", "");
    } catch (IOException e) {
      throw new InputException("%s: cannot be read (%s)".formatted(file(), e.getMessage()), e);
    }
  }

  /** What is stated under a key, which must be there. */
  private JsonNode required(JsonNode stated, String key, String where) {
    if (!stated.has(key)) {
      throw new InputException(
          "%s: %s has no '%s'; docs/laws.md shows the layout"
              .formatted(file(), where.isEmpty() ? "the file" : "'" + where + "'", key));
    }
    return stated.get(key);
  }

  private Task task(String name, JsonNode stated) {
    return new Task(
        name,
        list(stated.path("columns"), JsonNode::asText),
        list(required(stated, "target", name), JsonNode::asText),
        list(required(stated, "groups", name), group -> required(group, "name", name).asText()),
        stated.path("cost").asText(),
        list(stated.path("budget_fractions"), JsonNode::asDouble));
  }

  /** The law as a text of this language: abbreviations, then one expression per target. */
  private TaskLaw law(Task task, JsonNode stated) {
    String name = required(stated, "id", task.name()).asText();
    String where = task.name() + "/" + name;
    List<String> statements = new ArrayList<>(list(stated.path("where"), JsonNode::asText));
    List<String> formulas =
        stated.has("formulas")
            ? list(stated.get("formulas"), JsonNode::asText)
            : List.of(required(stated, "formula", where).asText());
    if (formulas.size() != task.targets().size()) {
      throw new InputException(
          "%s: '%s' has %d formulas for the %d targets of its task"
              .formatted(file(), where, formulas.size(), task.targets().size()));
    }
    for (int i = 0; i < formulas.size(); i++) {
      statements.add(task.targets().get(i) + " = " + formulas.get(i));
    }
    Map<String, Bounds> bounds = new LinkedHashMap<>();
    for (JsonNode parameter : required(stated, "parameters", where)) {
      bounds.put(
          required(parameter, "name", where).asText(),
          Bounds.between(
              required(parameter, "lower", where).asDouble(),
              required(parameter, "upper", where).asDouble()));
    }
    return new TaskLaw(task, name, LawText.formula(String.join("; ", statements), bounds), bounds);
  }

  private static <T> List<T> list(JsonNode nodes, Function<JsonNode, T> of) {
    return StreamSupport.stream(nodes.spliterator(), false).map(of).toList();
  }
}

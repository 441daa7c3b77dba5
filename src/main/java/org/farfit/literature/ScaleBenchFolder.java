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
 * hold its runs, in groups that are fitted apart.
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
   * @throws InputException if the file of laws cannot be read
   */
  public List<TaskLaw> laws(Optional<String> only) {
    List<TaskLaw> laws = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : tasks().properties()) {
      Task task = task(entry.getKey(), entry.getValue());
      for (JsonNode stated : entry.getValue().path("laws")) {
        TaskLaw law = law(task, stated);
        if (only.isEmpty() || only.get().equals(law.id()) || only.get().equals(task.name())) {
          laws.add(law);
        }
      }
    }
    return laws;
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

  private JsonNode tasks() {
    Path file = path.resolve("laws.yaml");
    try {
      return new ObjectMapper(new YAMLFactory()).readTree(file.toFile()).path("tasks");
    } catch (IOException e) {
      throw new InputException("%s: cannot be read (%s)".formatted(file, e.getMessage()), e);
    }
  }

  private static Task task(String name, JsonNode stated) {
    return new Task(
        name,
        list(stated.path("columns"), JsonNode::asText),
        list(stated.path("target"), JsonNode::asText),
        list(stated.path("groups"), group -> group.get("name").asText()),
        stated.path("cost").asText(),
        list(stated.path("budget_fractions"), JsonNode::asDouble));
  }

  /** The law as a text of this language: abbreviations, then one expression per target. */
  private static TaskLaw law(Task task, JsonNode stated) {
    List<String> statements = new ArrayList<>(list(stated.path("where"), JsonNode::asText));
    List<String> formulas =
        stated.has("formulas")
            ? list(stated.get("formulas"), JsonNode::asText)
            : List.of(stated.get("formula").asText());
    for (int i = 0; i < formulas.size(); i++) {
      statements.add(task.targets().get(i) + " = " + formulas.get(i));
    }
    Map<String, Bounds> bounds = new LinkedHashMap<>();
    for (JsonNode parameter : stated.get("parameters")) {
      bounds.put(
          parameter.get("name").asText(),
          Bounds.between(parameter.get("lower").asDouble(), parameter.get("upper").asDouble()));
    }
    return new TaskLaw(
        task,
        stated.get("id").asText(),
        LawText.formula(String.join("; ", statements), bounds),
        bounds);
  }

  private static <T> List<T> list(JsonNode nodes, Function<JsonNode, T> of) {
    return StreamSupport.stream(nodes.spliterator(), false).map(of).toList();
  }
}

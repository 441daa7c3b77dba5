package org.farfit.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.farfit.data.ColumnOptions;
import org.farfit.data.InputException;
import org.farfit.data.RunColumns;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Objective;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.MultiStart;
import org.farfit.fit.search.GlobalFit;
import org.farfit.formula.Bounds;
import org.farfit.formula.LawText;
import org.farfit.formula.StatedLaw;

/**
 * Fits every law of a folder in the layout of ScaleBench: {@code laws.yaml} with formulas and
 * boxes, {@code TASK_train.csv}, {@code TASK_test.csv}, and {@code reference.csv} with the costs to
 * compare with. Plain losses, squared errors.
 */
public final class ScaleBench {

  private final Path folder;
  private final Engine engine;
  private final FitOptions options;

  /** A benchmark in a folder. */
  public ScaleBench(Path folder, Engine engine, FitOptions options) {
    this.folder = folder;
    this.engine = engine;
    this.options =
        options.withObjective(new Objective(Objective.Residual.LINEAR, Double.POSITIVE_INFINITY));
  }

  /**
   * One law on one group of runs.
   *
   * @param sum sum of squared errors
   * @param reference the best that is known within the bounds, or NaN
   * @param shareAtBest share of starts within 0.1% of our best
   * @param theirShare share of the benchmark's own restarts within 0.1% of the best known
   * @param r2 on the test rows of the group
   * @param referenceR2 the same at the best known fit
   */
  public record Row(
      String task,
      String law,
      String group,
      int parameters,
      double sum,
      double reference,
      double shareAtBest,
      double theirShare,
      double seconds,
      double theirSeconds,
      double r2,
      double referenceR2,
      String status,
      List<String> atBounds) {

    /** Our sum of squares as a multiple of the reference. */
    public double ratio() {
      return sum / reference;
    }
  }

  /** Told of each row as it is done. */
  public interface Listener {
    /** A row of so many is done. */
    void done(Row row, int total);
  }

  /**
   * Fits every law.
   *
   * @param only a task, or TASK/LAW; empty for all
   * @throws InputException if a file cannot be read
   */
  public List<Row> run(Optional<String> only, Listener listener) {
    Map<String, double[]> references = references();
    List<Case> wanted = cases(folder, only);
    List<Row> rows = new ArrayList<>();
    for (Case one : wanted) {
      rows.add(fit(one, references));
      listener.done(rows.getLast(), wanted.size());
    }
    return rows;
  }

  /**
   * A law of the benchmark, and a group of runs that it is fitted to.
   *
   * @param law its name in the task
   */
  public record Case(String task, String law, String group, LawText text) {}

  /**
   * The laws of a folder with every group of their runs.
   *
   * @param only a task, or TASK/LAW; empty for all
   * @throws InputException if the file of laws cannot be read
   */
  public static List<Case> cases(Path folder, Optional<String> only) {
    List<Case> cases = new ArrayList<>();
    for (Map.Entry<String, JsonNode> task : tasks(folder).properties()) {
      for (JsonNode law : task.getValue().get("laws")) {
        String id = task.getKey() + "/" + law.get("id").asText();
        if (only.isEmpty() || id.equals(only.get()) || task.getKey().equals(only.get())) {
          LawText text = text(task.getKey(), law, texts(task.getValue().get("target")));
          for (JsonNode group : task.getValue().get("groups")) {
            cases.add(
                new Case(task.getKey(), law.get("id").asText(), group.get("name").asText(), text));
          }
        }
      }
    }
    return cases;
  }

  /** The training runs of a case, and its law for them. */
  public static StatedLaw.Read training(Path folder, Case one) {
    return runs(folder, "train", one);
  }

  /** The tasks of a folder. */
  static JsonNode tasks(Path folder) {
    Path file = folder.resolve("laws.yaml");
    try {
      return new ObjectMapper(new YAMLFactory()).readTree(file.toFile()).get("tasks");
    } catch (IOException e) {
      throw new InputException("%s: cannot be read (%s)".formatted(file, e.getMessage()), e);
    }
  }

  /** The law as a text of this language: abbreviations, then one expression per target. */
  static LawText text(String task, JsonNode law, List<String> targets) {
    List<String> statements = new ArrayList<>(texts(law.get("where")));
    List<String> formulas =
        law.has("formulas") ? texts(law.get("formulas")) : List.of(law.get("formula").asText());
    for (int i = 0; i < formulas.size(); i++) {
      statements.add(targets.get(i) + " = " + formulas.get(i));
    }
    Map<String, Bounds> bounds = new LinkedHashMap<>();
    law.get("parameters")
        .forEach(p ->
            bounds.put(
                p.get("name").asText(),
                Bounds.between(p.get("lower").asDouble(), p.get("upper").asDouble())));
    return LawText.formula(String.join("; ", statements), bounds);
  }

  static List<String> texts(JsonNode list) {
    return list == null
        ? List.of()
        : StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }

  private Row fit(Case one, Map<String, double[]> references) {
    StatedLaw.Read train = training(folder, one);
    RunSet test = runs(folder, "test", one).file().runs();
    long begin = System.nanoTime();
    LawFit fit = new GlobalFit(engine, options).fit(train.laws().getFirst(), train.file().runs());
    double seconds = (System.nanoTime() - begin) / 1e9;
    double[] reference =
        references.getOrDefault(
            one.task() + "," + one.group() + "," + one.law(),
            new double[] {Double.NaN, Double.NaN, Double.NaN, Double.NaN});
    MultiStart search = fit.multiStart().orElseThrow();
    return new Row(
        one.task(),
        one.law(),
        one.group(),
        fit.law().parameterCount(),
        2 * fit.cost(),
        reference[0],
        (double) search.atBest() / search.starts(),
        reference[1],
        seconds,
        reference[2],
        r2(fit, test),
        reference[3],
        fit.status().label(),
        fit.atLimit().stream().map(fit.law().parameterNames()::get).toList());
  }

  private static StatedLaw.Read runs(Path folder, String part, Case one) {
    return StatedLaw.read(
        RunColumns.read(
            folder.resolve(one.task() + "_" + part + ".csv"),
            ColumnOptions.usual().where("group == '" + one.group() + "'")),
        ColumnOptions.usual(),
        List.of(StatedLaw.of(one.text())),
        false);
  }

  private static double r2(LawFit fit, RunSet test) {
    double mean = Arrays.stream(test.loss()).average().orElseThrow();
    double errors = 0;
    double total = 0;
    for (int i = 0; i < test.size(); i++) {
      errors += Math.pow(test.loss(i) - fit.loss(test, i), 2);
      total += Math.pow(test.loss(i) - mean, 2);
    }
    return 1 - errors / total;
  }

  private Map<String, double[]> references() {
    RunColumns table = RunColumns.read(folder.resolve("reference.csv"), ColumnOptions.usual());
    List<String> task = table.categories("task", "");
    List<String> group = table.categories("group", "");
    List<String> law = table.categories("law", "");
    List<String> best = table.categories("sse_best_known", "");
    List<String> share = table.categories("hit_share_theirs_of_best_known", "");
    List<String> seconds = table.categories("cpu_seconds", "");
    List<String> r2 = table.categories("r2_test_best", "");
    Map<String, double[]> references = new LinkedHashMap<>();
    for (int i = 0; i < task.size(); i++) {
      references.put(
          task.get(i) + "," + group.get(i) + "," + law.get(i),
          new double[] {
            number(best.get(i)), number(share.get(i)), number(seconds.get(i)), number(r2.get(i))
          });
    }
    return references;
  }

  private static double number(String cell) {
    return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
  }
}

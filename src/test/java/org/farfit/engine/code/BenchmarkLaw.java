package org.farfit.engine.code;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.farfit.RealData;
import org.farfit.engine.FormulaRuns;
import org.farfit.formula.Bounds;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;

/**
 * A law of the ScaleBench collection, with random runs that have its columns.
 *
 * @param id task and law, such as {@code vocab/sl_1}
 * @param columns of its task
 * @param bounds the box of its parameters
 */
public record BenchmarkLaw(
    String id, LawText text, Set<String> columns, FormulaRuns runs, Map<String, Bounds> bounds) {

  private static final int RUNS = 40;

  /** All laws; skips the running test where they are absent. */
  public static List<BenchmarkLaw> all() throws IOException {
    JsonNode tasks =
        new ObjectMapper(new YAMLFactory())
            .readTree(RealData.file("scalebench/laws.yaml").toFile())
            .get("tasks");
    List<BenchmarkLaw> laws = new ArrayList<>();
    for (Map.Entry<String, JsonNode> task : tasks.properties()) {
      for (JsonNode law : task.getValue().get("laws")) {
        laws.add(of(task.getKey() + "/" + law.get("id").asText(), task.getValue(), law));
      }
    }
    return laws;
  }

  private static BenchmarkLaw of(String id, JsonNode task, JsonNode law) {
    List<String> statements = new ArrayList<>();
    law.path("where").forEach(line -> statements.add(line.asText()));
    JsonNode formulas = law.has("formulas") ? law.get("formulas") : law.get("formula");
    if (formulas.isArray()) {
      for (int i = 0; i < formulas.size(); i++) {
        statements.add(task.get("target").get(i).asText() + "=" + formulas.get(i).asText());
      }
    } else {
      statements.add(formulas.asText());
    }
    Map<String, Bounds> bounds = new LinkedHashMap<>();
    law.get("parameters")
        .forEach(p ->
            bounds.put(
                p.get("name").asText(),
                Bounds.between(p.get("lower").asDouble(), p.get("upper").asDouble())));
    Set<String> columns = new LinkedHashSet<>();
    task.get("columns").forEach(column -> columns.add(column.asText()));
    FormulaRuns runs = FormulaContract.runs(RUNS, columns, new SplittableRandom(3));
    Map<String, double[]> numbers = new LinkedHashMap<>(runs.columns());
    task.get("target").forEach(t -> numbers.put(t.asText(), runs.column("loss")));
    FormulaRuns named =
        new FormulaRuns("random", runs.places(), numbers, runs.categories(), runs.weight());
    return new BenchmarkLaw(
        id, LawText.formula(String.join(";", statements), bounds), columns, named, bounds);
  }

  /** What engines evaluate. */
  public Model model() {
    return model(text);
  }

  Model model(LawText of) {
    return Model.of(of, columns, Set.of());
  }
}

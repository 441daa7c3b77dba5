package org.farfit.engine.code;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.farfit.RealData;
import org.farfit.engine.FormulaRuns;
import org.farfit.formula.Bounds;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.literature.ScaleBenchFolder;

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
  public static List<BenchmarkLaw> all() {
    return new ScaleBenchFolder(RealData.file("scalebench/laws.yaml").getParent())
        .laws(Optional.empty()).stream().map(BenchmarkLaw::of).toList();
  }

  private static BenchmarkLaw of(ScaleBenchFolder.TaskLaw law) {
    Set<String> columns = new LinkedHashSet<>(law.task().columns());
    FormulaRuns runs = FormulaContract.runs(RUNS, columns, new SplittableRandom(3));
    Map<String, double[]> numbers = new LinkedHashMap<>(runs.columns());
    law.task().targets().forEach(target -> numbers.put(target, runs.column("loss")));
    FormulaRuns named =
        new FormulaRuns("random", runs.places(), numbers, runs.categories(), runs.weight());
    return new BenchmarkLaw(law.id(), law.text(), columns, named, law.bounds());
  }

  /** What engines evaluate. */
  public Model model() {
    return model(text);
  }

  Model model(LawText of) {
    return Model.of(of, columns, Set.of());
  }
}

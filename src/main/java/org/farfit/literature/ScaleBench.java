package org.farfit.literature;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.farfit.formula.StatedLaw;

/**
 * Fits every law of a {@link ScaleBenchFolder} to every group of its runs, beside {@code
 * reference.csv} there, which has the costs to compare with. Plain losses, squared errors.
 */
public final class ScaleBench {

  private final ScaleBenchFolder folder;
  private final Engine engine;
  private final FitOptions options;

  /** A benchmark in a folder. */
  public ScaleBench(Path folder, Engine engine, FitOptions options) {
    this.folder = new ScaleBenchFolder(folder);
    this.engine = engine;
    this.options = options.withObjective(Objective.LINEAR_SQUARED);
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
    List<ScaleBenchFolder.TaskLaw> laws = folder.laws(only);
    int total = laws.stream().mapToInt(law -> law.task().groups().size()).sum();
    List<Row> rows = new ArrayList<>();
    for (ScaleBenchFolder.TaskLaw law : laws) {
      for (String group : law.task().groups()) {
        rows.add(fit(law, group, references));
        listener.done(rows.getLast(), total);
      }
    }
    return rows;
  }

  private Row fit(ScaleBenchFolder.TaskLaw law, String group, Map<String, double[]> references) {
    StatedLaw.Read train = stated(law, folder.train(law.task(), group));
    RunSet test = stated(law, folder.test(law.task(), group)).file().runs();
    long begin = System.nanoTime();
    LawFit fit = new GlobalFit(engine, options).fit(train.laws().getFirst(), train.file().runs());
    double seconds = (System.nanoTime() - begin) / 1e9;
    double[] reference =
        references.getOrDefault(
            law.task().name() + "," + group + "," + law.name(),
            new double[] {Double.NaN, Double.NaN, Double.NaN, Double.NaN});
    MultiStart search = fit.multiStart().orElseThrow();
    return new Row(
        law.task().name(),
        law.name(),
        group,
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

  private static StatedLaw.Read stated(ScaleBenchFolder.TaskLaw law, RunColumns runs) {
    return StatedLaw.read(runs, ColumnOptions.usual(), List.of(StatedLaw.of(law.text())), false);
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
    RunColumns table =
        RunColumns.read(folder.path().resolve("reference.csv"), ColumnOptions.usual());
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

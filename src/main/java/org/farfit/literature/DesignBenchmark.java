package org.farfit.literature;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.objecthunter.exp4j.Expression;
import net.objecthunter.exp4j.ExpressionBuilder;
import org.farfit.analysis.design.DesignMethod;
import org.farfit.analysis.design.PoolDesign;
import org.farfit.analysis.design.RunPool;
import org.farfit.data.InputException;
import org.farfit.data.RunColumns;
import org.farfit.engine.Engine;
import org.farfit.engine.FormulaRuns;
import org.farfit.engine.Objective;
import org.farfit.fit.FitOptions;
import org.farfit.fit.search.FormulaOptima;
import org.farfit.formula.Model;

/**
 * Designs on a {@link ScaleBenchFolder}, beside each other: of the training runs each method buys
 * some within the nested budgets of their task, and predicts its test runs. Groups are designed
 * apart and judged together. Every method has the same fitter and as many starts: least squares of
 * logarithms, as Farfit fits by default, or of losses as they are where a task has some that are
 * not positive.
 */
public final class DesignBenchmark {

  private final ScaleBenchFolder folder;
  private final Engine engine;
  private final FitOptions options;

  /**
   * A benchmark in a folder.
   *
   * @param options with how many starts each fit is made
   */
  public DesignBenchmark(Path folder, Engine engine, FitOptions options) {
    this.folder = new ScaleBenchFolder(folder);
    this.engine = engine;
    this.options = options;
  }

  /**
   * A law of a task, designed once.
   *
   * @param repeat which repeat, from 1
   * @param budget share of the cost of the pool
   * @param runs how many were bought, of all groups together
   * @param spent share of the cost of the pool, mean of the groups
   * @param r2 of all outputs and groups together, 1 - SSE / SST about their mean, from -1 to 1
   */
  public record Row(
      String task,
      String law,
      String design,
      int repeat,
      double budget,
      int runs,
      double spent,
      double r2) {}

  /**
   * All laws and repeats of a task.
   *
   * @param laws how many laws
   * @param runs mean number of runs bought
   * @param r2 mean over laws and repeats
   * @param deviation its standard deviation over these
   */
  public record Summary(
      String task,
      String design,
      double budget,
      int laws,
      double runs,
      double r2,
      double deviation) {}

  /** Told of each row as it is done. */
  public interface Listener {
    /** A row of so many is done. */
    void done(Row row, int total);
  }

  private record Group(RunPool pool, FormulaOptima fitter) {}

  /**
   * Runs the benchmark.
   *
   * @param only a task, or TASK/LAW; empty for all
   * @param repeats how often each law is designed, with other random numbers
   * @throws InputException if the folder cannot be read, or a task states no cost or budgets
   */
  public List<Row> run(
      Optional<String> only, List<DesignMethod> methods, int repeats, Listener listener) {
    List<ScaleBenchFolder.TaskLaw> laws = folder.laws(only);
    laws.forEach(law -> requireBudgets(law.task()));
    int total =
        laws.stream().mapToInt(law -> law.task().budgets().size()).sum() * methods.size() * repeats;
    List<Row> rows = new ArrayList<>();
    for (ScaleBenchFolder.TaskLaw law : laws) {
      List<Group> groups = groups(law);
      for (DesignMethod method : methods) {
        for (int repeat = 1; repeat <= repeats; repeat++) {
          for (Row row : design(law, groups, method, repeat)) {
            rows.add(row);
            listener.done(row, total);
          }
        }
      }
    }
    return rows;
  }

  private void requireBudgets(ScaleBenchFolder.Task task) {
    if (task.cost().isEmpty() || task.budgets().isEmpty()) {
      throw new InputException(
          "%s: task '%s' states no cost or no budget_fractions, which designs need"
              .formatted(folder.path(), task.name()));
    }
  }

  private List<Group> groups(ScaleBenchFolder.TaskLaw law) {
    ScaleBenchFolder.Task task = law.task();
    List<Group> groups = new ArrayList<>();
    for (String name : task.groups().stream().sorted().toList()) {
      FormulaRuns train = runs(folder.train(task, name));
      FormulaRuns test = runs(folder.test(task, name));
      Model model = Model.of(law.text(), train.columns().keySet(), Set.copyOf(task.targets()));
      groups.add(
          new Group(
              new RunPool(train, costs(task.cost(), train), test),
              new FormulaOptima(engine, options.withObjective(objective(task, train)), model)));
    }
    return groups;
  }

  /**
   * What fits of a task minimise: squared residuals of logarithms where all of its losses have one.
   */
  public static Objective objective(ScaleBenchFolder.Task task, FormulaRuns runs) {
    boolean positive =
        task.targets().stream()
            .allMatch(name -> Arrays.stream(runs.column(name)).allMatch(loss -> loss > 0));
    return positive ? Objective.LOG_SQUARED : Objective.LINEAR_SQUARED;
  }

  private static FormulaRuns runs(RunColumns columns) {
    Map<String, double[]> numbers = new LinkedHashMap<>();
    for (String name : columns.names()) {
      if (!name.equals("group")) {
        numbers.put(name, columns.numbers(name, ""));
      }
    }
    return FormulaRuns.of(columns.file(), numbers);
  }

  private static double[] costs(String formula, FormulaRuns runs) {
    Set<String> names = runs.columns().keySet();
    Expression expression = new ExpressionBuilder(formula).variables(names).build();
    double[] costs = new double[runs.size()];
    for (int i = 0; i < costs.length; i++) {
      for (String name : names) {
        expression.setVariable(name, runs.column(name)[i]);
      }
      costs[i] = expression.evaluate();
    }
    return costs;
  }

  private List<Row> design(
      ScaleBenchFolder.TaskLaw law, List<Group> groups, DesignMethod method, int repeat) {
    List<Double> budgets = law.task().budgets();
    List<List<PoolDesign.Stage>> stages = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      Group group = groups.get(g);
      double all = group.pool().totalCost();
      stages.add(
          new PoolDesign(group.fitter(), group.pool(), method, 100_000L * repeat + g)
              .spend(budgets.stream().mapToDouble(share -> share * all).toArray()));
    }
    List<Row> rows = new ArrayList<>();
    for (int b = 0; b < budgets.size(); b++) {
      int runs = 0;
      double spent = 0;
      List<Double> measured = new ArrayList<>();
      List<Double> predicted = new ArrayList<>();
      for (int g = 0; g < groups.size(); g++) {
        PoolDesign.Stage stage = stages.get(g).get(b);
        runs += stage.taken().size();
        spent += stage.spent() / groups.get(g).pool().totalCost() / groups.size();
        if (!stage.taken().isEmpty()) {
          predict(groups.get(g), stage.parameters(), measured, predicted);
        }
      }
      rows.add(
          new Row(
              law.task().name(),
              law.name(),
              method.label(),
              repeat,
              budgets.get(b),
              runs,
              spent,
              r2(measured, predicted)));
    }
    return rows;
  }

  private void predict(
      Group group, double[] parameters, List<Double> measured, List<Double> predicted) {
    FormulaOptima fitter = group.fitter();
    Model model = fitter.derivation().model();
    FormulaRuns target = group.pool().target();
    for (int r = 0; r < model.responses().size(); r++) {
      double[] values = fitter.predict(parameters, target, r);
      double[] losses = target.column(model.responses().get(r).name());
      for (int i = 0; i < values.length; i++) {
        measured.add(losses[i]);
        predicted.add(values[i]);
      }
    }
  }

  /** As the benchmark scores: from -1 to 1, and -1 where nothing could be predicted. */
  static double r2(List<Double> measured, List<Double> predicted) {
    double mean = measured.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    double errors = 0;
    double total = 0;
    for (int i = 0; i < measured.size(); i++) {
      errors += Math.pow(measured.get(i) - predicted.get(i), 2);
      total += Math.pow(measured.get(i) - mean, 2);
    }
    double r2 = 1 - errors / total;
    return Double.isFinite(r2) ? Math.clamp(r2, -1, 1) : -1;
  }

  /** Means over laws and repeats, in the order of the rows. */
  public static List<Summary> summaries(List<Row> rows) {
    Map<List<Object>, List<Row>> together = new LinkedHashMap<>();
    rows.forEach(row ->
        together
            .computeIfAbsent(
                List.of(row.task(), row.design(), row.budget()), key -> new ArrayList<>())
            .add(row));
    return together.values().stream().map(DesignBenchmark::summary).toList();
  }

  private static Summary summary(List<Row> rows) {
    Row first = rows.getFirst();
    double mean = rows.stream().mapToDouble(Row::r2).average().orElseThrow();
    double variance =
        rows.stream().mapToDouble(row -> Math.pow(row.r2() - mean, 2)).average().orElseThrow();
    return new Summary(
        first.task(),
        first.design(),
        first.budget(),
        (int) rows.stream().map(Row::law).distinct().count(),
        rows.stream().mapToInt(Row::runs).average().orElseThrow(),
        mean,
        Math.sqrt(variance));
  }
}

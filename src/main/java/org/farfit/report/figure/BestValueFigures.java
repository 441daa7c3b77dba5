package org.farfit.report.figure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.farfit.fit.bootstrap.Interval;

/** Best values of columns, and what is predicted there, against what a run may cost. */
public final class BestValueFigures {

  private BestValueFigures() {}

  /**
   * The answers of one law; what is not known is NaN.
   *
   * @param law its name
   * @param budgets what a run may cost, ascending
   * @param values the best value for each budget
   * @param intervals of each
   */
  public record Path(String law, double[] budgets, double[] values, List<Interval> intervals) {}

  /**
   * One line per law, with the band of its intervals.
   *
   * @param of a column, or what is predicted
   * @param log whether its axis is logarithmic
   * @param cost the formula of the cost
   */
  public static Figure against(String of, boolean log, String cost, List<Path> paths) {
    List<Figure.Layer> layers = new ArrayList<>();
    for (int k = 0; k < paths.size(); k++) {
      Path path = paths.get(k);
      if (path.intervals().stream().anyMatch(Interval::isKnown)) {
        layers.add(
            Figure.Area.between(
                "",
                path.budgets(),
                path.intervals().stream().mapToDouble(Interval::low).toArray(),
                path.budgets(),
                path.intervals().stream().mapToDouble(Interval::high).toArray(),
                k));
      }
      layers.add(new Figure.Line(path.law(), path.budgets(), path.values(), Figure.Style.SOLID, k));
    }
    double[] known =
        paths.stream()
            .flatMapToDouble(path -> Arrays.stream(path.values()))
            .filter(Double::isFinite)
            .toArray();
    return new Figure(
        Figure.id("best", of),
        "Best %s against the budget".formatted(of),
        "%s at the best values for costs of %s, from %.4g to %.4g over the budgets, bands being intervals."
            .formatted(
                of,
                cost,
                Arrays.stream(known).min().orElse(Double.NaN),
                Arrays.stream(known).max().orElse(Double.NaN)),
        new Figure.Axis("budget: " + cost, true),
        new Figure.Axis(of, log),
        null,
        layers);
  }
}

package org.farfit.report.figure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.farfit.analysis.Comparison;
import org.farfit.analysis.Holdout;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.study.ComparisonStudy;
import org.farfit.analysis.study.DesignStudy;
import org.farfit.analysis.study.Validation;
import org.farfit.data.RunSet;
import org.farfit.fit.extrapolation.AutoFit;

/** Figures of validations, comparisons and designs. */
public final class DecisionFigures {

  /** Points along each side of the maps of a comparison. */
  private static final int MAP_STEPS = 24;

  private DecisionFigures() {}

  /** Who wins where: by how much, and how probably where replicates tell. */
  public static List<Figure> comparison(ComparisonStudy study) {
    Comparison comparison = study.comparison();
    List<Comparison.Point> map = comparison.grid(comparison.range(), MAP_STEPS);
    List<Comparison.Crossing> crossings = comparison.parity(MAP_STEPS * 2);
    double largest =
        map.stream()
            .mapToDouble(point -> Math.abs(100 * point.relativeDifference()))
            .max()
            .orElseThrow();
    List<Figure> figures = new ArrayList<>();
    figures.add(
        parity(
            "parity",
            "Loss of A over that of B",
            new Figure.Scale("A/B - 1, %", -largest, largest, true),
            map,
            point -> 100 * point.relativeDifference(),
            crossings));
    study
        .inference()
        .ifPresent(inference ->
            figures.add(
                parity(
                    "probability",
                    "Probability that B beats A",
                    // Blue where A wins on both maps.
                    new Figure.Scale("P(B wins)", 0, 1, true),
                    map,
                    point -> 1 - inference.probabilityThatAWins(point.n(), point.d()),
                    crossings)));
    return figures;
  }

  /** The error of held-out runs against the largest fitted N: a line per law and method. */
  public static Figure extrapolation(List<Validation.Row> rows) {
    Map<String, List<Validation.Row>> byFit = new LinkedHashMap<>();
    for (Validation.Row row : rows) {
      if (!row.split().equals(Validation.FITTED)) {
        // What auto chose differs from hold-out to hold-out: it is one line all the same.
        String law = row.fit().law();
        String fit = law.equals(AutoFit.NAME) ? law : law + "/" + row.fit().method();
        byFit.computeIfAbsent(fit, k -> new ArrayList<>()).add(row);
      }
    }
    List<Figure.Layer> layers = new ArrayList<>();
    byFit.forEach((fit, own) -> {
      double[] x = own.stream().mapToDouble(row -> row.fit().largestN()).toArray();
      double[] y = own.stream().mapToDouble(row -> row.errors().mape()).toArray();
      int colour = layers.size() / 2;
      layers.add(new Figure.Line(fit, x, y, Figure.Style.SOLID, colour));
      layers.add(new Figure.Points(fit, x, y, new double[0], colour));
    });
    return new Figure(
        "extrapolation",
        "Error of held-out runs",
        "Mean absolute relative error of the held-out runs against the largest fitted N, for %s."
            .formatted(String.join(", ", byFit.keySet())),
        new Figure.Axis("largest fitted N", true),
        new Figure.Axis("mean error, %", true),
        null,
        layers);
  }

  /** Which runs a hold-out fits and which it predicts. */
  public static Figure heldOut(RunSet runs, Holdout holdout) {
    List<Figure.Layer> layers = new ArrayList<>();
    layers.add(chosen("fitted", runs, holdout.fit(), 0));
    holdout
        .tests()
        .forEach((name, weights) -> layers.add(chosen(name, runs, weights, layers.size())));
    return new Figure(
        "held-out",
        "Fitted and held-out runs",
        "%d fitted runs on the plane of parameters and tokens, and those held out: %s."
            .formatted(
                RunSet.countWeighted(holdout.fit()),
                String.join(
                    ", ",
                    holdout.tests().entrySet().stream()
                        .map(test ->
                            "%s (%d)"
                                .formatted(test.getKey(), RunSet.countWeighted(test.getValue())))
                        .toList())),
        SurfaceFigures.SIZE,
        SurfaceFigures.TOKENS,
        null,
        layers);
  }

  private static Figure.Points chosen(String name, RunSet runs, double[] weights, int colour) {
    RunSet own = runs.weighted(weights);
    return new Figure.Points(name, own.n(), own.d(), new double[0], colour);
  }

  /**
   * A map of two recipes over N and D with their parity curve.
   *
   * @param value what colours a point: a difference in percent, or a probability
   * @param crossings points of the parity curve, by N
   */
  public static Figure parity(
      String id,
      String title,
      Figure.Scale scale,
      List<Comparison.Point> grid,
      ToDoubleFunction<Comparison.Point> value,
      List<Comparison.Crossing> crossings) {
    double[] n = grid.stream().mapToDouble(Comparison.Point::n).toArray();
    double[] d = grid.stream().mapToDouble(Comparison.Point::d).toArray();
    double lowD = Arrays.stream(d).min().orElseThrow();
    double highD = Arrays.stream(d).max().orElseThrow();
    List<Comparison.Crossing> drawn =
        crossings.stream().filter(c -> c.d() >= lowD && c.d() <= highD).toList();
    List<Figure.Layer> layers = new ArrayList<>();
    layers.add(
        new Figure.Cells(
            "", n, d, spacing(n), spacing(d), grid.stream().mapToDouble(value).toArray()));
    layers.add(
        new Figure.Points(
            "parity",
            drawn.stream().mapToDouble(Comparison.Crossing::n).toArray(),
            drawn.stream().mapToDouble(Comparison.Crossing::d).toArray(),
            new double[0],
            2));
    long winsA = grid.stream().filter(point -> point.winner().equals("A")).count();
    return new Figure(
        id,
        title,
        "%s over parameters and tokens: A has the lower loss at %d of %d points; %s."
            .formatted(
                title,
                winsA,
                grid.size(),
                drawn.isEmpty() ? "the surfaces do not cross there" : "points mark parity"),
        SurfaceFigures.SIZE,
        SurfaceFigures.TOKENS,
        scale,
        layers);
  }

  /** The factor between neighbours of an even logarithmic grid. */
  private static double spacing(double[] values) {
    double[] distinct = Arrays.stream(values).map(Math::log).sorted().toArray();
    double least = Double.POSITIVE_INFINITY;
    for (int i = 1; i < distinct.length; i++) {
      double gap = distinct[i] - distinct[i - 1];
      least = gap > 1e-9 ? Math.min(least, gap) : least;
    }
    return Double.isInfinite(least) ? 1.1 : Math.exp(least);
  }

  /** The fitted runs, those to train next, and the target, on the plane of N and D. */
  public static Figure plan(RunSet runs, DesignStudy.Findings found) {
    Estimands.Point target = found.target().where();
    List<Estimands.Point> next =
        found.runs().stream().flatMap(planned -> planned.run().stream()).toList();
    return new Figure(
        "plan",
        "Fitted runs and those to train next",
        "%d fitted runs and %d to train next on the plane of parameters and tokens; the target is at N = %.3g, D = %.3g."
            .formatted(runs.size(), next.size(), target.n(), target.d()),
        SurfaceFigures.SIZE,
        SurfaceFigures.TOKENS,
        null,
        List.of(
            new Figure.Points("fitted", runs.n(), runs.d(), new double[0], 0),
            new Figure.Points(
                "next",
                next.stream().mapToDouble(Estimands.Point::n).toArray(),
                next.stream().mapToDouble(Estimands.Point::d).toArray(),
                new double[0],
                1),
            new Figure.Points(
                "target", new double[] {target.n()}, new double[] {target.d()}, new double[0], 3)));
  }

  /** The standard error of the target against what was spent. */
  public static Figure progress(DesignStudy.Findings found) {
    int count = found.runs().size();
    double[] spent = new double[count + 1];
    double[] error = new double[count + 1];
    error[0] = 100 * found.before().standardError();
    for (int i = 0; i < count; i++) {
      spent[i + 1] = spent[i] + found.runs().get(i).cost();
      error[i + 1] = 100 * found.runs().get(i).score().standardError();
    }
    return new Figure(
        "progress",
        "How sure the target becomes",
        "Standard error of the target against compute spent: from %.3g%% to %.3g%% with %d runs."
            .formatted(error[0], error[count], count),
        new Figure.Axis("FLOPs spent", false),
        new Figure.Axis("standard error, %", false),
        null,
        List.of(
            new Figure.Line("", spent, error, Figure.Style.SOLID, 1),
            new Figure.Points("", spent, error, new double[0], 1)));
  }
}

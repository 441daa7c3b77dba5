package org.farfit.report.figure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.farfit.analysis.study.Identifiability;
import org.farfit.fit.LawFit;
import org.farfit.fit.MultiStart;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.Replicates;

/** Figures of how a fit was found and how sure its parameters are. */
public final class FitFigures {

  private static final int BINS = 40;

  /** Shares of replicates beyond which a histogram is cut off: heavy tails would hide the rest. */
  private static final double TAIL = 0.005;

  private FitFigures() {}

  /**
   * Final cost of every start, from the best to the worst.
   *
   * @param name of the fit, unique in a report
   */
  public static Figure starts(String name, MultiStart search) {
    double[] costs =
        search.costs().stream()
            .mapToDouble(Double::doubleValue)
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    return new Figure(
        Figure.id("starts", name),
        "Cost reached from each start, " + name,
        "Final costs of %d starts in order: %d reach the best, %.6g."
            .formatted(search.starts(), search.atBest(), search.best().cost()),
        new Figure.Axis("starts, best first", false),
        new Figure.Axis("cost", true),
        null,
        List.of(
            new Figure.Points(
                "",
                IntStream.rangeClosed(1, costs.length).asDoubleStream().toArray(),
                costs,
                new double[0],
                0)));
  }

  /**
   * The profile of the cost along one parameter, with its interval.
   *
   * @param name of the fit, unique in a report
   */
  public static Figure profile(String name, Identifiability.Curve curve) {
    Interval interval = curve.found().interval();
    double most = Arrays.stream(curve.t()).max().orElseThrow();
    List<Figure.Layer> layers = new ArrayList<>();
    layers.add(new Figure.Line("profile t", curve.values(), curve.t(), Figure.Style.SOLID, 0));
    for (double end : new double[] {interval.low(), interval.high()}) {
      if (Double.isFinite(end)) {
        layers.add(
            new Figure.Line(
                "95% interval",
                new double[] {end, end}, new double[] {0, most}, Figure.Style.DASHED, 1));
      }
    }
    return new Figure(
        Figure.id("profile", name, curve.parameter()),
        "Profile of %s, %s".formatted(curve.parameter(), name),
        "Profile likelihood of %s: least at %.5g, 95%% interval from %.5g to %.5g."
            .formatted(curve.parameter(), curve.estimate(), interval.low(), interval.high()),
        new Figure.Axis(curve.parameter(), false),
        new Figure.Axis("profile t", false),
        null,
        layers);
  }

  /**
   * One histogram per published parameter.
   *
   * @param name of the fit, unique in a report
   */
  public static List<Figure> distributions(String name, LawFit fit, Replicates replicates) {
    double[][] published =
        replicates
            .usable()
            .mapToObj(b -> replicates.surface(b).published())
            .toArray(double[][]::new);
    double[] estimate = fit.surface().published();
    List<Figure> figures = new ArrayList<>();
    for (int j = 0; j < estimate.length; j++) {
      int at = j;
      double[] values =
          Arrays.stream(published)
              .mapToDouble(row -> row[at])
              .filter(Double::isFinite)
              .sorted()
              .toArray();
      if (values.length > 1 && Double.isFinite(estimate[j])) {
        figures.add(histogram(name, fit.law().parameterNames().get(j), values, estimate[j]));
      }
    }
    return figures;
  }

  private static Figure histogram(String name, String parameter, double[] sorted, double estimate) {
    double low = sorted[(int) (TAIL * (sorted.length - 1))];
    double high = sorted[(int) Math.ceil((1 - TAIL) * (sorted.length - 1))];
    double width = Math.max((high - low) / BINS, Double.MIN_NORMAL);
    double[] left = IntStream.range(0, BINS).mapToDouble(i -> low + i * width).toArray();
    double[] count = new double[BINS];
    for (double value : sorted) {
      if (value >= low && value <= high) {
        count[Math.min(BINS - 1, (int) ((value - low) / width))]++;
      }
    }
    double most = Arrays.stream(count).max().orElseThrow();
    return new Figure(
        Figure.id("bootstrap", name, parameter),
        "%s of %s".formatted(parameter, name),
        "Histogram of %s over %d bootstrap replicates; the estimate is %.5g, 99%% lie between %.5g and %.5g."
            .formatted(parameter, sorted.length, estimate, low, high),
        new Figure.Axis(parameter, false),
        new Figure.Axis("replicates", false),
        null,
        List.of(
            new Figure.Bars("replicates", left, width, count, 0),
            new Figure.Line(
                "estimate",
                new double[] {estimate, estimate},
                new double[] {0, most},
                Figure.Style.SOLID,
                1)));
  }
}

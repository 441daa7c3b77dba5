package org.farfit.report.figure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.farfit.analysis.Allocation;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.Contours;
import org.farfit.analysis.SurfaceRange;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Estimate;
import org.farfit.analysis.inference.Inference;
import org.farfit.data.RunSet;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.solver.ProgressListener;

/** Figures of one fitted surface and the runs it was fitted to. */
public final class SurfaceFigures {

  static final Figure.Axis SIZE = new Figure.Axis("parameters N", true);
  static final Figure.Axis TOKENS = new Figure.Axis("training tokens D", true);
  static final Figure.Axis COMPUTE = new Figure.Axis("compute C (FLOPs)", true);

  private static final int CONTOURS = 9;
  private static final int BUDGETS = 15;

  /** Intervals of the path are drawn to so many times its N, and D/N, and as far below. */
  private static final double FARTHEST_DRAWN = 100;

  private static final int CURVE_POINTS = 60;

  /** How far beyond the runs planes and paths are drawn. */
  private static final double MARGIN = 4;

  private final String name;
  private final Inference inference;
  private final Surface surface;
  private final RunSet runs;
  private final SurfaceRange range;
  private final ComputeModel compute;
  private final ProgressListener progress;
  private Optional<Path> path = Optional.empty();

  /**
   * Figures of a surface.
   *
   * @param name what titles call it
   * @param progress told after each budget of the compute-optimal path
   */
  public SurfaceFigures(
      String name,
      Inference inference,
      RunSet runs,
      ComputeModel compute,
      ProgressListener progress) {
    this.progress = progress;
    this.name = name;
    this.inference = inference;
    this.surface = inference.surface();
    this.runs = runs;
    this.range = SurfaceRange.of(runs);
    this.compute = compute;
  }

  /**
   * What the figures of several surfaces tell, as one progress.
   *
   * @param surfaces how many there are
   */
  public static ProgressListener paths(int surfaces, ProgressListener progress) {
    AtomicInteger ended = new AtomicInteger();
    return (done, total) -> progress.done(ended.incrementAndGet(), surfaces * total);
  }

  private String id(String what) {
    return Figure.id(what, name);
  }

  /** The compute-optimal path with its interval, at budgets that span the runs and beyond. */
  private record Path(
      double[] compute, double[] n, double[] d, Interval[] ofN, Interval[] ofRatio) {}

  private Path path() {
    if (path.isEmpty()) {
      path = Optional.of(computed());
    }
    return path.get();
  }

  private Path computed() {
    double low = compute.flops(range.lowN(), range.lowD()) * MARGIN;
    double high = compute.flops(range.highN(), range.highD()) * MARGIN;
    double[] budgets = new double[BUDGETS];
    double[] near = new double[BUDGETS];
    Allocation allocation = new Allocation(surface, range, compute);
    for (int i = 0; i < BUDGETS; i++) {
      budgets[i] = low * Math.pow(high / low, i / (BUDGETS - 1.0));
      near[i] = allocation.at(budgets[i]).best().map(Allocation.Point::n).orElse(Double.NaN);
    }
    Path found =
        new Path(
            budgets,
            new double[BUDGETS],
            new double[BUDGETS],
            new Interval[BUDGETS],
            new Interval[BUDGETS]);
    for (int i = 0; i < BUDGETS; i++) {
      Estimands optimum =
          Estimands.optima(range, compute, new double[] {budgets[i]}, new double[] {near[i]});
      List<Estimate> estimates = inference.of(optimum, false);
      found.n()[i] = estimates.get(0).value();
      found.d()[i] = estimates.get(1).value();
      found.ofN()[i] = drawn(estimates.get(0));
      found.ofRatio()[i] = drawn(estimates.get(2));
      progress.done(i + 1, BUDGETS);
    }
    return found;
  }

  /** An interval as far as it is drawn; unknown where there is no value that it is of. */
  private static Interval drawn(Estimate estimate) {
    double value = estimate.value();
    Interval interval = estimate.interval();
    return Double.isNaN(value)
        ? Interval.UNKNOWN
        : new Interval(
            Math.max(interval.low(), value / FARTHEST_DRAWN),
            Math.min(interval.high(), value * FARTHEST_DRAWN));
  }

  /** The runs coloured by loss, contours of the surface, isoFLOP lines, the optimal path. */
  public Figure plane() {
    List<Figure.Layer> layers = new ArrayList<>();
    SurfaceRange drawn =
        new SurfaceRange(
            range.lowN(), range.highN() * MARGIN, range.lowD(), range.highD() * MARGIN);
    layers.add(new Figure.Points("runs", runs.n(), runs.d(), runs.loss(), 0));
    for (Contours.Line line :
        Contours.of(surface, drawn, Contours.levels(surface, drawn, CONTOURS), CURVE_POINTS)) {
      layers.add(new Figure.Line("contours of the fit", line.n(), line.d(), Figure.Style.FAINT, 0));
    }
    addIsoFlops(layers, drawn);
    addPath(layers);
    double low = Arrays.stream(runs.loss()).min().orElseThrow();
    double high = Arrays.stream(runs.loss()).max().orElseThrow();
    return new Figure(
        id("plane"),
        "Runs and the fit of " + name,
        ("%d runs on the plane of parameters and tokens, coloured by loss from %.4g to %.4g, with"
                + " contours of the fit of %s, lines of equal compute, and the compute-optimal path.")
            .formatted(runs.size(), low, high, name),
        SIZE,
        TOKENS,
        new Figure.Scale("loss", low, high, false),
        layers);
  }

  private void addIsoFlops(List<Figure.Layer> layers, SurfaceRange drawn) {
    double low = Math.log10(compute.flops(drawn.lowN(), drawn.lowD()));
    double high = Math.log10(compute.flops(drawn.highN(), drawn.highD()));
    for (int power = (int) Math.ceil(low); power <= high; power++) {
      double budget = Math.pow(10, power);
      double[] n = new double[CURVE_POINTS];
      double[] d = new double[CURVE_POINTS];
      for (int i = 0; i < CURVE_POINTS; i++) {
        n[i] = drawn.lowN() * Math.pow(drawn.highN() / drawn.lowN(), i / (CURVE_POINTS - 1.0));
        double tokens = compute.tokens(n[i], budget);
        d[i] = tokens >= drawn.lowD() && tokens <= drawn.highD() ? tokens : Double.NaN;
      }
      layers.add(new Figure.Line("isoFLOP lines, powers of ten", n, d, Figure.Style.DASHED, 5));
    }
  }

  private void addPath(List<Figure.Layer> layers) {
    Path optimal = path();
    int count = optimal.n().length;
    if (Arrays.stream(optimal.ofN()).anyMatch(Interval::isKnown)) {
      double[] lowN = Arrays.stream(optimal.ofN()).mapToDouble(Interval::low).toArray();
      double[] highN = Arrays.stream(optimal.ofN()).mapToDouble(Interval::high).toArray();
      layers.add(
          Figure.Area.between(
              "interval of the path",
              lowN,
              tokens(lowN, optimal.compute()),
              highN,
              tokens(highN, optimal.compute()),
              1));
    }
    if (IntStream.range(0, count).anyMatch(i -> Double.isFinite(optimal.n()[i]))) {
      layers.add(
          new Figure.Line("compute-optimal path", optimal.n(), optimal.d(), Figure.Style.SOLID, 1));
    }
  }

  private double[] tokens(double[] n, double[] budgets) {
    return IntStream.range(0, n.length)
        .mapToDouble(i -> Double.isNaN(n[i]) ? Double.NaN : compute.tokens(n[i], budgets[i]))
        .toArray();
  }

  /** Loss against tokens for each size, with the fit. */
  public Figure curves() {
    double[] sizeOf = runs.bySize().n();
    double[] sizes = Arrays.stream(sizeOf).distinct().sorted().toArray();
    int step = Math.max(1, (sizes.length + 11) / 12);
    List<Figure.Layer> layers = new ArrayList<>();
    for (int s = 0; s < sizes.length; s += step) {
      double size = sizes[s];
      int[] own = IntStream.range(0, runs.size()).filter(i -> sizeOf[i] == size).toArray();
      double low = Arrays.stream(own).mapToDouble(runs::d).min().orElseThrow();
      double high = Arrays.stream(own).mapToDouble(runs::d).max().orElseThrow() * 1.0001;
      double[] d = new double[CURVE_POINTS];
      double[] loss = new double[CURVE_POINTS];
      for (int i = 0; i < CURVE_POINTS; i++) {
        d[i] = low * Math.pow(high / low, i / (CURVE_POINTS - 1.0));
        loss[i] = surface.loss(size, d[i]);
      }
      layers.add(new Figure.Line("fit", d, loss, Figure.Style.FAINT, 0));
      double[] value = new double[own.length];
      Arrays.fill(value, Math.log10(size));
      layers.add(
          new Figure.Points(
              "runs",
              Arrays.stream(own).mapToDouble(runs::d).toArray(),
              Arrays.stream(own).mapToDouble(runs::loss).toArray(),
              value,
              0));
    }
    return new Figure(
        id("loss"),
        "Loss against tokens, " + name,
        "Measured losses against training tokens for %d sizes, each with the curve of the fit of %s."
            .formatted((sizes.length + step - 1) / step, name),
        TOKENS,
        new Figure.Axis("loss", true),
        new Figure.Scale(
            "log10 N", Math.log10(sizes[0]), Math.log10(sizes[sizes.length - 1]) + 1e-9, false),
        layers);
  }

  /** Relative residuals on the plane, percent. */
  public double[] residuals() {
    return IntStream.range(0, runs.size())
        .mapToDouble(i -> 100 * surface.relativeError(runs, i))
        .toArray();
  }

  /**
   * Residuals on the plane.
   *
   * @param largest the end of the colour scale, percent: the same for laws side by side
   */
  public Figure residualMap(double largest) {
    double[] residuals = residuals();
    double mean = Arrays.stream(residuals).map(Math::abs).average().orElseThrow();
    return new Figure(
        id("residuals"),
        "Residuals of " + name,
        "Relative residuals of %d runs around the fit of %s: mean size %.3g%%, from %.3g%% to %.3g%%."
            .formatted(
                runs.size(),
                name,
                mean,
                Arrays.stream(residuals).min().orElseThrow(),
                Arrays.stream(residuals).max().orElseThrow()),
        SIZE,
        TOKENS,
        new Figure.Scale("fit / loss - 1, %", -largest, largest, true),
        List.of(new Figure.Points("", runs.n(), runs.d(), residuals, 0)));
  }

  /** Layers of D*&#47;N* against compute, with their interval. */
  private List<Figure.Layer> ratioLayers(int colour) {
    Path optimal = path();
    double[] ratio =
        IntStream.range(0, optimal.n().length)
            .mapToDouble(i -> optimal.d()[i] / optimal.n()[i])
            .toArray();
    List<Figure.Layer> layers = new ArrayList<>();
    if (Arrays.stream(optimal.ofRatio()).anyMatch(Interval::isKnown)) {
      layers.add(
          Figure.Area.between(
              "",
              optimal.compute(),
              Arrays.stream(optimal.ofRatio()).mapToDouble(Interval::low).toArray(),
              optimal.compute(),
              Arrays.stream(optimal.ofRatio()).mapToDouble(Interval::high).toArray(),
              colour));
    }
    layers.add(new Figure.Line(name, optimal.compute(), ratio, Figure.Style.SOLID, colour));
    return layers;
  }

  /** Compute-optimal tokens per parameter against compute, of several surfaces. */
  public static Figure ratios(List<SurfaceFigures> surfaces) {
    List<Figure.Layer> layers = new ArrayList<>();
    for (int i = 0; i < surfaces.size(); i++) {
      layers.addAll(surfaces.get(i).ratioLayers(i));
    }
    double[] budgets = surfaces.getFirst().path().compute();
    double[] twenty = new double[budgets.length];
    Arrays.fill(twenty, 20);
    layers.add(new Figure.Line("20 tokens per parameter", budgets, twenty, Figure.Style.DASHED, 5));
    return new Figure(
        "ratio",
        "Compute-optimal tokens per parameter",
        "Optimal D/N against compute from %.2g to %.2g FLOPs for %s, bands being intervals."
            .formatted(
                budgets[0],
                budgets[budgets.length - 1],
                String.join(", ", surfaces.stream().map(figures -> figures.name).toList())),
        COMPUTE,
        new Figure.Axis("D*/N*", true),
        null,
        layers);
  }
}

package org.farfit.report.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Paint;
import java.awt.Stroke;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.farfit.data.FileProblem;
import org.farfit.data.InputException;
import org.farfit.report.output.OutputException;
import org.farfit.report.output.OutputFile;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYPolygonAnnotation;
import org.jfree.chart.axis.LogarithmicAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.LookupPaintScale;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.PaintScaleLegend;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.svg.SVGGraphics2D;

/** Figures as SVG and PNG files, for papers. */
public final class StaticFigures {

  private static final int WIDTH = 720;
  private static final int HEIGHT = 480;
  private static final int PIXELS_PER_POINT = 2;
  private static final int SCALE_STEPS = 64;

  /** How the drawings of this class begin. */
  private static final Pattern OWN =
      Pattern.compile("xmlns:jfreesvg=[^>]*><title>[^<]*</title><desc>");

  private static final int HEAD = 2000;

  private StaticFigures() {}

  /**
   * Writes each figure as {@code ID.svg} and {@code ID.png}.
   *
   * @param folder is made if it does not exist
   * @throws OutputException if it cannot be written
   */
  public static List<Path> write(Path folder, List<Figure> figures) {
    requireFonts();
    OutputFile.makeFolder(folder);
    List<Path> written = new ArrayList<>();
    for (Figure figure : figures) {
      Path svg = folder.resolve(figure.id() + ".svg");
      OutputFile.write(svg, svg(figure));
      Path png = folder.resolve(figure.id() + ".png");
      OutputFile.write(png, png(figure));
      written.add(svg);
      written.add(png);
    }
    return written;
  }

  /**
   * Ends the command where the machine has no fonts, as bare ones may have none.
   *
   * @throws OutputException saying how to get some
   */
  public static void requireFonts() {
    System.setProperty("java.awt.headless", "true");
    try {
      new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics().getFontMetrics();
    } catch (RuntimeException | LinkageError e) {
      throw withoutFonts(e);
    }
  }

  static OutputException withoutFonts(Throwable cause) {
    return new OutputException(
        "figures cannot be drawn, since the fonts of this machine cannot be used (%s): install some, such as by"
                .formatted(cause.getMessage())
            + " 'apt-get install fontconfig fonts-dejavu-core', or save figures from the page of a report");
  }

  /**
   * The pictures in a folder that this class did not draw. A PNG file is one of its own if the SVG
   * file of its name is.
   *
   * @param folder need not exist
   */
  public static List<Path> foreign(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(StaticFigures::isPicture).filter(file -> !isOwn(file)).sorted().toList();
    } catch (IOException e) {
      throw new InputException("%s: cannot be read: %s".formatted(folder, FileProblem.words(e)), e);
    }
  }

  /** Whether a file is named as a picture. */
  public static boolean isPicture(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".svg") || name.endsWith(".png");
  }

  private static boolean isOwn(Path file) {
    String name = file.getFileName().toString();
    Path svg = file.resolveSibling(name.substring(0, name.length() - ".svg".length()) + ".svg");
    return Files.isRegularFile(file)
        && !Files.isSymbolicLink(file)
        && OWN.matcher(OutputFile.head(svg, HEAD)).find();
  }

  /** A figure as an SVG document, with its alternative text. */
  public static String svg(Figure figure) {
    SVGGraphics2D graphics = new SVGGraphics2D(WIDTH, HEIGHT);
    graphics.setDefsKeyPrefix(figure.id());
    chart(figure).draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
    String svg = graphics.getSVGDocument();
    int body = svg.indexOf('>', svg.indexOf("<svg")) + 1;
    return svg.substring(0, body)
        + "<title>%s</title><desc>%s</desc>"
            .formatted(escaped(figure.title()), escaped(figure.alt()))
        + svg.substring(body);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static byte[] png(Figure figure) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ChartUtils.writeScaledChartAsPNG(
          bytes, chart(figure), WIDTH, HEIGHT, PIXELS_PER_POINT, PIXELS_PER_POINT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static JFreeChart chart(Figure figure) {
    XYPlot plot = new XYPlot(null, axis(figure.x(), true), axis(figure.y(), false), null);
    plot.setBackgroundPaint(Color.WHITE);
    plot.setDomainGridlinePaint(new Color(0xdddddd));
    plot.setRangeGridlinePaint(new Color(0xdddddd));
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
    int dataset = 0;
    List<String> named = new ArrayList<>();
    for (Figure.Layer layer : figure.layers()) {
      boolean inLegend = !layer.name().isEmpty() && !named.contains(layer.name());
      named.add(layer.name());
      switch (layer) {
        case Figure.Points points -> points(plot, dataset++, points, figure.scale(), inLegend);
        case Figure.Line line -> line(plot, dataset++, line, inLegend);
        case Figure.Area area -> area(plot, area);
        case Figure.Cells cells -> cells(plot, dataset++, cells, figure);
        case Figure.Bars bars -> bars(plot, dataset++, bars, inLegend);
      }
    }
    JFreeChart chart =
        new JFreeChart(figure.title(), JFreeChart.DEFAULT_TITLE_FONT.deriveFont(15f), plot, true);
    chart.setBackgroundPaint(Color.WHITE);
    chart.getLegend().setVisible(named.stream().anyMatch(name -> !name.isEmpty()));
    if (figure.scale() != null) {
      chart.addSubtitle(legend(figure.scale()));
    }
    return chart;
  }

  private static ValueAxis axis(Figure.Axis axis, boolean horizontal) {
    if (!axis.names().isEmpty()) {
      SymbolAxis named = new SymbolAxis(axis.label(), axis.names().toArray(String[]::new));
      named.setGridBandsVisible(false);
      // Only upright names fit side by side.
      named.setVerticalTickLabels(horizontal);
      return named;
    }
    if (!axis.log()) {
      NumberAxis plain = new NumberAxis(axis.label());
      plain.setAutoRangeIncludesZero(false);
      return plain;
    }
    LogarithmicAxis log = new LogarithmicAxis(axis.label());
    log.setExpTickLabelsFlag(true);
    log.setStrictValuesFlag(false);
    return log;
  }

  private static XYSeriesCollection series(String name, double[] x, double[] y) {
    // In the order given, with repeated x: outlines of paths.
    XYSeries series = new XYSeries(name, false, true);
    for (int i = 0; i < x.length; i++) {
      boolean known = Double.isFinite(x[i]) && Double.isFinite(y[i]);
      series.add(known ? x[i] : firstKnown(x), known ? (Number) y[i] : null);
    }
    return new XYSeriesCollection(series);
  }

  private static double firstKnown(double[] x) {
    return IntStream.range(0, x.length)
        .mapToDouble(i -> x[i])
        .filter(Double::isFinite)
        .findFirst()
        .orElse(1);
  }

  private static void points(
      XYPlot plot, int dataset, Figure.Points points, Figure.Scale scale, boolean inLegend) {
    XYLineAndShapeRenderer renderer =
        new XYLineAndShapeRenderer(false, true) {
          private static final long serialVersionUID = 1;

          @Override
          public Paint getItemPaint(int row, int column) {
            return points.value().length > 0
                ? Palette.at(scale, points.value()[column])
                : Palette.layer(points.colour());
          }
        };
    renderer.setSeriesShape(0, new Ellipse2D.Double(-3, -3, 6, 6));
    // The legend asks the series, not its items.
    renderer.setSeriesPaint(0, Palette.layer(points.colour()));
    // Colours of small differences are nearly white.
    boolean outlined = scale != null && scale.diverging() && points.value().length > 0;
    renderer.setDrawOutlines(outlined);
    renderer.setUseOutlinePaint(outlined);
    renderer.setSeriesOutlinePaint(0, Color.GRAY);
    renderer.setSeriesOutlineStroke(0, new BasicStroke(0.4f));
    renderer.setSeriesVisibleInLegend(0, inLegend && points.value().length == 0);
    plot.setDataset(dataset, series(points.name(), points.x(), points.y()));
    plot.setRenderer(dataset, renderer);
  }

  private static void line(XYPlot plot, int dataset, Figure.Line line, boolean inLegend) {
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
    renderer.setSeriesPaint(
        0,
        line.style() == Figure.Style.FAINT
            ? new Color(0x99999999, true)
            : Palette.layer(line.colour()));
    renderer.setSeriesStroke(0, stroke(line.style()));
    renderer.setSeriesVisibleInLegend(0, inLegend);
    plot.setDataset(dataset, series(line.name(), line.x(), line.y()));
    plot.setRenderer(dataset, renderer);
  }

  private static Stroke stroke(Figure.Style style) {
    return switch (style) {
      case SOLID -> new BasicStroke(2f);
      case FAINT -> new BasicStroke(1f);
      case DASHED ->
          new BasicStroke(
              1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, new float[] {5f, 4f}, 0f);
    };
  }

  private static void area(XYPlot plot, Figure.Area area) {
    List<Double> corners = new ArrayList<>();
    for (int i = 0; i < area.x().length; i++) {
      if (Double.isFinite(area.x()[i]) && Double.isFinite(area.y()[i])) {
        corners.add(area.x()[i]);
        corners.add(area.y()[i]);
      }
    }
    if (corners.size() >= 6) {
      Color colour = Palette.layer(area.colour());
      plot.addAnnotation(
          new XYPolygonAnnotation(
              corners.stream().mapToDouble(Double::doubleValue).toArray(),
              null,
              null,
              new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 60)));
    }
  }

  private static void cells(XYPlot plot, int dataset, Figure.Cells cells, Figure figure) {
    XYIntervalSeries series = new XYIntervalSeries(cells.name(), false, true);
    List<Color> colours = new ArrayList<>();
    for (int i = 0; i < cells.x().length; i++) {
      if (!Double.isFinite(cells.value()[i])) {
        continue;
      }
      series.add(
          cells.x()[i],
          edge(figure.x(), cells.x()[i], cells.width(), -1),
          edge(figure.x(), cells.x()[i], cells.width(), 1),
          cells.y()[i],
          edge(figure.y(), cells.y()[i], cells.height(), -1),
          edge(figure.y(), cells.y()[i], cells.height(), 1));
      colours.add(Palette.at(figure.scale(), cells.value()[i]));
    }
    XYBarRenderer renderer =
        new XYBarRenderer() {
          private static final long serialVersionUID = 1;

          @Override
          public Paint getItemPaint(int row, int column) {
            return colours.get(column);
          }
        };
    renderer.setUseYInterval(true);
    plain(renderer);
    renderer.setSeriesVisibleInLegend(0, false);
    XYIntervalSeriesCollection collection = new XYIntervalSeriesCollection();
    collection.addSeries(series);
    plot.setDataset(dataset, collection);
    plot.setRenderer(dataset, renderer);
  }

  private static double edge(Figure.Axis axis, double at, double size, int side) {
    return axis.log() ? at * Math.pow(size, 0.5 * side) : at + 0.5 * side * size;
  }

  private static void bars(XYPlot plot, int dataset, Figure.Bars bars, boolean inLegend) {
    XYIntervalSeries series = new XYIntervalSeries(bars.name(), false, true);
    for (int i = 0; i < bars.x().length; i++) {
      double left = bars.x()[i];
      series.add(
          left + 0.5 * bars.width(),
          left,
          left + bars.width(),
          bars.height()[i],
          0,
          bars.height()[i]);
    }
    XYBarRenderer renderer = new XYBarRenderer();
    plain(renderer);
    renderer.setSeriesPaint(0, Palette.layer(bars.colour()));
    renderer.setSeriesVisibleInLegend(0, inLegend);
    XYIntervalSeriesCollection collection = new XYIntervalSeriesCollection();
    collection.addSeries(series);
    plot.setDataset(dataset, collection);
    plot.setRenderer(dataset, renderer);
  }

  private static void plain(XYBarRenderer renderer) {
    renderer.setShadowVisible(false);
    renderer.setBarPainter(new StandardXYBarPainter());
    renderer.setDrawBarOutline(false);
  }

  private static PaintScaleLegend legend(Figure.Scale scale) {
    double span = scale.high() - scale.low();
    LookupPaintScale paints =
        new LookupPaintScale(scale.low(), scale.high(), Palette.at(scale, scale.high()));
    for (int i = 0; i < SCALE_STEPS; i++) {
      double value = scale.low() + span * i / SCALE_STEPS;
      paints.add(value, Palette.at(scale, value));
    }
    NumberAxis axis = new NumberAxis(scale.label());
    axis.setRange(scale.low(), scale.high());
    PaintScaleLegend legend = new PaintScaleLegend(paints, axis);
    legend.setPosition(RectangleEdge.RIGHT);
    legend.setSubdivisionCount(SCALE_STEPS);
    legend.setMargin(20, 8, 40, 8);
    legend.setBackgroundPaint(Color.WHITE);
    return legend;
  }
}

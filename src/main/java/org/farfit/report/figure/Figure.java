package org.farfit.report.figure;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * What a figure shows, without saying how it is drawn. Numbers that are not finite are gaps.
 *
 * @param id short name, unique in a report; also the name of its files
 * @param title what it shows
 * @param alt what a reader who cannot see it should know
 * @param x horizontal axis
 * @param y vertical axis
 * @param scale what colours mean, or null
 * @param layers what is drawn, the lowest first
 */
public record Figure(
    String id, String title, String alt, Axis x, Axis y, Scale scale, List<Layer> layers) {

  /** No file system takes names of 256 characters, and formulas are longer. */
  private static final int LONGEST_ID = 120;

  /** An identifier put together from parts, such as the name of a fit; long ones are cut. */
  static String id(String... parts) {
    String whole = String.join("-", parts);
    String id = whole.replaceAll("[^A-Za-z0-9]+", "-");
    return id.length() <= LONGEST_ID
        ? id
        : "%s-%08x".formatted(id.substring(0, LONGEST_ID - 9), whole.hashCode());
  }

  /**
   * An axis.
   *
   * @param label with its unit
   * @param log whether it is logarithmic
   * @param names what stands at 0, 1, ...; empty for an axis of numbers
   */
  public record Axis(String label, boolean log, List<String> names) {

    /** An axis of numbers. */
    public Axis(String label, boolean log) {
      this(label, log, List.of());
    }

    /** An axis of things with names, which stand at 0, 1, ... */
    public static Axis named(String label, List<String> names) {
      return new Axis(label, false, List.copyOf(names));
    }
  }

  /**
   * What colours mean. Where all values are one, or none is known, the ends are set apart by one,
   * so that there is a scale.
   *
   * @param label with its unit
   * @param low value of the first colour
   * @param high value of the last colour
   * @param diverging whether the middle is nothing and both ends are much
   */
  public record Scale(String label, double low, double high, boolean diverging) {

    /** Sets the ends apart if they are not. */
    public Scale {
      if (!(low < high && Double.isFinite(high - low))) {
        double middle = Double.isFinite(low) ? low : 0;
        low = middle - 0.5;
        high = middle + 0.5;
      }
    }
  }

  /** Something drawn. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Points.class, name = "points"),
    @JsonSubTypes.Type(value = Line.class, name = "line"),
    @JsonSubTypes.Type(value = Area.class, name = "area"),
    @JsonSubTypes.Type(value = Cells.class, name = "cells"),
    @JsonSubTypes.Type(value = Bars.class, name = "bars")
  })
  public sealed interface Layer permits Points, Line, Area, Cells, Bars {

    /** What the legend calls it; empty for nothing. */
    String name();
  }

  /**
   * Points.
   *
   * @param x of each point, in the unit of the axis
   * @param y of each point, as many
   * @param value what colours each on the figure's scale; empty for the colour of the layer
   * @param colour number of the colour in the palette
   */
  public record Points(String name, double[] x, double[] y, double[] value, int colour)
      implements Layer {}

  /**
   * A line.
   *
   * @param x of its points in order, in the unit of the axis
   * @param y as many
   * @param style solid, dashed or faint
   */
  public record Line(String name, double[] x, double[] y, Style style, int colour)
      implements Layer {}

  /** How a line is drawn. */
  public enum Style {
    /** The line that matters. */
    SOLID,
    /** A guide. */
    DASHED,
    /** One of many. */
    FAINT
  }

  /**
   * A filled outline, such as a band: from its lower edge and back along its upper one.
   *
   * @param x of the corners in order, in the unit of the axis
   * @param y as many
   */
  public record Area(String name, double[] x, double[] y, int colour) implements Layer {

    /**
     * The area between two edges.
     *
     * @param lowX of the lower edge, in the unit of the axis
     * @param lowY as many
     * @param highX of the upper edge, as many as of the lower
     * @param highY as many
     */
    public static Area between(
        String name, double[] lowX, double[] lowY, double[] highX, double[] highY, int colour) {
      int n = lowX.length;
      double[] x = new double[2 * n];
      double[] y = new double[2 * n];
      for (int i = 0; i < n; i++) {
        x[i] = lowX[i];
        y[i] = lowY[i];
        x[2 * n - 1 - i] = highX[i];
        y[2 * n - 1 - i] = highY[i];
      }
      return new Area(name, x, y, colour);
    }
  }

  /**
   * Coloured cells around points.
   *
   * @param x centres
   * @param y centres
   * @param width of each cell, as a factor on a logarithmic axis
   * @param height of each cell
   * @param value on the figure's scale
   */
  public record Cells(
      String name, double[] x, double[] y, double width, double height, double[] value)
      implements Layer {}

  /**
   * Bars of one width from 0: {@code x} are their left ends.
   *
   * @param x left ends, in the unit of the axis
   * @param width of each, in the same unit
   * @param height of each, as many as there are left ends
   */
  public record Bars(String name, double[] x, double width, double[] height, int colour)
      implements Layer {}
}

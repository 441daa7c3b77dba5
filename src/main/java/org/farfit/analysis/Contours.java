package org.farfit.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;
import org.farfit.fit.Surface;

/** Lines of equal loss of a surface whose loss falls with tokens. */
public final class Contours {

  private static final double ROOT = 1e-6;

  private Contours() {}

  /**
   * A line of equal loss.
   *
   * @param loss the loss
   * @param n parameters, even in their logarithm
   * @param d tokens at which models of these sizes reach the loss; NaN where none in range do
   */
  public record Line(double loss, double[] n, double[] d) {}

  /**
   * Lines at some losses.
   *
   * @param range where they are drawn
   * @param losses one per line, in the unit of the data
   * @param points how many N
   */
  public static List<Line> of(Surface surface, SurfaceRange range, double[] losses, int points) {
    double low = Math.log(range.lowD());
    double high = Math.log(range.highD());
    double[] n = new double[points];
    for (int i = 0; i < points; i++) {
      n[i] = range.lowN() * Math.pow(range.highN() / range.lowN(), i / (points - 1.0));
    }
    List<Line> lines = new ArrayList<>();
    for (double loss : losses) {
      double[] d = new double[points];
      for (int i = 0; i < points; i++) {
        double size = n[i];
        DoubleUnaryOperator excess = y -> surface.loss(size, Math.exp(y)) - loss;
        boolean falls = excess.applyAsDouble(low) >= 0 && excess.applyAsDouble(high) <= 0;
        OptionalDouble root =
            falls ? Roots.between(excess, low, high, ROOT, ROOT) : OptionalDouble.empty();
        d[i] = Math.exp(root.orElse(Double.NaN));
      }
      lines.add(new Line(loss, n, d));
    }
    return lines;
  }

  /** Losses for a number of lines, even in the logarithm of the tokens at the middle size. */
  public static double[] levels(Surface surface, SurfaceRange range, int count) {
    double n = Math.sqrt(range.lowN() * range.highN());
    double[] levels = new double[count];
    for (int i = 0; i < count; i++) {
      double share = (i + 0.5) / count;
      levels[i] = surface.loss(n, range.lowD() * Math.pow(range.highD() / range.lowD(), share));
    }
    Arrays.sort(levels);
    return levels;
  }
}

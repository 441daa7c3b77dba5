package org.farfit.report.figure;

import java.awt.Color;
import java.util.List;

/**
 * Colours that people with colour-vision deficiencies can tell apart: Okabe and Ito for layers,
 * viridis for amounts (van der Walt and Smith), blue to red for differences (ColorBrewer RdBu).
 */
public final class Palette {

  /** Of layers. */
  public static final List<String> LAYERS =
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9");

  /** Of amounts, from low to high. */
  public static final List<String> AMOUNTS =
      List.of("#440154", "#414487", "#2a788e", "#22a884", "#7ad151", "#fde725");

  /** Of differences, from low to high. */
  public static final List<String> DIFFERENCES =
      List.of("#2166ac", "#67a9cf", "#d1e5f0", "#f7f7f7", "#fddbc7", "#ef8a62", "#b2182b");

  private Palette() {}

  static Color layer(int number) {
    return Color.decode(LAYERS.get(Math.floorMod(number, LAYERS.size())));
  }

  /** The colour of a value, the nearer end beyond the scale. */
  static Color at(Figure.Scale scale, double value) {
    List<String> colours = scale.diverging() ? DIFFERENCES : AMOUNTS;
    double share = Math.clamp((value - scale.low()) / (scale.high() - scale.low()), 0, 1);
    double position = share * (colours.size() - 1);
    int below = Math.min((int) position, colours.size() - 2);
    Color from = Color.decode(colours.get(below));
    Color to = Color.decode(colours.get(below + 1));
    double part = position - below;
    return new Color(
        mix(from.getRed(), to.getRed(), part),
        mix(from.getGreen(), to.getGreen(), part),
        mix(from.getBlue(), to.getBlue(), part));
  }

  private static int mix(int from, int to, double part) {
    return (int) Math.round(from + part * (to - from));
  }
}

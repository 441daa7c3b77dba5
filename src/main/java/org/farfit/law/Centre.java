package org.farfit.law;

import java.util.Map;

/**
 * The point that centred coordinates refer to: the geometric means of the data.
 *
 * @param logN ln N0, N0 in parameters; NaN for runs without N
 * @param logD ln D0, D0 in tokens; NaN for runs without D
 * @param logLoss ln L0, L0 in the unit of the loss; only sampling boxes and limits depend on it;
 *     NaN where what was measured is not positive
 * @param further the further columns there: the geometric mean of one that is positive, the mean of
 *     one that is not, the most frequent category of one of categories
 */
public record Centre(double logN, double logD, double logLoss, Map<String, Double> further) {

  /** A centre of N, D and loss alone. */
  public Centre(double logN, double logD, double logLoss) {
    this(logN, logD, logLoss, Map.of());
  }

  /** A column at the centre. */
  public double value(String column) {
    return switch (column) {
      case "N" -> Math.exp(logN);
      case "D" -> Math.exp(logD);
      default -> {
        Double value = further.get(column);
        if (value == null) {
          throw new IllegalArgumentException("the centre has no column '%s'".formatted(column));
        }
        yield value;
      }
    };
  }

  /**
   * The centre of a set of runs.
   *
   * @param n parameters of each run, positive
   * @param d tokens of each run, positive
   * @param loss loss of each run, positive
   * @throws IllegalArgumentException if the arrays are empty or differ in length
   */
  public static Centre of(double[] n, double[] d, double[] loss) {
    if (n.length == 0 || n.length != d.length || n.length != loss.length) {
      throw new IllegalArgumentException(
          "need equally many N, D and losses, at least one: got %d, %d, %d"
              .formatted(n.length, d.length, loss.length));
    }
    return new Centre(meanLog(n), meanLog(d), meanLog(loss));
  }

  /** ln N relative to the centre. */
  public double x(double n) {
    return Math.log(n) - logN;
  }

  /** ln D relative to the centre. */
  public double y(double d) {
    return Math.log(d) - logD;
  }

  private static double meanLog(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += Math.log(value);
    }
    return sum / values.length;
  }
}

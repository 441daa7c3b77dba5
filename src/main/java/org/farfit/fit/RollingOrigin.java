package org.farfit.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;

/**
 * One origin of rolling-origin validation: fit the runs of the j smallest sizes, predict those of
 * the next one, for every j from {@link #FEWEST_SIZES} up (Tashman 2000, section 3, with sizes in
 * the place of time and a horizon of one). It judges extrapolation in N from the fitted runs alone.
 *
 * @param fit weight of each run in the fit, 0 for those of larger sizes
 * @param test weight of each run among those to predict, 0 for all but those of the next size
 */
record RollingOrigin(double[] fit, double[] test) {

  /** Enough sizes that a curve of three parameters in N is overdetermined. */
  static final int FEWEST_SIZES = 5;

  /**
   * The origins within some of the runs.
   *
   * @param weights weight of each run; those of weight 0 take no part
   */
  static List<RollingOrigin> within(RunSet all, double[] weights) {
    RunSet runs = all.bySize();
    double[] sizes =
        IntStream.range(0, runs.size())
            .filter(i -> weights[i] > 0)
            .mapToDouble(runs::n)
            .distinct()
            .sorted()
            .toArray();
    List<RollingOrigin> origins = new ArrayList<>();
    for (int j = FEWEST_SIZES; j < sizes.length; j++) {
      double largest = sizes[j - 1];
      double next = sizes[j];
      double[] fit = weights.clone();
      double[] test = weights.clone();
      for (int i = 0; i < fit.length; i++) {
        fit[i] = runs.n(i) <= largest ? fit[i] : 0;
        test[i] = runs.n(i) == next ? test[i] : 0;
      }
      origins.add(new RollingOrigin(fit, test));
    }
    return origins;
  }

  /** Mean of |Lhat / L - 1| over the runs to predict. */
  double error(RunSet runs, Surface surface) {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < test.length; i++) {
      if (test[i] > 0) {
        sum += Math.abs(surface.loss(runs.n(i), runs.d(i)) / runs.loss(i) - 1);
        count++;
      }
    }
    return sum / count;
  }

  /** How many runs are fitted. */
  int fitted() {
    return RunSet.countWeighted(fit);
  }
}

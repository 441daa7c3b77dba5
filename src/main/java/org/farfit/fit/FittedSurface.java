package org.farfit.fit;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import org.farfit.data.RunSet;
import org.farfit.fit.statistics.LinearPropagation;
import org.farfit.law.Centre;
import org.farfit.law.Law;

/**
 * A loss surface with numbers in it: what predictions are made from, whether just fitted or read
 * from a file.
 *
 * @param law the law
 * @param centre what the centred parameters refer to
 * @param centred centred parameters, in the order of {@link Law#centredNames()}
 * @param runs how many runs it was fitted to
 * @param covariance covariance of the centred parameters, p x p, if it can be estimated
 * @param fixed where columns besides N and D are fixed in what is a function of N and D alone; the
 *     others are at the centre
 */
public record FittedSurface(
    Law law,
    Centre centre,
    List<Double> centred,
    int runs,
    Optional<double[][]> covariance,
    Map<String, Double> fixed)
    implements Surface {

  /** A surface with its other columns at the centre. */
  public FittedSurface(
      Law law, Centre centre, List<Double> centred, int runs, Optional<double[][]> covariance) {
    this(law, centre, centred, runs, covariance, Map.of());
  }

  /**
   * A surface whose covariance is not known.
   *
   * @param centred centred parameters, in the order of {@link Law#centredNames()}
   */
  public static FittedSurface of(Law law, Centre centre, double[] centred, int runs) {
    return new FittedSurface(
        law, centre, Arrays.stream(centred).boxed().toList(), runs, Optional.empty());
  }

  @Override
  public String name() {
    return law.name();
  }

  /** The centred parameters as an array. */
  public double[] centredArray() {
    // Not a stream: every loss asks for it.
    double[] array = new double[centred.size()];
    for (int j = 0; j < array.length; j++) {
      array[j] = centred.get(j);
    }
    return array;
  }

  /** The published parameters; one that overflows is not finite. */
  public double[] published() {
    double[] published = new double[centred.size()];
    law.toPublished(centre, centredArray(), published);
    return published;
  }

  /** Runs beyond the number of parameters. */
  public int degreesOfFreedom() {
    return runs - law.parameterCount();
  }

  @Override
  public double loss(double n, double d) {
    return law.lossAt(centre, centredArray(), row(n, d));
  }

  @Override
  public double loss(RunSet other, int run) {
    return law.lossAt(centre, centredArray(), other.row(law.columns(), run));
  }

  /**
   * The predicted value at a row.
   *
   * @param row values of the columns of the law
   */
  public double lossAt(double[] row) {
    return law.lossAt(centre, centredArray(), row);
  }

  @Override
  public FittedSurface fixing(Map<String, Double> values) {
    return values.isEmpty()
        ? this
        : new FittedSurface(law, centre, centred, runs, covariance, Map.copyOf(values));
  }

  /** A row with given N and D, and the other columns where they are fixed. */
  private double[] row(double n, double d) {
    double[] row = law.row(centre, n, d);
    if (!fixed.isEmpty()) {
      fixed.forEach((column, value) -> {
        int at = law.columns().indexOf(column);
        if (at >= 0 && !column.equals(RunSet.N) && !column.equals(RunSet.D)) {
          row[at] = value;
        }
      });
    }
    return row;
  }

  /**
   * Runs at given points with what the surface predicts there.
   *
   * @param points each the columns of a run; columns of the law that it does not name are where
   *     they are fixed. All name N, or none, and so with D
   */
  public RunSet runsAt(List<Map<String, Double>> points) {
    List<String> columns = law.columns();
    SequencedMap<String, double[]> values = new LinkedHashMap<>();
    for (String role : List.of(RunSet.N, RunSet.D)) {
      if (points.stream().allMatch(point -> point.containsKey(role))) {
        values.put(role, points.stream().mapToDouble(point -> point.get(role)).toArray());
      }
    }
    double[] losses = new double[points.size()];
    double[] ones = new double[points.size()];
    Arrays.fill(ones, 1);
    columns.forEach(name -> values.putIfAbsent(name, new double[losses.length]));
    for (int i = 0; i < losses.length; i++) {
      Map<String, Double> point = points.get(i);
      double[] row =
          row(point.getOrDefault(RunSet.N, Double.NaN), point.getOrDefault(RunSet.D, Double.NaN));
      for (int c = 0; c < row.length; c++) {
        row[c] = point.getOrDefault(columns.get(c), row[c]);
        values.get(columns.get(c))[i] = row[c];
      }
      losses[i] = lossAt(row);
    }
    return RunSet.of(values, law.categories(), losses, ones);
  }

  /** d ln L / d ln D at a point, analytically. */
  public double slopeByLogD(double n, double d) {
    return law.slopeByLogD(centre, centredArray(), row(n, d));
  }

  /**
   * ln L at a point.
   *
   * @param gradient output, by the centred parameters
   */
  public double logLoss(double n, double d, double[] gradient) {
    return law.logLossAt(centre, centredArray(), row(n, d), gradient);
  }

  /**
   * Asymptotic standard error of ln L at a point (delta method), if it can be estimated: the
   * uncertainty of the surface there, without the noise of a single run.
   */
  public OptionalDouble logLossError(double n, double d) {
    double[] gradient = new double[centred.size()];
    logLoss(n, d, gradient);
    return error(gradient);
  }

  /**
   * Asymptotic standard error of any number (delta method), if it can be estimated.
   *
   * @param gradient of the number, by the centred parameters
   */
  public OptionalDouble error(double[] gradient) {
    return covariance.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(LinearPropagation.error(gradient, covariance.get()));
  }
}

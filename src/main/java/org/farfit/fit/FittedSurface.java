package org.farfit.fit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
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
 */
public record FittedSurface(
    Law law, Centre centre, List<Double> centred, int runs, Optional<double[][]> covariance)
    implements Surface {

  /** A surface whose covariance is not known. */
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
    return Math.exp(law.logLossAt(centre, centredArray(), n, d));
  }

  /** d ln L / d ln D at a point, analytically. */
  public double slopeByLogD(double n, double d) {
    double[] terms = new double[law.sizeTermCount()];
    double[] gradient = new double[terms.length];
    law.sizeTerms(
        centre,
        centredArray(),
        centre.x(n),
        terms,
        new double[terms.length * law.parameterCount()]);
    law.logLoss(terms, centre.y(d), gradient);
    return law.slopeByLogD(terms, gradient);
  }

  /**
   * Asymptotic standard error of ln L at a point (delta method), if it can be estimated: the
   * uncertainty of the surface there, without the noise of a single run.
   */
  public OptionalDouble logLossError(double n, double d) {
    if (covariance.isEmpty()) {
      return OptionalDouble.empty();
    }
    double[] gradient = new double[centred.size()];
    law.logLossAt(centre, centredArray(), n, d, gradient);
    double variance = 0;
    for (int i = 0; i < gradient.length; i++) {
      for (int j = 0; j < gradient.length; j++) {
        variance += gradient[i] * covariance.get()[i][j] * gradient[j];
      }
    }
    return OptionalDouble.of(Math.sqrt(Math.max(0, variance)));
  }
}

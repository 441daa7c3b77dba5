package org.farfit.fit.extrapolation;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.fit.Surface;

/**
 * An average of fitted laws that gives no number where there is none to give: where laws that
 * describe the runs differ too much, and where the number cannot be, since a loss falls with N and
 * with D: a run that is larger in both has not more loss than a smaller one.
 *
 * @param average the average
 * @param runs the fitted runs that the average describes; outliers do not forbid anything
 * @param slack by what factor runs may lie on the wrong side of a prediction: more than they
 *     scatter
 */
public record GuardedSurface(AverageSurface average, RunSet runs, double slack) implements Surface {

  /** The largest ratio of two members' losses at which their average still says something. */
  public static final double MOST_SPREAD = 2;

  /** Runs farther from the average than by this factor are outliers, whatever the others do. */
  private static final double MOST_SLACK = 1.25;

  /** What runs may lie off by that the average describes exactly. */
  private static final double LEAST_SLACK = 1.01;

  /** How many times the scatter of runs: of a thousand normal ones three lie farther off. */
  private static final double DEVIATIONS = 3;

  /** How far away a loss must not be larger. */
  private static final double STEP = 1.01;

  /**
   * An average of laws that were fitted to some runs.
   *
   * @param runs all of them
   */
  public GuardedSurface(AverageSurface average, RunSet runs) {
    this(average, runs, slack(logRatios(average, runs), parameters(average)));
  }

  /** Keeps the runs that the average describes. */
  public GuardedSurface {
    double[] off = logRatios(average, runs);
    double[] weights = runs.weight();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = off[i] < Math.log(slack) ? weights[i] : 0;
    }
    runs = runs.weighted(weights);
  }

  /** How far each run is from the average, in its logarithm. */
  private static double[] logRatios(AverageSurface average, RunSet runs) {
    return IntStream.range(0, runs.size())
        .mapToDouble(i -> Math.abs(Math.log(average.loss(runs, i) / runs.loss(i))))
        .toArray();
  }

  /** The most parameters of a law that has weight. */
  private static int parameters(AverageSurface average) {
    return IntStream.range(0, average.members().size())
        .filter(k -> average.weights().get(k) > 0)
        .map(k -> average.members().get(k).law().parameterCount())
        .max()
        .orElseThrow();
  }

  /**
   * Three standard deviations of the runs that are no outliers, enlarged for the parameters that
   * were fitted to them.
   */
  private static double slack(double[] off, int parameters) {
    double[] counted = Arrays.stream(off).filter(each -> each < Math.log(MOST_SLACK)).toArray();
    double squares = Arrays.stream(counted).map(each -> each * each).sum();
    double deviation = Math.sqrt(squares / Math.max(1, counted.length - parameters));
    return Math.clamp(Math.exp(DEVIATIONS * deviation), LEAST_SLACK, MOST_SLACK);
  }

  @Override
  public String name() {
    return average.name();
  }

  /** The average; NaN where {@link #refusal} has a reason. */
  @Override
  public double loss(double n, double d) {
    return refusal(n, d).isPresent() ? Double.NaN : average.loss(n, d);
  }

  /** Why there is no prediction at a point, if there is none. */
  @Override
  public Optional<String> refusal(double n, double d) {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (int k = 0; k < average.members().size(); k++) {
      if (!(average.weights().get(k) > 0)) {
        continue;
      }
      double loss = average.members().get(k).loss(n, d);
      least = Math.min(least, loss);
      most = Math.max(most, loss);
    }
    if (!(least > 0 && most < Double.POSITIVE_INFINITY)) {
      return Optional.of("a law gives no positive number there");
    }
    return most > MOST_SPREAD * least
        ? Optional.of(
            "laws that describe the runs differ from %.3g to %.3g there".formatted(least, most))
        : Optional.ofNullable(contradiction(n, d, average.loss(n, d)));
  }

  /** Which run a loss cannot be reconciled with; null if there is none. */
  private String contradiction(double n, double d, double loss) {
    for (int i = 0; i < runs.size(); i++) {
      boolean smaller = runs.n(i) <= n && runs.d(i) <= d;
      boolean larger = runs.n(i) >= n && runs.d(i) >= d;
      if ((smaller && loss > slack * runs.loss(i)) || (larger && slack * loss < runs.loss(i))) {
        return "%.3g would be %s the loss of a %s run, %.3g at N = %.3g, D = %.3g"
            .formatted(
                loss,
                smaller ? "above" : "below",
                smaller ? "smaller" : "larger",
                runs.loss(i),
                runs.n(i),
                runs.d(i));
      }
    }
    return null;
  }

  /** Why a surface cannot be one of losses at a point, in words, if it cannot. */
  static Optional<String> problem(Surface surface, double n, double d) {
    double loss = surface.loss(n, d);
    String what =
        !(loss > 0 && loss < Double.POSITIVE_INFINITY)
            ? "is not a positive number"
            : surface.loss(n * STEP, d) > loss
                ? "rises with N"
                : surface.loss(n, d * STEP) > loss ? "rises with D" : null;
    return Optional.ofNullable(what)
        .map(each -> "it %s at N = %.3g, D = %.3g".formatted(each, n, d));
  }
}

package org.farfit.fit.extrapolation;

import java.util.Optional;
import org.farfit.data.RunSet;
import org.farfit.fit.Surface;

/**
 * An average of fitted laws that gives no number where there is none to give: where laws that
 * describe the runs differ too much, and where the number cannot be, since a loss falls with N and
 * with D: a run that is larger in both has not more loss than a smaller one.
 *
 * @param average the average
 * @param runs the fitted runs that the average describes; outliers do not forbid anything
 */
public record GuardedSurface(AverageSurface average, RunSet runs) implements Surface {

  /** The largest ratio of two members' losses at which their average still says something. */
  public static final double MOST_SPREAD = 2;

  /** By what factor runs may lie on the wrong side of a prediction: more than they scatter. */
  public static final double SLACK = 1.25;

  /** How far away a loss must not be larger. */
  private static final double STEP = 1.01;

  /** Keeps the runs that the average describes. */
  public GuardedSurface {
    double[] weights = runs.weight();
    for (int i = 0; i < weights.length; i++) {
      double ratio = average.loss(runs, i) / runs.loss(i);
      weights[i] = ratio < SLACK && SLACK * ratio > 1 ? weights[i] : 0;
    }
    runs = runs.weighted(weights);
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
    String why = null;
    if (!(least > 0 && most < Double.POSITIVE_INFINITY)) {
      why = "a law gives no positive number there";
    } else if (most > MOST_SPREAD * least) {
      why = "laws that describe the runs differ from %.3g to %.3g there".formatted(least, most);
    } else {
      why = contradiction(n, d, average.loss(n, d));
    }
    return Optional.ofNullable(why)
        .map(each -> "no prediction at N = %.3g, D = %.3g: %s".formatted(n, d, each));
  }

  /** Which run a loss cannot be reconciled with; null if there is none. */
  private String contradiction(double n, double d, double loss) {
    for (int i = 0; i < runs.size(); i++) {
      boolean smaller = runs.n(i) <= n && runs.d(i) <= d;
      boolean larger = runs.n(i) >= n && runs.d(i) >= d;
      if ((smaller && loss > SLACK * runs.loss(i)) || (larger && SLACK * loss < runs.loss(i))) {
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

package org.farfit.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.farfit.fit.Regularisation;

/**
 * The prior of a regularised fit as the fit file holds it; see {@link Regularisation}.
 *
 * @param deviation standard deviation of each curvature; null for no prior
 * @param residualScale standard deviation of a residual that it was weighed with
 * @param penalty what it adds to the cost
 * @param errors mean error one size ahead in percent, by deviation; {@code none} is no prior
 */
public record RegularisationEntry(
    Double deviation, Double residualScale, Double penalty, Map<String, Double> errors) {

  static RegularisationEntry of(Regularisation regularisation) {
    Map<String, Double> errors = new LinkedHashMap<>();
    regularisation
        .errors()
        .forEach((deviation, error) ->
            errors.put(
                deviation == Double.POSITIVE_INFINITY ? "none" : deviation.toString(),
                Json.finite(100 * error)));
    return new RegularisationEntry(
        Json.finite(regularisation.deviation()),
        Json.finite(regularisation.residualScale()),
        Json.finite(regularisation.penalty()),
        errors);
  }

  /** The prior, without the errors that it was chosen by. */
  Regularisation regularisation() {
    return new Regularisation(
        deviation == null ? Double.POSITIVE_INFINITY : deviation,
        Json.number(residualScale),
        Json.number(penalty),
        new TreeMap<>());
  }

  String text() {
    String chosen =
        deviation == null
            ? "no prior on curvatures"
            : "prior on curvatures: standard deviation %s, penalty %s"
                .formatted(AlignedTable.number(deviation, 3), AlignedTable.number(penalty, 3));
    if (errors.isEmpty()) {
      return chosen + "; too few sizes to choose it by validation";
    }
    StringBuilder text = new StringBuilder(chosen);
    text.append("; mean error one size ahead by deviation: ");
    text.append(
        String.join(
            ", ",
            errors.entrySet().stream()
                .map(entry ->
                    "%s: %s%%".formatted(entry.getKey(), AlignedTable.number(entry.getValue(), 3)))
                .toList()));
    return text.toString();
  }
}

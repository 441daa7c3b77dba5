package org.farfit.report.archive;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.farfit.fit.Regularisation;
import org.farfit.law.Law;
import org.farfit.law.LawPrior;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.Json;

/**
 * The prior of a regularised fit as the fit file holds it; see {@link Regularisation}.
 *
 * @param mean where the prior of each centred parameter is centred
 * @param deviation its standard deviation; null where the parameter is free
 * @param residualScale standard deviation of a residual that it was weighed with
 * @param penalty what it adds to the cost
 */
record RegularisationEntry(
    Map<String, Double> mean, Map<String, Double> deviation, Double residualScale, Double penalty) {

  static RegularisationEntry of(Law law, Regularisation regularisation) {
    return new RegularisationEntry(
        named(law, regularisation.prior().mean()),
        named(law, regularisation.prior().deviation()),
        Json.finite(regularisation.residualScale()),
        Json.finite(regularisation.penalty()));
  }

  private static Map<String, Double> named(Law law, List<Double> values) {
    Map<String, Double> named = new LinkedHashMap<>();
    for (int j = 0; j < values.size(); j++) {
      named.put(law.centredNames().get(j), Json.finite(values.get(j)));
    }
    return named;
  }

  /**
   * The prior.
   *
   * @throws IllegalArgumentException if it does not belong to the law
   */
  Regularisation regularisation(Law law) {
    List<String> names = law.centredNames();
    keys("mean", mean, names);
    keys("deviation", deviation, names);
    deviation.forEach((name, value) -> {
      if (value != null && !(value > 0 && value < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "regularisation.deviation.%s is %s, expected a positive number".formatted(name, value));
      }
    });
    return new Regularisation(
        new LawPrior(
            names.stream().map(name -> Json.number(mean.get(name))).toList(),
            names.stream()
                .map(deviation::get)
                .map(value -> value == null ? Double.POSITIVE_INFINITY : value)
                .toList()),
        Json.number(residualScale),
        Json.number(penalty));
  }

  private static void keys(String key, Map<String, Double> map, List<String> names) {
    if (map == null || !map.keySet().equals(Set.copyOf(names))) {
      throw new IllegalArgumentException(
          "key 'regularisation.%s' has the keys %s, expected %s"
              .formatted(key, map == null ? "of nothing" : map.keySet(), names));
    }
  }

  String text() {
    return "prior: %s; penalty %s"
        .formatted(
            deviation.entrySet().stream()
                .filter(entry -> entry.getValue() != null)
                .map(entry ->
                    "%s %s +- %s"
                        .formatted(
                            entry.getKey(),
                            AlignedTable.number(mean.get(entry.getKey()), 3),
                            AlignedTable.number(entry.getValue(), 3)))
                .collect(Collectors.joining(", ")),
            AlignedTable.number(penalty, 3));
  }
}

package org.farfit.report.archive;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.fit.statistics.NoiseStudy;

/**
 * How residuals scatter as the fit file holds it; see {@link NoiseModel}.
 *
 * @param kind independent, size, variance or both
 * @param asked whether the kind was asked for; else the tests speak for it
 * @param generalised whether the fit is by generalised least squares under this model
 * @param deviation standard deviation of a run's own error at the centre
 * @param sizeDeviation standard deviation of the error that runs of a size share
 * @param slopeD d ln variance / d ln D
 * @param slopeN d ln variance / d ln N
 * @param tests p of the test for each feature, see {@link NoiseStudy.Feature}
 * @param text what runs show and what follows, in words
 */
record NoiseEntry(
    String kind,
    boolean asked,
    boolean generalised,
    double deviation,
    double sizeDeviation,
    double slopeD,
    double slopeN,
    Map<String, Double> tests,
    String text) {

  static NoiseEntry of(NoiseStudy.Result found) {
    Map<String, Double> tests = new LinkedHashMap<>();
    found.p().forEach((feature, p) -> tests.put(feature.name().toLowerCase(Locale.ROOT), p));
    NoiseModel model = found.model();
    return new NoiseEntry(
        model.kind().label(),
        found.asked(),
        found.generalised(),
        model.deviation(),
        model.sizeDeviation(),
        model.slopeD(),
        model.slopeN(),
        tests,
        found.verdict());
  }

  /**
   * The study.
   *
   * @throws IllegalArgumentException if the kind or a test has an unknown name
   */
  NoiseStudy.Result result() {
    Map<NoiseStudy.Feature, Double> p = new EnumMap<>(NoiseStudy.Feature.class);
    tests.forEach(
        (name, value) -> p.put(NoiseStudy.Feature.valueOf(name.toUpperCase(Locale.ROOT)), value));
    return new NoiseStudy.Result(
        new NoiseModel(NoiseModel.Kind.named(kind), deviation, sizeDeviation, slopeD, slopeN),
        asked,
        p,
        generalised);
  }
}

package org.farfit.fit.piecewise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.farfit.RealData;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.StagedReport;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.law.Skaling;
import org.junit.jupiter.api.Test;

/** The differential piecewise procedure, on surfaces that are known and on awkward runs. */
class PiecewiseFitTest {

  private static final double SQRT_2 = Math.sqrt(2);

  private static LawFit fit(Law law, RunSet runs) {
    return new PiecewiseFit(Objective.LOG_SQUARED, PiecewiseSettings.DEFAULT).fit(law, runs);
  }

  /** Runs on a grid whose D are spaced by exactly sqrt 2, as the procedure wants them. */
  private static RunSet exact(Law law) {
    List<double[]> rows = new ArrayList<>();
    for (double n = 1e8; n < 7e9; n *= 1.25) {
      for (double d = 1e9; d < 5e11; d *= SQRT_2) {
        rows.add(new double[] {n, d, law.loss(law.example(), n, d)});
      }
    }
    return runs(rows);
  }

  private static RunSet runs(List<double[]> rows) {
    return new RunSet(
        rows.stream().mapToDouble(row -> row[0]).toArray(),
        rows.stream().mapToDouble(row -> row[1]).toArray(),
        rows.stream().mapToDouble(row -> row[2]).toArray());
  }

  @Test
  void recoversNoiseFreeFarseer() {
    Law law = new Farseer();
    LawFit result = fit(law, exact(law));
    double[] published = result.surface().published();
    for (int j = 0; j < 9; j++) {
      assertThat(published[j])
          .as(law.parameterNames().get(j))
          .isCloseTo(law.example()[j], within(1e-3 * Math.abs(law.example()[j])));
    }
    assertThat(result.status().isConverged()).isTrue();
    assertThat(result.method()).isEqualTo(Method.PIECEWISE);
    assertThat(result.stages().orElseThrow().differenceR2()).isGreaterThan(1 - 1e-8);
    assertThat(result.stages().orElseThrow().leftOut()).isEmpty();
  }

  @Test
  void recoversNoiseFreeChinchilla() {
    Law law = new Chinchilla();
    double[] published = fit(law, exact(law)).surface().published();
    // The search is on a grid of step 1e-4 in the exponents.
    assertThat(published[3]).isCloseTo(law.example()[3], within(1e-4));
    assertThat(published[4]).isCloseTo(law.example()[4], within(1e-4));
    assertThat(published[0]).isCloseTo(law.example()[0], within(1e-3 * law.example()[0]));
  }

  @Test
  void reportsEveryStage() {
    RunSet runs = exact(new Farseer());
    StagedReport report = fit(new Farseer(), runs).stages().orElseThrow();
    assertThat(report.spacing()).isCloseTo(SQRT_2, within(1e-12));
    assertThat(report.sizes()).hasSize(runs.distinctN());
    double[] p = new Farseer().example();
    for (StagedReport.Size size : report.sizes()) {
      double a = Math.exp(p[0] * Math.pow(size.n(), p[1]) + p[2]);
      assertThat(size.exponent()).isCloseTo(a, within(1e-9));
      double b = Math.exp(p[3] * Math.pow(size.n(), p[4]) + p[5]);
      assertThat(size.factor()).isCloseTo(b, within(1e-6 * b));
      assertThat(size.r2()).isCloseTo(1, within(1e-9));
    }
    assertThat(report.rounds().getLast().alpha()).isCloseTo(0.123, within(1e-12));
    assertThat(report.rounds().getLast().beta()).isCloseTo(-0.1, within(1e-12));
  }

  @Test
  void usesWhatItCanOfAwkwardRunsAndSaysWhatItLeftOut() {
    RunSet full = exact(new Farseer());
    double[] sizes = Arrays.stream(full.n()).distinct().sorted().toArray();
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < full.size(); i++) {
      int seen = rows.size();
      boolean drop =
          // a size with four runs only, and a hole in the D of another
          (full.n(i) == sizes[2] && full.d(i) > 3e9)
              || (full.n(i) == sizes[4] && Math.abs(full.d(i) / 8e9 - 1) < 0.1);
      if (!drop) {
        rows.add(new double[] {full.n(i), full.d(i), full.loss(i)});
      }
      if (full.n(i) == sizes[6] && rows.size() > seen && full.d(i) < 2e9) {
        rows.add(rows.getLast()); // a duplicate
      }
    }
    LawFit result = fit(new Farseer(), runs(rows));
    assertThat(result.stages().orElseThrow().leftOut())
        .anyMatch(line -> line.contains("fewer than 5 runs"))
        .anyMatch(line -> line.contains("another ratio of D"));
    assertThat(result.stages().orElseThrow().sizes()).hasSize(sizes.length - 1);
    assertThat(result.loss(1e9, 1e11))
        .isCloseTo(new Farseer().loss(new Farseer().example(), 1e9, 1e11), within(1e-4));
  }

  @Test
  void failsClearlyWhenNothingIsLeft() {
    RunSet full = exact(new Farseer());
    int[] few = IntStream.range(0, full.size()).filter(i -> full.d(i) < 3e9).toArray();
    RunSet sparse =
        runs(
            Arrays.stream(few)
                .mapToObj(i -> new double[] {full.n(i), full.d(i), full.loss(i)})
                .toList());
    assertThatThrownBy(() -> fit(new Farseer(), sparse))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("needs three sizes N with at least 5 runs each")
        .hasMessageContaining("fit by the global method");
    RunSet fewerThanParameters =
        runs(List.of(new double[] {1e9, 1e10, 3}, new double[] {2e9, 2e10, 2}));
    assertThatThrownBy(() -> fit(new Farseer(), fewerThanParameters))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("2 runs, expected at least 9 for the 9 parameters of farseer");
    RunSet rising =
        new RunSet(full.n(), full.d(), Arrays.stream(full.d()).map(Math::sqrt).toArray());
    assertThatThrownBy(() -> fit(new Farseer(), rising)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> fit(new Skaling(), full))
        .hasMessageContaining("defined for chinchilla and farseer, not for skaling");
  }

  /** The search from coarse to fine finds what the whole grid has. */
  @Test
  void searchFindsTheBestOfTheWholeGrid() {
    RunSet runs =
        Simulation.runs(new Farseer(), new Farseer().example(), DesignGrid.paper(), 2e-3, 3);
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    double[] truth = new double[9];
    new Farseer().toCentred(centre, new Farseer().example(), truth);
    DoubleUnaryOperator error =
        gamma -> error(new Farseer(), centre, withGamma(truth, gamma), runs);
    double least =
        IntStream.rangeClosed(-5000, 5000)
            .mapToDouble(k -> error.applyAsDouble(k * ExponentSearch.STEP))
            .min()
            .orElseThrow();
    ExponentSearch.Found found =
        ExponentSearch.minimise(-0.5, 0.5, gamma -> OptionalDouble.of(error.applyAsDouble(gamma)))
            .orElseThrow();
    assertThat(found.error()).isEqualTo(least);
    assertThat(ExponentSearch.minimise(0, 1, gamma -> OptionalDouble.empty())).isEmpty();
    assertThat(ExponentSearch.minimise(0, 1, gamma -> OptionalDouble.of(Double.NaN))).isEmpty();
  }

  private static double[] withGamma(double[] point, double gamma) {
    double[] moved = point.clone();
    moved[8] = gamma;
    return moved;
  }

  /** The mean relative error, run by run from the law. */
  private static double error(Law law, Centre centre, double[] centred, RunSet runs) {
    double sum = 0;
    for (int i = 0; i < runs.size(); i++) {
      double predicted = Math.exp(law.logLossAt(centre, centred, runs.n(i), runs.d(i)));
      sum += Math.abs(predicted / runs.loss(i) - 1);
    }
    return sum / runs.size();
  }

  /** What is computed once per size gives what the law gives run by run. */
  @Test
  void errorsBySizeAreThoseOfTheLaw() {
    RunSet runs =
        Simulation.runs(new Farseer(), new Farseer().example(), DesignGrid.paper(), 2e-2, 5);
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    double[] published = new Farseer().example();
    double[] centred = new double[9];
    new Farseer().toCentred(centre, published, centred);
    SizedRuns sized = SizedRuns.of(runs);
    int sizes = sized.n().length;
    double[] capacities = new double[sizes];
    double[] intercepts = new double[sizes];
    double[] exponents = new double[sizes];
    for (int k = 0; k < sizes; k++) {
      double n = sized.n()[k];
      exponents[k] = Math.exp(published[0] * Math.pow(n, published[1]) + published[2]);
      intercepts[k] = published[3] * Math.pow(n, published[4]) + published[5];
      capacities[k] = Math.exp(published[6] * Math.pow(n, published[7]) + published[8]);
    }
    assertThat(sized.error(capacities, sized.inverses(), sized.ratios(intercepts, exponents)))
        .isCloseTo(error(new Farseer(), centre, centred, runs), within(1e-9));
  }

  /** Differences of the law's own losses, a tenth off: above at every other run, below between. */
  @Test
  void errorsOfDifferencesNeedNoCapacity() {
    double[] published = new Farseer().example();
    double[] n = {1e9, 1e9, 4e9, 4e9};
    double[] d = {1e10, 2e10, 1e10, 8e10};
    double[] loss = new double[n.length];
    for (int i = 0; i < n.length; i++) {
      double fall =
          new Farseer().loss(published, n[i], d[i])
              - new Farseer().loss(published, n[i], SQRT_2 * d[i]);
      loss[i] = fall / (i % 2 == 0 ? 1.1 : 0.9);
    }
    SizedRuns sized = SizedRuns.of(new RunSet(n, d, loss));
    double[] factors = new double[2];
    double[] logShares = new double[2];
    double[] exponents = new double[2];
    for (int k = 0; k < 2; k++) {
      double size = sized.n()[k];
      exponents[k] = Math.exp(published[0] * Math.pow(size, published[1]) + published[2]);
      logShares[k] = Math.log(-Math.expm1(-exponents[k] * Math.log(SQRT_2)));
      factors[k] = Math.exp(published[3] * Math.pow(size, published[4]) + published[5]);
    }
    assertThat(sized.error(factors, sized.ratios(logShares, exponents)))
        .isCloseTo(0.1, within(1e-6));
  }

  /** What a quick implementation by other people gave (design figures), or better. */
  @Test
  void predictsHeldOutEdgesOfTheRealRuns() {
    RunSet all = RealData.farseer();
    double[] fit = new double[all.size()];
    double[] longest = new double[all.size()];
    RealData.edge(all, fit, longest);
    FittedSurface surface = fit(new Farseer(), all.weighted(fit)).surface();
    double sizes = 0;
    double tokens = 0;
    for (int i = 0; i < all.size(); i++) {
      double error = Math.abs(surface.loss(all.n(i), all.d(i)) / all.loss(i) - 1);
      sizes += fit[i] == 0 && longest[i] == 0 ? error / 36 : 0;
      tokens += longest[i] > 0 ? error / 66 : 0;
    }
    assertThat(100 * sizes).isLessThan(0.26);
    assertThat(100 * tokens).isLessThan(0.18);
  }

  /** Forty sizes of which none can be used are counted, not listed. */
  @Test
  void refusalsFitOnALine() {
    List<double[]> rows = new ArrayList<>();
    for (double n = 1e8; n < 1e10; n *= 1.1) {
      for (double d = 1e9; d < 4e9; d *= SQRT_2) {
        rows.add(new double[] {n, d, 3});
      }
    }
    rows.add(new double[] {1e8, 1e10, 3});
    assertThatThrownBy(() -> fit(new Farseer(), runs(rows)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "the piecewise procedure needs three sizes N with at least 5 runs each, spaced evenly in"
                + " ln D; 0 of 49 can be used (fewer than 3 usable differences: 1; fewer than 5"
                + " runs: 48); fit by the global method");
    List<double[]> two = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      double d = 1e9 * Math.pow(SQRT_2, i % 6);
      two.add(new double[] {i < 6 ? 1e8 : 1e9, d, 2 + 3 * Math.pow(d / 1e9, -0.5)});
    }
    assertThatThrownBy(() -> fit(new Farseer(), runs(two)))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith(
            "spaced evenly in ln D; 2 of 2 can be used; fit by the global method");
    assertThatThrownBy(() -> fit(new Farseer(), RunSet.EMPTY))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("0 runs, expected at least 9");
    assertThatThrownBy(() -> LossDifferences.of(RunSet.EMPTY, PiecewiseSettings.DEFAULT))
        .isInstanceOf(InputException.class)
        .hasMessage("the piecewise procedure has no runs to fit");
  }

  /** A size whose losses are too low for any capacity has no G, and is no part of its ranking. */
  @Test
  void formsRestOnTheSizesThatHaveAValue() {
    double[] published = new Farseer().example();
    List<double[]> rows = new ArrayList<>();
    for (double n = 1e8; n < 7e9; n *= 1.5) {
      double exponent = Math.exp(published[0] * Math.pow(n, published[1]) + published[2]);
      double factor = Math.exp(published[3] * Math.pow(n, published[4]) + published[5]);
      boolean low = n > 1e9 && n < 1.2e9;
      for (double d = 1e9; d < 1e11; d *= SQRT_2) {
        double loss = new Farseer().loss(published, n, d);
        double data = factor * Math.pow(d, -exponent);
        rows.add(new double[] {n, d, low ? data - 0.5 * factor * Math.pow(1e11, -exponent) : loss});
      }
    }
    List<FormSelection.Form> forms = new FormSelection(PiecewiseSettings.DEFAULT).rank(runs(rows));
    assertThat(forms).hasSize(18).allMatch(form -> Double.isFinite(form.ahead()));
    assertThat(forms)
        .filteredOn(form -> form.function().equals("A"))
        .allMatch(f -> f.sizes() == 11);
    assertThat(forms)
        .filteredOn(form -> form.function().equals("G"))
        .allMatch(f -> f.sizes() == 10);
  }
}

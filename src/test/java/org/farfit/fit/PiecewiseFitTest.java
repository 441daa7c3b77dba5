package org.farfit.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.farfit.RealData;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.ScalarEngine;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.FarseerDifference;
import org.farfit.law.Law;
import org.farfit.law.Skaling;
import org.junit.jupiter.api.Test;

/** The differential piecewise procedure, on surfaces that are known and on awkward runs. */
class PiecewiseFitTest {

  private static final double SQRT_2 = Math.sqrt(2);

  private static PiecewiseFit.Result fit(Law law, RunSet runs) {
    return new PiecewiseFit(new ScalarEngine(), FitOptions.DEFAULT, PiecewiseSettings.DEFAULT)
        .fit(law, runs);
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
    PiecewiseFit.Result result = fit(law, exact(law));
    double[] published = result.fit().surface().published();
    for (int j = 0; j < 9; j++) {
      assertThat(published[j])
          .as(law.parameterNames().get(j))
          .isCloseTo(law.example()[j], within(1e-3 * Math.abs(law.example()[j])));
    }
    assertThat(result.fit().status().isConverged()).isTrue();
    assertThat(result.fit().method()).isEqualTo(Method.PIECEWISE);
    assertThat(result.report().differenceR2()).isGreaterThan(1 - 1e-8);
    assertThat(result.report().leftOut()).isEmpty();
  }

  @Test
  void recoversNoiseFreeChinchilla() {
    Law law = new Chinchilla();
    double[] published = fit(law, exact(law)).fit().surface().published();
    // The search is on a grid of step 1e-4 in the exponents.
    assertThat(published[3]).isCloseTo(law.example()[3], within(1e-4));
    assertThat(published[4]).isCloseTo(law.example()[4], within(1e-4));
    assertThat(published[0]).isCloseTo(law.example()[0], within(1e-3 * law.example()[0]));
  }

  @Test
  void reportsEveryStage() {
    RunSet runs = exact(new Farseer());
    PiecewiseReport report = fit(new Farseer(), runs).report();
    assertThat(report.spacing()).isCloseTo(SQRT_2, within(1e-12));
    assertThat(report.sizes()).hasSize(runs.distinctN());
    double[] p = new Farseer().example();
    for (PiecewiseReport.Size size : report.sizes()) {
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
    PiecewiseFit.Result result = fit(new Farseer(), runs(rows));
    assertThat(result.report().leftOut())
        .anyMatch(line -> line.contains("4 runs, fewer than 5"))
        .anyMatch(line -> line.contains("another ratio of D"));
    assertThat(result.report().sizes()).hasSize(sizes.length - 1);
    assertThat(result.fit().loss(1e9, 1e11))
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
        .hasMessageContaining("--method global");
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
    RelativeErrors errors = new RelativeErrors(new ScalarEngine(), 2, new Farseer(), centre, runs);
    double[] truth = new double[9];
    new Farseer().toCentred(centre, new Farseer().example(), truth);
    List<double[]> grid = new ArrayList<>();
    for (int k = -5000; k <= 5000; k += 1) {
      grid.add(withGamma(truth, k * ExponentSearch.STEP));
    }
    double[] all = errors.at(grid);
    double least = Arrays.stream(all).min().orElseThrow();
    ExponentSearch.Found found =
        ExponentSearch.minimise(-0.5, 0.5, gamma -> Optional.of(withGamma(truth, gamma)), errors)
            .orElseThrow();
    assertThat(found.error()).isEqualTo(least);
  }

  private static double[] withGamma(double[] point, double gamma) {
    double[] moved = point.clone();
    moved[8] = gamma;
    return moved;
  }

  @Test
  void relativeErrorsAreMeansOfAbsoluteRelativeErrors() {
    Law law = new FarseerDifference(SQRT_2);
    double[] example = law.example();
    RunSet runs =
        new RunSet(
            new double[] {1e9, 2e9},
            new double[] {1e10, 2e10},
            new double[] {law.loss(example, 1e9, 1e10) * 1.1, law.loss(example, 2e9, 2e10) * 0.8});
    Centre centre = new Centre(Math.log(1e9), Math.log(1e10), Math.log(0.6));
    double[] centred = new double[9];
    law.toCentred(centre, example, centred);
    double[] errors =
        new RelativeErrors(new ScalarEngine(), 1, law, centre, runs).at(List.of(centred));
    assertThat(errors[0])
        .isCloseTo(0.5 * (Math.abs(1 / 1.1 - 1) + Math.abs(1 / 0.8 - 1)), within(1e-9));
  }

  /** What a quick implementation by other people gave (design figures), or better. */
  @Test
  void predictsHeldOutEdgesOfTheRealRuns() {
    RunSet all = RealData.farseer();
    double[] fit = new double[all.size()];
    double[] longest = new double[all.size()];
    RealData.edge(all, fit, longest);
    FittedSurface surface = fit(new Farseer(), all.weighted(fit)).fit().surface();
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
}

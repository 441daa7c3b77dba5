package org.farfit.fit.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.junit.jupiter.api.Test;

/** Runs that diverged or were logged wrong are found, and nothing else is. */
class OutliersTest {

  private static final int SIZES = 7;

  /** Hoffmann et al.'s surface over a grid, with noise of 0.3%. */
  private static RunSet runs(long seed) {
    Random random = new Random(seed);
    int count = SIZES * SIZES;
    double[] n = new double[count];
    double[] d = new double[count];
    double[] loss = new double[count];
    for (int i = 0; i < count; i++) {
      int size = i / SIZES;
      int tokens = i % SIZES;
      n[i] = 5e7 * Math.pow(80, size / (SIZES - 1.0));
      d[i] = 1e9 * Math.pow(160, tokens / (SIZES - 1.0));
      loss[i] = truth(n[i], d[i]) * Math.exp(0.003 * random.nextGaussian());
    }
    return new RunSet(n, d, loss);
  }

  private static double truth(double n, double d) {
    return 1.69 + 406.4 * Math.pow(n, -0.34) + 410.7 * Math.pow(d, -0.28);
  }

  private static RunSet with(RunSet runs, double factor, int... which) {
    double[] loss = runs.loss().clone();
    for (int i : which) {
      loss[i] *= factor;
    }
    return runs.withLosses(loss);
  }

  private static Outliers among(RunSet runs) {
    return Outliers.among(runs, new ScalarEngine(), FitOptions.DEFAULT);
  }

  /** Also at the corner, where least squares would go through it. */
  @Test
  void aDivergedRunIsFoundWhereverItIs() {
    RunSet runs = runs(1);
    for (int i = 0; i < runs.size(); i += 6) {
      Outliers found = among(with(runs, 5, i));
      assertThat(found.found()).hasSize(1);
      assertThat(found.found().getFirst().run()).isEqualTo(i);
      assertThat(found.found().getFirst().expected())
          .isCloseTo(truth(runs.n(i), runs.d(i)), withinPercentage(2));
      assertThat(found.without(runs.weight())[i]).isZero();
    }
  }

  /** Of eight or nine runs most are found, too, and no sound one is taken for it. */
  @Test
  void oneOfFewIsFoundMostly() {
    int right = 0;
    for (int seed = 0; seed < 20; seed++) {
      int[] few =
          new Random(seed).ints(0, SIZES * SIZES).distinct().limit(8 + seed % 2).sorted().toArray();
      RunSet sound = runs(seed).chosen(few);
      assertThat(among(sound).found()).as("seed %d", seed).isEmpty();
      List<Outliers.Outlier> found = among(with(sound, 0.2, 3)).found();
      assertThat(found).as("seed %d", seed).allMatch(outlier -> outlier.run() == 3);
      right += found.size();
    }
    assertThat(right).isGreaterThan(14);
  }

  @Test
  void whatIsWrongIsSaid() {
    RunSet runs = runs(2);
    assertThat(among(with(runs, 5, 48)).words().orElseThrow())
        .matches(
            "the run of N = 4.00e\\+09, D = 1.60e\\+11 has a loss of 1[01]\\.\\d+, [45]\\.\\d+ times"
                + " the 2\\.\\d+ that others tell");
    assertThat(among(with(runs, 0.5, 3, 11, 27, 41)).words().orElseThrow())
        .endsWith("; and 1 more");
  }

  /** Noise is none, nor is what more than a tenth of the runs do, nor what a few runs say. */
  @Test
  void nothingElseIsFound() {
    for (long seed = 3; seed < 8; seed++) {
      assertThat(among(runs(seed)).words()).isEmpty();
    }
    assertThat(among(with(runs(1), 1.3, 0, 5, 10, 20, 30)).found()).isEmpty();
    int[] few = IntStream.range(0, 7).map(i -> 5 * i).toArray();
    assertThat(among(with(runs(1), 5, 20).chosen(few)).found()).isEmpty();
  }

  /** Least squares are asked to follow every run. */
  @Test
  void squaresHaveNone() {
    RunSet runs = with(runs(1), 5, 20);
    OutlierSearch search = new OutlierSearch(new ScalarEngine(), FitOptions.DEFAULT);
    assertThat(search.ofRobust(Objective.LOG_SQUARED, runs)).isEqualTo(Outliers.NONE);
    Objective robust = new Objective(Objective.Residual.LOG, 0.01);
    assertThat(search.ofRobust(robust, runs).found()).hasSize(1);
  }

  /** Whoever shares a search asks for one fit, of other runs for another. */
  @Test
  void eachSetOfRunsIsSearchedOnce() {
    OutlierSearch search = new OutlierSearch(new ScalarEngine(), FitOptions.DEFAULT);
    RunSet one = with(runs(1), 5, 20);
    RunSet other = with(runs(1), 5, 30);
    assertThat(search.among(one)).isEqualTo(among(one)).isSameAs(search.among(one));
    assertThat(search.among(other)).isEqualTo(among(other)).isNotEqualTo(search.among(one));
  }

  private static RunSet withSize(RunSet runs, int size, double factor) {
    double[] n = runs.n().clone();
    for (int i = SIZES * size; i < SIZES * (size + 1); i++) {
      n[i] *= factor;
    }
    return new RunSet(n, runs.d(), runs.loss());
  }

  /** More than a tenth of the runs, each nearer than an outlier. */
  @Test
  void aSizeThatWasLoggedWrongIsNamed() {
    RunSet sound = runs(1);
    assertThat(among(sound).size()).isEmpty();
    for (double factor : new double[] {0.1, 10}) {
      for (int size = 0; size < SIZES; size++) {
        RunSet runs = withSize(sound, size, factor);
        Outliers found = among(runs);
        OddSize odd = found.size().orElseThrow();
        int first = SIZES * size;
        assertThat(odd.runs())
            .containsExactly(IntStream.range(first, first + SIZES).boxed().toArray(Integer[]::new));
        assertThat(odd.fitting()).isCloseTo(sound.n(first), withinPercentage(40));
        assertThat(found.found()).isEmpty();
        assertThat(found.words().orElseThrow())
            .startsWith("the 7 runs of N = %.3g have losses of ".formatted(runs.n(first)))
            .endsWith("; is N of this size right?");
        double[] without = found.without(runs.weight());
        assertThat(IntStream.range(0, without.length).filter(i -> without[i] == 0).boxed())
            .containsExactlyElementsOf(odd.runs());
      }
    }
  }

  /** What diverged elsewhere is told beside it. */
  @Test
  void aDivergedRunIsFoundBesideASizeThatWasLoggedWrong() {
    Outliers found = among(with(withSize(runs(2), 2, 10), 3, 44));
    assertThat(found.size().orElseThrow().runs()).hasSize(SIZES);
    assertThat(found.found()).singleElement().satisfies(run -> assertThat(run.run()).isEqualTo(44));
    assertThat(found.words().orElseThrow()).contains("right?; the run of N = 4.00e+09");
  }
}

package org.farfit.analysis.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.farfit.RealData;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.inference.BootstrapInference;
import org.farfit.analysis.inference.Estimands;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapIntervals;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.bootstrap.Resampling;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;

/** How often intervals hold the truth, of simulated runs and of measured ones. */
class IntervalCoverageTest {

  private static final Engine ENGINE = Engines.open("auto");
  private static final Law LAW = new Chinchilla();

  /** Coverage of a small study; the page docs/coverage.md has large ones. */
  @Test
  void intervalsCoverTheTruth() {
    List<Coverage.Row> rows =
        new Coverage(ENGINE, BootstrapOptions.pairs(200, 1).withRestarts(0), ProgressListener.NONE)
            .run(Coverage.Study.ofSizes(LAW, DesignGrid.paper(), 2e-3, 100, 1, 0.9, 4));
    assertThat(rows).hasSize(IntervalType.values().length + 2);
    for (Coverage.Row row : rows) {
      assertThat(row.sets()).isEqualTo(100);
      // 90 expected, standard deviation 3.
      assertThat(row.covered()).as(row.interval()).isBetween(80, 99);
      assertThat(row.covered() + row.above() + row.below()).isEqualTo(100);
    }
  }

  /** From sizes below 6e9 the interval holds the mean of the runs of 6.37e9 parameters. */
  @Test
  void theIntervalForTheLargestMeasuredModelsHoldsTheirMean() {
    RunSet all = RealData.farseer();
    RunSet smaller = all.weighted(Arrays.stream(all.n()).map(n -> n < 6e9 ? 1 : 0).toArray());
    int[] heldOut = IntStream.range(0, all.size()).filter(i -> all.n(i) > 6e9).toArray();
    Estimands mean =
        new Estimands(
            List.of(new Estimands.Item("mean log loss", false)),
            surface ->
                new double[] {
                  Arrays.stream(heldOut)
                      .mapToDouble(i -> Math.log(surface.loss(all.n(i), all.d(i))))
                      .average()
                      .orElseThrow()
                });
    LawFit fit = new GlobalFit(ENGINE, FitOptions.DEFAULT).fit(new Farseer(), smaller);
    Replicates replicates =
        new Bootstrap(ENGINE, BootstrapOptions.pairs(2000, 1), ProgressListener.NONE)
            .run(fit, smaller);
    Interval interval =
        new BootstrapInference(ENGINE, fit, smaller, replicates)
            .intervals(mean, 0.9, EnumSet.of(IntervalType.DEFAULT))
            .getFirst()
            .intervals()
            .get(IntervalType.DEFAULT);
    double measured =
        Arrays.stream(heldOut).mapToDouble(i -> Math.log(all.loss(i))).average().orElseThrow();
    assertThat(interval.contains(measured)).isTrue();
    assertThat(interval.width()).isLessThan(3e-3);
  }

  /**
   * 25 sizes whose runs share an error: intervals by groups for the loss at four times the largest
   * N and for one amid the runs, against those that count every run, or that take every parameter
   * from the groups.
   */
  @Test
  void intervalsByGroupsCoverWhereSizesShareErrors() {
    int sets = 300;
    Estimands losses =
        Estimands.losses(
            List.of(new Estimands.Point(2.56e10, 5e11), new Estimands.Point(1e9, 2e10)));
    double[] truth = {LAW.loss(LAW.example(), 2.56e10, 5e11), LAW.loss(LAW.example(), 1e9, 2e10)};
    int[] runs = new int[2];
    int[] groups = new int[2];
    int[] parameters = new int[2];
    for (int set = 0; set < sets; set++) {
      RunSet drawn = withSharedErrors(25, 0.0015, 0.001, set);
      LawFit fit = new GlobalFit(ENGINE, FitOptions.DEFAULT.withStarts(4, 1)).fit(LAW, drawn);
      BootstrapOptions options =
          BootstrapOptions.pairs(200, set).with(Resampling.GROUPS).withRestarts(0);
      Replicates replicates = new Bootstrap(ENGINE, options, ProgressListener.NONE).run(fit, drawn);
      List<BootstrapInference.Row> rows =
          new BootstrapInference(ENGINE, fit, drawn, replicates)
              .intervals(losses, 0.9, EnumSet.of(IntervalType.EXPANDED));
      double[][] values = new BootstrapInference(ENGINE, fit, drawn, replicates).values(losses);
      for (int k = 0; k < 2; k++) {
        int at = k;
        double[] own = Arrays.stream(values).mapToDouble(row -> row[at]).toArray();
        Interval stated = rows.get(k).intervals().get(IntervalType.EXPANDED);
        groups[k] += stated.contains(truth[k]) ? 1 : 0;
        runs[k] +=
            BootstrapIntervals.expanded(own, 0.9, drawn.size(), 5).contains(truth[k]) ? 1 : 0;
        parameters[k] += BootstrapIntervals.expanded(own, 0.9, 25, 5).contains(truth[k]) ? 1 : 0;
      }
    }
    for (int k = 0; k < 2; k++) {
      assertThat(groups[k] / (double) sets).isBetween(0.86, 0.94);
      assertThat(runs[k]).isLessThan(groups[k]);
      assertThat(parameters[k]).isGreaterThan(groups[k]);
    }
  }

  /** Runs of the law's example at some sizes, each of which moves all its runs alike. */
  private static RunSet withSharedErrors(int sizes, double shared, double own, long seed) {
    SplittableRandom random = new SplittableRandom(new SplittableRandom(seed).nextLong());
    double[] n = new double[12 * sizes];
    double[] d = new double[n.length];
    double[] loss = new double[n.length];
    double error = 0;
    for (int i = 0; i < n.length; i++) {
      if (i % 12 == 0) {
        error = shared * random.nextGaussian();
      }
      n[i] = 2e8 * Math.pow(32, Math.floorDiv(i, 12) / (sizes - 1.0));
      d[i] = 1e9 * Math.pow(2, 0.7 * (i % 12));
      loss[i] = LAW.loss(LAW.example(), n[i], d[i]) * Math.exp(error + own * random.nextGaussian());
    }
    return new RunSet(n, d, loss);
  }
}

package org.farfit.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.farfit.RealData;
import org.farfit.analysis.study.Validation;
import org.farfit.data.ColumnOptions;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.fit.FitOptions;
import org.farfit.fit.Method;
import org.farfit.law.Chinchilla;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;

/** What {@code auto} predicts of public collections of runs, beside chinchilla. */
class CollectionsTest {

  private static final List<String> NAMES =
      List.of(
          "comma",
          "llama3_exp",
          "fineweb",
          "epoch_iso",
          "xllama_ctx8192",
          "porian_chin",
          "datablations",
          "ot_c4",
          "steplaw");

  /** The quarter of runs with most compute, from the others. */
  @Test
  void autoPredictsTheTopOfComputeBetterThanChinchilla() {
    List<Double> ratios = new ArrayList<>();
    for (String name : NAMES) {
      ColumnOptions columns = ColumnOptions.usual();
      RunSet runs = RunFile.read(RealData.file("collections/" + name + ".csv"), columns).runs();
      double[] compute = new double[runs.size()];
      for (int i = 0; i < compute.length; i++) {
        compute[i] = runs.n(i) * runs.d(i);
      }
      double[] sorted = compute.clone();
      Arrays.sort(sorted);
      double cut = sorted[Math.floorDiv(3 * sorted.length, 4)];
      boolean[] heldOut = new boolean[compute.length];
      for (int i = 0; i < heldOut.length; i++) {
        heldOut[i] = compute[i] >= cut;
      }
      try (Engine engine = Engines.open("simd")) {
        List<Validation.Row> rows =
            new Validation(engine, FitOptions.DEFAULT.withStarts(24, 1), ProgressListener.NONE)
                .run(
                    runs,
                    Holdout.of("top", runs, heldOut),
                    List.of(
                        Validation.Candidate.AUTO,
                        Validation.Candidate.of(new Chinchilla(), Method.GLOBAL)));
        ratios.add(rows.get(1).errors().mape() / rows.get(3).errors().mape());
      }
    }
    assertThat(ratios).isNotEmpty().allMatch(ratio -> ratio < 1.2);
    assertThat(Math.exp(ratios.stream().mapToDouble(Math::log).average().orElseThrow()))
        .isLessThan(0.65);
  }
}

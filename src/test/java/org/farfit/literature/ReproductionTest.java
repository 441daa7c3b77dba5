package org.farfit.literature;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.farfit.RealData;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.fit.FitOptions;
import org.junit.jupiter.api.Test;

/** The tables of the literature, from few starts: what they hold, and that they tell how far. */
class ReproductionTest {

  @Test
  void everyTableIsMadeAndEveryRowIsTold() {
    RealData.file("collections");
    Path folder = RealData.file("scalebench").getParent();
    List<String> tables = new ArrayList<>();
    List<int[]> reported = new ArrayList<>();
    try (Engine engine = Engines.open("auto")) {
      new Reproduction(
              folder,
              engine,
              FitOptions.DEFAULT.withStarts(4, 1),
              (done, total) -> reported.add(new int[] {done, total}))
          .run(tables::add);
    }
    assertThat(tables).hasSize(10).allMatch(table -> table.startsWith("## "));
    for (int i = 0; i < reported.size(); i++) {
      assertThat(reported.get(i)).containsExactly(i + 1, reported.size());
    }
    // The mean error of chinchilla on the paper's seven validation runs, published as 2.68%.
    assertThat(tables.getLast()).containsPattern("\\| chinchilla \\|.*2\\.\\d");
  }
}

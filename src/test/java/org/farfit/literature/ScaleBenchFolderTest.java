package org.farfit.literature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.farfit.data.InputException;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.formula.Bounds;
import org.farfit.formula.Model;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders in the layout of ScaleBench: the one that docs/laws.md shows, and broken ones. */
class ScaleBenchFolderTest {

  @TempDir Path folder;

  private String text;

  /** The layout that the docs show. */
  @BeforeEach
  void write() throws IOException {
    text = ScaleBenchExample.laws();
  }

  private ScaleBenchFolder of(String laws) throws IOException {
    Files.writeString(folder.resolve("laws.yaml"), laws);
    return new ScaleBenchFolder(folder);
  }

  @Test
  void theLayoutOfTheDocsIsRead() throws IOException {
    List<ScaleBenchFolder.TaskLaw> laws = of(text).laws(Optional.empty());
    assertThat(laws).extracting(ScaleBenchFolder.TaskLaw::id).containsExactly("sizes/plain");
    ScaleBenchFolder.Task task = laws.getFirst().task();
    assertThat(task.groups()).containsExactly("all");
    assertThat(task.cost()).isEqualTo("6*N*D");
    assertThat(task.budgets()).containsExactly(0.01, 0.1);
    assertThat(laws.getFirst().bounds()).containsEntry("alpha", Bounds.between(0, 1));
    Model model = Model.of(laws.getFirst().text(), Set.copyOf(task.columns()), Set.of("loss"));
    assertThat(model.columns()).containsExactlyInAnyOrder("N", "D");
    assertThat(model.parameters()).hasSize(5);
    assertThat(model.responses()).extracting(Model.Response::name).containsExactly("loss");
  }

  /** Runs on 2 + 400 N^-0.3 + 400 D^-0.3: the law that the docs show finds it. */
  @Test
  void aLawOfTheFolderIsFitted() throws IOException {
    ScaleBenchExample.write(folder);
    List<ScaleBench.Row> rows =
        new ScaleBench(folder, new ScalarEngine(), FitOptions.DEFAULT.withStarts(20, 1))
            .run(Optional.of("sizes"), (row, total) -> {});
    assertThat(rows).hasSize(1);
    assertThat(rows.getFirst().sum()).isLessThan(1e-12);
    assertThat(rows.getFirst().r2()).isGreaterThan(1 - 1e-9);
    assertThat(rows.getFirst().referenceR2()).isEqualTo(0.5);
    assertThat(rows.getFirst().reference()).isNaN();
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    String file = folder.resolve("laws.yaml").toString();
    assertThatThrownBy(() -> new ScaleBenchFolder(folder).laws(Optional.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ": cannot be read");
    assertMessage("laws: []", "the file has no 'tasks'");
    assertMessage(text.replace("target:", "targets:"), "'sizes' has no 'target'");
    assertMessage(text.replace("upper:", "most:"), "'sizes/plain' has no 'upper'");
    assertMessage(text.replace("formula:", "law:"), "'sizes/plain' has no 'formula'");
    assertMessage(
        text.replace("target: [loss]", "target: [loss, accuracy]"),
        "'sizes/plain' has 1 formulas for the 2 targets");
    ScaleBenchFolder whole = of(text);
    assertThatThrownBy(() -> whole.laws(Optional.of("vocab")))
        .isInstanceOf(InputException.class)
        .hasMessage(file + ": has no task or law 'vocab'; it has sizes/plain");
    of(text.replace("    cost:", "    price:"));
    DesignBenchmark designs = new DesignBenchmark(folder, new ScalarEngine(), FitOptions.DEFAULT);
    assertThatThrownBy(() -> designs.run(Optional.empty(), List.of(), 1, (row, total) -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("task 'sizes' states no cost");
  }

  private void assertMessage(String laws, String message) throws IOException {
    ScaleBenchFolder broken = of(laws);
    assertThatThrownBy(() -> broken.laws(Optional.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(folder.resolve("laws.yaml").toString())
        .hasMessageContaining(message);
  }
}

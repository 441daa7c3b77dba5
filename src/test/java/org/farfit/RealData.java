package org.farfit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.farfit.data.ColumnOptions;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.junit.jupiter.api.Assumptions;

/**
 * Real training runs and certified problems, found through the environment variable {@code
 * FARFIT_DATA} (see docs/data.md). Tests that need them are skipped, with the reason, where they
 * are absent.
 */
public final class RealData {

  private RealData() {}

  /** A file of the data folder; skips the running test if it is absent. */
  public static Path file(String name) {
    String folder = System.getenv("FARFIT_DATA");
    if (folder == null) {
      skip("FARFIT_DATA does not name the data folder (docs/data.md)");
    }
    Path file = Path.of(folder, name);
    if (!Files.exists(file)) {
      skip("FARFIT_DATA has no " + name + " (docs/data.md)");
    }
    return file;
  }

  /** Surefire prints how many tests were skipped, but not why. */
  private static void skip(String reason) {
    String test =
        StackWalker.getInstance()
            .walk(frames ->
                frames
                    .filter(frame -> frame.getClassName().endsWith("Test"))
                    .findFirst()
                    .map(StackWalker.StackFrame::getClassName)
                    .orElse("test"));
    System.out.printf("skipped: %s: %s%n", test, reason);
    Assumptions.abort(reason);
  }

  /** All 404 runs of the Farseer paper: losses in bits per character. */
  public static RunSet farseer() {
    return RunFile.read(file("farseer_1222_full.csv"), ColumnOptions.usual()).runs();
  }

  /**
   * The edge hold-out of Videau et al., table 1, written here once more, independently.
   *
   * @param fit receives 1 for fitted runs
   * @param longest receives 1 for the three runs of most tokens of all but the three largest sizes
   */
  public static void edge(RunSet runs, double[] fit, double[] longest) {
    double[] sizes = Arrays.stream(runs.n()).distinct().sorted().toArray();
    for (int i = 0; i < runs.size(); i++) {
      int run = i;
      long longer =
          IntStream.range(0, runs.size())
              .filter(k -> runs.n(k) == runs.n(run))
              .filter(k -> runs.d(k) > runs.d(run) || (runs.d(k) == runs.d(run) && k > run))
              .count();
      boolean small = runs.n(i) < sizes[sizes.length - 3];
      fit[i] = small && longer >= 3 ? 1 : 0;
      longest[i] = small && longer < 3 ? 1 : 0;
    }
  }

  /** The usual 240 of the 245 Chinchilla runs: losses in nats per token. */
  public static RunSet epoch() {
    return RunFile.read(
            file("chinchilla_svg_extracted.csv"),
            ColumnOptions.usual()
                .computeColumns("Model Size", "Training FLOP", "loss")
                .where("loss < 3.44"))
        .runs();
  }
}

package org.farfit.literature;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folder in the layout of ScaleBench that docs/laws.md shows, with runs that follow its law.
 */
public final class ScaleBenchExample {

  private ScaleBenchExample() {}

  /** The laws that the docs show. */
  static String laws() throws IOException {
    Matcher shown =
        Pattern.compile("```yaml\\n(tasks:.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("../docs/laws.md")));
    assertThat(shown.find()).isTrue();
    return shown.group(1);
  }

  /** Writes them, and runs on 2 + 400 N^-0.3 + 400 D^-0.3, of which no reference is known. */
  public static void write(Path folder) throws IOException {
    StringBuilder runs = new StringBuilder("group,N,D,loss\n");
    for (double n = 1e7; n < 1e10; n *= 10) {
      for (double d = 1e9; d < 1e12; d *= 10) {
        runs.append(
            "all,%s,%s,%s%n".formatted(n, d, 2 + 400 * (Math.pow(n, -0.3) + Math.pow(d, -0.3))));
      }
    }
    Files.writeString(folder.resolve("laws.yaml"), laws());
    Files.writeString(folder.resolve("sizes_train.csv"), runs);
    Files.writeString(folder.resolve("sizes_test.csv"), runs);
    Files.writeString(
        folder.resolve("reference.csv"),
        """
        task,group,law,sse_best_known,hit_share_theirs_of_best_known,cpu_seconds,r2_test_best
        sizes,all,plain,,,,0.5
        """);
  }
}

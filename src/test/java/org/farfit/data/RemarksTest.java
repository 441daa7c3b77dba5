package org.farfit.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** What reading a file warns of that no single cell shows. */
class RemarksTest {

  private static final int SIZES = 6;

  /** Six N by six D, a line each, of a plain law. */
  private static List<String> warnings(
      String header, IntFunction<String> further, double... noise) {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder("N,D,loss" + header + "\n");
    for (int i = 0; i < SIZES * SIZES; i++) {
      int size = i / SIZES;
      double n = 1e8 * Math.pow(2, size);
      double d = 1e9 * Math.pow(3, i % SIZES);
      double loss = 1.7 + 400 * Math.pow(n, -0.34) + 410 * Math.pow(d, -0.28);
      double shifted = loss * (1 + noise[i % noise.length] + 0.002 * random.nextGaussian());
      text.append(
          String.format(Locale.ROOT, "%.6g,%.6g,%.6g%s%n", n, d, shifted, further.apply(i)));
    }
    return warnings(text.toString());
  }

  private static List<String> warnings(String text) {
    return RunFile.parse("runs.csv", text.getBytes(StandardCharsets.UTF_8), ColumnOptions.usual())
        .notes()
        .stream()
        .filter(note -> note.startsWith("warning: "))
        .toList();
  }

  @Test
  void aColumnOfKindsIsTold() {
    assertThat(warnings(",data", i -> i % 5 < 2 ? ",c4" : ",wiki", -0.05, -0.05, 0.1, 0.1, 0.1))
        .singleElement()
        .asString()
        .startsWith("warning: column 'data' (c4, wiki) tells losses apart that N and D do not:")
        .endsWith("fit runs of one kind, with ColumnOptions.where \"data = 'c4'\"");
  }

  /** Kinds without an effect, names of sizes, numbers, and kinds of which hardly a run is. */
  @Test
  void columnsThatTellNothingAreNot() {
    double[] two = {-0.05, 0.1};
    assertThat(warnings(",data", i -> i % 2 == 0 ? ",c4" : ",wiki", 0)).isEmpty();
    assertThat(warnings(",name", i -> ",model-" + i / SIZES, 0)).isEmpty();
    assertThat(warnings(",seed", i -> "," + (1 + i % 2), two)).isEmpty();
    assertThat(warnings(",run", i -> ",run-" + i, two)).isEmpty();
  }

  @Test
  void aFilterThatKeepsOneKindEndsIt() {
    StringBuilder text = new StringBuilder("N,D,loss,data\n");
    for (int i = 0; i < 60; i++) {
      text.append(
          String.format(
              Locale.ROOT,
              "%.6g,%.6g,%.6g,%s%n",
              1e8 * (1 + i % 7),
              1e9 * (1 + i % 11),
              (i % 2 == 0 ? 3 : 4) - 0.01 * (i % 7) - 0.01 * (i % 11),
              i % 2 == 0 ? "a" : "b"));
    }
    assertThat(warnings(text.toString())).hasSize(1);
    assertThat(
            RunFile.parse(
                    "runs.csv",
                    text.toString().getBytes(StandardCharsets.UTF_8),
                    ColumnOptions.usual().where("\"data\" = 'a'"))
                .notes())
        .noneMatch(note -> note.startsWith("warning: "));
  }

  @Test
  void rowsThatAreThereTwiceAreTold() {
    String rows =
        """
        1e8,1e9,4.0
        1e8,2e9,3.8
        2e8,1e9,3.7
        2e8,2e9,3.5
        4e8,1e9,3.6
        4e8,2e9,3.3
        """;
    assertThat(warnings("N,D,loss\n" + rows)).isEmpty();
    assertThat(warnings("N,D,loss\n" + rows + rows))
        .singleElement()
        .asString()
        .startsWith("warning: 6 runs have the loss of an earlier one, too")
        .endsWith("ColumnOptions.repeats mean leaves one of each");
    assertThat(warnings("N,D,loss\n" + rows + rows.replace("\n", "1\n"))).isEmpty();
  }

  @Test
  void whatRisesIsTold() {
    assertThat(warnings("N,D,loss\n1e8,1e9,.2\n1e8,2e9,.3\n2e8,1e9,.4\n2e8,2e9,.5\n4e8,3e9,.6\n"))
        .singleElement()
        .asString()
        .startsWith("warning: losses rise with N and D, and all laws fall")
        .endsWith("ColumnOptions.loss \"1 - accuracy\"");
  }

  @Test
  void lossesThatDoNotDifferAreTold() {
    assertThat(warnings("N,D,loss\n1e8,1e9,2.5\n1e8,2e9,2.5\n2e8,1e9,2.5\n"))
        .singleElement()
        .asString()
        .startsWith("warning: every loss is 2.500: runs that do not differ tell nothing");
  }
}

package org.farfit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of so many rows that several threads read their numbers. */
class LargeFileTest {

  private static final int ROWS = 150_000;

  private static String table(int badRow, int otherBadRow) {
    StringBuilder text = new StringBuilder("N,D,loss\n");
    for (int i = 1; i <= ROWS; i++) {
      text.append(i).append(",2e9,").append(i == badRow || i == otherBadRow ? "none" : i / 8.0);
      text.append('\n');
    }
    return text.toString();
  }

  @Test
  void everyNumberIsThatOfItsRow() {
    RunSet runs =
        RunFile.parse(
                "runs.csv", table(0, 0).getBytes(StandardCharsets.UTF_8), ColumnOptions.usual())
            .runs();
    assertThat(runs.size()).isEqualTo(ROWS);
    for (int i = 0; i < ROWS; i++) {
      assertThat(runs.n(i)).isEqualTo(i + 1);
      assertThat(runs.loss(i)).isEqualTo((i + 1) / 8.0);
    }
  }

  @Test
  void theFirstRowThatIsWrongIsNamed() {
    byte[] bytes = table(140_001, 75_001).getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> RunFile.parse("runs.csv", bytes, ColumnOptions.usual()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("line 75002: column 'loss': found 'none'");
  }

  @Test
  void readingTellsHowFarItIs(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("runs.csv"), table(0, 0));
    List<Long> reported = new ArrayList<>();
    RunFile.read(
        file,
        ColumnOptions.usual(),
        (bytes, total) -> {
          assertThat(total).isEqualTo(file.toFile().length());
          reported.add(bytes);
        });
    assertThat(reported)
        .hasSizeGreaterThanOrEqualTo((int) (file.toFile().length() >> 20))
        .isSorted();
    assertThat(reported.getLast()).isLessThanOrEqualTo(file.toFile().length());
  }

  /**
   * Bytes come first; then columns are counted until all are there, also where rows are left out.
   */
  @Test
  void makingColumnsTellsHowFarItIs(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("runs.csv"), table(0, 0));
    List<String> told = new ArrayList<>();
    ReadingListener listener =
        new ReadingListener() {
          @Override
          public void read(long bytes, long total) {
            told.add("read");
          }

          @Override
          public void converted(int columns, int total) {
            told.add(columns + "/" + total);
          }
        };
    RunFile.read(file, ColumnOptions.usual().where("N > 3"), listener);
    assertThat(told.stream().filter(each -> !each.equals("read")))
        .containsExactly("0/3", "1/3", "2/3", "3/3", "3/3");
    assertThat(told.lastIndexOf("read")).isLessThan(told.indexOf("0/3"));
  }

  /** Cells are stripped of blanks, be they ASCII or not, and keep what is in between. */
  @Test
  void cellsKeepTheirCharacters() throws IOException {
    String text =
        "N,D,loss,recipe\n1e8,2e9,3,\u2003b\u00e9b\u00e9 a\u2003\n2e8,\t2e9 , 3,\" x \"\n";
    assertThat(
            RunFile.values(
                "runs.csv",
                text.getBytes(StandardCharsets.UTF_8),
                ColumnOptions.usual(),
                "recipe",
                "--by"))
        .containsExactly("b\u00e9b\u00e9 a", "x");
  }
}

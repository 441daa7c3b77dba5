package org.farfit.report.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Columns of text and numbers laid out to the letter. */
class AlignedTableTest {

  @Test
  void alignsTextLeftAndNumbersRight() {
    AlignedTable table = new AlignedTable("law", "cost", "status");
    table.add(List.of("farseer", "6.28e-04", "converged"));
    table.add(List.of("k", "12", "failed"));
    table.add(List.of("x", "-", "failed"));
    assertThat(table.text())
        .isEqualTo(
            """
            law          cost  status
            farseer  6.28e-04  converged
            k              12  failed
            x               -  failed
            """);
  }

  @Test
  void rowsMustFitTheHeader() {
    assertThatThrownBy(() -> new AlignedTable("a", "b").add(List.of("1")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A scan of every row for each cell would take minutes. */
  @Test
  void longTablesAreLaidOutOnce() {
    AlignedTable table = new AlignedTable("a", "b", "c", "d", "e", "f", "g", "h");
    for (int i = 0; i < 50_000; i++) {
      table.add(List.of("1", "2", "3", "4", "5", "6", "7", "8"));
    }
    String text = assertTimeoutPreemptively(Duration.ofMinutes(1), table::text);
    assertThat(text.lines()).hasSize(50_001);
  }

  @ParameterizedTest
  @CsvSource({
    "0.5, 3, 0.500",
    "123.456, 4, 123.5",
    "6.2808e-4, 5, 6.2808e-04",
    "2.5e10, 3, 2.50e+10",
    "-0.025720747, 6, -0.0257207",
    "999.96, 4, 1000.0",
    "0, 4, 0",
    "NaN, 4, -",
    ", 4, -"
  })
  void numbersHaveTheDigitsAskedFor(Double value, int digits, String text) {
    assertThat(AlignedTable.number(value, digits)).isEqualTo(text);
  }
}

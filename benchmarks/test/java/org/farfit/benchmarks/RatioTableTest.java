package org.farfit.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.farfit.benchmarks.RatioTable.Row;
import org.farfit.benchmarks.RatioTable.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the check of hot paths says of ratios. */
class RatioTableTest {

  private static final RatioTable TABLE =
      RatioTable.empty().with("8", Map.of("a", 10.0, "b", 10.0, "c", 10.0, "d", 10.0));

  @Test
  void whatIsSlowerOrGoneFails() {
    List<Row> rows =
        TABLE.compare("8", Map.of("a", 12.9, "b", 13.1, "c", 7.6, "e", 1.0), 0.3).orElseThrow();
    assertThat(rows).extracting(Row::path).containsExactly("a", "b", "c", "d", "e");
    assertThat(rows)
        .extracting(Row::verdict)
        .containsExactly(
            Verdict.AS_BEFORE, Verdict.SLOWER, Verdict.FASTER, Verdict.GONE, Verdict.NEW);
    assertThat(rows)
        .extracting(row -> row.verdict().fails())
        .containsExactly(false, true, false, true, false);
  }

  @Test
  void otherMachinesAreNotCompared() {
    assertThat(TABLE.compare("4", Map.of("a", 1.0), 0.3)).isEmpty();
  }

  @Test
  void storedAndReadAgain(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("ratios.json");
    TABLE.with("4", Map.of("a", 0.123456)).write(file);
    RatioTable read = RatioTable.read(file);
    assertThat(read.compare("8", Map.of("a", 10.0), 0.3)).isPresent();
    assertThat(read.compare("4", Map.of("a", 0.123), 0.3).orElseThrow())
        .containsExactly(new Row("a", 0.123, 0.123, Verdict.AS_BEFORE));
  }
}

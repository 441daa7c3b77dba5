package org.farfit.report.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Short names that tell files apart. */
class FileNamesTest {

  @Test
  void foldersAreLeftOut() {
    assertThat(FileNames.of(Path.of("/home/someone/a b.csv"))).isEqualTo("a b.csv");
    assertThat(FileNames.of("C:\\runs\\x.csv")).isEqualTo("x.csv");
    assertThat(FileNames.of("bundled example (simulated)"))
        .isEqualTo("bundled example (simulated)");
    assertThat(FileNames.of("/")).isEqualTo("/");
  }

  @Test
  void namesTellApartWithAsLittleAsPossible() {
    Map<String, String> names =
        FileNames.apart(List.of("/home/x/2024/a.csv", "/home/x/2025/a.csv", "/home/x/b.csv"));
    assertThat(names.values()).containsExactly("2024/a.csv", "2025/a.csv", "b.csv");
    assertThat(FileNames.in("/home/x/2024/a.csv: line 3; /home/x/b.csv", names))
        .isEqualTo("2024/a.csv: line 3; b.csv");
    assertThat(FileNames.apart(List.of("a.csv", "x/a.csv")).values())
        .containsExactly("a.csv", "x/a.csv");
  }
}

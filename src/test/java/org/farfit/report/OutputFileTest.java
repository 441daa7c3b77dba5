package org.farfit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.farfit.data.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {

  @TempDir Path folder;

  private List<String> files() throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void replacesAFileAndLeavesNothingElse() throws IOException {
    Path file = folder.resolve("a.json");
    OutputFile.write(file, "old");
    OutputFile.write(file, "new");
    assertThat(file).hasContent("new");
    assertThat(files()).containsExactly("a.json");
  }

  @Test
  void permissionsAreThoseOfAnOrdinaryFile() throws IOException {
    Path file = folder.resolve("a.json");
    Path ordinary = Files.writeString(folder.resolve("b.json"), "x");
    OutputFile.write(file, "x");
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(Files.getPosixFilePermissions(ordinary));
  }

  @Test
  void placesThatCannotBeWrittenAreErrors() {
    assertThatThrownBy(() -> OutputFile.write(folder.resolve("no/such/a.json"), "x"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot be written");
    assertThatThrownBy(() -> OutputFile.write(folder, "x"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is a directory");
  }
}

package org.farfit.report.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files replaced whole or not at all, with their permissions and links. */
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
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("cannot be written");
    assertThatThrownBy(() -> OutputFile.write(folder, "x"))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("is a directory");
  }

  @Test
  void linksStayAndWhatTheyPointToIsWritten() throws IOException {
    Path target = Files.createDirectory(folder.resolve("deep")).resolve("t.json");
    Path link = Files.createSymbolicLink(folder.resolve("a.json"), Path.of("deep", "t.json"));
    Path second = Files.createSymbolicLink(folder.resolve("b.json"), Path.of("a.json"));
    OutputFile.write(second, "made"); // what it points to is not there yet
    assertThat(target).hasContent("made");
    OutputFile.write(link, "again");
    assertThat(target).hasContent("again");
    assertThat(link).isSymbolicLink();
    assertThat(second).isSymbolicLink();
    Path circle = folder.resolve("c.json");
    Files.createSymbolicLink(circle, circle);
    assertThatThrownBy(() -> OutputFile.write(circle, "x"))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("links lead in a circle");
  }

  @Test
  void permissionsOfWhatIsReplacedAreKept() throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), "old");
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
    for (String permissions : List.of("rw-------", "rw-rw-r--", "rwxr-x---")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
      OutputFile.write(file, "new");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo(permissions);
    }
  }

  /** A pipe gets the content, and stays a pipe. */
  @Test
  void specialFilesAreWrittenThrough() throws Exception {
    Path pipe = folder.resolve("pipe");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
    StringBuilder read = new StringBuilder();
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              try {
                read.append(Files.readString(pipe));
              } catch (IOException e) {
                read.append(e);
              }
            });
    OutputFile.write(pipe, "through");
    reader.join();
    assertThat(read).hasToString("through");
    assertThat(OutputFile.isSpecial(pipe)).isTrue();
    OutputFile.write(Path.of("/dev/null"), "away");
    assertThat(OutputFile.isSpecial(Path.of("/dev/null"))).isTrue();
    assertThat(OutputFile.isSpecial(folder.resolve("none"))).isFalse();
  }

  @Test
  void namesMayBeAsLongAsTheSystemAllows() {
    Path file = folder.resolve("x".repeat(255));
    OutputFile.write(file, "long");
    assertThat(file).hasContent("long");
  }
}

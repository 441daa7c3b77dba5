package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests of the Python package pass over the classes of this build. */
class PythonPackageTest {

  private static final Path PACKAGE = Path.of("..", "python");

  @TempDir Path folder;

  private static boolean isThere(String program) throws InterruptedException {
    try {
      return new ProcessBuilder(program, "-c", "import sys; sys.exit(sys.version_info < (3, 9))")
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Starts the classes under test as a launcher would. */
  private Path launcher() throws IOException {
    // A class path may be longer than a command line.
    Path arguments = folder.resolve("arguments");
    Files.writeString(
        arguments,
        "--add-modules jdk.incubator.vector\n-cp \"%s\"\n%s\n"
            .formatted(
                System.getProperty("java.class.path").replace("\\", "\\\\"), Main.class.getName()));
    return Files.setPosixFilePermissions(
        Files.writeString(
            folder.resolve("farfit"),
            "#!/bin/sh\nexec '%s' '@%s' \"$@\"\n"
                .formatted(Path.of(System.getProperty("java.home"), "bin", "java"), arguments)),
        PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void itsTestsPass() throws Exception {
    assumeTrue(isThere("python3"), "there is no python3 of at least 3.9 on the PATH");
    Path log = folder.resolve("log");
    ProcessBuilder tests =
        new ProcessBuilder(
                "python3",
                "-B",
                "-W",
                "error::ResourceWarning",
                "-m",
                "unittest",
                "discover",
                "-s",
                PACKAGE.resolve("tests").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    tests.environment().put("FARFIT", launcher().toString());
    Process process = tests.start();
    boolean ended = process.waitFor(240, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly();
    }
    String said = Files.readString(log, StandardCharsets.UTF_8);
    assertThat(ended).as(said).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    // As many as there are, and not none.
    assertThat(said).containsPattern("Ran 1\\d tests");
  }

  @Test
  void namesTheVersionOfTheBuild() throws IOException {
    String version = "version = \"" + Version.text() + "\"";
    assertThat(Files.readString(PACKAGE.resolve("pyproject.toml"))).contains(version);
    assertThat(Arrays.asList(Files.readString(PACKAGE.resolve("farfit/__init__.py")).split("\n")))
        .contains("__version__ = \"" + Version.text() + "\"");
  }
}

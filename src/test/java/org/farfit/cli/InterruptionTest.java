package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is interrupted leaves nothing behind that looks like a result. */
class InterruptionTest {

  /** As shells say it: 128 and the number of the signal. */
  private static final int SIGTERM = 143;

  /** What the JDK says where its own handler comes before its modules. */
  private static final String NOT_YET_STARTED = "Runtime.exit(143) logging failed";

  private static final int TRIES = 10;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {30, 200, 600})
  void endsWithTheSameCodeDuringStartUp(int milliseconds) throws Exception {
    Path log = folder.resolve("log");
    int exitValue = endAfter(milliseconds, log);
    // For a few milliseconds, before anything of Farfit is loaded, the JDK itself ends with 1.
    for (int i = 0; i < TRIES && Files.readString(log).startsWith(NOT_YET_STARTED); i++) {
      exitValue = endAfter(milliseconds, log);
    }
    assertThat(exitValue).as(Files.readString(log)).isEqualTo(SIGTERM);
  }

  private int endAfter(int milliseconds, Path log) throws Exception {
    Process process = longFit().redirectError(log.toFile()).start();
    try {
      assertThat(process.waitFor(milliseconds, TimeUnit.MILLISECONDS)).isFalse();
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return process.exitValue();
  }

  private ProcessBuilder longFit() {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "fit",
            "--starts",
            "10000000",
            "--out",
            folder.resolve("f.json").toString())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
  }

  @Test
  void leavesNoHalfWrittenFile() throws Exception {
    Process process = longFit().start();
    try (BufferedReader log = process.errorReader()) {
      String line = log.readLine();
      while (line != null && !line.startsWith("engine: ")) {
        line = log.readLine();
      }
      assertThat(line).as("the fit has begun").isNotNull();
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).isEqualTo(SIGTERM);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }
}

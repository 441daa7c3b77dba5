package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bars go where messages go, and nowhere if that is no terminal. */
class ProgressTest {

  private final PrintStream before = System.err;

  @AfterEach
  void restore() {
    System.setErr(before);
    System.clearProperty(Progress.TERMINAL_PROPERTY);
  }

  private static String shown(boolean terminal) {
    System.setProperty(Progress.TERMINAL_PROPERTY, Boolean.toString(terminal));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setErr(new PrintStream(out, true, StandardCharsets.UTF_8));
    try (Progress progress = new Progress("reading", 0)) {
      progress.done(1, 4);
      progress.done(4, 4);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void barsAreWrittenWhereTheLauncherHasPutStandardError() {
    assertThat(shown(true)).contains("reading").contains("100%");
  }

  @Test
  void columnsAreMadeAfterReadingInABarOfTheirOwn() {
    System.setProperty(Progress.TERMINAL_PROPERTY, "true");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setErr(new PrintStream(out, true, StandardCharsets.UTF_8));
    try (ReadingProgress progress =
        new ReadingProgress(new Progress("reading", 0), new Progress("columns", 0))) {
      progress.read(7 << 20, 7 << 20);
      progress.converted(0, 1);
      progress.converted(3, 4);
      progress.converted(4, 4);
    }
    String shown = out.toString(StandardCharsets.UTF_8);
    assertThat(shown.indexOf("reading 100%")).isLessThan(shown.indexOf("columns"));
    assertThat(shown.lastIndexOf("reading")).isLessThan(shown.indexOf("columns"));
    assertThat(shown).contains("7/7", "4/4");
  }

  @Test
  void nothingIsShownWhereThereIsNoTerminal() {
    assertThat(shown(false)).isEmpty();
  }
}

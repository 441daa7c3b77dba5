package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A command is a form over a type of the library: it says what may be asked, asks it, and prints
 * what a report makes of the answer. So it is short, and makes no tables of its own.
 */
class CommandsAreFormsTest {

  private static final Path COMMANDS = Path.of("main", "java", "org", "farfit", "cli");

  private static final int MOST_LINES = 150;

  @Test
  void commandsAreShortAndMakeNoTables() throws IOException {
    List<Path> commands;
    try (Stream<Path> files = Files.list(COMMANDS)) {
      commands =
          files.filter(file -> file.getFileName().toString().endsWith("Command.java")).toList();
    }
    assertThat(commands).hasSizeGreaterThan(15);
    for (Path command : commands) {
      List<String> lines = Files.readAllLines(command);
      assertThat(lines).as(command.toString()).hasSizeLessThan(MOST_LINES);
    }
  }

  @Test
  void tablesAreMadeByReports() throws IOException {
    try (Stream<Path> files = Files.list(COMMANDS)) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContain("AlignedTable");
      }
    }
  }
}

package org.farfit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Every source file is as google-java-format writes it. A test, because the formatter needs the JDK
 * that the tests run on, while Maven itself may run on an older one. To rewrite the files instead:
 * {@code mvn test -Dtest=SourceFormatTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dfarfit.format=fix}.
 */
class SourceFormatTest {

  @Test
  void sourcesAreFormatted() throws Exception {
    boolean fix = "fix".equals(System.getProperty("farfit.format"));
    Formatter formatter = new Formatter();
    List<Path> sources = SourceTexts.all();
    List<Path> unformatted = new ArrayList<>();
    for (Path source : sources) {
      String text = Files.readString(source);
      String formatted =
          formatter.formatSource(
              ImportOrderer.reorderImports(
                  RemoveUnusedImports.removeUnusedImports(text), Style.GOOGLE));
      if (!formatted.equals(text)) {
        unformatted.add(SourceTexts.ROOT.relativize(source));
        if (fix) {
          Files.writeString(source, formatted);
        }
      }
    }
    assertThat(sources).hasSizeGreaterThan(50);
    assertThat(fix ? List.of() : unformatted)
        .as("files to format; run this test with -Dfarfit.format=fix")
        .isEmpty();
  }
}

package org.farfit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The Java sources of all modules, for tests that read them. */
final class SourceTexts {

  /** The top of the project. */
  static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private SourceTexts() {}

  /** Every Java file of every module, none that a build has written. */
  static List<Path> all() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String module : List.of("src", "spark", "kernels", "benchmarks", "examples")) {
      if (Files.isDirectory(ROOT.resolve(module))) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(module))) {
          files.filter(SourceTexts::isSource).sorted().forEach(sources::add);
        }
      }
    }
    return sources;
  }

  private static boolean isSource(Path file) {
    return file.toString().endsWith(".java")
        && !ROOT.relativize(file).toString().contains("target");
  }
}

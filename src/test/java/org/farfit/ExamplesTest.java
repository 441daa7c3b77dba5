package org.farfit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.farfit.cli.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The programs of {@code examples} compile against the library as it is, and say what they should.
 */
class ExamplesTest {

  private static final Path EXAMPLES = Path.of("..", "examples");

  /** What each program must print. */
  private static final Map<String, String> SAYS =
      Map.of(
          "FitAndPredict", "predicted loss",
          "FitFiles", "farseer predicts 0.",
          "ComputeOptimal", "C = 1e+21: N = ",
          "CompareRecipes", "parity at ",
          "ManyFits", "farseer    top:0.25",
          "OwnLaw", "worth = 0.2");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FitAndPredict",
        "FitFiles",
        "ComputeOptimal",
        "CompareRecipes",
        "ManyFits",
        "OwnLaw"
      })
  void runs(String name) throws Exception {
    Path runs = folder.resolve("runs.csv");
    try (InputStream example = Main.class.getResourceAsStream("example.csv")) {
      Files.copy(example, runs);
    }
    assertThat(compile(EXAMPLES.resolve(name + ".java"))).isEmpty();
    assertThat(run(name, runs.toString())).contains(SAYS.get(name)).doesNotContain("NaN");
  }

  @Test
  void everyProgramIsTried() throws Exception {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      List<String> programs =
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> file.endsWith(".java"))
              .map(file -> file.substring(0, file.length() - ".java".length()))
              .toList();
      assertThat(SAYS.keySet()).containsExactlyInAnyOrderElementsOf(programs);
    }
  }

  /** What the compiler has to say against a program. */
  private String compile(Path program) {
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    ToolProvider.findFirst("javac")
        .orElseThrow()
        .run(
            System.out,
            new PrintStream(messages, true, StandardCharsets.UTF_8),
            "-d",
            folder.toString(),
            "-proc:none",
            "-classpath",
            System.getProperty("java.class.path"),
            program.toString());
    return messages.toString(StandardCharsets.UTF_8);
  }

  private String run(String name, String argument) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {folder.toUri().toURL()}, ExamplesTest.class.getClassLoader())) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      var main = loader.loadClass(name).getDeclaredMethod("main", String[].class);
      main.setAccessible(true);
      main.invoke(null, (Object) new String[] {argument});
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}

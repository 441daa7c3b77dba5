package org.farfit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.farfit.cli.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The library is a module that needs neither the libraries of the command line nor those of charts:
 * a program on the module path compiles and fits without them.
 */
class LibraryModuleTest {

  /** What the library needs, by the beginnings of the names of jars. */
  private static final List<String> NEEDED =
      List.of("jackson-", "snakeyaml-", "ejml-", "exp4j-", "hipparchus-");

  private static final List<String> LEFT_OUT =
      List.of("picocli", "progressbar", "jfreechart", "jfree.svg", "echarts", "memoryfilesystem");

  private static final String PROGRAM =
      """
      import java.nio.file.Path;
      import org.farfit.data.*;
      import org.farfit.engine.scalar.ScalarEngine;
      import org.farfit.fit.*;
      import org.farfit.fit.search.GlobalFit;
      import org.farfit.law.Chinchilla;
      public class Ten {
        public static void main(String[] args) {
          RunSet runs = RunFile.read(Path.of(args[0]), ColumnOptions.usual()).runs();
          LawFit fit = new GlobalFit(new ScalarEngine(), FitOptions.DEFAULT.withStarts(8, 1)).fit(new Chinchilla(), runs);
          System.out.println("cost " + fit.cost() + " " + Ten.class.getModule().getLayer().findModule("info.picocli").isPresent());
        }
      }
      """;

  @TempDir private Path folder;

  @Test
  void aProgramFitsWithoutTheLibrariesOfTheCommandLine() throws Exception {
    Path library = library();
    String path = library + File.pathSeparator + jars(LibraryModuleTest::isNeeded);
    assertThat(LEFT_OUT).noneMatch(path::contains);
    Path source = Files.createDirectories(folder.resolve("program"));
    Files.writeString(
        source.resolve("module-info.java"), "module ten { requires org.farfit; exports ten; }");
    Files.createDirectories(source.resolve("ten"));
    Files.writeString(source.resolve("ten/Ten.java"), "package ten;\n" + PROGRAM);
    Path made = folder.resolve("made");
    assertThat(
            javac(
                "-d",
                made.toString(),
                "--module-path",
                path,
                source.resolve("module-info.java").toString(),
                source.resolve("ten/Ten.java").toString()))
        .doesNotContain("error");
    Path runs = folder.resolve("runs.csv");
    try (InputStream example = Main.class.getResourceAsStream("example.csv")) {
      Files.copy(example, runs);
    }
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--module-path",
                made + File.pathSeparator + path,
                "--module",
                "ten/ten.Ten",
                runs.toString())
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(printed).containsPattern("cost [0-9.]+(E-?\\d+)? false");
  }

  /** The library as a module: its classes and its descriptor, compiled anew. */
  private Path library() throws IOException, URISyntaxException {
    Path classes = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path copy = folder.resolve("farfit");
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, copy.resolve(classes.relativize(file).toString()));
      }
    }
    Files.deleteIfExists(copy.resolve("module-info.class"));
    assertThat(
            javac(
                "-d",
                copy.toString(),
                "--module-path",
                jars(jar -> true),
                "main/java/module-info.java"))
        .doesNotContain("error");
    assertThat(copy.resolve("module-info.class")).exists();
    return copy;
  }

  private static boolean isNeeded(String jar) {
    return NEEDED.stream().anyMatch(jar::startsWith);
  }

  private interface Choice {
    boolean takes(String jar);
  }

  private static String jars(Choice choice) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(Path::of)
        .filter(Files::isRegularFile)
        .filter(jar -> choice.takes(jar.getFileName().toString()))
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String javac(String... arguments) {
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    List<String> line = new ArrayList<>(List.of("-proc:none", "-nowarn"));
    line.addAll(List.of(arguments));
    PrintStream log = new PrintStream(messages, true, StandardCharsets.UTF_8);
    ToolProvider.findFirst("javac").orElseThrow().run(log, log, line.toArray(String[]::new));
    return messages.toString(StandardCharsets.UTF_8);
  }
}

package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The copy of a library whose classes are too old for the JVM's cache. */
class RenewedLibraryTest {

  private static final String PATH = System.getProperty("java.class.path");

  @TempDir private Path folder;

  private Path old;
  private Path copy;

  @BeforeEach
  void copyPicocli() throws Exception {
    old =
        Arrays.stream(PATH.split(File.pathSeparator))
            .map(Path::of)
            .filter(jar -> jar.getFileName().toString().matches("picocli-[0-9.]+jar"))
            .findFirst()
            .orElseThrow();
    copy = folder.resolve("copy.zip");
    RenewedLibrary.main(new String[] {old.toString(), copy.toString()});
  }

  private static int version(byte[] content) throws Exception {
    try (InputStream bytes = new ByteArrayInputStream(content);
        DataInputStream numbers = new DataInputStream(bytes)) {
      assertThat(numbers.readInt()).isEqualTo(0xcafebabe);
      return numbers.readInt() & 0xffff;
    }
  }

  /** All entries are there, and none is older than Java 6, of which picocli's were. */
  @Test
  void everyClassIsOfANewerFormat() throws Exception {
    Set<Integer> before = new TreeSet<>();
    try (ZipFile from = new ZipFile(old.toFile());
        ZipFile to = new ZipFile(copy.toFile())) {
      for (ZipEntry entry : from.stream().toList()) {
        byte[] content = from.getInputStream(entry).readAllBytes();
        byte[] copied = to.getInputStream(to.getEntry(entry.getName())).readAllBytes();
        if (entry.getName().endsWith(".class")) {
          before.add(version(content));
          assertThat(version(copied)).isGreaterThanOrEqualTo(50);
        } else {
          assertThat(copied).isEqualTo(content);
        }
      }
      assertThat(to.size()).isEqualTo(from.size());
    }
    assertThat(before).contains(49);
  }

  private static String run(String path, String... arguments) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:+BytecodeVerificationRemote",
                "-cp",
                path,
                "org.farfit.cli.Main",
                arguments[0],
                arguments[1])
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  /** The JVM verifies the copy, and it says what the library says. */
  @Test
  void theCopyDoesTheSame() throws Exception {
    String path =
        Arrays.stream(PATH.split(File.pathSeparator))
            .map(entry -> entry.equals(old.toString()) ? copy.toString() : entry)
            .collect(Collectors.joining(File.pathSeparator));
    assertThat(run(path, "help", "fit")).isEqualTo(run(PATH, "help", "fit"));
  }
}

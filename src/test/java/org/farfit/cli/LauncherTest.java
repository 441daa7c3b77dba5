package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.farfit.engine.Calibration;
import org.farfit.engine.CalibrationStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launchers make of TORNADOVM_HOME: an SDK that cannot serve is as good as none. */
class LauncherTest {

  private static final Path LAUNCHING = Path.of("..", "bin", "launching");

  @TempDir private Path folder;

  /** What {@code find_sdk} said, the SDK that it found, and what is left of the variable. */
  private record Found(String said, String sdk, String variable) {}

  private static Found find(Path home) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            "bash",
            "-c",
            "set -euo pipefail; source \"$1\"; find_sdk; echo \"$sdk|${TORNADOVM_HOME-unset}\"",
            "test",
            LAUNCHING.toString());
    builder.environment().put("TORNADOVM_HOME", home.toString());
    Process process = builder.start();
    String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    String[] found =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .strip()
            .split("\\|");
    assertThat(process.waitFor()).as(said).isZero();
    return new Found(said, found[0], found[1]);
  }

  private static void assertLeftOut(Path home, String reason) throws Exception {
    Found found = find(home);
    assertThat(found.said())
        .contains("TORNADOVM_HOME is " + home)
        .contains(reason)
        .contains("going on without it");
    assertThat(found.sdk()).isEmpty();
    assertThat(found.variable()).isEqualTo("unset");
  }

  @Test
  void aFolderThatIsNoSdkIsLeftOutWithTheReason() throws Exception {
    assertLeftOut(folder.resolve("absent"), "has no tornado-argfile");
    assertLeftOut(folder, "has no tornado-argfile");
    Path arguments = folder.resolve("tornado-argfile");
    Files.writeString(arguments, "");
    assertLeftOut(folder, "has an empty tornado-argfile");
    Files.writeString(arguments, " \n\n");
    assertLeftOut(folder, "has an empty tornado-argfile");
    Files.writeString(arguments, "-server\n");
    assertLeftOut(folder, "has no libraries");
  }

  @Test
  void anSdkIsUsedWithoutAWord() throws Exception {
    writeSdk();
    Found found = find(folder);
    assertThat(found.said()).isEmpty();
    assertThat(found.sdk()).isEqualTo(folder.toString());
    assertThat(found.variable()).isEqualTo(folder.toString());
  }

  private void writeSdk() throws IOException {
    Files.writeString(folder.resolve("tornado-argfile"), "-server\n");
    Path libraries = Files.createDirectories(folder.resolve("share/java/tornado"));
    Files.createFile(libraries.resolve("tornado-api-5.2.0-jdk25.jar"));
  }

  /** Runs a line of shell that has sourced the launchers' file, with a path of its own. */
  private static String shell(String line, String path) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            "/bin/bash", "-c", "source \"$1\"; " + line, "test", LAUNCHING.toString());
    builder.environment().put("PATH", path);
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  /** The device's runtime is started for auto where a measurement says that this is worthwhile. */
  @Test
  void devicesThatWereMeasuredFasterAreFound() throws Exception {
    String asks = "FARFIT_CACHE=" + folder + " has_faster_device && echo yes || echo no";
    String path = System.getenv("PATH");
    assertThat(shell(asks, path)).isEqualTo("no\n");
    CalibrationStore store = CalibrationStore.ofUser(Map.of("FARFIT_CACHE", folder.toString()));
    store.put("a card", new Calibration(8, 100, 200));
    assertThat(shell(asks, path)).isEqualTo("no\n");
    store.put("a card", new Calibration(8, 1000, 200));
    assertThat(shell(asks, path)).isEqualTo("yes\n");
  }

  @Test
  void aMissingJdkNamesTheCommandOfThePackageManager() throws Exception {
    assertThat(shell("how_to_install_jdk_25", folder.toString()))
        .isEqualTo("install Temurin 25 from https://adoptium.net\n");
    Path manager = Files.writeString(folder.resolve("dnf"), "#!/bin/sh\n");
    assertThat(manager.toFile().setExecutable(true)).isTrue();
    assertThat(shell("how_to_install_jdk_25", folder.toString()))
        .contains("'sudo dnf install java-25-openjdk-devel'");
  }

  /** Every way to start allows all modules that load libraries: the JVM warns of others. */
  @Test
  void noModuleIsWarnedOf() throws Exception {
    String path = System.getenv("PATH");
    assertThat(shell("echo $native_modules", path).strip())
        .isEqualTo("duckdb.jdbc,org.jline.nativ");
    assertThat(shell("jvm_flags a.jar; echo ${flags[*]}", path))
        .contains("--enable-native-access=ALL-UNNAMED");
    String text = Files.readString(Path.of("..", "bin", "farfit"));
    assertThat(text.split("--enable-native-access=\"\\$native_modules\"", -1))
        .hasSameSizeAs(text.split("--module org.farfit/", -1));
  }

  private static boolean isQuick(String arguments) throws Exception {
    return shell("if is_quick %s; then echo quick; fi".formatted(arguments), System.getenv("PATH"))
        .equals("quick\n");
  }

  /** The optimising compiler is left out of what ends before it helps, and of nothing else. */
  @Test
  void shortCommandsAreKnown() throws Exception {
    Path small = Files.writeString(folder.resolve("small.csv"), "N,D,loss\n");
    Path large = Files.writeString(folder.resolve("large.csv"), "1,2,3\n".repeat(10_000));
    assertThat(isQuick("")).isTrue();
    assertThat(isQuick("--help")).isTrue();
    assertThat(isQuick("sweep --help")).isTrue();
    assertThat(isQuick("engines")).isTrue();
    assertThat(isQuick("laws chinchilla")).isTrue();
    assertThat(isQuick("laws --benchmark " + folder)).isFalse();
    assertThat(isQuick("laws --benchmark=" + folder)).isFalse();
    assertThat(isQuick("fit")).isTrue();
    assertThat(isQuick("fit " + small + " --out " + folder.resolve("new.fit.json"))).isTrue();
    assertThat(isQuick("predict " + small + " --n=1B --d 2B --json")).isTrue();
    assertThat(isQuick("fit " + large)).isFalse();
    Path many = Files.writeString(folder.resolve("many.csv"), "1,2,3\n".repeat(1_001));
    assertThat(isQuick("fit " + many)).isFalse();
    assertThat(isQuick("predict --n 1B --d 2B " + many)).isTrue();
    assertThat(isQuick("predict --n 1B --d 2B " + large)).isFalse();
    assertThat(isQuick("fit /dev/stdin")).isFalse();
    assertThat(isQuick("fit " + small + " --bootstrap 1000")).isFalse();
    assertThat(isQuick("fit --engine simd")).isFalse();
    assertThat(isQuick("validate " + small)).isFalse();
  }

  /** Prepares an archive with a shell script for java; how often that ran is counted in a file. */
  private String prepared(String java) throws Exception {
    Path script = folder.resolve("java");
    Files.writeString(script, "#!/bin/bash\necho ran >> %s/runs\n%s\n".formatted(folder, java));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    Files.deleteIfExists(folder.resolve("runs"));
    shell(
        "prepare_archive '%1$s/farfit.jsa' '%1$s/farfit.jar' '%1$s/java' a.jar:b/picocli-4.jar"
            .formatted(folder),
        System.getenv("PATH"));
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals("java"))
          .sorted()
          .collect(Collectors.joining(" "));
    }
  }

  @Test
  void archivesAreMadeWhereThereAreNoneThatAreNewer() throws Exception {
    Path jar = Files.createFile(folder.resolve("farfit.jar"));
    Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000_000));
    List<Path> made =
        Stream.of("farfit.jsa", "farfit.aot", "farfit-picocli.zip").map(folder::resolve).toList();
    String all = "farfit-picocli.zip farfit.aot farfit.jar farfit.jsa";
    String writing =
        "for file; do case $file in -XX:*=*.[0-9]*) file=${file#*=}; break; esac; done;"
            + " echo classes > $file; ";
    for (String failing : List.of("exit 1", writing + "exit 3")) {
      assertThat(prepared(failing)).as("no part stays").isEqualTo(all + " runs");
      assertThat(made).isNotEmpty().allSatisfy(archive -> assertThat(archive).isEmptyFile());
      assertThat(prepared(failing)).as("not tried twice").isEqualTo(all);
      for (Path archive : made) {
        Files.delete(archive);
      }
    }
    assertThat(prepared(writing)).isEqualTo(all + " runs");
    assertThat(made).isNotEmpty().allSatisfy(archive -> assertThat(archive).hasContent("classes"));
    assertThat(prepared(writing)).as("not made twice").isEqualTo(all);
    Files.delete(made.get(1));
    assertThat(prepared(writing)).as("made where one is missing").isEqualTo(all + " runs");
    Files.setLastModifiedTime(jar, FileTime.fromMillis(System.currentTimeMillis() + 60_000));
    assertThat(prepared(writing)).as("made for a new jar").isEqualTo(all + " runs");
  }

  /** What a launcher makes of arguments: the words with which it would become java. */
  private String started(String arguments) throws Exception {
    Path script = Files.writeString(folder.resolve("java"), "#!/bin/bash\necho \"$@\"\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return shell(
        "start_farfit '%1$s/java' '%1$s/farfit.jsa' a.jar:b/picocli-4.jar:c.jar %2$s"
            .formatted(folder, arguments),
        System.getenv("PATH"));
  }

  /** Short commands start from the cache, without vectors, and all others as before. */
  @Test
  void shortCommandsStartFromTheCache() throws Exception {
    assertThat(started("fit"))
        .contains("-XX:TieredStopAtLevel=1", "-XX:SharedArchiveFile=", "--add-modules");
    Files.writeString(folder.resolve("farfit.aot"), "classes");
    assertThat(started("fit"))
        .contains("-XX:AOTCache=" + folder.resolve("farfit.aot"), "a.jar:b/picocli-4.jar:c.jar")
        .doesNotContain("vector", "add-opens", "SharedArchiveFile");
    Path renewed = Files.writeString(folder.resolve("farfit-picocli.zip"), "classes");
    assertThat(started("fit")).contains(" a.jar:" + renewed + ":c.jar ");
    assertThat(started("engines"))
        .contains("jdk.incubator.vector", "-XX:TieredStopAtLevel=1")
        .doesNotContain("AOTCache");
    assertThat(started("fit --bootstrap 100"))
        .contains("jdk.incubator.vector", "b/picocli-4.jar", "-Dfarfit.stderr=3")
        .doesNotContain("AOTCache", "TieredStopAtLevel");
  }

  @Test
  void everyVersionOfTheJdkHasAnArchive() throws Exception {
    Files.writeString(
        folder.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"25.0.3\"\nOS_ARCH=\"a\"\n");
    assertThat(shell("archive_in lib " + folder, System.getenv("PATH")))
        .isEqualTo("lib/farfit-25.0.3.jsa");
    Files.writeString(folder.resolve("release"), "JAVA_RUNTIME_VERSION=\"25.0.4+7-LTS\"\n");
    assertThat(shell("archive_in lib " + folder, System.getenv("PATH")))
        .isEqualTo("lib/farfit-25.0.4+7-LTS.jsa");
  }

  @Test
  void noArchiveIsTriedWhereItCannotBeWritten() throws Exception {
    assertThat(
            shell(
                "prepare_archive %1$s/none/farfit.jsa %1$s/farfit.jar /bin/false none; echo $?"
                    .formatted(folder),
                System.getenv("PATH")))
        .isEqualTo("0\n");
  }

  /** The commands whose classes the archive holds are run without a word, and all end well. */
  @Test
  void theRehearsalEndsWell() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "org.farfit.cli.Rehearsal")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).isEmpty();
  }

  /** What is written to the new descriptor and to the old both arrive, but for the warning. */
  @Test
  void standardErrorLosesTheWarningOfIncubatorsAlone() throws Exception {
    assertThat(
            shell(
                // The filter may end after the shell; cat ends after both.
                "{ filter_stderr; echo direct >&3;"
                    + " echo 'WARNING: Using incubator modules: jdk.incubator.vector' >&2;"
                    + " echo 'WARNING: another' >&2; } 2>&1 | cat",
                System.getenv("PATH")))
        .contains("direct\n", "WARNING: another\n")
        .doesNotContain("incubator");
  }

  /** Farfit finds the descriptor that the launcher tells. */
  @Test
  void errorsGoToTheDescriptorOfTheLauncher() throws Exception {
    Path out = folder.resolve("err.txt");
    Process process =
        new ProcessBuilder(
                "/bin/bash",
                "-c",
                "exec \"$1\" --add-opens java.base/java.io=ALL-UNNAMED -Dfarfit.stderr=3 -cp \"$2\""
                    + " org.farfit.cli.Main none 3>\"$3\" 2>/dev/null",
                "test",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"),
                out.toString())
            .start();
    assertThat(process.waitFor()).isEqualTo(ExitCode.USAGE);
    assertThat(Files.readString(out)).startsWith("farfit: ");
  }
}

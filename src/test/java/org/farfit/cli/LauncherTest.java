package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
}

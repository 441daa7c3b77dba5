package org.farfit.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kernels on a device that Oclgrind simulates, which looks at every access: outside an array, of
 * what was never written, or of what another thread writes. Needs oclgrind and a C compiler on the
 * path.
 */
class SimulatedDeviceTest {

  /** Makes one type of a device of several. */
  private static final String SHIM = "one_device_type.c";

  @TempDir private static Path folder;

  private static String preloaded;

  @BeforeAll
  static void prepare() throws IOException, InterruptedException {
    Optional<Path> simulator = onPath("oclgrind");
    Optional<Path> compiler = onPath("cc");
    assumeTrue(simulator.isPresent(), "no oclgrind on the path");
    assumeTrue(compiler.isPresent(), "no C compiler on the path");
    Path library = simulator.get().resolve("../../lib/oclgrind/liboclgrind-rt.so").normalize();
    assumeTrue(Files.exists(library), "no library of oclgrind at " + library);
    Path source = folder.resolve(SHIM);
    Path shim = folder.resolve("shim.so");
    try (InputStream text = SimulatedDeviceTest.class.getResourceAsStream(SHIM)) {
      Files.copy(text, source);
    }
    String made =
        run(
            Map.of(),
            List.of(compiler.get() + "", "-shared", "-fPIC", "-o", shim + "", source + "", "-ldl"));
    assertThat(Files.exists(shim)).as(made).isTrue();
    preloaded = shim + ":" + library;
  }

  private static String run(Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  private static String simulated(Path findings, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of(System.getenv("TORNADOVM_HOME"), "tornado-argfile"));
    command.add("-Dtornado.recover.bailout=False");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(SmallFits.class.getName());
    command.addAll(arguments);
    String said =
        run(
            Map.of(
                "LD_PRELOAD",
                preloaded,
                "OCLGRIND_DATA_RACES",
                "1",
                "OCLGRIND_UNINITIALIZED",
                "1",
                "OCLGRIND_LOG",
                findings.toString()),
            command);
    assertThat(said).contains("Oclgrind Simulator");
    return said;
  }

  @Test
  void smallFitsTouchNothingThatIsNotTheirs() throws Exception {
    List<String> laws = new ArrayList<>(Laws.all().stream().map(Law::name).toList());
    // Three problems of the four that a work-group has room for.
    laws.add("chinchilla/8");
    Path findings = folder.resolve("fits");
    String said = simulated(findings, laws);
    for (String law : laws) {
      assertThat(said).contains("fitted: " + law + " [4, 4, 4]");
    }
    assertThat(Files.exists(findings) ? Files.readString(findings) : "").isEmpty();
  }

  /** That the simulator would say something. */
  @Test
  void writingOutsideAnArrayIsFound() throws Exception {
    Path findings = folder.resolve("outside");
    simulated(findings, List.of("outside"));
    assertThat(Files.readString(findings)).contains("Invalid write");
  }

  private static Optional<Path> onPath(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}

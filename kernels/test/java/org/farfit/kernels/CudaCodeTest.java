package org.farfit.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.farfit.engine.code.BenchmarkLaw;
import org.farfit.formula.Shelf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What can be known of kernels on an NVIDIA GPU without one: TornadoVM's CUDA back end compiles all
 * of them for a virtual device, and the CUDA compiler says how many registers they take.
 *
 * <p>Needs an SDK with the CUDA back end: one that TORNADOVM_HOME or TORNADOVM_CUDA_HOME names, or
 * beside the former; and for registers nvcc, on the path or in /usr/local/cuda.
 */
class CudaCodeTest {

  private static final String DEVICE =
      """
      {
        "deviceName": "virtual",
        "doubleFPSupport": true,
        "maxWorkItemSizes": [1024, 1024, 64],
        "deviceAddressBits": 64,
        "deviceType": "CL_DEVICE_TYPE_GPU",
        "deviceExtensions": "cl_khr_int64_base_atomics",
        "availableProcessors": 132
      }
      """;

  /** Twelve warps on each of the processors of an H100, of 65,536 registers. */
  private static final int MOST_REGISTERS = 168;

  /** Sixteen warps, where farseer's instructions and not waiting become the limit. */
  private static final int MOST_OF_FARSEER = 128;

  /** The one law that spills: its derivatives have no factors in common. */
  private static final String SPILLS = "precision ";

  /** Bytes that it may spill, stores and loads together. */
  private static final int MOST_SPILLS = 256;

  /** Farseer's law where no two runs have the same N, and what it may spill, in bytes. */
  private static final String UNSORTED = "farseer/sl_1";

  private static final int MOST_SPILLS_UNSORTED = 600;

  /** Laws of the collection that have more parameters may spill: 14 to 31 for one response. */
  private static final int FEW = 9;

  private static final Pattern KERNEL = Pattern.compile("extern \"C\" __global__ void (\\w+)");

  private static final Pattern USED =
      Pattern.compile(
          "Compiling entry function '(\\w+)'.*?(\\d+) bytes stack frame, (\\d+) bytes spill stores,"
              + " (\\d+) bytes spill loads.*?Used (\\d+) registers",
          Pattern.DOTALL);

  /** What ptxas says of a kernel. */
  private record Usage(int stack, int spills, int registers) {}

  @Test
  void kernelsOfTheShelfCompileForAGpu(@TempDir Path folder) throws Exception {
    Map<String, String> kernels = kernels(folder);
    for (String name : Shelf.names()) {
      assertThat(kernels.keySet()).anyMatch(key -> key.startsWith(name + " Huber"));
      assertThat(kernels.keySet()).anyMatch(key -> key.startsWith(name + " squared"));
    }
    Map<String, Usage> usages = usages(kernels, folder);
    usages.forEach((name, usage) -> {
      if (name.startsWith(SPILLS)) {
        assertThat(usage.spills()).as(name).isLessThanOrEqualTo(MOST_SPILLS);
        return;
      }
      assertThat(usage.spills()).as(name).isZero();
      assertThat(usage.stack()).as(name).isZero();
      if (name.startsWith("farseer steps")) {
        assertThat(usage.registers()).as(name).isLessThanOrEqualTo(MOST_OF_FARSEER);
      } else if (name.contains(" steps ") || name.startsWith("farseer ")) {
        assertThat(usage.registers()).as(name).isLessThanOrEqualTo(MOST_REGISTERS);
      }
    });
  }

  /** The laws of the ScaleBench collection, for linear residuals, squared. */
  @Test
  void kernelsOfTheBenchmarkCompileForAGpu(@TempDir Path folder) throws Exception {
    List<BenchmarkLaw> laws = BenchmarkLaw.all();
    assertThat(laws).hasSize(34);
    Map<String, String> kernels = kernels(folder, CudaCode.BENCHMARK);
    for (BenchmarkLaw law : laws) {
      int responses = law.model().responses().size();
      assertThat(kernels.keySet().stream().filter(key -> key.startsWith(law.id() + " ")))
          .as(law.id())
          .hasSize(responses);
    }
    Map<String, Usage> usages = usages(kernels, folder);
    for (BenchmarkLaw law : laws) {
      if (law.model().parameters().size() <= FEW) {
        assertThat(usages.get(law.id() + " squared 1").spills())
            .as(law.id())
            .isLessThanOrEqualTo(law.id().equals(UNSORTED) ? MOST_SPILLS_UNSORTED : 0);
      }
    }
  }

  /** CUDA C by kernel: law, form, and which of several responses. */
  private static Map<String, String> kernels(Path folder, String... which) throws Exception {
    Optional<Path> sdk = cudaSdk();
    assumeTrue(sdk.isPresent(), "no TornadoVM SDK with the CUDA back end");
    Path device = Files.writeString(folder.resolve("device.json"), DEVICE);
    Path code = folder.resolve("kernels.cu");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + sdk.get().resolve("tornado-argfile"),
                "-Dtornado.recover.bailout=False",
                "-Dtornado.compiler.fullInlining=True",
                "-Dtornado.enable.nativeFunctions=False",
                "-Dtornado.virtual.device=True",
                "-Dtornado.device.desc=" + device,
                "-Dtornado.printKernel=True",
                "-Dtornado.print.kernel.dir=" + code,
                "-cp",
                System.getProperty("java.class.path"),
                CudaCode.class.getName()));
    command.addAll(List.of(which));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    List<String> names =
        said.lines()
            .filter(line -> line.startsWith("kernel: "))
            .map(line -> line.substring("kernel: ".length()))
            .toList();
    List<String> emitted = new ArrayList<>();
    for (String kernel : Files.readString(code).split("(?=extern \"C\" __global__)")) {
      Matcher matcher = KERNEL.matcher(kernel);
      boolean counts =
          matcher.lookingAt()
              && !matcher.group(1).startsWith("touch")
              && !List.of("place", "count", "pack", "answer").contains(matcher.group(1));
      if (counts) {
        emitted.add(kernel);
      }
    }
    assertThat(emitted).as(said).hasSameSizeAs(names);
    Map<String, String> kernels = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      int number = 1;
      while (kernels.containsKey(names.get(i) + " " + number)) {
        number++;
      }
      kernels.put(names.get(i) + " " + number, emitted.get(i));
    }
    return kernels;
  }

  /** What each kernel takes on sm_90; skips the test where there is no compiler that tells. */
  private static Map<String, Usage> usages(Map<String, String> kernels, Path folder)
      throws IOException, InterruptedException {
    Optional<Path> nvcc = nvcc();
    assumeTrue(nvcc.isPresent(), "no nvcc on the path or in /usr/local/cuda: registers unknown");
    StringBuilder all = new StringBuilder();
    Map<String, String> nameOf = new LinkedHashMap<>();
    kernels.forEach((name, kernel) -> {
      String entry = "kernel_" + nameOf.size();
      nameOf.put(entry, name);
      all.append(KERNEL.matcher(kernel).replaceFirst("extern \"C\" __global__ void " + entry));
    });
    Path source = Files.writeString(folder.resolve("all.cu"), all);
    Process process =
        new ProcessBuilder(
                nvcc.get().toString(),
                "-arch=sm_90",
                "-cubin",
                "-Xptxas",
                "-v",
                "-o",
                folder.resolve("all.cubin").toString(),
                source.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    Map<String, Usage> usages = new LinkedHashMap<>();
    Matcher matcher = USED.matcher(said);
    while (matcher.find()) {
      int spills = Integer.parseInt(matcher.group(3)) + Integer.parseInt(matcher.group(4));
      usages.put(
          nameOf.get(matcher.group(1)),
          new Usage(
              Integer.parseInt(matcher.group(2)), spills, Integer.parseInt(matcher.group(5))));
    }
    usages.forEach((name, usage) -> System.out.printf("sm_90: %-32s %s%n", name, usage));
    assertThat(usages).hasSameSizeAs(kernels);
    return usages;
  }

  private static Optional<Path> nvcc() {
    return Stream.concat(
            Stream.of(System.getenv("PATH").split(":")).map(Path::of),
            Stream.of(Path.of("/usr/local/cuda/bin")))
        .map(folder -> folder.resolve("nvcc"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Optional<Path> cudaSdk() throws IOException {
    List<Path> candidates = new ArrayList<>();
    for (String variable : List.of("TORNADOVM_CUDA_HOME", "TORNADOVM_HOME")) {
      if (System.getenv(variable) != null) {
        candidates.add(Path.of(System.getenv(variable)));
      }
    }
    if (System.getenv("TORNADOVM_HOME") != null) {
      Path parent = Path.of(System.getenv("TORNADOVM_HOME")).toAbsolutePath().getParent();
      try (Stream<Path> beside = Files.list(parent)) {
        candidates.addAll(beside.sorted().toList());
      }
    }
    for (Path candidate : candidates) {
      Path libraries = candidate.resolve("share/java/tornado");
      if (Files.isDirectory(libraries)) {
        try (Stream<Path> files = Files.list(libraries)) {
          boolean cuda =
              files.anyMatch(f -> f.getFileName().toString().startsWith("tornado-drivers-cuda"));
          if (cuda) {
            return Optional.of(candidate);
          }
        }
      }
    }
    return Optional.empty();
  }
}

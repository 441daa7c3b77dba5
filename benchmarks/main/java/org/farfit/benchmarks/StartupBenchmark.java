package org.farfit.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * {@code bin/farfit fit} on the bundled example, already built: the whole process, start-up too.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
public class StartupBenchmark {

  /** One run of the command; its exit code must be 0. */
  @Benchmark
  public int fitOfTheExample() throws IOException, InterruptedException {
    String home = System.getProperty("farfit.home", ".");
    File nothing = new File(System.getProperty("java.io.tmpdir"), "farfit-benchmark.fit.json");
    Process process =
        new ProcessBuilder(
                Path.of(home, "bin", "farfit").toString(), "fit", "--out", nothing.getPath())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    int code = process.waitFor();
    if (code != 0) {
      throw new IllegalStateException("exit code " + code);
    }
    return code;
  }
}

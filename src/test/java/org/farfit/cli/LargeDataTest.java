package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.farfit.report.archive.FitArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes with little memory on a lot of data. */
class LargeDataTest {

  private static final Law LAW = new Chinchilla();

  @TempDir Path folder;

  private String farfit(int megabytes, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + megabytes + "m",
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor()).as("%s", Files.readString(log)).isZero();
    return Files.readString(log);
  }

  /** Runs of a training-curve export: a law's example with 1% of noise. */
  private void writeRuns(Path path, int runs) throws IOException {
    Random random = new Random(1);
    try (BufferedWriter writer = Files.newBufferedWriter(path, StandardCharsets.UTF_8)) {
      writer.write("N,D,loss\n");
      for (int i = 0; i < runs; i++) {
        double n = Math.exp(18 + 5 * random.nextDouble());
        double d = Math.exp(20 + 6 * random.nextDouble());
        double loss = truth(n, d) * Math.exp(0.01 * random.nextGaussian());
        writer.write(Double.toString(n));
        writer.write(',');
        writer.write(Double.toString(d));
        writer.write(',');
        writer.write(Double.toString(loss));
        writer.write('\n');
      }
    }
  }

  @Test
  void aMillionRunsFitIntoHalfAGigabyte() throws Exception {
    Path runs = folder.resolve("runs.csv");
    Path result = folder.resolve("fit.json");
    writeRuns(runs, 1_000_000);
    String log =
        farfit(
            512,
            "fit",
            runs.toString(),
            "--law",
            "chinchilla",
            "--starts",
            "2",
            "--out",
            result.toString());
    assertThat(log).contains("runs: 1000000 from");
    assertThat(FitArchive.isOne(result)).isTrue();
    List<String> names = LAW.parameterNames();
    for (int j = 0; j < names.size(); j++) {
      // name, value, standard error
      Matcher row =
          Pattern.compile("(?m)^%s +(\\S+) +(\\S+)$".formatted(names.get(j))).matcher(log);
      assertThat(row.find()).isTrue();
      assertThat(Double.parseDouble(row.group(1)))
          .as(names.get(j))
          .isCloseTo(LAW.example()[j], within(5 * Double.parseDouble(row.group(2))));
    }
  }

  private static double truth(double n, double d) {
    double[] p = LAW.example();
    return p[0] + p[1] * Math.pow(n, -p[3]) + p[2] * Math.pow(d, -p[4]);
  }
}

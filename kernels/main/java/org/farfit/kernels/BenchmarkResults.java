package org.farfit.kernels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What JMH found on a device, from the file that it writes.
 *
 * @param results one for each benchmark and number of problems
 */
record BenchmarkResults(List<Result> results) {

  /** Benchmarks of the set. */
  private static final int BENCHMARKS = 2;

  /**
   * One result.
   *
   * @param benchmark its name
   * @param problems how many problems
   * @param microseconds of one call
   * @param error of the former, half the width of an interval of 99.9%, or null
   * @param stepsPerSecond of all problems together
   */
  record Result(
      String benchmark, int problems, double microseconds, Double error, double stepsPerSecond) {}

  BenchmarkResults {
    results = List.copyOf(results);
  }

  /** None, for a check without benchmarks. */
  static BenchmarkResults none() {
    return new BenchmarkResults(List.of());
  }

  /**
   * Reads a file of results. Benchmarks that failed are not in it; where all did there may be no
   * file.
   */
  static BenchmarkResults read(Path file) throws IOException {
    List<Result> results = new ArrayList<>();
    if (Files.exists(file) && Files.size(file) > 0) {
      for (JsonNode node : JsonMapper.builder().build().readTree(file.toFile())) {
        JsonNode primary = node.path("primaryMetric");
        String name = node.path("benchmark").asText();
        double perStep = node.path("secondaryMetrics").path("steps").path("score").asDouble();
        results.add(
            new Result(
                name.substring(name.lastIndexOf('.') + 1),
                node.path("params").path("problems").asInt(),
                primary.path("score").asDouble(),
                primary.path("scoreError").isNumber()
                    ? primary.path("scoreError").asDouble()
                    : null,
                1e6 / perStep));
      }
    }
    return new BenchmarkResults(results);
  }

  /**
   * Benchmarks compare their answers, and one that disagrees has no result.
   *
   * @param sizes how many numbers of problems there are
   */
  DeviceFinding finding(int sizes) {
    int expected = BENCHMARKS * sizes;
    return DeviceFinding.of(
        "JMH device set, benchmarks without a result", expected, expected - results.size(), 0);
  }
}

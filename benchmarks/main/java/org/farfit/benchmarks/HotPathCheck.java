package org.farfit.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jdk.incubator.vector.DoubleVector;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures {@link HotPaths} and compares with a stored table of ratios to calibration loops, so
 * that a slower hot path is seen in review. Run by {@code benchmarks/check}.
 *
 * <p>The trap: other programs take turns with this one. Of each path the fastest of several
 * iterations counts, and the loops are measured before and after everything else.
 */
public final class HotPathCheck {

  /** How much slower a path may be. */
  private static final double TOLERANCE = 0.3;

  /** What a path is divided by if {@link #BY_PATH} names nothing else. */
  private static final String LOOP = "loop";

  private static final String PARSE = "parse";

  /** Paths that are more like another calibration. */
  private static final Map<String, String> BY_PATH = Map.of("read", PARSE);

  private HotPathCheck() {}

  /**
   * Runs it. It ends with 1 if a path is slower than stored, with 2 if nothing is stored of such a
   * machine.
   *
   * @param arguments the file of the table, and {@code --store} to write it anew
   */
  public static void main(String[] arguments) throws IOException, RunnerException {
    Path file = Path.of(arguments[0]);
    boolean store = Arrays.asList(arguments).contains("--store");
    String machine =
        "%s, vectors of %d doubles"
            .formatted(System.getProperty("os.arch"), DoubleVector.SPECIES_PREFERRED.length());
    Map<String, Double> measured = ratios();
    RatioTable table = Files.exists(file) ? RatioTable.read(file) : RatioTable.empty();
    if (store) {
      table = table.with(machine, measured);
      table.write(file);
    }
    Optional<List<RatioTable.Row>> rows = table.compare(machine, measured, TOLERANCE);
    if (rows.isEmpty()) {
      System.out.printf("%s has nothing of %s; --store adds it%n", file, machine);
      System.exit(2);
    }
    System.out.printf(
        "%-24s %10s %10s   (times over the calibration's)%n", "path", "stored", "now");
    for (RatioTable.Row row : rows.get()) {
      System.out.printf(
          "%-24s %10.3g %10.3g   %s%n",
          row.path(), row.stored(), row.measured(), row.verdict().words());
    }
    boolean fails = rows.get().stream().anyMatch(row -> row.verdict().fails());
    System.out.printf("slower: more than %.2f times the stored ratio%n", 1 + TOLERANCE);
    System.exit(fails ? 1 : 0);
  }

  private static Map<String, Double> ratios() throws RunnerException {
    Map<String, Double> times = measure(HotPaths.class.getSimpleName());
    Map<String, Double> calibrations = new TreeMap<>();
    for (String name : List.of(LOOP, PARSE)) {
      double again = measure(HotPaths.class.getSimpleName() + "." + name).get(name);
      calibrations.put(name, Math.min(times.remove(name), again));
    }
    times.replaceAll((path, time) -> time / calibrations.get(BY_PATH.getOrDefault(path, LOOP)));
    return times;
  }

  /** Microseconds of the fastest iteration, by path. */
  private static Map<String, Double> measure(String benchmarks) throws RunnerException {
    Map<String, Double> times = new TreeMap<>();
    OptionsBuilder options = new OptionsBuilder();
    options.include("\\." + benchmarks.replace(".", "\\.") + "\\b").verbosity(VerboseMode.SILENT);
    for (RunResult result : new Runner(options.build()).run()) {
      String name = result.getParams().getBenchmark();
      String work = result.getParams().getParam("work");
      times.put(
          name.substring(name.lastIndexOf('.') + 1) + (work == null ? "" : " " + work),
          result.getPrimaryResult().getStatistics().getMin());
    }
    return times;
  }
}

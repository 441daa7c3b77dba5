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
 * Measures {@link HotPaths} and compares with a stored table of ratios to the calibration loop, so
 * that a slower hot path is seen in review. Run by {@code benchmarks/check}.
 *
 * <p>The trap: other programs take turns with this one. Of each path the fastest of several
 * iterations counts, and the loop is measured before and after everything else.
 */
public final class HotPathCheck {

  /** How much slower a path may be. */
  private static final double TOLERANCE = 0.3;

  private static final String LOOP = HotPaths.class.getSimpleName() + ".loop";

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
    System.out.printf("%-24s %10s %10s   (times over the loop's)%n", "path", "stored", "now");
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
    Map<String, Double> times = new TreeMap<>(measure(HotPaths.class.getSimpleName()));
    double loop = Math.min(times.remove("loop"), measure(LOOP).get("loop"));
    times.replaceAll((path, time) -> time / loop);
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

package org.farfit.benchmarks;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Times of hot paths divided by that of a calibration loop, as they were when they were stored, per
 * kind of machine: vectors of other lengths have other ratios.
 */
public final class RatioTable {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final SortedMap<String, SortedMap<String, Double>> machines;

  private RatioTable(SortedMap<String, SortedMap<String, Double>> machines) {
    this.machines = machines;
  }

  /** How a path did. */
  public enum Verdict {
    /** Within the tolerance. */
    AS_BEFORE("as before"),
    /** Its ratio fell by more than the tolerance: the table should be stored anew. */
    FASTER("faster; store it"),
    /** Its ratio rose by more than the tolerance. */
    SLOWER("SLOWER"),
    /** It is not in the table. */
    NEW("new; store it"),
    /** It is in the table, but was not measured. */
    GONE("GONE");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    /** What it is, in words. */
    public String words() {
      return words;
    }

    /** Whether a check must fail. */
    public boolean fails() {
      return this == SLOWER || this == GONE;
    }
  }

  /** A path in a comparison; a ratio is NaN where there is none. */
  public record Row(String path, double stored, double measured, Verdict verdict) {}

  /** A table without anything. */
  public static RatioTable empty() {
    return new RatioTable(new TreeMap<>());
  }

  /** Reads a table. */
  public static RatioTable read(Path file) throws IOException {
    return new RatioTable(JSON.readValue(Files.readString(file), new TypeReference<>() {}));
  }

  /** Writes it. */
  public void write(Path file) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(machines) + "\n");
  }

  /** The table with the ratios of a kind of machine replaced. */
  public RatioTable with(String machine, Map<String, Double> ratios) {
    SortedMap<String, SortedMap<String, Double>> changed = new TreeMap<>(machines);
    SortedMap<String, Double> rounded = new TreeMap<>();
    ratios.forEach((path, ratio) -> rounded.put(path, Double.valueOf("%.3g".formatted(ratio))));
    changed.put(machine, rounded);
    return new RatioTable(changed);
  }

  /**
   * Compares what was measured with what is stored.
   *
   * @param tolerance a path is slower if its ratio is more than 1 + tolerance times the stored one,
   *     and faster below 1 / (1 + tolerance)
   * @return every path that was measured or is stored, by name; empty if nothing is stored of this
   *     kind of machine
   */
  public Optional<List<Row>> compare(
      String machine, Map<String, Double> measured, double tolerance) {
    SortedMap<String, Double> stored = machines.get(machine);
    if (stored == null) {
      return Optional.empty();
    }
    SortedMap<String, Double> all = new TreeMap<>(stored);
    all.putAll(measured);
    List<Row> rows = new ArrayList<>();
    for (String path : all.keySet()) {
      double before = stored.getOrDefault(path, Double.NaN);
      double now = measured.getOrDefault(path, Double.NaN);
      rows.add(new Row(path, before, now, verdict(before, now, tolerance)));
    }
    return Optional.of(rows);
  }

  private static Verdict verdict(double stored, double measured, double tolerance) {
    if (Double.isNaN(stored)) {
      return Verdict.NEW;
    }
    if (Double.isNaN(measured)) {
      return Verdict.GONE;
    }
    double factor = measured / stored;
    return factor > 1 + tolerance
        ? Verdict.SLOWER
        : factor < 1 / (1 + tolerance) ? Verdict.FASTER : Verdict.AS_BEFORE;
  }
}

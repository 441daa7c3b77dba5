package org.farfit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.farfit.engine.Calibration;
import org.farfit.engine.EngineProvider;
import org.farfit.engine.Engines;
import org.farfit.report.output.TableColumns;

/** The engines there are, their devices, and why one is not available, as they are listed. */
public final class EngineList implements Presentation {

  private static final TableColumns<Row> COLUMNS =
      new TableColumns<Row>()
          .text("engine", row -> row.engine() + (row.auto() ? " (auto)" : ""))
          .text("available", row -> row.available() ? "yes" : "no")
          .text(
              "device, or why not",
              row -> row.available() ? String.join("; ", row.description()) : row.reason());

  private final List<Row> rows = new ArrayList<>();

  /**
   * The list; every engine is asked, and those that {@code auto} weighs by measurement measured.
   *
   * @param anew whether to measure again what was measured before
   */
  public EngineList(boolean anew) {
    boolean chosen = false;
    for (EngineProvider provider : Engines.providers()) {
      Optional<String> reason = provider.unavailable();
      boolean auto = reason.isEmpty() && !chosen;
      chosen |= auto;
      rows.add(
          new Row(
              provider.name(),
              auto,
              reason.isEmpty(),
              reason.isEmpty() ? provider.devices() : List.of(),
              reason.isEmpty() ? provider.calibrate(anew).stream().toList() : List.of(),
              reason.isEmpty() ? provider.unweighed().orElse(null) : null,
              reason.orElse(null)));
    }
  }

  /**
   * One engine; the reason is null if it is available.
   *
   * @param measured empty for engines that auto does not weigh by a measurement
   * @param unweighed why it weighs an engine with devices by none, or null
   */
  private record Row(
      String engine,
      boolean auto,
      boolean available,
      List<String> devices,
      List<Calibration> measured,
      String unweighed,
      String reason) {

    private List<String> description() {
      return Stream.of(
              devices.stream(),
              measured.stream().map(Calibration::description),
              Stream.ofNullable(unweighed))
          .flatMap(parts -> parts)
          .toList();
    }
  }

  private record Result(List<Row> engines) {}

  @Override
  public Object data() {
    return new Result(rows);
  }

  @Override
  public String text() {
    return COLUMNS.of(rows).text();
  }
}

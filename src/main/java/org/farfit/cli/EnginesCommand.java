package org.farfit.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.farfit.engine.EngineProvider;
import org.farfit.engine.Engines;
import org.farfit.report.AlignedTable;
import org.farfit.report.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code farfit engines}: the engines there are, their devices, and why one is not available. */
@Command(
    name = "engines",
    mixinStandardHelpOptions = true,
    description = "Lists engines, their devices, and why one is not available.")
final class EnginesCommand implements Callable<Integer> {

  @Option(names = "--json", description = "Print JSON instead of a table.")
  boolean json;

  @Spec CommandSpec spec;

  /** One engine; the reason is null if it is available. */
  record Row(String engine, boolean auto, boolean available, List<String> devices, String reason) {}

  /** The result as JSON. */
  record Result(List<Row> engines) {}

  @Override
  public Integer call() {
    List<Row> rows = new ArrayList<>();
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
              reason.orElse(null)));
    }
    PrintWriter output = spec.commandLine().getOut();
    if (json) {
      output.print(Json.text(new Result(rows)));
    } else {
      AlignedTable table = new AlignedTable("engine", "available", "device, or why not");
      for (Row row : rows) {
        table.add(
            List.of(
                row.engine() + (row.auto() ? " (auto)" : ""),
                row.available() ? "yes" : "no",
                row.available() ? String.join("; ", row.devices()) : row.reason()));
      }
      output.print(table.text());
    }
    output.flush();
    return ExitCode.DONE;
  }
}

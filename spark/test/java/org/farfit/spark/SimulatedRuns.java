package org.farfit.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.report.RunTable;

/** Files of runs that a law gives, with noise. */
final class SimulatedRuns {

  private SimulatedRuns() {}

  static String write(Path folder, String name) throws IOException {
    Law law = Laws.named(name);
    Path file = folder.resolve(name + ".csv");
    Files.writeString(
        file, RunTable.text(Simulation.runs(law, law.example(), DesignGrid.paper(), 3e-3, 1)));
    return file.toString();
  }
}

package org.farfit.cli;

import java.util.concurrent.Callable;
import org.farfit.report.EngineList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code farfit engines}: the engines there are, their devices, and why one is not available. */
@Command(
    name = "engines",
    mixinStandardHelpOptions = true,
    description = {
      "Lists engines, their devices, and why one is not available.",
      "A device beside the processor is measured once, in some seconds; by that --engine auto takes it"
          + " for fits and scans."
    })
final class EnginesCommand implements Callable<Integer> {

  @Mixin JsonChoice printing;

  @Option(names = "--measure", description = "Measure devices again that were measured before.")
  boolean measure;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    printing.print(new EngineList(measure), spec);
    return ExitCode.DONE;
  }
}

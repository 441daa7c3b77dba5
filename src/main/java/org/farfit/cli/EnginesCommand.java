package org.farfit.cli;

import java.util.concurrent.Callable;
import org.farfit.report.EngineList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code farfit engines}: the engines there are, their devices, and why one is not available. */
@Command(
    name = "engines",
    mixinStandardHelpOptions = true,
    description = "Lists engines, their devices, and why one is not available.")
final class EnginesCommand implements Callable<Integer> {

  @Mixin JsonChoice printing;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    printing.print(new EngineList(), spec);
    return ExitCode.DONE;
  }
}

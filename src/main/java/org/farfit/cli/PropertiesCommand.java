package org.farfit.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.farfit.analysis.SurfaceRange;
import org.farfit.report.ShapeReport;
import org.farfit.report.archive.FitArchive;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farfit properties}: whether fitted surfaces fall with N and D. */
@Command(
    name = "properties",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Tells whether fitted surfaces fall with N and with D over a range.",
      "And the sign of their mixed derivative."
    },
    footer = {"", "Example:", "  farfit properties runs.fit.json --to-n 1e12 --to-d 1e14"})
final class PropertiesCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "FIT.json", description = "A fit file of farfit fit.")
  Path file;

  @Option(
      names = "--to-n",
      paramLabel = "N",
      converter = QuantityConverter.class,
      description = "Extend the range of fitted N to here.")
  Double toN;

  @Option(
      names = "--to-d",
      paramLabel = "D",
      converter = QuantityConverter.class,
      description = "Extend the range of fitted D to here.")
  Double toD;

  @Mixin JsonChoice printing;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    FitArchive archive = FitArchive.open(file);
    SurfaceRange fitted = archive.range();
    SurfaceRange range =
        fitted.including(toN == null ? fitted.highN() : toN, toD == null ? fitted.highD() : toD);
    printing.print(new ShapeReport(archive, range), spec);
    return ExitCode.DONE;
  }
}

package org.farfit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What the command {@code farfit} is without its subcommands. */
@Command(
    name = "farfit",
    description = "Fits neural scaling-law surfaces L(N, D) and predicts with them.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:a defect of farfit",
      "2:the command line cannot be understood",
      "3:an input file cannot be used; the message says where and why",
      "4:a fit did not converge; its status says how it ended",
      "5:the engine that was asked for is not available",
      "6:a result cannot be written; the message says where and why",
      "130:interrupted by Ctrl-C, or 143 by SIGTERM"
    })
class Farfit {

  @Mixin Verbosity verbosity;
}

package org.farfit.cli;

import java.io.PrintWriter;
import java.util.concurrent.CancellationException;
import org.farfit.data.InputException;
import org.farfit.engine.EngineUnavailableException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code farfit}: its subcommands, and how errors become messages and exit codes. */
@Command(
    name = "farfit",
    description = "Fits neural scaling-law surfaces L(N, D) and predicts with them.",
    subcommands = {
      FitCommand.class,
      PredictCommand.class,
      ValidateCommand.class,
      AllocateCommand.class,
      CompareCommand.class,
      PropertiesCommand.class,
      IdentifyCommand.class,
      SelectCommand.class,
      DesignCommand.class,
      CoverageCommand.class,
      SweepCommand.class,
      FormsCommand.class,
      ApproachesCommand.class,
      ReproduceCommand.class,
      ScanCommand.class,
      SimulateCommand.class,
      EnginesCommand.class
    },
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
      "130:interrupted"
    })
public final class Main {

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command line, for running it inside another program. */
  public static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100)
        .setExecutionExceptionHandler(Main::handle);
  }

  private static int handle(
      Exception exception, CommandLine command, CommandLine.ParseResult parseResult) {
    PrintWriter log = command.getErr();
    return switch (exception) {
      case InputException input -> {
        log.println("farfit: " + input.getMessage());
        yield ExitCode.BAD_INPUT;
      }
      case EngineUnavailableException engine -> {
        log.println("farfit: " + engine.getMessage());
        yield ExitCode.ENGINE_UNAVAILABLE;
      }
      case CancellationException cancelled -> ExitCode.INTERRUPTED;
      default -> {
        log.println("farfit: this is a defect of farfit, please report it:");
        exception.printStackTrace(log);
        yield ExitCode.INTERNAL_ERROR;
      }
    };
  }
}

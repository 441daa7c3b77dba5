package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.farfit.data.InputException;
import org.farfit.data.Shown;
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
    // Its warnings repeat whole arguments.
    CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF);
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100)
        .setExecutionStrategy(Main::run)
        .setParameterExceptionHandler(Main::misused)
        .setExecutionExceptionHandler(Main::handle);
  }

  /** Runs the command; what takes more memory or depth than there is, is an input that does. */
  private static int run(CommandLine.ParseResult parsed) {
    PrintWriter log = parsed.commandSpec().commandLine().getErr();
    waitedFor(parsed)
        .forEach(file ->
            log.printf("farfit: reading %s, which is no regular file, until its end%n", file));
    log.flush();
    try {
      return new CommandLine.RunLast().execute(parsed);
    } catch (OutOfMemoryError e) {
      log.printf(
          "farfit: this needs more than the %,d MB of memory that there are; ask for less (starts,"
              + " replicates, rows) or give more (JAVA_TOOL_OPTIONS=-Xmx8g)%n",
          Runtime.getRuntime().maxMemory() >> 20);
    } catch (StackOverflowError e) {
      log.println("farfit: an input has too many brackets inside each other; write it flatter");
    }
    log.flush();
    return ExitCode.BAD_INPUT;
  }

  /** Inputs that may keep the command waiting: pipes and devices. */
  private static List<Path> waitedFor(CommandLine.ParseResult parsed) {
    CommandLine.ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    return last.matchedPositionals().stream()
        .<Object>map(positional -> positional.getValue())
        .filter(Path.class::isInstance)
        .map(Path.class::cast)
        .filter(Files::exists)
        .filter(file -> !Files.isRegularFile(file) && !Files.isDirectory(file))
        .toList();
  }

  /** One message and where the options are told, which is less than a screen. */
  private static int misused(CommandLine.ParameterException exception, String[] arguments) {
    CommandLine command = exception.getCommandLine();
    PrintWriter log = command.getErr();
    log.println("farfit: " + Shown.message(exception.getMessage()));
    CommandLine.UnmatchedArgumentException.printSuggestions(exception, log);
    log.printf("Try '%s --help'%n", command.getCommandSpec().qualifiedName());
    log.flush();
    return ExitCode.USAGE;
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

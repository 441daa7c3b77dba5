package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.farfit.data.InputException;
import org.farfit.data.Shown;
import org.farfit.engine.EngineUnavailableException;
import org.farfit.report.archive.FitArchive;
import org.farfit.report.output.OutputException;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The command {@code farfit}: its subcommands, and how errors become messages and exit codes. */
@Command(
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
      LawsCommand.class,
      EnginesCommand.class,
      ServeCommand.class,
      CommandLine.HelpCommand.class,
      AutoComplete.GenerateCompletion.class
    })
public final class Main extends Farfit {

  /** The command that needs to know all others. */
  private static final String COMPLETION = "generate-completion";

  /** The command that writes fit files. */
  private static final String FIT = "fit";

  /** How names of fit files usually end. */
  private static final String FIT_FILE = ".fit.json";

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    StandardError.restore();
    if (readsFitFile(arguments)) {
      Thread.ofPlatform().daemon().start(FitArchive::prepare);
    } else if (arguments.length > 0 && arguments[0].equals(FIT)) {
      Thread.ofPlatform().daemon().start(FitArchive::prepareToWrite);
    }
    System.exit(commandLine(arguments).setOut(StandardOutput.ofProcess()).execute(arguments));
  }

  /** Whether a command most likely reads a fit file; a wrong guess costs a little time. */
  static boolean readsFitFile(String... arguments) {
    boolean fits = arguments.length > 0 && arguments[0].equals(FIT);
    return !fits && Stream.of(arguments).anyMatch(argument -> argument.endsWith(FIT_FILE));
  }

  /** The command line, for running it inside another program. */
  public static CommandLine commandLine() {
    Main main = new Main();
    return ready(main, new CommandLine(main));
  }

  /**
   * The command line for these arguments alone. To read the options of all commands takes longer
   * than a short command does, so those that are not named are only a name and a description.
   */
  static CommandLine commandLine(String... arguments) {
    Set<String> named = Set.copyOf(List.of(arguments));
    if (named.contains(COMPLETION) || named.stream().anyMatch(word -> word.startsWith("@"))) {
      return commandLine();
    }
    Farfit root = new Farfit();
    CommandLine line = new CommandLine(root);
    for (Class<?> type : Main.class.getAnnotation(Command.class).subcommands()) {
      Command command = type.getAnnotation(Command.class);
      if (named.contains(command.name())) {
        line.addSubcommand(type);
      } else {
        CommandSpec sketch = CommandSpec.create().name(command.name());
        sketch
            .usageMessage()
            .header(command.header())
            .description(command.description())
            .hidden(command.hidden());
        line.addSubcommand(sketch);
      }
    }
    return ready(root, line);
  }

  private static CommandLine ready(Farfit main, CommandLine all) {
    // Its warnings repeat whole arguments.
    CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF);
    return all.setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100)
        .setHelpFactory(WholeLabels::new)
        .setExecutionStrategy(parsed -> main.verbosity.run(all, Main::run, parsed))
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
      checkLists(parsed);
      int code = new CommandLine.RunLast().execute(parsed);
      return checkOutput(parsed, code);
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

  /** The exit code of a command, unless something that it printed was lost. */
  private static int checkOutput(CommandLine.ParseResult parsed, int code) {
    CommandLine all = parsed.commandSpec().commandLine();
    Optional<String> failure = StandardOutput.failure(all.getOut());
    failure.ifPresent(why -> {
      all.getErr().println("farfit: standard output: cannot be written: " + why);
      all.getErr().flush();
    });
    return failure.isPresent() ? ExitCode.OUTPUT_FAILED : code;
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
    log.println(Verbosity.error() + Shown.message(exception.getMessage()));
    CommandLine.UnmatchedArgumentException.printSuggestions(exception, log);
    log.printf("Try '%s --help'%n", command.getCommandSpec().qualifiedName());
    log.flush();
    return ExitCode.USAGE;
  }

  /** Refuses lists such as {@code 1,,2} or a lone comma, of which splitting would lose parts. */
  private static void checkLists(CommandLine.ParseResult parseResult) {
    for (CommandLine.ParseResult used = parseResult; used != null; used = used.subcommand()) {
      for (OptionSpec option : used.matchedOptions()) {
        for (String text : option.originalStringValues()) {
          if (!option.splitRegex().isEmpty()
              && Stream.of(text.split(option.splitRegex(), -1)).anyMatch(String::isBlank)) {
            throw new ParameterException(
                used.commandSpec().commandLine(),
                "%s '%s': a value is missing beside a comma".formatted(option.longestName(), text));
          }
        }
      }
    }
  }

  private static int handle(
      Exception exception, CommandLine command, CommandLine.ParseResult parseResult) {
    PrintWriter log = command.getErr();
    return switch (exception) {
      case InputException input -> {
        log.println(Verbosity.error() + SettingNames.in(input.getMessage()));
        yield ExitCode.BAD_INPUT;
      }
      case OutputException output -> {
        log.println(Verbosity.error() + output.getMessage());
        yield ExitCode.OUTPUT_FAILED;
      }
      case EngineUnavailableException engine -> {
        log.println(Verbosity.error() + engine.getMessage());
        yield ExitCode.ENGINE_UNAVAILABLE;
      }
      case CancellationException cancelled -> ExitCode.INTERRUPTED;
      default -> {
        log.println(Verbosity.error() + "this is a defect of farfit, please report it:");
        exception.printStackTrace(log);
        yield ExitCode.INTERNAL_ERROR;
      }
    };
  }
}

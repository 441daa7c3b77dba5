package org.farfit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/**
 * How much a command says on standard error, by options that every command has, and how it looks
 * there: warnings and errors are coloured where a person reads them.
 */
final class Verbosity {

  /** Whether the running command was asked to be quiet. */
  static final ScopedValue<Boolean> QUIET = ScopedValue.newInstance();

  private static final String WARNING = "warning:";
  private static final String ERROR = "farfit:";
  private static final String YELLOW = "\033[33m";
  private static final String RED = "\033[31m";
  private static final String PLAIN = "\033[0m";

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "Say nothing on standard error but warnings and errors.")
  boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Say more on standard error: versions, and when each line came.")
  boolean verbose;

  /**
   * Whether standard error may have colours: a terminal, and NO_COLOR (no-color.org) is not set.
   */
  static boolean isColoured() {
    String off = System.getenv("NO_COLOR");
    return Boolean.getBoolean(Progress.TERMINAL_PROPERTY)
        && Host.current().isEmpty()
        && (off == null || off.isEmpty());
  }

  /** How a message that ends a command begins. */
  static String error() {
    return (isColoured() ? RED + ERROR + PLAIN : ERROR) + " ";
  }

  /** Runs a command with its standard error as asked for. */
  int run(
      CommandLine all, CommandLine.IExecutionStrategy strategy, CommandLine.ParseResult parsed) {
    if (quiet && verbose) {
      throw new ParameterException(all, "--quiet and --verbose exclude each other");
    }
    PrintWriter before = all.getErr();
    Lines lines = new Lines(before, quiet, verbose, isColoured());
    PrintWriter log = new PrintWriter(lines, false);
    all.setErr(log);
    try {
      if (verbose) {
        log.println(environment());
      }
      int exitCode = ScopedValue.where(QUIET, quiet).call(() -> strategy.execute(parsed));
      if (verbose) {
        log.println("exit code " + exitCode);
      }
      return exitCode;
    } finally {
      log.close();
      all.setErr(before);
    }
  }

  private static String environment() {
    Runtime machine = Runtime.getRuntime();
    return "Farfit %s, Java %s, %s %s, %d cores, at most %,d MB of memory"
        .formatted(
            Version.text(),
            System.getProperty("java.version"),
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            machine.availableProcessors(),
            machine.maxMemory() >> 20);
  }

  /** Passes whole lines on, those that are wanted, as they should look. */
  static final class Lines extends Writer {

    private final Writer to;
    private final boolean quiet;
    private final boolean verbose;
    private final boolean coloured;
    private final long start = System.nanoTime();
    private final StringBuilder line = new StringBuilder();

    /** The last line that began with a word was wanted; those that go on from it are, too. */
    private boolean wanted = true;

    Lines(Writer to, boolean quiet, boolean verbose, boolean coloured) {
      super(to);
      this.to = to;
      this.quiet = quiet;
      this.verbose = verbose;
      this.coloured = coloured;
    }

    @Override
    public void write(char[] text, int from, int length) {
      for (int i = from; i < from + length; i++) {
        line.append(text[i]);
        if (text[i] == '\n') {
          pass();
        }
      }
    }

    private void pass() {
      String text = line.toString();
      line.setLength(0);
      boolean begins = !text.isBlank() && !Character.isWhitespace(text.charAt(0));
      if (begins) {
        wanted = !quiet || List.of(WARNING, ERROR).stream().anyMatch(text::startsWith);
      }
      if (!wanted) {
        return;
      }
      try {
        if (verbose && begins) {
          to.write("%7.2f s  ".formatted((System.nanoTime() - start) / 1e9));
        }
        to.write(coloured ? painted(text) : text);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static String painted(String text) {
      for (String word : List.of(WARNING, ERROR)) {
        if (text.startsWith(word)) {
          return (word.equals(WARNING) ? YELLOW : RED)
              + word
              + PLAIN
              + text.substring(word.length());
        }
      }
      return text;
    }

    @Override
    public void flush() throws IOException {
      to.flush();
    }

    /** Passes the rest on, and leaves what it writes to open. */
    @Override
    public void close() throws IOException {
      if (!line.isEmpty()) {
        pass();
      }
      to.flush();
    }
  }
}

package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.farfit.data.InputException;
import org.farfit.data.RunFile;
import picocli.CommandLine.ParameterException;

/**
 * {@code farfit fit --by COLUMN}: fits the runs of each value of a column apart. Every value has a
 * fit file of its own, whose filter says which runs it holds; a value whose runs cannot be fitted
 * does not keep the others from it.
 */
final class FitByValue {

  /** A column with more values is hardly one of groups. */
  private static final int MOST_VALUES = 200;

  private static final int LONGEST_NAME = 80;

  private final FitCommand command;
  private final String where;
  private final Path out;
  private final Path report;
  private final Path figures;
  private final Set<String> names = new HashSet<>();

  FitByValue(FitCommand command) {
    this.command = command;
    this.where = command.input.where;
    this.out = command.out == null ? Path.of(command.input.stem() + ".fit.json") : command.out;
    this.report = command.report.report;
    this.figures = command.report.figures;
  }

  /** The exit code of the first value that has not 0, or 0. */
  int run() {
    if (command.json || command.bootstrap.resume) {
      throw new ParameterException(
          command.spec.commandLine(),
          "--by writes one fit file per value; "
              + (command.json
                  ? "--json prints one: choose the value with --where"
                  : "to --resume one of them, choose the value with --where and its --out"));
    }
    List<String> values = command.input.values(command.by, "--by");
    if (values.size() > MOST_VALUES) {
      throw new InputException(
          "--by %s: the column has %d different values, expected at most %d"
              .formatted(command.by, values.size(), MOST_VALUES));
    }
    for (String value : values) {
      choose(value);
      command.checkOutputs();
    }
    names.clear();
    PrintWriter log = command.spec.commandLine().getErr();
    int exitCode = ExitCode.DONE;
    for (String value : values) {
      PrintWriter output = command.spec.commandLine().getOut();
      output.printf("%n%s%n", RunFile.having(command.by, value));
      output.flush();
      int ended;
      try {
        choose(value);
        ended = command.fit();
      } catch (InputException e) {
        log.printf(
            "farfit: %s: %s%n", RunFile.having(command.by, value), SettingNames.in(e.getMessage()));
        ended = ExitCode.BAD_INPUT;
      }
      log.flush();
      exitCode = exitCode == ExitCode.DONE ? ended : exitCode;
    }
    return exitCode;
  }

  /** Sets the options of the command to those of one value. */
  private void choose(String value) {
    String name = name(value);
    command.input.where =
        where == null
            ? RunFile.having(command.by, value)
            : "(%s) and %s".formatted(where, RunFile.having(command.by, value));
    command.out = inserted(out, name);
    command.report.report = report == null ? null : inserted(report, name);
    command.report.figures = figures == null ? null : figures.resolve(name);
  }

  /** A name for files, which no other value has. */
  private String name(String value) {
    String plain = value.isEmpty() ? "empty" : value.replaceAll("[^\\p{L}\\p{N}._-]", "_");
    plain = plain.substring(0, Math.min(LONGEST_NAME, plain.length()));
    String name = plain;
    for (int k = 2; !names.add(name); k++) {
      name = plain + "-" + k;
    }
    return name;
  }

  /** {@code runs.fit.json} as {@code runs.NAME.fit.json}. */
  private static Path inserted(Path path, String name) {
    String file = path.getFileName().toString();
    int dot = file.indexOf('.', 1);
    return path.resolveSibling(
        dot < 0 ? file + "." + name : file.substring(0, dot) + "." + name + file.substring(dot));
  }
}

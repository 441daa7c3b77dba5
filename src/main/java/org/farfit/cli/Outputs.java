package org.farfit.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.farfit.report.figure.StaticFigures;
import org.farfit.report.output.OutputFile;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * What a command reads and what it is going to write, compared before any work: an output never
 * takes the place of an input, of another output, or of a file that Farfit did not write. Inputs
 * are named first.
 */
final class Outputs {

  private static final int MOST_NAMED = 3;

  private final CommandSpec spec;
  private final List<Place> taken = new ArrayList<>();

  /** A file and what the command calls it. */
  private record Place(String name, Path path) {}

  Outputs(CommandSpec spec) {
    this.spec = spec;
  }

  /** Names an input; null is none. */
  Outputs reads(Path input) {
    if (input != null) {
      taken.add(new Place("the input " + input, input));
    }
    return this;
  }

  /**
   * Names an output.
   *
   * @param option what the user calls it
   * @param path where it goes; null for nowhere
   * @param kind what it is, in words, with an article
   * @param own whether a file that is there is of that kind and may be replaced
   * @throws ParameterException if it may not be written there
   */
  Outputs writes(String option, Path path, String kind, Predicate<Path> own) {
    if (path == null || OutputFile.isSpecial(path)) {
      return this;
    }
    if (Files.isDirectory(path)) {
      throw refused("%s %s is a folder, expected a file name to write to".formatted(option, path));
    }
    for (Place other : taken) {
      if (isSame(path, other.path())) {
        throw refused(
            "%s %s would replace %s; choose another name".formatted(option, path, other.name()));
      }
    }
    Path place = place(option, path);
    if (!Files.isDirectory(place.getParent())) {
      throw refused(
          "%s %s: there is no folder %s; make it first".formatted(option, path, place.getParent()));
    }
    if (!Files.isWritable(Files.exists(place) ? place : place.getParent())) {
      throw refused("%s %s is write-protected".formatted(option, path));
    }
    if (Files.exists(place) && size(place) > 0 && !own.test(place)) {
      throw refused(
          "%s %s: is there and is not %s that farfit wrote; move it away or choose another name"
              .formatted(option, path, kind));
    }
    taken.add(new Place(option + " " + path, path));
    return this;
  }

  /**
   * Names a folder for figures: one that does not exist, or has no pictures but those of Farfit.
   *
   * @param folder null for none
   * @throws ParameterException if it may not be used
   */
  Outputs writesFigures(String option, Path folder) {
    if (folder == null) {
      return this;
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw refused("%s %s is a file, expected a folder".formatted(option, folder));
    }
    List<Path> foreign = StaticFigures.foreign(folder);
    if (!foreign.isEmpty()) {
      throw refused(
          "%s %s: has pictures that farfit did not draw (%s); give figures a folder of their own"
              .formatted(option, folder, names(foreign)));
    }
    for (Place other : taken) {
      if (isSame(folder, other.path())) {
        throw refused("%s %s is also %s".formatted(option, folder, other.name()));
      }
      Path above = place(option, other.path()).getParent();
      if (StaticFigures.isPicture(other.path()) && isSame(folder, above)) {
        throw refused(
            "%s %s: figures might replace %s; give them a folder of their own"
                .formatted(option, folder, other.name()));
      }
    }
    return this;
  }

  /**
   * Names a folder for parts of a result.
   *
   * @param foreign what the folder has that is not Farfit's
   * @throws ParameterException if there is anything
   */
  Outputs writesParts(String option, Path folder, List<Path> foreign) {
    if (!foreign.isEmpty()) {
      throw refused(
          ("%s: finished parts would go to %s, which farfit did not make (%s);"
                  + " move it away or choose another name")
              .formatted(option, folder, names(foreign)));
    }
    for (Place other : taken) {
      if (isSame(folder, other.path()) || isIn(folder, other.path())) {
        throw refused(
            "%s: finished parts would go to %s, where %s is"
                .formatted(option, folder, other.name()));
      }
    }
    return this;
  }

  private static String names(List<Path> files) {
    String names =
        String.join(
            ", ",
            files.stream()
                .limit(MOST_NAMED)
                .map(file -> String.valueOf(file.getFileName()))
                .toList());
    return files.size() > MOST_NAMED ? names + ", ..." : names;
  }

  private boolean isIn(Path folder, Path file) {
    return place("", file).startsWith(place("", folder));
  }

  /** Whether two paths are one file, by whatever names, also if it is not there yet. */
  private boolean isSame(Path a, Path b) {
    try {
      boolean bothThere = Files.exists(a) && Files.exists(b);
      return bothThere ? Files.isSameFile(a, b) : place("", a).equals(place("", b));
    } catch (IOException e) {
      throw refused("%s and %s: cannot be told apart (%s)".formatted(a, b, e.getMessage()));
    }
  }

  private Path place(String option, Path path) {
    try {
      return OutputFile.place(path);
    } catch (IOException e) {
      throw refused("%s %s: %s".formatted(option, path, e.getMessage()));
    }
  }

  private static long size(Path path) {
    try {
      return Files.size(path);
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  private ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), message.strip());
  }
}

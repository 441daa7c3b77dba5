package org.farfit.sweep;

import java.io.Serializable;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.farfit.data.ColumnOptions;
import org.farfit.data.InputException;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.data.Shown;

/**
 * Where a task finds its runs.
 *
 * @param input file of runs
 * @param where filter on rows, which may name the loss column as {@code {loss}}; empty for all
 * @param loss loss column; empty to find it by its usual names
 */
public record RunSource(String input, String where, String loss) implements Serializable {

  /**
   * Reads the runs.
   *
   * @throws InputException if they cannot be used
   */
  public RunSet read() {
    ColumnOptions options =
        new ColumnOptions(
            Optional.empty(),
            Optional.empty(),
            Optional.of(loss).filter(name -> !name.isEmpty()),
            Optional.empty(),
            Optional.empty(),
            Optional.of(where.replace("{loss}", loss)).filter(text -> !text.isEmpty()));
    Path path;
    try {
      path = Path.of(input);
    } catch (InvalidPathException e) {
      throw new InputException(
          "%s: is not the name of a file: %s".formatted(Shown.text(input), e.getReason()), e);
    }
    return RunFile.read(path, options).runs();
  }
}

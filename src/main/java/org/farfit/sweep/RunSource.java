package org.farfit.sweep;

import java.io.Serializable;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.farfit.data.ColumnOptions;
import org.farfit.data.InputException;
import org.farfit.data.RunColumns;
import org.farfit.data.RunFile;
import org.farfit.data.Shown;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.StatedLaw;

/**
 * Where a task finds its runs.
 *
 * @param input file of runs
 * @param where filter on rows, which may name the loss column as {@code {loss}}; empty for all
 * @param loss loss column; empty to find it by its usual names
 * @param law the law whose columns are needed; null for laws made by hand
 */
public record RunSource(String input, String where, String loss, LawChoice law)
    implements Serializable {

  /** The files that reading it depends on: that of the runs, and a law's. */
  public List<String> files() {
    return law != null && law.isFile() ? List.of(input, law.name().strip()) : List.of(input);
  }

  /**
   * Reads the runs.
   *
   * @throws InputException if they cannot be used
   */
  public SourceRuns read() {
    ColumnOptions options =
        new ColumnOptions(
            Optional.empty(),
            Optional.empty(),
            Optional.of(loss).filter(name -> !name.isEmpty()),
            Optional.empty(),
            Optional.empty(),
            Optional.of(where.replace(SweepAxes.LOSS, loss)).filter(text -> !text.isEmpty()));
    Path path;
    try {
      path = Path.of(input);
    } catch (InvalidPathException e) {
      throw new InputException(
          "%s: is not the name of a file: %s".formatted(Shown.text(input), e.getReason()), e);
    }
    if (law == null) {
      return SourceRuns.of(RunFile.read(path, options).runs(), Optional.empty());
    }
    StatedLaw stated = StatedLaw.of(law.text());
    // Of what sign losses may be is a matter of the objective, which is not the source's.
    StatedLaw.Read read =
        StatedLaw.read(RunColumns.read(path, options), options, List.of(stated), false);
    return SourceRuns.of(
        read.file().runs(), Optional.of(((FormulaLaw) read.laws().getFirst()).model().stated()));
  }
}

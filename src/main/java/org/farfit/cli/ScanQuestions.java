package org.farfit.cli;

import java.util.List;
import org.farfit.analysis.CostScan;
import org.farfit.data.Quantity;
import org.farfit.engine.Calibration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options of {@code farfit scan} that say over which grid. */
final class ScanQuestions {

  @Option(
      names = "--vary",
      paramLabel = "NAME=LOW:HIGH:COUNT",
      required = true,
      split = ",",
      converter = AxisConverter.class,
      description =
          "Centred parameters to vary and their values, joined by commas; farfit fit --json shows"
              + " their names and fitted values under \"centred\".")
  List<CostScan.Axis> axes;

  @Option(
      names = "--profile",
      description =
          "Fit the other parameters again at each grid point, from up to --starts points, fewer on"
              + " grids of more than 1,000 points, and from where its neighbours ended.")
  boolean profile;

  /** Problems times runs, those of the fit included. */
  long work(int starts, int runs) {
    long points = starts;
    long grid = 1;
    for (CostScan.Axis axis : axes) {
      grid = Math.min(CostScan.LARGEST_GRID, grid * axis.count());
    }
    long each = profile ? Math.max(1, Math.min(points, CostScan.MOST_FITS / grid)) : 1;
    return (points + grid * each) * runs;
  }

  /** The same in whole fits: a point that is only evaluated is a share of one. */
  long fitted(int starts, int runs) {
    long points = work(starts, runs) - (long) starts * runs;
    return (long) starts * runs + (profile ? points : points / Calibration.EVALUATIONS);
  }

  /** Reads one axis of {@code --vary}. */
  static final class AxisConverter implements ITypeConverter<CostScan.Axis> {

    @Override
    public CostScan.Axis convert(String text) {
      String[] sides = text.split("=", -1);
      String[] range = sides.length == 2 ? sides[1].split(":", -1) : new String[0];
      try {
        if (range.length == 3) {
          return new CostScan.Axis(
              sides[0].strip(),
              Quantity.parse(range[0]),
              Quantity.parse(range[1]),
              Integer.parseInt(range[2].strip()));
        }
      } catch (IllegalArgumentException e) {
        // told below
      }
      throw new TypeConversionException(
          "'" + text + "' is not NAME=LOW:HIGH:COUNT, such as alpha=-0.5:0.5:201");
    }
  }
}

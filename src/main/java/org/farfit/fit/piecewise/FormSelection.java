package org.farfit.fit.piecewise;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.fit.StagedReport;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.law.StagedForm;
import org.farfit.solver.ProgressListener;

/**
 * The choice of functional forms for A(N), B(N) and G(N) (Li et al. 2025, arXiv:2506.10972,
 * algorithm 1): values by size from the differential stages, and for each pair of a transformation
 * of the value and one of N the least-squares line between the two.
 *
 * <pre>{@code
 * new FormSelection(PiecewiseSettings.DEFAULT)
 *     .rank(runs)
 *     .forEach(System.out::println);
 * }</pre>
 *
 * <p>Forms are ranked by how well they predict the next larger size from the smaller ones, since
 * the form with most freedom always fits best.
 */
public final class FormSelection {

  private static final double LARGEST_EXPONENT = 1.0;
  private static final double EXPONENT_STEP = 1e-3;
  private static final int FEWEST_SIZES = 5;

  /** The piecewise fit and three functions. */
  private static final int STEPS = 4;

  private final PiecewiseSettings settings;
  private final ProgressListener progress;

  /** A ranking. */
  public FormSelection(PiecewiseSettings settings) {
    this(settings, ProgressListener.NONE);
  }

  /**
   * A ranking that tells how far it is.
   *
   * @param progress told after the piecewise fit and after each function
   */
  public FormSelection(PiecewiseSettings settings, ProgressListener progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /** The law whose stages give the values that are ranked. */
  public static Law law() {
    return Laws.staged(StagedForm.STRETCHED);
  }

  /** A transformation of a value, or of N. */
  public enum Transformation {
    /** As it is. */
    IDENTITY("identity"),
    /** Its logarithm. */
    LOG("log"),
    /** A power of it, of the best exponent; of N only. */
    POWER("power");

    private final String label;

    Transformation(String label) {
      this.label = label;
    }

    /** The name in tables. */
    public String label() {
      return label;
    }
  }

  /**
   * One form.
   *
   * @param function A, B or G
   * @param value transformation of its value
   * @param size transformation of N
   * @param exponent the exponent of a power of N; NaN otherwise
   * @param error mean relative error over the sizes
   * @param ahead mean relative error one size ahead, over all origins
   * @param r2 share of the variance of the transformed value that the line explains
   * @param sizes how many sizes have a value: G has none where the data term exceeds the loss
   */
  public record Form(
      String function,
      Transformation value,
      Transformation size,
      double exponent,
      double error,
      double ahead,
      double r2,
      int sizes) {}

  /**
   * Ranks the forms of each function, best first.
   *
   * @throws InputException if the differential stages cannot be made from these runs
   */
  public List<Form> rank(RunSet runs) {
    LossDifferences differences = LossDifferences.of(runs, settings);
    double[] n = differences.sizes().stream().mapToDouble(LossDifferences.Line::n).toArray();
    check("A and B", n.length);
    double[] a = differences.sizes().stream().mapToDouble(LossDifferences.Line::exponent).toArray();
    double[] b =
        differences.sizes().stream().mapToDouble(line -> Math.exp(line.logFactor())).toArray();
    StagedReport report =
        new PiecewiseFit(Objective.LOG_SQUARED, settings).fit(law(), runs).stages().orElseThrow();
    List<StagedReport.Size> known =
        report.sizes().stream().filter(size -> Double.isFinite(size.capacity())).toList();
    check("G", known.size());
    progress.done(1, STEPS);
    List<Form> forms = new ArrayList<>();
    forms.addAll(ranked("A", n, a));
    progress.done(2, STEPS);
    forms.addAll(ranked("B", n, b));
    progress.done(3, STEPS);
    forms.addAll(
        ranked(
            "G",
            known.stream().mapToDouble(StagedReport.Size::n).toArray(),
            known.stream().mapToDouble(StagedReport.Size::capacity).toArray()));
    progress.done(STEPS, STEPS);
    return forms;
  }

  private static void check(String function, int sizes) {
    if (sizes <= FEWEST_SIZES) {
      throw new InputException(
          "forms: %d sizes can be used for %s, expected more than %d"
              .formatted(sizes, function, FEWEST_SIZES));
    }
  }

  private static List<Form> ranked(String function, double[] n, double[] values) {
    double mean = Arrays.stream(n).map(Math::log).average().orElseThrow();
    double[] x = Arrays.stream(n).map(size -> Math.log(size) - mean).toArray();
    List<Form> forms = new ArrayList<>();
    for (Transformation value : List.of(Transformation.IDENTITY, Transformation.LOG)) {
      for (Transformation size : Transformation.values()) {
        forms.add(form(function, value, size, x, values));
      }
    }
    forms.sort(Comparator.comparingDouble(Form::ahead));
    return forms;
  }

  private static Form form(
      String function, Transformation value, Transformation size, double[] x, double[] values) {
    StretchedCurve whole = line(value, size, x, values);
    double ahead = 0;
    for (int j = FEWEST_SIZES; j < x.length; j++) {
      StretchedCurve line = line(value, size, Arrays.copyOf(x, j), Arrays.copyOf(values, j));
      ahead += Math.abs(inverse(value, line.at(x[j])) / values[j] - 1);
    }
    return new Form(
        function,
        value,
        size,
        size == Transformation.POWER ? whole.exponent() : Double.NaN,
        error(value, whole, x, values),
        ahead / (x.length - FEWEST_SIZES),
        whole.r2(x, transformed(value, values)),
        x.length);
  }

  /** A line in N is one in N^1, a line in ln N one in N^0. */
  private static StretchedCurve line(
      Transformation value, Transformation size, double[] x, double[] values) {
    double[] y = transformed(value, values);
    return switch (size) {
      case IDENTITY -> StretchedCurve.regress(1, x, y);
      case LOG -> StretchedCurve.regress(0, x, y);
      case POWER -> {
        StretchedCurve best = StretchedCurve.regress(0, x, y);
        double least = error(value, best, x, values);
        long steps = Math.round(LARGEST_EXPONENT / EXPONENT_STEP);
        for (long k = -steps; k <= steps; k++) {
          StretchedCurve candidate = StretchedCurve.regress(k * EXPONENT_STEP, x, y);
          double error = error(value, candidate, x, values);
          if (error < least) {
            least = error;
            best = candidate;
          }
        }
        yield best;
      }
    };
  }

  private static double error(
      Transformation value, StretchedCurve line, double[] x, double[] values) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += Math.abs(inverse(value, line.at(x[i])) / values[i] - 1);
    }
    return sum / x.length;
  }

  private static double[] transformed(Transformation value, double[] values) {
    return value == Transformation.LOG ? Arrays.stream(values).map(Math::log).toArray() : values;
  }

  private static double inverse(Transformation value, double transformed) {
    return value == Transformation.LOG ? Math.exp(transformed) : transformed;
  }
}

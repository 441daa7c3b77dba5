package org.farfit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.farfit.analysis.LossLimits;
import org.farfit.analysis.study.ComparisonStudy;
import org.farfit.report.archive.FitArchive;
import org.farfit.report.figure.DecisionFigures;
import org.farfit.report.html.HtmlReport;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.Lines;
import org.farfit.solver.ProgressListener;

/** Two recipes side by side, as they are shown. */
public final class ComparisonReport implements Presentation {

  /** Losses of language models of one unit do not lie so far apart. */
  private static final double FAR_APART = 3;

  private static final String WITHOUT = "P(A wins), low, high: fit both with a bootstrap";

  private final Side a;
  private final Side b;
  private final ComparisonStudy study;
  private final double level;
  private final List<ComparisonTables.PointRow> grid;
  private final List<ComparisonTables.ParityRow> parity;
  private final List<ComparisonTables.PointRow> points;
  private final List<ComparisonTables.MultiplierRow> multipliers;
  private final List<String> warnings = new ArrayList<>();

  /**
   * A recipe.
   *
   * @param law the name of the fit that is compared
   * @param archive the fit file
   * @param fixed where columns besides N and D are fixed
   */
  public record Side(String law, FitArchive archive, Map<String, Double> fixed) {}

  /**
   * A report.
   *
   * @param level probability that an interval should cover
   * @param grid who wins on a grid
   * @param parity where both are equal
   * @param points who wins at points that were asked for
   * @param savings of compute
   */
  public ComparisonReport(
      Side a,
      Side b,
      ComparisonStudy study,
      double level,
      List<ComparisonStudy.Verdict> grid,
      List<ComparisonStudy.Parity> parity,
      List<ComparisonStudy.Verdict> points,
      List<ComparisonStudy.Saving> savings) {
    this.a = a;
    this.b = b;
    this.study = study;
    this.level = level;
    this.grid = grid.stream().map(ComparisonTables.PointRow::of).toList();
    this.parity = parity.stream().map(ComparisonTables.ParityRow::of).toList();
    this.points = points.stream().map(ComparisonTables.PointRow::of).toList();
    this.multipliers = savings.stream().map(ComparisonTables.MultiplierRow::of).toList();
    a.archive().warnings().forEach(warning -> warnings.add("A: " + warning));
    b.archive().warnings().forEach(warning -> warnings.add("B: " + warning));
    warnOfUnits();
    warnBeyond();
  }

  private void warnOfUnits() {
    LossLimits ofA = LossLimits.of(a.archive().runs());
    LossLimits ofB = LossLimits.of(b.archive().runs());
    double apart = Math.max(ofA.least() / ofB.largest(), ofB.least() / ofA.largest());
    if (apart > FAR_APART && ofA.least() > 0 && ofB.least() > 0) {
      warnings.add(
          "losses of A (%.3g to %.3g) and of B (%.3g to %.3g) are a factor %.3g apart and more: to be compared they must be of one unit and one test set"
              .formatted(ofA.least(), ofA.largest(), ofB.least(), ofB.largest(), apart));
    }
  }

  private void warnBeyond() {
    for (ComparisonTables.PointRow point : points) {
      if (point.factorBeyond() > 1) {
        warnings.add(
            "N = %.3g, D = %.3g extrapolates a factor %.3g beyond the runs of A or B"
                .formatted(point.n(), point.d(), point.factorBeyond()));
      }
    }
    long far = parity.stream().filter(crossing -> crossing.factorBeyond() > 1).count();
    if (far > 0) {
      warnings.add(
          "%d of %d points of the parity curve lie beyond the runs of A or B"
              .formatted(far, parity.size()));
    }
  }

  /** The result as JSON. */
  private record Result(
      String lawA,
      String lawB,
      List<ComparisonTables.PointRow> grid,
      List<ComparisonTables.ParityRow> parity,
      List<ComparisonTables.PointRow> points,
      List<ComparisonTables.MultiplierRow> multipliers,
      String problem,
      List<String> warnings) {}

  @Override
  public Object data() {
    return new Result(
        a.law(), b.law(), grid, parity, points, multipliers, withoutReplicates(), warnings);
  }

  /** Why there are no probabilities and intervals at all; null if there are. */
  private String withoutReplicates() {
    return grid.stream().allMatch(point -> point.probabilityA() == null) ? WITHOUT : null;
  }

  @Override
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  private static String line(String name, Side side) {
    Map<String, String> fixed = side.archive().words(side.fixed());
    return "%s: %s (%s%s)"
        .formatted(
            name,
            side.archive().path(),
            side.law(),
            String.join(
                "",
                fixed.entrySet().stream()
                    .map(entry -> ", %s = %s".formatted(entry.getKey(), entry.getValue()))
                    .toList()));
  }

  @Override
  public String text() {
    Lines text = new Lines().line(line("A", a)).line(line("B", b)).line("");
    addPoints(text, grid);
    long winsA = grid.stream().filter(point -> point.winner().equals("A")).count();
    text.line(
            "A wins at %d of %d points of the grid of fitted N and D".formatted(winsA, grid.size()))
        .line("");
    if (parity.isEmpty()) {
      text.line("parity: the surfaces do not cross");
    } else {
      text.add(ComparisonTables.parity(parity));
      ComparisonTables.withoutParity(parity).forEach(text::line);
      ComparisonTables.withoutInterval(parity).forEach(text::line);
    }
    text.line(
        withoutReplicates() != null
            ? WITHOUT
            : "P(A wins): by the variance of the replicates of either; low, high: %s%% interval of D"
                .formatted(AlignedTable.number(100 * level, 3)));
    if (!points.isEmpty()) {
      addPoints(text.line(""), points);
    }
    if (!multipliers.isEmpty()) {
      text.line("").add(ComparisonTables.multipliers(multipliers));
      ComparisonTables.withoutMultiplier(multipliers).forEach(text::line);
    }
    return text.toString();
  }

  private static void addPoints(Lines text, List<ComparisonTables.PointRow> points) {
    text.add(ComparisonTables.points(points));
    ComparisonTables.problems(points).forEach(text::line);
  }

  /** What the page is about, in a line. */
  public String subtitle() {
    return "A: %s (%s); B: %s (%s)"
        .formatted(a.archive().file(), a.law(), b.archive().file(), b.law());
  }

  @Override
  public List<HtmlReport.Section> sections(ProgressListener progress) {
    List<HtmlReport.Table> tables = new ArrayList<>();
    tables.add(new HtmlReport.Table("Grid", ComparisonTables.points(grid), true));
    if (!points.isEmpty()) {
      tables.add(new HtmlReport.Table("Points", ComparisonTables.points(points), true));
    }
    return List.of(
        HtmlReport.Section.of("Who wins where", DecisionFigures.comparison(study)),
        new HtmlReport.Section("Numbers", warnings, tables, List.of()));
  }
}

package org.farfit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.farfit.analysis.study.Identifiability;
import org.farfit.report.archive.FitArchive;
import org.farfit.report.figure.Figure;
import org.farfit.report.figure.FitFigures;
import org.farfit.report.html.HtmlReport;
import org.farfit.report.output.Json;
import org.farfit.report.output.Lines;
import org.farfit.report.output.TableColumns;
import org.farfit.solver.ProgressListener;

/** Which parameters the runs of a fit file determine, as it is shown. */
public final class IdentifiabilityReport implements Presentation {

  private static final TableColumns<ParameterRow> PARAMETERS =
      new TableColumns<ParameterRow>()
          .text("law", ParameterRow::law)
          .text("centred", ParameterRow::parameter)
          .number("value", 5, ParameterRow::value)
          .number("low", 5, ParameterRow::low)
          .number("high", 5, ParameterRow::high);

  private static final TableColumns<DirectionRow> DIRECTIONS =
      new TableColumns<DirectionRow>()
          .text("law", DirectionRow::law)
          .number("worse than the best", 3, DirectionRow::ratio)
          .text(
              "direction",
              row -> new Identifiability.Direction(row.ratio(), row.combination()).words());

  private final List<ParameterRow> parameters = new ArrayList<>();
  private final List<DirectionRow> sloppy = new ArrayList<>();
  private final List<String> statements;
  private final List<Figure> profiles = new ArrayList<>();

  /** A report to add findings to, which begins with what to beware of. */
  public IdentifiabilityReport(FitArchive archive) {
    this.statements = new ArrayList<>(archive.warnings());
  }

  /** Adds what was found of a fit. */
  public void add(String law, Identifiability.Report found) {
    for (Identifiability.Curve curve : found.curves()) {
      profiles.add(FitFigures.profile(law, curve));
      parameters.add(ParameterRow.of(law, curve));
    }
    found
        .sloppy()
        .forEach(direction ->
            sloppy.add(new DirectionRow(law, direction.ratio(), direction.combination())));
    statements.addAll(found.statements());
  }

  /** A parameter with its 95% profile-likelihood interval; an end that is not bounded is null. */
  private record ParameterRow(
      String law,
      String parameter,
      double value,
      Double low,
      Double high,
      String problem,
      double[] profileAt,
      double[] profileT) {

    static ParameterRow of(String law, Identifiability.Curve curve) {
      return new ParameterRow(
          law,
          curve.parameter(),
          curve.estimate(),
          Json.finite(curve.found().interval().low()),
          Json.finite(curve.found().interval().high()),
          curve.found().lack().orElse(null),
          curve.values(),
          curve.t());
    }
  }

  /** A sloppy direction. */
  private record DirectionRow(String law, double ratio, Map<String, Double> combination) {}

  private record Result(
      List<ParameterRow> parameters, List<DirectionRow> sloppy, List<String> statements) {}

  @Override
  public Object data() {
    return new Result(parameters, sloppy, statements);
  }

  @Override
  public String text() {
    Lines text =
        new Lines()
            .add(PARAMETERS.of(parameters))
            .line("low, high: 95% profile-likelihood interval; a dash where it is not bounded")
            .line("");
    statements.forEach(text::line);
    if (!sloppy.isEmpty()) {
      text.line("").add(DIRECTIONS.of(sloppy));
    }
    return text.toString();
  }

  @Override
  public List<HtmlReport.Section> sections(ProgressListener progress) {
    return List.of(
        new HtmlReport.Section("Profiles of centred parameters", statements, List.of(), profiles));
  }
}

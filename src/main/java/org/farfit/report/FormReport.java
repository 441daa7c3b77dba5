package org.farfit.report;

import java.util.IntSummaryStatistics;
import java.util.List;
import org.farfit.fit.piecewise.FormSelection.Form;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.Json;
import org.farfit.report.output.TableColumns;

/** Ranked forms of A(N), B(N) and G(N), as they are shown. */
public final class FormReport implements Presentation {

  private static final TableColumns<Row> COLUMNS =
      new TableColumns<Row>()
          .text("function", Row::function)
          .text("of value", Row::value)
          .text("of N", Row::size)
          .number("exponent", 3, Row::exponent)
          .number("error %", 4, Row::error)
          .number("one size ahead %", 4, Row::ahead)
          .number("R2", 5, Row::r2);

  private final List<Form> forms;

  /** A report of forms as they were ranked, best first for each function. */
  public FormReport(List<Form> forms) {
    this.forms = forms;
  }

  private record Document(List<Row> rows) {}

  /** One form. Errors are in percent, an exponent may be null. */
  private record Row(
      String function,
      String value,
      String size,
      Double exponent,
      Double error,
      Double ahead,
      Double r2) {

    static Row of(Form form) {
      return new Row(
          form.function(),
          form.value().label(),
          form.size().label(),
          Json.finite(form.exponent()),
          Json.finite(100 * form.error()),
          Json.finite(100 * form.ahead()),
          Json.finite(form.r2()));
    }
  }

  private List<Row> rows() {
    return forms.stream().map(Row::of).toList();
  }

  /** The forms as a table. */
  public AlignedTable table() {
    return COLUMNS.of(rows());
  }

  @Override
  public Object data() {
    return new Document(rows());
  }

  @Override
  public String text() {
    return table().text();
  }

  @Override
  public List<String> warnings() {
    IntSummaryStatistics sizes = forms.stream().mapToInt(Form::sizes).summaryStatistics();
    return sizes.getMin() < sizes.getMax()
        ? List.of(
            "forms of G rest on %d of %d sizes; at the others the data term exceeds the loss"
                .formatted(sizes.getMin(), sizes.getMax()))
        : List.of();
  }
}

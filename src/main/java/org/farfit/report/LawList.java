package org.farfit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.formula.Shelf;
import org.farfit.report.output.Lines;
import org.farfit.report.output.TableColumns;

/** The laws that are known by name, as they are listed. */
public final class LawList implements Presentation {

  private static final TableColumns<Entry> COLUMNS =
      new TableColumns<Entry>()
          .text("law", Entry::law)
          .text("columns", entry -> String.join(" ", entry.columns()))
          .text("response", entry -> String.join(" ", entry.responses()))
          .text("parameters", entry -> String.join(" ", entry.parameters()))
          .text("source", Entry::source);

  private final List<Entry> entries = new ArrayList<>();

  /** The list. */
  public LawList() {
    for (String name : Shelf.names()) {
      LawText text = Shelf.named(name).orElseThrow();
      Model model = Model.of(text);
      entries.add(
          new Entry(
              name,
              text.text().replace("\n", "; "),
              List.copyOf(text.columns().keySet()),
              model.responses().stream().map(Model.Response::name).toList(),
              model.parameters().stream().map(Model.Parameter::name).toList(),
              text.source(),
              text.notes(),
              text.coefficients()));
    }
  }

  /** A law in the list; coefficients are empty where none were published. */
  private record Entry(
      String law,
      String formula,
      List<String> columns,
      List<String> responses,
      List<String> parameters,
      String source,
      String notes,
      Map<String, Double> coefficients) {}

  private record Entries(List<Entry> laws) {}

  @Override
  public Object data() {
    return new Entries(entries);
  }

  @Override
  public String text() {
    return new Lines()
        .add(COLUMNS.of(entries))
        .line("")
        .line("farfit laws NAME prints the file of a law: formula, units, coefficients")
        .toString();
  }
}

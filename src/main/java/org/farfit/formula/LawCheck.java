package org.farfit.formula;

import java.util.List;

/** Says what was derived from a law: what {@code farfit laws --check} and {@code --emit} print. */
public final class LawCheck {

  private final Derivation derivation;

  /**
   * A check.
   *
   * @param logResiduals whether residuals are of logarithms
   */
  public LawCheck(Model model, boolean logResiduals) {
    // Columns are taken to have few values, as in a grid; with runs it is counted.
    this.derivation =
        Derivations.of(model, logResiduals, model.columns().stream().map(FewValues::grid).toList());
  }

  /** Columns, parameters, coordinates and operations. */
  public String text() {
    Model model = derivation.model();
    StringBuilder text = new StringBuilder();
    text.append("columns: %s%n".formatted(String.join(", ", model.columns())));
    if (!model.indices().isEmpty()) {
      text.append("categories: %s%n".formatted(String.join(", ", model.indices())));
    }
    text.append(
        "responses: %s%n"
            .formatted(
                String.join(", ", model.responses().stream().map(Model.Response::name).toList())));
    text.append(
        "residuals: differences of %s%n"
            .formatted(derivation.logResiduals() ? "logarithms" : "values"));
    text.append("%nparameter         bounds              linear  coordinate%n".formatted());
    for (int j = 0; j < model.parameters().size(); j++) {
      Model.Parameter parameter = model.parameters().get(j);
      String name =
          parameter.indices().isEmpty()
              ? parameter.name()
              : parameter.name() + "[" + String.join(",", parameter.indices()) + "]";
      text.append(
          "%-17s %-19s %-7s %s%n"
              .formatted(
                  name,
                  parameter.bounds(),
                  derivation.linear().get(j) ? "yes" : "no",
                  derivation.meanings().get(j)));
    }
    for (int r = 0; r < model.responses().size(); r++) {
      text.append(
          "%nto compute %s and its derivatives:%n".formatted(model.responses().get(r).name()));
      text.append(writer(r).counts());
    }
    return text.toString();
  }

  /** The generated loops, readable. */
  public String code() {
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < derivation.schedules().size(); r++) {
      text.append(writer(r).code());
    }
    return text.toString();
  }

  private ScheduleText writer(int response) {
    List<String> names =
        derivation.model().parameters().stream().map(Model.Parameter::name).toList();
    return new ScheduleText(
        derivation.schedules().get(response), derivation.model().columns(), names);
  }
}

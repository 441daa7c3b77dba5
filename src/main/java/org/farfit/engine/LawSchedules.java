package org.farfit.engine;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.farfit.formula.FewValues;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.formula.Schedule;
import org.farfit.law.SizeLaw;

/**
 * Schedules of laws that are classes, from their formulas in centred parameters; each is made once
 * per process.
 */
public final class LawSchedules {

  /** The column ln N - ln N0 of such formulas. */
  public static final String SIZE = "x";

  /** The column ln D - ln D0. */
  public static final String TOKENS = "y";

  private static final Map<String, Model> MODELS = new ConcurrentHashMap<>();
  private static final Map<Key, Schedule> SCHEDULES = new ConcurrentHashMap<>();

  private record Key(String formula, Objective.Residual residual, List<FewValues> grouped) {}

  /**
   * A formula of centred parameters alone, with its schedule.
   *
   * @param centred for each parameter of the formula, which centred parameter of the law it is
   */
  record Stated(Model model, Schedule schedule, int[] centred) {}

  private LawSchedules() {}

  /** The formula of a law, in {@link #SIZE} and {@link #TOKENS}. */
  public static Model model(SizeLaw law) {
    return MODELS.computeIfAbsent(
        law.centredFormula(),
        formula -> Model.of(LawText.formula(formula), Set.of(SIZE, TOKENS), Set.of()));
  }

  /** The schedule of a law's formula for residuals of a kind. */
  public static Schedule of(SizeLaw law, Objective.Residual residual, List<FewValues> grouped) {
    return SCHEDULES.computeIfAbsent(
        new Key(law.centredFormula(), residual, grouped),
        key -> Schedule.inOwnParameters(model(law), residual == Objective.Residual.LOG, grouped));
  }

  /** What the law of a problem states; empty if it is no formula of centred parameters alone. */
  static Optional<Stated> of(SurfaceProblem problem) {
    if (!(problem.law() instanceof SizeLaw law)) {
      return Optional.empty();
    }
    Model model = model(law);
    List<String> names = law.centredNames();
    int[] centred =
        model.parameters().stream().mapToInt(own -> names.indexOf(own.name())).toArray();
    if (Arrays.stream(centred).anyMatch(parameter -> parameter < 0)) {
      return Optional.empty();
    }
    long tokens = IntStream.range(0, problem.runs()).mapToDouble(problem::y).distinct().count();
    List<FewValues> grouped =
        FormulaProblem.few(
            List.of(
                FewValues.of(SIZE, problem.groups(), problem.runs()),
                FewValues.of(TOKENS, tokens, problem.runs())));
    return Optional.of(
        new Stated(model, of(law, problem.objective().residual(), grouped), centred));
  }
}

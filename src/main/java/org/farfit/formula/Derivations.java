package org.farfit.formula;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Derivations that were made, so that a formula is derived and compiled once per process. */
public final class Derivations {

  private static final int MOST = 128;

  /** What a derivation depends on: the words of the law, and how it is used. */
  private record Key(
      String text,
      List<String> columns,
      List<Model.Parameter> parameters,
      boolean logResiduals,
      List<FewValues> grouped,
      boolean isScheduled) {}

  private static final Map<Key, Derivation> MADE =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, Derivation> eldest) {
              return size() > MOST;
            }
          });

  private Derivations() {}

  /** The derivation of a law; see {@link Derivation}. */
  public static Derivation of(Model model, boolean logResiduals, List<FewValues> grouped) {
    return MADE.computeIfAbsent(
        key(model, logResiduals, grouped, true), k -> new Derivation(model, logResiduals, grouped));
  }

  /** The same without schedules, for a law whose surface is looked at point by point. */
  static Derivation unscheduled(Model model, boolean logResiduals) {
    return MADE.computeIfAbsent(
        key(model, logResiduals, List.of(), false),
        k -> Derivation.unscheduled(model, logResiduals));
  }

  private static Key key(
      Model model, boolean logResiduals, List<FewValues> grouped, boolean isScheduled) {
    return new Key(
        model.law().text(),
        model.columns(),
        model.parameters(),
        logResiduals,
        grouped,
        isScheduled);
  }
}

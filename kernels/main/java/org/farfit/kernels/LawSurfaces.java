package org.farfit.kernels;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.farfit.engine.LawSchedules;
import org.farfit.engine.Objective;
import org.farfit.formula.FewValues;
import org.farfit.formula.Model;
import org.farfit.formula.Schedule;
import org.farfit.law.Law;
import org.farfit.law.SizeLaw;

/** What kernels of the laws that are classes compute, by their formulas in centred parameters. */
final class LawSurfaces {

  private static final String LOG_D0 = "lnD0";

  private record Key(String law, Objective.Residual residual) {}

  private static final Map<Key, KernelTarget> TARGETS = new ConcurrentHashMap<>();

  private static final Map<KernelTarget, Arrangement> ARRANGEMENTS = new ConcurrentHashMap<>();

  private LawSurfaces() {}

  /** What a kernel of a law computes. */
  static KernelTarget target(Law law, Objective objective) {
    return TARGETS.computeIfAbsent(
        new Key(law.name(), objective.residual()), key -> make(law, key.residual()));
  }

  /** How a device goes through the schedule of a law. */
  static Arrangement arrangement(KernelTarget target) {
    return ARRANGEMENTS.computeIfAbsent(target, of -> new Arrangement(of.schedule()));
  }

  /** The formula of a law. */
  static Model model(Law law) {
    return LawSchedules.model((SizeLaw) law);
  }

  private static KernelTarget make(Law law, Objective.Residual residual) {
    Model model = model(law);
    Schedule schedule =
        LawSchedules.of((SizeLaw) law, residual, List.of(FewValues.grid(LawSchedules.SIZE)));
    List<String> names = model.parameters().stream().map(Model.Parameter::name).toList();
    List<String> centred = law.centredNames();
    return new KernelTarget(
        schedule,
        new KernelTarget.Integers(
            names.stream()
                .map(name -> name.equals(LOG_D0) ? KernelTarget.LOG_D0 : centred.indexOf(name))
                .toList()),
        new KernelTarget.Integers(centred.stream().map(names::indexOf).toList()));
  }
}

package org.farfit.kernels;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.farfit.engine.Objective;
import org.farfit.formula.FewValues;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.formula.Schedule;
import org.farfit.law.Law;

/**
 * The surfaces of the laws that are classes, as formulas in their centred parameters, from which
 * kernels are made: x is ln N - ln N0, y is ln D - ln D0. Where one of two terms may be far below
 * the other, their sum is written with the larger one outside: what is left of the larger after it
 * was subtracted from the smaller has few digits.
 */
final class LawSurfaces {

  private static final String LOG_D0 = "lnD0";

  private static final Map<String, String> FORMULAS =
      Map.of(
          "kaplan",
          """
          k = exp(lnAlphaD)
          U = cN - exp(lnAlphaN)*x
          W = cD - k*y
          exp(max(U, W) + k * softplus((min(U, W) - max(U, W))/k))
          """,
          "chinchilla",
          "exp(lnE) + exp(cA - alpha*x) + exp(cB - beta*y)",
          "skaling",
          """
          k = exp(lnk)
          U = cA - sA*x
          W = cB - sB*y
          exp(lnE) + exp(max(U, W) + k * softplus((min(U, W) - max(U, W))/k))
          """,
          "farseer",
          """
          bentA = x*growth(alpha*x)
          bentG = x*growth(gamma*x)
          bent = x*growth(beta*x)
          a = exp(cA + mA*bentA)
          U = cG + mG*bentG
          W = h + mH*bent + lnD0*(exp(cA)*(1 + mA*bent) - a) - a*y
          exp(max(U, W) + softplus(min(U, W) - max(U, W)))
          """);

  private record Key(String law, Objective.Residual residual) {}

  private static final Map<Key, KernelTarget> TARGETS = new ConcurrentHashMap<>();

  private LawSurfaces() {}

  /** Whether there is a formula of a law. */
  static boolean has(Law law) {
    return FORMULAS.containsKey(law.name());
  }

  /** What a kernel of a law computes. */
  static KernelTarget target(Law law, Objective objective) {
    return TARGETS.computeIfAbsent(
        new Key(law.name(), objective.residual()), key -> make(law, key.residual()));
  }

  /** The formula of a law. */
  static Model model(Law law) {
    return Model.of(LawText.formula(FORMULAS.get(law.name())), Set.of("x", "y"), Set.of());
  }

  private static KernelTarget make(Law law, Objective.Residual residual) {
    Model model = model(law);
    Schedule schedule =
        Schedule.inOwnParameters(
            model, residual == Objective.Residual.LOG, List.of(FewValues.grid("x")));
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

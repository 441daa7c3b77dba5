package org.farfit.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.farfit.fit.Surface;
import org.farfit.law.Law;
import org.farfit.law.Laws;

/** Surfaces that runs are simulated from: laws at their example parameters, and what no law is. */
public final class SimulatedTruth {

  /** The mean of the laws that extrapolate. */
  public static final String MIXTURE = "mixture";

  /** Where a broken law breaks, amid the runs of the usual grids. */
  private static final double BREAK_N = 8e8;

  private static final double BREAK_D = 1e10;

  /** A law whose exponents change amid the runs, by how much. */
  private record Break(String name, double ofN, double ofD) {}

  private static final List<Break> BREAKS =
      List.of(
          new Break("broken-up", 0.06, 0.06),
          new Break("broken-down", -0.06, -0.06),
          new Break("broken-n", 0.1, 0));

  private SimulatedTruth() {}

  /** A surface of some formula. */
  private record Formula(String name, Losses losses) implements Surface {
    @Override
    public double loss(double n, double d) {
      return losses.at(n, d);
    }
  }

  private interface Losses {
    double at(double n, double d);
  }

  /** A law at its example parameters. */
  public static Surface of(Law law) {
    return of(law, law.example());
  }

  /** A law at some published parameters. */
  public static Surface of(Law law, double[] published) {
    double[] own = published.clone();
    return new Formula(law.name(), (n, d) -> law.loss(own, n, d));
  }

  /** The names of what no law is. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(List.of(MIXTURE));
    BREAKS.forEach(each -> names.add(each.name()));
    return names;
  }

  /** The surface of one of {@link #names}; empty if it is none. */
  public static Optional<Surface> named(String name) {
    if (name.equals(MIXTURE)) {
      List<Surface> laws = Laws.extrapolating().stream().map(SimulatedTruth::of).toList();
      return Optional.of(
          new Formula(
              name,
              (n, d) -> laws.stream().mapToDouble(law -> law.loss(n, d)).average().orElseThrow()));
    }
    return BREAKS.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .map(each -> {
          return (Surface) new Formula(name, (n, d) -> broken(each, n, d));
        });
  }

  /**
   * The simplest law with terms A N^-alpha and B D^-beta whose exponents go over, around the break
   * and within about a factor of ten to either side, into others: t(x) (2 / (1 + x / x0))^change.
   */
  private static double broken(Break by, double n, double d) {
    Law law = Laws.simplest();
    double[] p = law.example();
    double far = 1e300;
    double irreducible = law.loss(p, far, far);
    double ofN = law.loss(p, n, far) - irreducible;
    double ofD = law.loss(p, far, d) - irreducible;
    return irreducible
        + ofN * Math.pow(2 / (1 + n / BREAK_N), by.ofN())
        + ofD * Math.pow(2 / (1 + d / BREAK_D), by.ofD());
  }
}

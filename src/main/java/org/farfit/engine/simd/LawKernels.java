package org.farfit.engine.simd;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.farfit.engine.SurfaceProblem;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.law.Skaling;

/** The kernels made by hand, beside {@link org.farfit.law.Laws} the only list of laws. */
final class LawKernels {

  private static final Map<Class<? extends Law>, Function<SurfaceProblem, LawKernel>> KERNELS =
      Map.of(
          Chinchilla.class, ChinchillaKernel::new,
          Skaling.class, SkalingKernel::new,
          Farseer.class, FarseerKernel::new);

  private LawKernels() {}

  /** A kernel of a problem's law; empty if none was made by hand. */
  static Optional<LawKernel> of(SurfaceProblem problem) {
    return Optional.ofNullable(KERNELS.get(problem.law().getClass()))
        .map(make -> make.apply(problem));
  }
}

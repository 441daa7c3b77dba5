package org.farfit.fit.search;

import java.util.Optional;
import org.farfit.engine.SurfaceProblem;
import org.farfit.law.SamplingBox;
import org.farfit.solver.StartingPoints;

/** Starting points of a problem: of a law's box, or those that are drawn for a formula. */
public final class Starts {

  private Starts() {}

  /**
   * Starts spread widely; the first do not depend on how many follow.
   *
   * @param weightRow which weights a formula's linear parameters are solved for with
   * @param count how many
   */
  public static StartingPoints spread(SurfaceProblem problem, int weightRow, int count, long seed) {
    Optional<SamplingBox> box = problem.law().samplingBox(problem.centre());
    return box.isPresent()
        ? new SpreadStarts(box.get(), count, seed)
        : new FormulaStarts(problem.formula().orElseThrow(), weightRow, count, seed);
  }
}

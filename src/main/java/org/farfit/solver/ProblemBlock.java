package org.farfit.solver;

import org.farfit.solver.HostBlock.Command;
import org.farfit.solver.HostBlock.Report;

/** What {@link BlockSolver} needs of a block of problems; {@link HostBlock} says how it works. */
interface ProblemBlock extends AutoCloseable {

  /** p, the number of parameters of each problem. */
  int parameterCount();

  /** How many lanes there are. */
  int capacity();

  /** What was found out about trial points, by lane; overwritten by the next ones. */
  Report report();

  /** Puts a new problem into a lane, whose start is its first trial point. */
  void place(int lane, double[] start, int weightRow);

  /** Evaluates the trial points of the first {@code count} lanes. */
  void evaluate(int count, double[] curvatureBeyond);

  /** The same where all of them start at one point, with one share of curvature. */
  default void evaluateStarts(int count, double[] curvatureBeyond) {
    evaluate(count, curvatureBeyond);
  }

  /**
   * Finds a point between the current one of a lane and the trial point, which was too far, for
   * {@link Command#SHORTEN}; false if the block has none.
   */
  default boolean shorten(int lane) {
    return false;
  }

  /** Obeys commands about the trial points and proposes the next ones, a step away. */
  void propose(int count, Command[] commands, double[] damping);

  /**
   * Takes a problem from a lane, which is free then, into one whose problem ended.
   *
   * @param block this one, or another of its kind over the same problems
   */
  void take(ProblemBlock block, int from, int to);

  /** The parameters of a lane: of its trial point, or of the current one. */
  double[] parameters(int lane, boolean atTrial);

  /**
   * The share of a cost below which a promised reduction drowns in noise: 0 for laws whose
   * coordinates are made by hand, more where a formula may subtract large numbers.
   */
  default double costNoise() {
    return 0;
  }

  @Override
  void close();
}

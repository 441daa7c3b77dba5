package org.farfit.solver;

import org.farfit.solver.HostBlock.Command;
import org.farfit.solver.HostBlock.Report;

/** What {@link BlockSolver} needs of a block of problems; {@link HostBlock} says how it works. */
interface ProblemBlock extends AutoCloseable {

  /** p, the number of parameters of each problem. */
  int parameterCount();

  /** How many lanes there are. */
  int capacity();

  /** What {@link #advance} found out, by lane; overwritten by the next. */
  Report report();

  /** Puts a new problem into a lane; its first command must be {@link Command#START}. */
  void place(int lane, double[] start, int weightRow);

  /** Advances the first {@code count} lanes by one step. */
  void advance(int count, Command[] commands, double[] damping, double[] curvatureBeyond);

  /** Frees lane {@code to} for what is in lane {@code from}, after {@code to} ended. */
  void move(int from, int to);

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

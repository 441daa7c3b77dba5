package org.farfit.engine;

import java.util.function.Consumer;

/**
 * A block of least-squares problems that Levenberg-Marquardt iterates in lockstep, wherever an
 * engine likes to keep them: on the host, or resident on a device. The block holds parameters,
 * normal equations and scaling; the solver decides. Problems occupy lanes 0 to {@code count - 1}.
 *
 * <p>Each problem has a current point and a trial point. {@link #advance} makes one step of every
 * lane: it applies the solver's {@link Command}, proposes a new trial point and evaluates it, and
 * reports a few numbers about it in {@link #report()}. One thread at a time.
 */
public interface ProblemBlock extends AutoCloseable {

  /**
   * The least scale of a parameter, as a share of the largest. Centred parameters are of like size,
   * so one whose effect is small is one whose term has nearly vanished: to damp it by its own
   * effect alone would let it run away. On the published grid of 4,500 starts of Chinchilla's fit
   * 31% reach the optimum without a floor, 93% with 1e-4, and all with 1e-2 (docs/decisions.md).
   */
  double SCALE_FLOOR = 1e-2;

  /** What to do with a lane before its next trial point is proposed. */
  enum Command {
    /** A new problem: its start is the trial point; nothing is proposed. */
    START,
    /** The trial point becomes the current one. */
    ACCEPT,
    /** The trial point is dropped. */
    REJECT
  }

  /** p, the number of parameters of each problem. */
  int parameterCount();

  /** How many lanes there are. */
  int capacity();

  /** Whether a lane that is free should get a new problem at once, or only when all lanes are. */
  boolean refillsAtOnce();

  /**
   * Puts a new problem into a lane; its first command must be {@link Command#START}.
   *
   * @param start its starting point, p values, copied
   * @param weightRow which row of the weight table it uses
   */
  void place(int lane, double[] start, int weightRow);

  /**
   * Advances the first {@code count} lanes by one step.
   *
   * <p>The step solves (J'WJ + damping diag(scale)) step = -J'Wr at the current point, scale being
   * the running maxima of the diagonal of J'WJ (Marquardt 1963; Moré 1978, section 5), but at least
   * {@link #SCALE_FLOOR} of the largest.
   *
   * @param commands one per lane
   * @param damping one per lane; not used by {@link Command#START}
   */
  void advance(int count, Command[] commands, double[] damping);

  /** What {@link #advance} found out, by lane; overwritten by the next. */
  Report report();

  /** Frees lane {@code to} for what is in lane {@code from}, after {@code to} was retired. */
  void move(int from, int to);

  /**
   * Ends the problem of a lane.
   *
   * @param atTrial whether its answer is the trial point, else the current one
   * @param answer receives the parameters, now or at the next {@link #flush}
   */
  void retire(int lane, boolean atTrial, Consumer<double[]> answer);

  /** Delivers every answer that is still due; all lanes must be retired. */
  void flush();

  @Override
  void close();

  /** Numbers about each lane's trial point. */
  final class Report {

    /** Cost there; NaN if anything there is not finite. */
    public final double[] cost;

    /** Reduction of the cost that the quadratic model predicts; NaN if no step could be solved. */
    public final double[] predicted;

    /** Length of the step relative to that of the current parameters, both in the scaling. */
    public final double[] relativeStep;

    /** Largest cosine between the residual and a column of the Jacobian, at the trial point. */
    public final double[] gradientCosine;

    /** Smallest ratio of a diagonal entry of J'WJ to its running maximum, at the trial point. */
    public final double[] remainingEffect;

    /** Whether a parameter is at a limit that the cost would fall beyond, at the trial point. */
    public final boolean[] atLimit;

    /** Room for a number of lanes. */
    public Report(int capacity) {
      cost = new double[capacity];
      predicted = new double[capacity];
      relativeStep = new double[capacity];
      gradientCosine = new double[capacity];
      remainingEffect = new double[capacity];
      atLimit = new boolean[capacity];
    }
  }
}

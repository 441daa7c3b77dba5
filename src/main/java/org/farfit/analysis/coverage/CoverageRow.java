package org.farfit.analysis.coverage;

/**
 * How the intervals of an estimand did on simulated data sets.
 *
 * @param law the truth: a law, or what a {@link org.farfit.analysis.SimulatedTruth} is called
 * @param noise how runs scattered
 * @param interval asymptotic or bootstrap
 * @param estimand what they are for
 * @param sets how many data sets gave one
 * @param coverage share of these that contained the truth; for single runs the mean over further
 *     runs
 * @param standardError of the coverage
 * @param above share that lay wholly above
 * @param below share that lay wholly below
 * @param unbounded share that had no end on a side
 * @param meanWidth mean of (high - low) / truth of the others; 0 if there are none
 */
public record CoverageRow(
    String law,
    String noise,
    String interval,
    String estimand,
    int sets,
    double coverage,
    double standardError,
    double above,
    double below,
    double unbounded,
    double meanWidth) {

  /**
   * Standard error of a share (Agresti and Coull 1998), which is not 0 where all or none were
   * covered.
   *
   * @param sets of how many
   */
  static double standardError(double share, int sets) {
    double centred = (share * sets + 2) / (sets + 4);
    return Math.sqrt(centred * (1 - centred) / (sets + 4));
  }
}

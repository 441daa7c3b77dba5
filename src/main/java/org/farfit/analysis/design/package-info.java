/**
 * Which runs of a pool to train next, for a law that is any formula over any columns.
 *
 * <p>A {@link org.farfit.analysis.design.PoolDesign} spends nested budgets on a {@link
 * org.farfit.analysis.design.RunPool} by a {@link org.farfit.analysis.design.DesignMethod}: it fits
 * the law to what has been trained, says what that leaves unknown of the runs to predict ({@code
 * Posterior}), and takes the run that tells most of it for its cost. {@link
 * org.farfit.analysis.study.RunDesign} plans runs that are not trained yet, for laws in N and D.
 */
package org.farfit.analysis.design;

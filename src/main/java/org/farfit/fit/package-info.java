/**
 * What a fit is.
 *
 * <p>A {@link org.farfit.fit.LawFit} is a {@link org.farfit.fit.FittedSurface} with its quality,
 * covariance, {@link org.farfit.fit.MultiStart}, which says how far the optimum can be trusted, and
 * where it was regularised its {@link org.farfit.fit.Regularisation}. {@link
 * org.farfit.fit.FitOptions} holds the choices and their defaults, {@link
 * org.farfit.fit.FitRequirements} what runs a law needs, {@link org.farfit.fit.LawFormula} the
 * formula of a law that is made by hand.
 *
 * <p>The rooms, each of which may use those below it:
 *
 * <ul>
 *   <li>{@link org.farfit.fit.extrapolation}: which fit predicts larger runs best
 *   <li>{@link org.farfit.fit.bootstrap}: replicates of a fit, and intervals
 *   <li>{@link org.farfit.fit.method}: the fitter of each method
 *   <li>{@link org.farfit.fit.regularised}: fits under the prior of a law
 *   <li>{@link org.farfit.fit.piecewise}: the differential procedures of the papers
 *   <li>{@link org.farfit.fit.search}: the global optimum from many starts
 *   <li>this package
 *   <li>{@link org.farfit.fit.statistics}: a surface on runs, its residuals and what they say
 * </ul>
 */
package org.farfit.fit;

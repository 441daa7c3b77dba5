/**
 * Fitting a law to runs.
 *
 * <p>{@link org.farfit.fit.GlobalFit} searches from {@link org.farfit.fit.SpreadStarts} and returns
 * a {@link org.farfit.fit.LawFit}: a {@link org.farfit.fit.FittedSurface} with its {@link
 * org.farfit.fit.FitQuality}, covariance and {@link org.farfit.fit.MultiStart}, which says how far
 * the optimum can be trusted. {@link org.farfit.fit.FitOptions} holds the choices and their
 * defaults.
 *
 * <p>For extrapolation, {@link org.farfit.fit.RegularisedFit} adds the prior of a law, {@link
 * org.farfit.fit.PiecewiseFit} is the differential procedure of the Farseer paper with {@link
 * org.farfit.fit.FormSelection} for its choice of forms, and {@link org.farfit.fit.AutoFit}
 * averages these with weights that predict larger runs from smaller ones best; what it gives is a
 * {@link org.farfit.fit.GuardedSurface}, which refuses rather than guesses. {@link
 * org.farfit.fit.HoldoutFits} fits many weightings of the same runs as one batch. {@link
 * org.farfit.fit.VariableProjection} and {@link org.farfit.fit.PublishedGrid} belong to the
 * approaches of the Chinchilla paper.
 */
package org.farfit.fit;

/**
 * Fitting a law to runs.
 *
 * <p>{@link org.farfit.fit.GlobalFit} searches from {@link org.farfit.fit.SpreadStarts} and returns
 * a {@link org.farfit.fit.LawFit}: a {@link org.farfit.fit.FittedSurface} with its {@link
 * org.farfit.fit.FitQuality}, covariance and {@link org.farfit.fit.MultiStart}, which says how far
 * the optimum can be trusted. {@link org.farfit.fit.FitOptions} holds the choices and their
 * defaults.
 */
package org.farfit.fit;

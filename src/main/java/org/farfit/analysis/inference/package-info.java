/**
 * What surfaces say, with how certain it is. An {@link org.farfit.analysis.inference.Estimands}
 * names quantities of a surface (a loss, an optimum, a parameter); {@link
 * org.farfit.analysis.inference.Inference} estimates them with intervals, from the covariance of
 * the fit ({@link org.farfit.analysis.inference.AsymptoticInference}), from replicates ({@link
 * org.farfit.analysis.inference.BootstrapInference}), and along profiles ({@link
 * org.farfit.analysis.inference.ProfileInference}). {@link
 * org.farfit.analysis.inference.ComparedInference} does for two surfaces what it does for one.
 */
package org.farfit.analysis.inference;

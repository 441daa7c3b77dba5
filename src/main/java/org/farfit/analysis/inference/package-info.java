/**
 * What surfaces say, with how certain it is. An {@link org.farfit.analysis.inference.Estimands}
 * names quantities of a surface (a loss, an optimum, a parameter); {@link
 * org.farfit.analysis.inference.Inference} estimates them with intervals, from the covariance of
 * the fit ({@link org.farfit.analysis.inference.AsymptoticInference}), from replicates ({@link
 * org.farfit.analysis.inference.BootstrapInference}), and along profiles ({@link
 * org.farfit.analysis.inference.ProfileInference}).
 *
 * <p>A study answers one kind of question with it, and is what a command is a form over: {@link
 * org.farfit.analysis.inference.FitStudy}, {@link org.farfit.analysis.inference.PredictionStudy},
 * {@link org.farfit.analysis.inference.AllocationStudy}, {@link
 * org.farfit.analysis.inference.ComparisonStudy}, {@link
 * org.farfit.analysis.inference.DesignStudy}, {@link org.farfit.analysis.inference.LawSelection},
 * {@link org.farfit.analysis.inference.Identifiability}. Whether intervals cover what they say is
 * studied on simulated data sets: those of each resampling by {@link
 * org.farfit.analysis.inference.Coverage}, those that commands print by {@link
 * org.farfit.analysis.inference.DefaultCoverage} and {@link
 * org.farfit.analysis.inference.AutoCoverage}, tests of nested laws by {@link
 * org.farfit.analysis.inference.TestSizes}.
 */
package org.farfit.analysis.inference;

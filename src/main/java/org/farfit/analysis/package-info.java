/**
 * What people do with a fitted surface: {@link org.farfit.analysis.study.Validation validate} fits
 * on runs that a {@link org.farfit.analysis.Holdout} keeps back, {@link
 * org.farfit.analysis.Allocation allocate} compute, {@link org.farfit.analysis.Comparison compare}
 * recipes, examine the {@link org.farfit.analysis.SurfaceShape shape} of a surface, find {@link
 * org.farfit.analysis.ScalingExponents exponents} of compute-optimal scaling, {@link
 * org.farfit.analysis.CostScan scan} the cost over a grid of parameters, and {@link
 * org.farfit.analysis.Simulation simulate} runs on a {@link org.farfit.analysis.DesignGrid} to see
 * how well a fit would do. Points only: their intervals are made in {@link
 * org.farfit.analysis.inference}.
 */
package org.farfit.analysis;

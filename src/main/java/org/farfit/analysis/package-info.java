/**
 * What people do with a fitted surface: {@link org.farfit.analysis.Prediction predict} a loss with
 * its interval, {@link org.farfit.analysis.CostScan scan} the cost over a grid of parameters, and
 * {@link org.farfit.analysis.Simulation simulate} runs on a {@link org.farfit.analysis.DesignGrid}
 * to see how well a fit would do.
 */
package org.farfit.analysis;

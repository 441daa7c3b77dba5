/**
 * Figures: what they show ({@link org.farfit.report.figure.Figure}), which ones a result has
 * ({@link org.farfit.report.figure.SurfaceFigures} and its neighbours), and how they become files
 * ({@link org.farfit.report.figure.StaticFigures}). Pages draw the same figures in the browser.
 */
package org.farfit.report.figure;

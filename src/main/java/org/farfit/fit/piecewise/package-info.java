/**
 * Procedures in stages, from differences of losses: {@link org.farfit.fit.piecewise.PiecewiseFit},
 * the differential procedure of the Farseer paper (Li et al. 2025, section 3) and its like for
 * Chinchilla's law, with {@link org.farfit.fit.piecewise.FormSelection} for the choice of forms.
 * {@link org.farfit.fit.StagedReport} says what each stage found.
 */
package org.farfit.fit.piecewise;

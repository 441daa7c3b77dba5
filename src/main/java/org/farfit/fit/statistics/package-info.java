/**
 * A surface on runs, and what its residuals say.
 *
 * <p>{@link org.farfit.fit.statistics.Evaluation} holds predictions, residuals, Jacobian and cost
 * of one surface on runs under an objective. From it follow {@link
 * org.farfit.fit.statistics.FitQuality}, {@link org.farfit.fit.statistics.LogLikelihood}, {@link
 * org.farfit.fit.statistics.Uncertainty} and {@link org.farfit.fit.statistics.NoiseStudy}, which
 * tests how runs scatter and chooses a {@link org.farfit.fit.statistics.NoiseModel}.
 */
package org.farfit.fit.statistics;

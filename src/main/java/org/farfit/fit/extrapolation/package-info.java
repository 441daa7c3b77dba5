/**
 * Which fit predicts larger runs best.
 *
 * <p>{@link org.farfit.fit.extrapolation.HoldoutFits} fits many parts of the same runs. {@link
 * org.farfit.fit.extrapolation.AutoFit} averages laws and methods with weights that predict larger
 * runs from smaller ones best, over the {@link org.farfit.fit.extrapolation.ExtrapolationOrigin}s;
 * what it gives is a {@link org.farfit.fit.extrapolation.GuardedSurface}, which refuses rather than
 * guesses.
 */
package org.farfit.fit.extrapolation;

/**
 * The loss surfaces: one small file per {@linkplain org.farfit.law.Law law}, and the few functions
 * they are put together from.
 *
 * <p>Start with {@link org.farfit.law.Law}, which says what a law must state, then read {@link
 * org.farfit.law.Chinchilla}, the simplest. {@link org.farfit.law.Centre} is the point that centred
 * coordinates refer to; {@link org.farfit.law.BoxCox}, {@link org.farfit.law.LogSum}, {@link
 * org.farfit.law.SumForm} and {@link org.farfit.law.PowerForm} are the shared formulas, static and
 * allocation-free so that a GPU kernel can call the same code. {@link org.farfit.law.Laws} finds a
 * law by name.
 */
package org.farfit.law;

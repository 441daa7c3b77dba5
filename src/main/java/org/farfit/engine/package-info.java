/**
 * Engines: devices that evaluate the normal equations of many problems at once.
 *
 * <p>The question is a {@link org.farfit.engine.SurfaceProblem}: a law, runs, weightings and an
 * {@link org.farfit.engine.Objective}. An {@link org.farfit.engine.Engine} opens an {@link
 * org.farfit.engine.Evaluator} on it, which fills {@link org.farfit.engine.NormalEquations} for
 * batches of parameters. {@link org.farfit.engine.Engines} finds engines; {@link
 * org.farfit.engine.scalar.ScalarEngine} is the plain reference that every other one is tested
 * against.
 */
package org.farfit.engine;

/**
 * The engine for vector units, on {@code jdk.incubator.vector}: lanes are problems, so that nothing
 * is ever summed across lanes.
 *
 * <p>{@code SimdEvaluator} takes a vector of problems at a time through the {@code LawKernel} of
 * their law, where one was made by hand; all other laws are evaluated by generated code ({@code
 * VectorEmitter}, {@code VectorSums}). Each kernel computes size terms once per N, then runs the
 * short loops of {@code LogSums} and {@code RunTerms} over the runs of that N, whose arrays stay in
 * the L1 cache; {@code BlockRuns} holds the runs and weights. Only {@code SimdEngineProvider} is
 * loaded where the module is absent.
 */
package org.farfit.engine.simd;

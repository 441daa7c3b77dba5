/**
 * Code made from formulas: a {@link org.farfit.formula.Schedule} becomes a class, by {@code
 * java.lang.classfile}, and a {@link org.farfit.engine.ScheduledProblem} is evaluated with it: a
 * formula's, or that of a law made by hand which states its surface as a formula.
 *
 * <p>{@link org.farfit.engine.code.KernelEmitter} writes the loops of a schedule; what a value is
 * (a double, or a vector of problems) is said by its subclasses, {@code PlainEmitter} here and the
 * one of the SIMD engine. {@link org.farfit.engine.code.FormulaEvaluator} runs a kernel over the
 * runs of a problem and sums up normal equations.
 */
package org.farfit.engine.code;

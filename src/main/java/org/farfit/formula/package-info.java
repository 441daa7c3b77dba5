/**
 * The language of laws, and what is derived from a formula before any code is made.
 *
 * <p>{@link org.farfit.formula.LawText} is what a user wrote: statements in the language that
 * {@code Parser} reads, columns and bounds. {@link org.farfit.formula.Model} is its meaning:
 * columns, parameters and one expression per response in a {@link org.farfit.formula.Graph}, where
 * equal subexpressions are one node. {@link org.farfit.formula.Derivatives} adds exact derivatives,
 * {@link org.farfit.formula.Coordinates} finds coordinates in which a fit is well conditioned,
 * {@link org.farfit.formula.LinearParameters} those that can be solved for, and {@link
 * org.farfit.formula.Schedule} says what is computed how often and in which loops. {@link
 * org.farfit.formula.Interpreter} evaluates a graph slowly, as the judge of generated code.
 */
package org.farfit.formula;

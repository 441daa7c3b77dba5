/**
 * Batched Levenberg-Marquardt: one host-side loop for any engine.
 *
 * <p>{@link org.farfit.solver.BatchSolver} takes {@link org.farfit.solver.StartingPoints} and gives
 * {@link org.farfit.solver.Solutions}, one per problem, each with a {@link
 * org.farfit.solver.Status}; a problem that fails never disturbs the others. {@code BlockSolver}
 * holds the loop over a {@link org.farfit.engine.ProblemBlock}, {@code HostBlock} keeps the
 * problems on the host, {@code Damping} the rule by which steps shorten and lengthen, {@code
 * LaneCholesky} the small solve; {@link org.farfit.solver.SolverSettings} explains the stopping
 * tests.
 */
package org.farfit.solver;

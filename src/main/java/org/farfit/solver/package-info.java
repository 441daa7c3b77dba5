/**
 * Batched Levenberg-Marquardt for any engine.
 *
 * <p>{@link org.farfit.solver.BatchSolver} takes {@link org.farfit.solver.StartingPoints} and gives
 * {@link org.farfit.solver.Solutions}, one per problem, each with a {@link
 * org.farfit.solver.Status}; a problem that fails never disturbs the others. {@link
 * org.farfit.solver.StepRules} and {@link org.farfit.solver.Damping} are the rules for one problem.
 * On the host {@code BlockSolver} applies them in a loop over a {@code HostBlock}, which keeps many
 * problems, with {@code LaneCholesky} for the small solve; a {@link
 * org.farfit.solver.ResidentSolver} applies them on its device. {@link
 * org.farfit.solver.SolverSettings} explains the stopping tests.
 */
package org.farfit.solver;

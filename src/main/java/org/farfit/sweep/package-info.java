/**
 * Sweeps: many fits stated as data. A {@link org.farfit.sweep.SweepSpec} (from a file by {@link
 * org.farfit.sweep.SweepFile}, or built) is laid out by a {@link org.farfit.sweep.SweepPlan} as
 * {@link org.farfit.sweep.SweepTask}s in {@link org.farfit.sweep.SweepShard}s; a {@link
 * org.farfit.sweep.SweepExecutor} ({@link org.farfit.sweep.LocalSweep}, or a cluster's) works them
 * off, those over the same runs as one batch, and gives {@link org.farfit.sweep.SweepRow}s, which
 * {@link org.farfit.sweep.SweepResults} writes as tables, {@link org.farfit.sweep.SweepSummary}
 * sums up and {@link org.farfit.sweep.SweepReport} shows.
 */
package org.farfit.sweep;

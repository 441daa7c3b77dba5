/**
 * Sweeps: many fits stated as data. A {@link org.farfit.sweep.SweepSpec} (from a file by {@link
 * org.farfit.sweep.SweepFile}, or built) is expanded into {@link org.farfit.sweep.SweepGroup}s,
 * each a batch over the same runs; {@link org.farfit.sweep.LocalSweep} runs them and gives {@link
 * org.farfit.sweep.SweepRow}s, which {@link org.farfit.sweep.SweepResults} writes as tables.
 */
package org.farfit.sweep;

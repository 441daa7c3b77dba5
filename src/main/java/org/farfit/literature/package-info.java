/**
 * What others have published, computed again beside their numbers: {@link
 * org.farfit.literature.Reproduction} makes tables of papers from the public runs, {@link
 * org.farfit.literature.ScaleBench} fits the laws of a {@link
 * org.farfit.literature.ScaleBenchFolder} and {@link org.farfit.literature.DesignBenchmark} designs
 * their runs.
 */
package org.farfit.literature;

/**
 * Measurements: JMH benchmarks of engines ({@link org.farfit.benchmarks.EvaluationBenchmark}), fits
 * ({@link org.farfit.benchmarks.FitBenchmark}, {@link org.farfit.benchmarks.ChinchillaBenchmark})
 * and start-up ({@link org.farfit.benchmarks.StartupBenchmark}), all on the runs of {@link
 * org.farfit.benchmarks.Workload}; other optimisers on the same task ({@link
 * org.farfit.benchmarks.PeerSide}, {@link org.farfit.benchmarks.JavaPeersBenchmark}); and ratios
 * that show a hot path that has become slower ({@link org.farfit.benchmarks.HotPathCheck}).
 */
package org.farfit.benchmarks;

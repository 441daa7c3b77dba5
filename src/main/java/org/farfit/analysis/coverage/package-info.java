/**
 * Whether intervals and tests do what they say, on data sets that are simulated around a truth that
 * is known: intervals of each resampling ({@link org.farfit.analysis.coverage.Coverage}), those
 * that commands print ({@link org.farfit.analysis.coverage.DefaultCoverage}, {@link
 * org.farfit.analysis.coverage.AutoCoverage}) with how often they tell recipes apart that are alike
 * ({@link org.farfit.analysis.coverage.Ties}), and tests of nested laws ({@link
 * org.farfit.analysis.coverage.TestSizes}).
 */
package org.farfit.analysis.coverage;

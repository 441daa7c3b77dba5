/**
 * How uncertain a fit is, by fitting it again to many resampled data sets.
 *
 * <p>{@link org.farfit.fit.bootstrap.Bootstrap} turns a fit into {@link
 * org.farfit.fit.bootstrap.Replicates}: one surface per resampled data set. A {@link
 * org.farfit.fit.bootstrap.Resampling} says how data sets are drawn. {@link
 * org.farfit.fit.bootstrap.BootstrapIntervals} turns the values that a quantity takes on the
 * replicates into an interval.
 */
package org.farfit.fit.bootstrap;

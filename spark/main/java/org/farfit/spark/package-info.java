/**
 * Sweeps on Apache Spark 4.2. {@link org.farfit.spark.SparkProvider} connects to a cluster, {@link
 * org.farfit.spark.SparkSweep} sends shards and collects rows, {@link org.farfit.spark.ShardJob} is
 * what an executor does with one.
 */
package org.farfit.spark;

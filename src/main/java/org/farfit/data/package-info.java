/**
 * Training runs and how they are read.
 *
 * <p>{@link org.farfit.data.RunSet} holds runs; {@link org.farfit.data.RunFile} reads them from
 * delimited text, JSON or Parquet, with {@link org.farfit.data.ColumnOptions} saying which columns
 * and rows. Whatever is wrong with an input becomes one {@link org.farfit.data.InputException}
 * whose message names file, line and column. {@link org.farfit.data.Quantity} reads numbers such as
 * {@code 25.1B}.
 */
package org.farfit.data;

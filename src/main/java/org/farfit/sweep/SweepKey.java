package org.farfit.sweep;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.Serializable;

/**
 * What a row of a sweep is about, by the names that the sweep gives.
 *
 * @param id stable identifier: a hash of everything that the result depends on by name
 * @param input file of runs
 * @param where filter on rows
 * @param loss loss column; empty if it was found by its usual names
 * @param holdout which runs were held out
 * @param split which runs were predicted; {@code fit} for the fitted ones
 * @param law name of the law
 * @param method how it was fitted
 * @param objective what was minimised
 * @param seed of starts and replicates
 */
@JsonPropertyOrder({
  "id",
  "input",
  "where",
  "loss",
  "holdout",
  "split",
  "law",
  "method",
  "objective",
  "seed"
})
public record SweepKey(
    String id,
    String input,
    String where,
    String loss,
    String holdout,
    String split,
    String law,
    String method,
    String objective,
    long seed)
    implements Serializable {}

package org.farfit.sweep;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.Serializable;
import java.util.Map;

/**
 * One result of a sweep: a fit, judged on one set of runs. Errors are relative, Lhat / L - 1, in
 * percent; numbers that are not known are null.
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
 * @param status how the fit ended; success begins with {@code converged}
 * @param message what went wrong, or what the runs cannot tell of the law; or null
 * @param fitRuns how many runs were fitted
 * @param testRuns how many were predicted
 * @param cost of the fit
 * @param largestN the largest fitted N
 * @param mape mean of the absolute errors of the predicted runs
 * @param meanSigned mean of their errors
 * @param mapeLow lower end of the 90% bootstrap interval of mape
 * @param mapeHigh upper end
 * @param signedLow lower end of the 90% bootstrap interval of meanSigned
 * @param signedHigh upper end
 * @param replicates how many replicates the intervals are from
 * @param parameters published parameters by name
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
  "seed",
  "status",
  "message",
  "fitRuns",
  "testRuns",
  "cost",
  "largestN",
  "mape",
  "meanSigned",
  "mapeLow",
  "mapeHigh",
  "signedLow",
  "signedHigh",
  "replicates",
  "parameters"
})
public record SweepRow(
    String id,
    String input,
    String where,
    String loss,
    String holdout,
    String split,
    String law,
    String method,
    String objective,
    long seed,
    String status,
    String message,
    int fitRuns,
    int testRuns,
    Double cost,
    Double largestN,
    Double mape,
    Double meanSigned,
    Double mapeLow,
    Double mapeHigh,
    Double signedLow,
    Double signedHigh,
    int replicates,
    Map<String, Double> parameters)
    implements Serializable {}

package org.farfit.sweep;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.Serializable;
import java.util.Map;

/**
 * What came of a fit, judged on one set of runs. Errors are relative, Lhat / L - 1, in percent;
 * numbers that are not known are null.
 *
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
public record SweepResult(
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
    implements Serializable {

  /** No fit at all, and why. */
  static SweepResult failed(String status, String message) {
    return new SweepResult(
        status, message, 0, 0, null, null, null, null, null, null, null, null, 0, Map.of());
  }

  /** Whether the fit converged. */
  public boolean converged() {
    return status.startsWith("converged");
  }
}

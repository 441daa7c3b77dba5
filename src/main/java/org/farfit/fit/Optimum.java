package org.farfit.fit;

import java.util.List;
import org.farfit.solver.Status;

/**
 * A distinct minimum of the cost, or the best point of a search that found none.
 *
 * @param centred centred parameters
 * @param cost the cost there
 * @param status how the best of the starts that ended here ended
 * @param starts how many starts ended here
 */
public record Optimum(List<Double> centred, double cost, Status status, int starts) {

  /** The centred parameters as an array. */
  public double[] parameters() {
    return centred.stream().mapToDouble(Double::doubleValue).toArray();
  }
}

package org.farfit.fit;

import java.util.SortedMap;

/**
 * The prior on curvatures of a regularised fit, and how it was chosen.
 *
 * @param deviation standard deviation of each curvature around zero; infinite for no prior
 * @param residualScale standard deviation of a residual that it was weighed with
 * @param penalty what it adds to the cost
 * @param errors mean error |Lhat / L - 1| one size ahead, over all origins within the fitted runs,
 *     by deviation; empty where there are too few sizes to choose by
 */
public record Regularisation(
    double deviation, double residualScale, double penalty, SortedMap<Double, Double> errors) {}

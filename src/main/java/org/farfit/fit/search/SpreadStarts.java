package org.farfit.fit.search;

import java.util.SplittableRandom;
import org.farfit.law.SamplingBox;
import org.farfit.solver.StartingPoints;
import org.hipparchus.random.SobolSequenceGenerator;

/**
 * Starting points spread over a sampling box: a Sobol sequence, rotated by a seeded random vector
 * (Cranley and Patterson 1976), so that any number of them covers the box evenly and different
 * seeds give different points. The first K points do not depend on how many follow.
 */
public final class SpreadStarts implements StartingPoints {

  private final int dimension;

  /** Problem after problem. */
  private final double[] points;

  /**
   * Draws points.
   *
   * @param box where from
   * @param count how many
   * @param seed which rotation
   */
  public SpreadStarts(SamplingBox box, int count, long seed) {
    int p = box.dimension();
    SobolSequenceGenerator sobol = new SobolSequenceGenerator(p);
    SplittableRandom random = new SplittableRandom(seed);
    double[] rotation = random.doubles(p).toArray();
    double[] point = new double[p];
    dimension = p;
    points = new double[Math.multiplyExact(count, p)];
    for (int k = 0; k < count; k++) {
      double[] unit = sobol.nextVector();
      for (int j = 0; j < p; j++) {
        double rotated = unit[j] + rotation[j];
        unit[j] = rotated - Math.floor(rotated);
      }
      box.at(unit, point);
      System.arraycopy(point, 0, points, k * p, p);
    }
  }

  @Override
  public int count() {
    return points.length / dimension;
  }

  @Override
  public void start(int k, double[] parameters) {
    System.arraycopy(points, k * dimension, parameters, 0, dimension);
  }

  @Override
  public void starts(int first, int count, int p, double[] parameters) {
    System.arraycopy(points, first * p, parameters, 0, count * p);
  }
}

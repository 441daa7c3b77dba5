package org.farfit.engine.simd;

/** Arrays over the runs of one N and lanes that every kernel needs between its loops. */
final class Scratch {

  /** Data term ln(B D^-A). */
  final double[] w;

  /** Minus the distance of the two terms. */
  final double[] x;

  /** e^x. */
  final double[] t;

  /** ln(1 + t). */
  final double[] log;

  /** 1 / (1 + t). */
  final double[] inverse;

  Scratch(int length) {
    w = new double[length];
    x = new double[length];
    t = new double[length];
    log = new double[length];
    inverse = new double[length];
  }

  /** t, log and inverse from x, for the first {@code count} vectors. */
  void exponentials(int count) {
    VectorMath.exp(count, x, t);
    VectorMath.logOnePlus(count, t, log, inverse);
  }
}

package org.farfit.solver;

/** The problems of a batch: where each starts and which weighting it uses. Thread-safe. */
public interface StartingPoints {

  /** How many problems there are. */
  int count();

  /**
   * The start of problem k.
   *
   * @param parameters output, p values
   */
  void start(int k, double[] parameters);

  /**
   * The starts of problems that follow each other.
   *
   * @param first of them
   * @param count how many
   * @param p parameters of each
   * @param parameters output, p values of each problem, one problem after the other
   */
  default void starts(int first, int count, int p, double[] parameters) {
    double[] one = new double[p];
    for (int i = 0; i < count; i++) {
      start(first + i, one);
      System.arraycopy(one, 0, parameters, i * p, p);
    }
  }

  /** The row of the weight table that problem k uses. */
  default int weightRow(int k) {
    return 0;
  }

  /** Whether all problems start at one point. */
  default boolean areOnePoint() {
    return false;
  }

  /** One start for each of the first rows of the weight table. */
  static StartingPoints forRows(double[] start, int rows) {
    return new StartingPoints() {
      @Override
      public int count() {
        return rows;
      }

      @Override
      public void start(int k, double[] parameters) {
        System.arraycopy(start, 0, parameters, 0, parameters.length);
      }

      @Override
      public int weightRow(int k) {
        return k;
      }

      @Override
      public boolean areOnePoint() {
        return true;
      }
    };
  }

  /** Given starts, all with weight row 0. */
  static StartingPoints of(double[]... starts) {
    return new StartingPoints() {
      @Override
      public int count() {
        return starts.length;
      }

      @Override
      public void start(int k, double[] parameters) {
        System.arraycopy(starts[k], 0, parameters, 0, parameters.length);
      }
    };
  }
}

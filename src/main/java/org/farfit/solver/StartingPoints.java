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

  /** The row of the weight table that problem k uses. */
  default int weightRow(int k) {
    return 0;
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

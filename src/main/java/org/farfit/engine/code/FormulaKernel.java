package org.farfit.engine.code;

/**
 * Generated code for one response: fills slots of arrays with the response and its derivatives.
 * Stateless. A slot holds one value per item (the problem, a value of a column, a run of a chunk)
 * and lane.
 */
public interface FormulaKernel {

  /**
   * Computes what depends on parameters alone.
   *
   * @param problem slots of the problem; the first are the parameters, given
   * @param scalars numbers of the data set
   */
  void problem(double[] problem, double[] scalars);

  /**
   * Computes what depends on parameters and one column, for each value of it.
   *
   * @param extent which extent of the schedule
   * @param count how many values
   * @param own output, slots of {@code stride} numbers
   * @param columns expressions of the column, each of {@code columnStride} numbers
   */
  void values(
      int extent,
      int count,
      double[] own,
      int stride,
      double[] problem,
      double[] scalars,
      double[] columns,
      int columnStride);

  /**
   * Computes a chunk of runs.
   *
   * @param count how many runs
   * @param first the first of them
   * @param own output, slots of {@code stride} numbers
   * @param columns expressions of columns, each of {@code columnStride} numbers, one per run
   * @param values slots of every extent of values, an array for each
   * @param valueStride the distance between two slots of each extent
   * @param index for each extent, {@code columnStride} numbers: which value each run has
   */
  void runs(
      int count,
      int first,
      double[] own,
      int stride,
      double[] problem,
      double[] scalars,
      double[] columns,
      int columnStride,
      double[][] values,
      int[] valueStride,
      int[] index);
}

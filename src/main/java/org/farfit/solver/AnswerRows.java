package org.farfit.solver;

/**
 * Answers to problems that follow each other, as a device holds them: numbers of one kind lie
 * together, so that they are copied as a whole. Each method copies one number of every problem.
 */
public interface AnswerRows {

  /**
   * Copies a parameter of every problem.
   *
   * @param j which parameter
   * @param values output, from index {@code to} on
   */
  void parameter(int j, double[] values, int to);

  /**
   * Copies the costs; what is there of a start that could not be evaluated does not matter.
   *
   * @param costs output, from index {@code to} on
   */
  void costs(double[] costs, int to);

  /**
   * Copies how the problems ended.
   *
   * @param codes output, from index {@code to} on: codes of {@link StepRules}
   */
  void codes(int[] codes, int to);

  /**
   * Copies accepted steps.
   *
   * @param counts output, from index {@code to} on
   */
  void iterations(int[] counts, int to);

  /**
   * Copies evaluations of the normal equations, the start included.
   *
   * @param counts output, from index {@code to} on
   */
  void evaluations(int[] counts, int to);
}

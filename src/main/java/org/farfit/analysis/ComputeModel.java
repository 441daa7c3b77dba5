package org.farfit.analysis;

import java.util.function.DoubleUnaryOperator;
import net.objecthunter.exp4j.Expression;
import net.objecthunter.exp4j.ExpressionBuilder;
import org.farfit.data.InputLimits;
import org.farfit.data.RunFile;
import org.farfit.data.Shown;

/**
 * Training compute C in FLOPs as a function of parameters N and tokens D, growing with both.
 *
 * <p>The usual model is C = 6 N D (Kaplan et al. 2020, section 2.1).
 */
public final class ComputeModel {

  /** C = 6 N D. */
  public static final ComputeModel USUAL = new ComputeModel("6*N*D", null);

  private static final double LOG_LEAST_TOKENS = 0;
  private static final double LOG_MOST_TOKENS = Math.log(1e40);

  /** How far the tokens lie from a first guess if it is not the root. */
  private static final double GUESS_STEP = 1e-3;

  private static final double STEP_GROWTH = 4;

  /** Of ln D. */
  private static final double ACCURACY = 1e-15;

  private static final double STEP = Math.PI;

  private final String formula;
  private final Expression expression;

  private ComputeModel(String formula, Expression expression) {
    this.formula = formula;
    this.expression = expression;
  }

  /**
   * A model given by a formula in N and D, such as {@code 6*N*D + 1e3*N^(2/3)*D}.
   *
   * @throws IllegalArgumentException if it does not parse, or does not grow with N and D
   */
  public static ComputeModel of(String formula) {
    if (formula.replace(" ", "").equals(USUAL.formula)) {
      return USUAL; // with its closed forms
    }
    String shown = Shown.text(formula);
    if (formula.length() > InputLimits.FORMULA_CHARACTERS) {
      throw new IllegalArgumentException(
          "FLOPs formula '%s' is longer than the %,d characters that a formula may have"
              .formatted(shown, InputLimits.FORMULA_CHARACTERS));
    }
    Expression expression;
    try {
      expression = new ExpressionBuilder(formula).variables("N", "D").build();
      expression.setVariable("N", 1e9).setVariable("D", 1e10).evaluate();
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "FLOPs formula '%s' cannot be read (%s); write it in N and D, such as 6*N*D"
              .formatted(shown, Shown.text(String.valueOf(e.getMessage()))),
          e);
    }
    ComputeModel model = new ComputeModel(formula, expression);
    if (!model.grows()) {
      throw new IllegalArgumentException(
          "FLOPs formula '%s' is not positive, or does not grow with N and D, somewhere between"
                  .formatted(shown)
              + " 1e5 and 1e14 parameters and 1e7 and 1e16 tokens");
    }
    return model;
  }

  /** Whether it grows on a grid of steps by a ratio that no period of a function matches. */
  private boolean grows() {
    boolean grows = flops(1e9, 1e10) < Math.min(flops(2e9, 1e10), flops(1e9, 2e10));
    for (double n = 1e5; n < 1e14; n *= STEP) {
      for (double d = 1e7; d < 1e16; d *= STEP) {
        double at = flops(n, d);
        grows &= at > 0 && at <= flops(STEP * n, d) && at <= flops(n, STEP * d);
      }
    }
    return grows;
  }

  /** The formula. */
  public String formula() {
    return formula;
  }

  /** Whether C = 6 N D. */
  public boolean isUsual() {
    return expression == null;
  }

  /** FLOPs of a training run. */
  public double flops(double n, double d) {
    if (isUsual()) {
      return RunFile.FLOPS_PER_PARAMETER_TOKEN * n * d;
    }
    // An expression holds the values of its variables.
    return new Expression(expression).setVariable("N", n).setVariable("D", d).evaluate();
  }

  /**
   * The tokens that a budget leaves for a model of N parameters; NaN if it does not even suffice
   * for one token, or if the formula does not grow between there and 1e40 tokens.
   */
  public double tokens(double n, double flops) {
    if (isUsual()) {
      return flops / (RunFile.FLOPS_PER_PARAMETER_TOKEN * n);
    }
    double ofOne = flops(n, Math.exp(LOG_LEAST_TOKENS));
    if (!(ofOne <= flops)) {
      return Double.NaN;
    }
    DoubleUnaryOperator excess = y -> Math.log(flops(n, Math.exp(y)) / flops);
    // Compute grows nearly in proportion to the tokens, so the root is near this, or is this.
    double low = Math.clamp(Math.log(flops / ofOne), LOG_LEAST_TOKENS, LOG_MOST_TOKENS);
    if (Math.abs(excess.applyAsDouble(low)) <= ACCURACY) {
      return Math.exp(low);
    }
    double high = low;
    double step = GUESS_STEP;
    while (low > LOG_LEAST_TOKENS && excess.applyAsDouble(low) > 0) {
      low = Math.max(LOG_LEAST_TOKENS, low - step);
      step *= STEP_GROWTH;
    }
    while (high < LOG_MOST_TOKENS && excess.applyAsDouble(high) < 0) {
      high = Math.min(LOG_MOST_TOKENS, high + step);
      step *= STEP_GROWTH;
    }
    return Math.exp(Roots.between(excess, low, high, ACCURACY, ACCURACY).orElse(Double.NaN));
  }
}

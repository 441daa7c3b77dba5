package org.farfit.cli;

import java.util.List;
import java.util.OptionalDouble;
import org.farfit.analysis.study.AllocationStudy;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What {@code farfit allocate} can ask about N and D. */
final class SizeQuestions {

  /** Below, a share of the loss is beneath the digits of the search. */
  private static final double LEAST_WITHIN = 1e-6;

  private static final double MOST_WITHIN = 1000;

  @Option(
      names = "--compute",
      paramLabel = "C",
      split = ",",
      converter = QuantityRange.Converter.class,
      description = "Budgets in FLOPs, joined by commas; LOW:HIGH:COUNT spaces them evenly.")
  List<QuantityRange> budgets = List.of();

  @Option(
      names = "--target-loss",
      paramLabel = "L",
      split = ",",
      converter = QuantityConverter.class,
      description = "Which budget reaches this loss at its optimum?")
  List<Double> targets = List.of();

  @Option(
      names = "--for-n",
      paramLabel = "N",
      split = ",",
      converter = QuantityConverter.class,
      description = "For how many tokens is a model of N parameters the optimal one?")
  List<Double> sizes = List.of();

  @Option(
      names = "--within",
      paramLabel = "PERCENT",
      converter = QuantityConverter.class,
      description =
          "For each budget also the smallest N whose loss is within so much of the optimum.")
  Double within;

  @Mixin FlopsChoice flops;

  boolean areNone() {
    return budgets.isEmpty() && targets.isEmpty() && sizes.isEmpty() && within == null;
  }

  /** The questions; ends the command if they make no sense. */
  AllocationStudy.Questions checked(CommandLine command) {
    if (budgets.isEmpty() && targets.isEmpty() && sizes.isEmpty()) {
      throw new ParameterException(
          command, "say what to allocate: --compute, --target-loss or --for-n; or --over");
    }
    QuantityRange.checkBudgets("--compute", budgets, command);
    if (within != null && budgets.isEmpty()) {
      throw new ParameterException(command, "--within needs --compute");
    }
    if (within != null && !(within >= LEAST_WITHIN && within <= MOST_WITHIN)) {
      throw new ParameterException(
          command,
          "--within %s is not between %s and %s percent"
              .formatted(within, LEAST_WITHIN, MOST_WITHIN));
    }
    return new AllocationStudy.Questions(
        QuantityRange.all(budgets),
        targets,
        sizes,
        within == null ? OptionalDouble.empty() : OptionalDouble.of(within / 100));
  }
}

package org.farfit.analysis.study;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.farfit.analysis.Comparison;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.LossLimits;
import org.farfit.analysis.inference.ComparedInference;
import org.farfit.analysis.inference.Estimands;
import org.farfit.fit.Surface;
import org.farfit.solver.Parallel;
import org.farfit.solver.ProgressListener;

/**
 * Which of two training recipes wins where, with what is known of each answer: whether it may be
 * believed, and how probable it is where both have bootstrap replicates.
 *
 * <pre>{@code
 * ComparisonStudy study =
 *     new ComparisonStudy(ComparedInference.Side.of(a), ComparedInference.Side.of(b),
 *         ComputeModel.USUAL, 0.95);
 * System.out.println(study.at(new Estimands.Point(7e9, 1e12)).winner());
 * }</pre>
 */
public final class ComparisonStudy {

  /** What wins where a loss is none that can be believed. */
  public static final String UNKNOWN = "unknown";

  private final Comparison comparison;
  private final Surface surfaceA;
  private final Surface surfaceB;
  private final LossLimits limitsA;
  private final LossLimits limitsB;
  private final Optional<ComparedInference> inference;

  /**
   * Both recipes at a point.
   *
   * @param values what the surfaces give
   * @param probabilityA that the loss of A is lower; empty without replicates of both
   * @param problem why a loss is none that can be believed, and nobody wins
   */
  public record Verdict(
      Comparison.Point values, OptionalDouble probabilityA, Optional<String> problem) {

    /** A, B, neither or {@link #UNKNOWN}. */
    public String winner() {
      return problem.isPresent() ? UNKNOWN : values.winner();
    }
  }

  /**
   * A point at which both are equal.
   *
   * @param crossing of the surfaces
   * @param sure what replicates say of it; empty without replicates of both
   * @param problem why the loss there is none that can be believed
   */
  public record Parity(
      Comparison.Crossing crossing,
      Optional<ComparedInference.Parity> sure,
      Optional<String> problem) {}

  /**
   * How much compute A saves.
   *
   * @param compute FLOPs spent on A
   * @param loss the loss that A reaches with them; empty where it has none that can be believed
   * @param multiplier FLOPs that B needs for the same loss, over those of A
   * @param problem why there is no multiplier, if there is none
   */
  public record Saving(
      double compute, OptionalDouble loss, OptionalDouble multiplier, Optional<String> problem) {

    private static Saving without(double compute, String problem) {
      return new Saving(
          compute, OptionalDouble.empty(), OptionalDouble.empty(), Optional.of(problem));
    }
  }

  /**
   * A study of two recipes.
   *
   * @param compute FLOPs of a run
   * @param level probability that an interval should cover
   */
  public ComparisonStudy(
      ComparedInference.Side a, ComparedInference.Side b, ComputeModel compute, double level) {
    comparison = new Comparison(a.surface(), a.range(), b.surface(), b.range(), compute);
    surfaceA = a.surface();
    surfaceB = b.surface();
    limitsA = LossLimits.of(a.runs());
    limitsB = LossLimits.of(b.runs());
    inference =
        a.replicates().isEmpty() || b.replicates().isEmpty()
            ? Optional.empty()
            : Optional.of(new ComparedInference(a, b, level));
  }

  /** The surfaces side by side. */
  public Comparison comparison() {
    return comparison;
  }

  /** What replicates tell; empty without replicates of both. */
  public Optional<ComparedInference> inference() {
    return inference;
  }

  /** Who wins at a point. */
  public Verdict at(Estimands.Point point) {
    return verdict(comparison.at(point.n(), point.d()));
  }

  private Verdict verdict(Comparison.Point point) {
    Optional<String> problem = refusal(point.n(), point.d(), point.lossA(), point.lossB());
    double probability =
        problem.isPresent() || inference.isEmpty()
            ? Double.NaN
            : inference.get().probabilityThatAWins(point.n(), point.d());
    return new Verdict(
        point,
        Double.isNaN(probability) ? OptionalDouble.empty() : OptionalDouble.of(probability),
        problem);
  }

  private Optional<String> refusal(double n, double d, double lossA, double lossB) {
    return limitsA
        .refusal(surfaceA, n, d, lossA)
        .map(reason -> "A: " + reason)
        .or(() -> limitsB.refusal(surfaceB, n, d, lossB).map(reason -> "B: " + reason));
  }

  /**
   * Who wins on a grid of the fitted N and D, even in their logarithms.
   *
   * @param steps points along each side, at least 2
   */
  public List<Verdict> grid(int steps, ProgressListener progress) {
    return each(comparison.grid(comparison.range(), steps), this::verdict, progress);
  }

  /**
   * The points of the parity curve.
   *
   * @param sizes how many N, even in ln N over the range of both
   */
  public List<Parity> parity(int sizes, ProgressListener progress) {
    return each(comparison.parity(sizes), this::parity, progress);
  }

  private Parity parity(Comparison.Crossing crossing) {
    Optional<String> problem =
        refusal(crossing.n(), crossing.d(), crossing.loss(), crossing.loss());
    return new Parity(
        crossing,
        problem.isPresent()
            ? Optional.empty()
            : inference.map(known -> known.parity(crossing.n(), crossing.d())),
        problem);
  }

  /**
   * How much more compute B needs to match A at its optimum.
   *
   * @param flops budget of A
   */
  public Saving saving(double flops) {
    Comparison.Multiplier found = comparison.multiplier(flops);
    if (Double.isNaN(found.loss())) {
      return Saving.without(flops, "A has no interior optimum there");
    }
    Optional<String> refusal = limitsA.refusal(found.loss());
    if (refusal.isPresent()) {
      return Saving.without(flops, "A: " + refusal.get());
    }
    return new Saving(
        flops,
        OptionalDouble.of(found.loss()),
        found.multiplier(),
        found.multiplier().isPresent()
            ? Optional.empty()
            : Optional.of("no budget from 1e9 to 1e33 FLOPs gets B there"));
  }

  /** Answers for some points, on every core. */
  private static <T, R> List<R> each(
      List<T> points, Function<T, R> answer, ProgressListener progress) {
    return Parallel.map(
        points.size(),
        Runtime.getRuntime().availableProcessors(),
        progress,
        i -> answer.apply(points.get(i)));
  }
}

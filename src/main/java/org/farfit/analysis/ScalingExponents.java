package org.farfit.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Objective;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.solver.ProgressListener;
import org.hipparchus.analysis.UnivariateFunction;
import org.hipparchus.analysis.interpolation.LinearInterpolator;

/**
 * The exponents of compute-optimal scaling, N* = k C^a and D* = m C^b with C = 6 N D, by the three
 * approaches of Hoffmann et al. 2022 (section 3) and by variable projection.
 *
 * <pre>{@code
 * new ScalingExponents(engine, FitOptions.DEFAULT, ProgressListener.NONE)
 *     .all(runs, new IsoFlopProfiles(IsoFlopProfiles.Settings.DEFAULT).of(runs))
 *     .forEach(answer -> System.out.println(answer.approach() + " " + answer.sizeExponent()));
 * }</pre>
 */
public final class ScalingExponents {

  /** Budgets at which approach 1 looks for the best size (section 3.1). */
  private static final int ENVELOPE_BUDGETS = 1500;

  /** Budgets of approach 2, which uses nine isoFLOP profiles (section 3.2). */
  private static final int PROFILES = 9;

  /** The approach whose exponents have intervals. */
  public static final String BY_BUDGET = "2: isoFLOP parabolas by budget";

  private final Engine engine;
  private final FitOptions options;
  private final ProgressListener progress;

  /** An analysis; of the options it uses the threads and the stopping tests. */
  public ScalingExponents(Engine engine, FitOptions options, ProgressListener progress) {
    this.engine = engine;
    this.options = options;
    this.progress = progress;
  }

  /** The law of the approaches by a surface: the sum of a limit and powers of N and of D. */
  public static Law law() {
    return Laws.simplest();
  }

  /**
   * What one approach gives.
   *
   * @param approach its name
   * @param sizeExponent a; NaN if the runs do not allow the approach
   * @param tokenExponent b
   * @param logSizeFactor ln k
   * @param logTokenFactor ln m
   * @param points how many optima a line was fitted to, or runs a surface
   * @param detail what was found on the way, or why nothing was
   * @param ofSize interval of a; unknown by approaches that do not tell
   * @param ofTokens interval of b
   */
  public record Answer(
      String approach,
      double sizeExponent,
      double tokenExponent,
      double logSizeFactor,
      double logTokenFactor,
      int points,
      String detail,
      Interval ofSize,
      Interval ofTokens) {

    /** An answer for C = 6 N D exactly, by which D* follows from N*. */
    private static Answer of(
        String approach, double sizeExponent, double logSizeFactor, int points, String detail) {
      return new Answer(
          approach,
          sizeExponent,
          1 - sizeExponent,
          logSizeFactor,
          -logSizeFactor - Math.log(RunFile.FLOPS_PER_PARAMETER_TOKEN),
          points,
          detail,
          Interval.UNKNOWN,
          Interval.UNKNOWN);
    }

    /** N* for a budget of FLOPs. */
    public double size(double flops) {
      return Math.exp(logSizeFactor + sizeExponent * Math.log(flops));
    }

    /** D* for a budget of FLOPs. */
    public double tokens(double flops) {
      return Math.exp(logTokenFactor + tokenExponent * Math.log(flops));
    }
  }

  /** An optimal size found for a budget. */
  private record Optimum(double logCompute, double logSize) {}

  /**
   * Every approach.
   *
   * @param budgets approach 2 on the runs of each budget
   */
  public List<Answer> all(RunSet runs, IsoFlopProfiles.Found budgets) {
    return List.of(
        envelope(runs), profiles(runs), byBudget(budgets), surface(runs), projection(runs));
  }

  /** Approach 2 on the runs of each budget, where the runs have budgets. */
  public Answer byBudget(IsoFlopProfiles.Found found) {
    boolean known = found.optima() >= 2;
    int budgets = found.budgets().size();
    return new Answer(
        BY_BUDGET,
        found.sizes().exponent(),
        found.tokens().exponent(),
        found.sizes().logFactor(),
        found.tokens().logFactor(),
        found.optima(),
        "%s%d budgets of four sizes or more, %s; %d runs in none"
            .formatted(
                known ? "" : "the runs do not allow it: ", budgets, found.how(), found.leftOut()),
        found.sizes().interval(),
        found.tokens().interval());
  }

  /**
   * Approach 1: at many budgets the size whose curve of loss against compute is lowest. Budgets at
   * which the smallest or the largest size that reaches them wins tell nothing and are left out.
   */
  public Answer envelope(RunSet runs) {
    List<Curve> curves = curves(runs);
    List<Optimum> optima = new ArrayList<>();
    for (double logC : budgets(runs, ENVELOPE_BUDGETS)) {
      List<Curve> reaching = curves.stream().filter(curve -> curve.reaches(logC)).toList();
      Optional<Curve> best =
          reaching.stream().min(Comparator.comparingDouble(curve -> curve.logLoss(logC)));
      if (best.isPresent()
          && best.get().logN() > reaching.getFirst().logN()
          && best.get().logN() < reaching.getLast().logN()) {
        optima.add(new Optimum(logC, best.get().logN()));
      }
    }
    return line("1: envelope of training curves", optima, optima.size());
  }

  /**
   * Approach 2 on training curves: for each of nine budgets the vertex of a parabola of ln L in ln
   * N through the sizes, each read off its curve at D = C / (6 N).
   */
  public Answer profiles(RunSet runs) {
    List<Curve> curves = curves(runs);
    List<Optimum> optima = new ArrayList<>();
    for (double logC : budgets(runs, PROFILES + 2)) {
      List<Curve> reaching = curves.stream().filter(curve -> curve.reaches(logC)).toList();
      if (reaching.size() >= IsoFlopBudgets.FEWEST_SIZES) {
        Parabola.minimum(
                reaching.stream().mapToDouble(Curve::logN).toArray(),
                reaching.stream().mapToDouble(curve -> curve.logLoss(logC)).toArray())
            .ifPresent(vertex -> optima.add(new Optimum(logC, vertex.x())));
      }
    }
    return line("2: isoFLOP parabolas on curves", optima, optima.size());
  }

  /**
   * Approach 3: Chinchilla's law by Huber loss of log residuals, threshold 1e-3, from the published
   * grid of 4,500 starts.
   */
  public Answer surface(RunSet runs) {
    LawFit fit =
        new GlobalFit(
                engine,
                options.withObjective(Objective.logHuber(Objective.PUBLISHED_HUBER_DELTA)),
                progress)
            .fit(law(), runs, centre -> new PublishedGrid(law(), centre));
    String detail =
        "%s; %d of %d starts at the best"
            .formatted(
                fit.status().label(),
                fit.multiStart().orElseThrow().atBest(),
                fit.multiStart().orElseThrow().starts());
    return published("3: parametric, Huber", fit.surface().published(), runs.size(), detail);
  }

  /** Approach 3 by variable projection: least squares of the relative error. */
  public Answer projection(RunSet runs) {
    VariableProjection.Found found = VariableProjection.fit(runs);
    return published(
        "3: parametric, variable projection",
        found.published(),
        runs.size(),
        "cost %.5g".formatted(found.cost()));
  }

  private static Answer published(String approach, double[] published, int runs, String detail) {
    double alpha = published[3];
    double beta = published[4];
    double sum = alpha + beta;
    String fitted =
        "E %.5g, A %.5g, B %.5g, alpha %.5g, beta %.5g; %s"
            .formatted(published[0], published[1], published[2], alpha, beta, detail);
    if (!(alpha * published[1] > 0 && beta * published[2] > 0)) {
      // What rises with N or D has an exponent, too, but not one of a use of compute.
      return Answer.of(
          approach,
          Double.NaN,
          Double.NaN,
          runs,
          "the runs do not allow it: the fitted loss rises with %s; %s"
              .formatted(alpha * published[1] > 0 ? "D" : "N", fitted));
    }
    double logFactor =
        (Math.log(alpha / beta) + Math.log(published[1] / published[2])) / sum
            - beta / sum * Math.log(RunFile.FLOPS_PER_PARAMETER_TOKEN);
    return Answer.of(approach, beta / sum, logFactor, runs, fitted);
  }

  /** A regression of ln N* on ln C; b = 1 - a since C = 6 N D. */
  private static Answer line(String approach, List<Optimum> optima, int points) {
    long distinct = optima.stream().map(Optimum::logSize).distinct().count();
    if (distinct < 2) {
      return Answer.of(
          approach,
          Double.NaN,
          Double.NaN,
          points,
          "the runs do not allow it: %d budgets with an optimum between their sizes"
              .formatted(points));
    }
    double meanC = optima.stream().mapToDouble(Optimum::logCompute).average().orElseThrow();
    double meanN = optima.stream().mapToDouble(Optimum::logSize).average().orElseThrow();
    double products = 0;
    double squares = 0;
    for (Optimum optimum : optima) {
      products += (optimum.logCompute() - meanC) * (optimum.logSize() - meanN);
      squares += Math.pow(optimum.logCompute() - meanC, 2);
    }
    double slope = products / squares;
    return Answer.of(
        approach,
        slope,
        meanN - slope * meanC,
        points,
        "%d budgets, %d distinct sizes".formatted(points, distinct));
  }

  /** The loss of one size against compute, linear between runs in logarithms. */
  private record Curve(double logN, double low, double high, UnivariateFunction loss) {

    boolean reaches(double logC) {
      return logC >= low && logC <= high;
    }

    double logLoss(double logC) {
      return loss.value(logC);
    }
  }

  /** One curve per size with at least two D, smallest size first. */
  private static List<Curve> curves(RunSet all) {
    RunSet runs = all.bySize();
    Map<Double, TreeMap<Double, double[]>> bySize = new TreeMap<>();
    for (int i = 0; i < runs.size(); i++) {
      double[] sum =
          bySize
              .computeIfAbsent(runs.n(i), n -> new TreeMap<>())
              .computeIfAbsent(runs.d(i), d -> new double[2]);
      sum[0] += Math.log(runs.loss(i));
      sum[1]++;
    }
    List<Curve> curves = new ArrayList<>();
    bySize.forEach((n, losses) -> {
      if (losses.size() > 1) {
        double[] logC =
            losses.keySet().stream()
                .mapToDouble(d -> Math.log(ComputeModel.USUAL.flops(n, d)))
                .toArray();
        double[] logLoss = losses.values().stream().mapToDouble(s -> s[0] / s[1]).toArray();
        curves.add(
            new Curve(
                Math.log(n),
                logC[0],
                logC[logC.length - 1],
                new LinearInterpolator().interpolate(logC, logLoss)));
      }
    });
    return curves;
  }

  private static double[] budgets(RunSet runs, int count) {
    double[] logC = new double[runs.size()];
    for (int i = 0; i < logC.length; i++) {
      logC[i] = Math.log(ComputeModel.USUAL.flops(runs.n(i), runs.d(i)));
    }
    double low = Arrays.stream(logC).min().orElseThrow();
    double high = Arrays.stream(logC).max().orElseThrow();
    double[] budgets = new double[count];
    for (int i = 0; i < count; i++) {
      budgets[i] = low + (high - low) * i / (count - 1);
    }
    return budgets;
  }
}

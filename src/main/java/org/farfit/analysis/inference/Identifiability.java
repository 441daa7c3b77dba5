package org.farfit.analysis.inference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import org.farfit.analysis.CostScan;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.LogLikelihood;
import org.farfit.fit.WeightedJacobian;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;

/**
 * Which parameters, and which combinations of them, the data determine.
 *
 * <pre>{@code
 * Identifiability.Report report = new Identifiability(engine, fit, runs).examine();
 * report.statements().forEach(System.out::println);
 * }</pre>
 */
public final class Identifiability {

  /** Of profile intervals. */
  public static final double LEVEL = 0.95;

  /** A direction that is determined so many times worse than the best one is called sloppy. */
  private static final double SLOPPY = 20;

  /** Parts of a direction below this share are not named. */
  private static final double NAMED = 0.2;

  /** Profiles reach so many standard errors to either side. */
  private static final double REACH = 4;

  private static final int POINTS = 33;

  private final Engine engine;
  private final LawFit fit;
  private final RunSet runs;

  /**
   * An examination.
   *
   * @param runs the runs that were fitted
   */
  public Identifiability(Engine engine, LawFit fit, RunSet runs) {
    this.engine = engine;
    this.fit = fit;
    this.runs = runs;
  }

  /**
   * A direction in the space of centred parameters, each in units of its effect on the fit.
   *
   * @param ratio how many times worse it is determined than the best direction
   * @param combination its larger parts by parameter; their squares sum to at most 1
   */
  public record Direction(double ratio, Map<String, Double> combination) {

    /** The combination in words. */
    public String words() {
      return combination.entrySet().stream()
          .map(part -> "%+.2f %s".formatted(part.getValue(), part.getKey()))
          .collect(Collectors.joining(" "));
    }
  }

  /**
   * The profile of the cost along one parameter, the others re-optimised.
   *
   * @param parameter a centred parameter
   * @param estimate its fitted value
   * @param values values it was held at
   * @param t profile t there, sqrt(2 (cost - least cost)) / s
   * @param interval the 95% profile-likelihood interval; NaN where it is not bounded
   */
  public record Curve(
      String parameter, double estimate, double[] values, double[] t, Interval interval) {}

  /**
   * What was found.
   *
   * @param condition condition number of the column-scaled Jacobian
   * @param sloppy directions that the data hardly determine, the worst first
   * @param curves one per centred parameter; empty without a covariance
   * @param statements what this means, in words
   */
  public record Report(
      double condition, List<Direction> sloppy, List<Curve> curves, List<String> statements) {}

  /** Examines the fit. */
  public Report examine() {
    List<Direction> sloppy = directions();
    List<Curve> curves = curves();
    return new Report(fit.condition(), sloppy, curves, statements(sloppy, curves));
  }

  private List<Direction> directions() {
    FittedSurface surface = fit.surface();
    Law law = fit.law();
    int p = law.parameterCount();
    double[][] rows =
        WeightedJacobian.of(
            law,
            surface.centre(),
            surface.centredArray(),
            runs,
            fit.objective(),
            fit.priorPrecision());
    WeightedJacobian.scaleColumns(rows);
    DMatrixRMaj jacobian = new DMatrixRMaj(rows);
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(jacobian.numRows, p, false, true, true);
    if (!svd.decompose(jacobian)) {
      return List.of();
    }
    double[] values = svd.getSingularValues();
    DMatrixRMaj v = svd.getV(null, false);
    double largest = IntStream.range(0, p).mapToDouble(k -> values[k]).max().orElseThrow();
    List<Direction> sloppy = new ArrayList<>();
    for (int k = 0; k < p; k++) {
      if (largest / values[k] >= SLOPPY) {
        sloppy.add(new Direction(largest / values[k], combination(law, v, k)));
      }
    }
    sloppy.sort(Comparator.comparingDouble(Direction::ratio).reversed());
    return sloppy;
  }

  /** The parts of a singular vector, signed so that the largest is positive. */
  private static Map<String, Double> combination(Law law, DMatrixRMaj v, int k) {
    int p = law.parameterCount();
    int most =
        IntStream.range(0, p)
            .boxed()
            .max(Comparator.comparingDouble(j -> Math.abs(v.get(j, k))))
            .orElseThrow();
    double sign = Math.signum(v.get(most, k));
    Map<String, Double> parts = new LinkedHashMap<>();
    IntStream.range(0, p)
        .boxed()
        .filter(j -> Math.abs(v.get(j, k)) >= NAMED)
        .sorted(Comparator.comparingDouble(j -> -Math.abs(v.get(j, k))))
        .forEach(j -> parts.put(law.centredNames().get(j), sign * v.get(j, k)));
    return parts;
  }

  private List<Curve> curves() {
    FittedSurface surface = fit.surface();
    if (surface.covariance().isEmpty()) {
      return List.of();
    }
    Law law = fit.law();
    double[] centred = surface.centredArray();
    Estimands parameters = Estimands.centred(law);
    ProfileInference profiles = new ProfileInference(fit, runs);
    CostScan scan =
        new CostScan(
            engine, FitOptions.DEFAULT.withObjective(fit.objective()), ProgressListener.NONE);
    double scale =
        LogLikelihood.scale(
            fit.cost(), Math.max(1, surface.degreesOfFreedom()), fit.objective().huberDelta());
    List<Curve> curves = new ArrayList<>();
    for (int j = 0; j < centred.length; j++) {
      double error = Math.sqrt(surface.covariance().get()[j][j]);
      CostScan.Axis axis =
          new CostScan.Axis(
              law.centredNames().get(j),
              centred[j] - REACH * error,
              centred[j] + REACH * error,
              POINTS);
      double[] cost = scan.run(surface, runs, List.of(axis), true).cost();
      double[] t = new double[POINTS];
      for (int i = 0; i < POINTS; i++) {
        t[i] = Math.sqrt(Math.max(0, 2 * (cost[i] - fit.cost()))) / scale;
      }
      curves.add(
          new Curve(
              axis.name(),
              centred[j],
              IntStream.range(0, POINTS).mapToDouble(axis::value).toArray(),
              t,
              profiles.interval(parameters, j, LEVEL)));
    }
    return curves;
  }

  private List<String> statements(List<Direction> sloppy, List<Curve> curves) {
    List<String> statements = new ArrayList<>();
    Law law = fit.law();
    if (!sloppy.isEmpty()) {
      Direction worst = sloppy.getFirst();
      statements.add(
          "%s: the combination %s is determined %.0f times worse than the best one"
              .formatted(law.name(), worst.words(), worst.ratio()));
    }
    for (int j = 0; j < curves.size(); j++) {
      Curve curve = curves.get(j);
      Interval interval = curve.interval();
      boolean bends = law.curvatures().contains(j);
      if (!interval.isKnown()) {
        statements.add(unbounded(law, curve));
      } else if (bends && interval.contains(0)) {
        statements.add(
            "%s: %s is not identified as different from 0 (95%% interval %.3g to %.3g): a plain power of N would do"
                .formatted(law.name(), curve.parameter(), interval.low(), interval.high()));
      }
    }
    publishedErrors(statements);
    if (statements.isEmpty()) {
      statements.add(law.name() + ": every parameter is identified");
    }
    return statements;
  }

  /** An exponential that may vanish is unbounded below: its term may be absent. */
  private static String unbounded(Law law, Curve curve) {
    boolean below = Double.isNaN(curve.interval().low());
    boolean above = Double.isNaN(curve.interval().high());
    String side = below && above ? "on either side" : below ? "below" : "above";
    String name = curve.parameter().equals("lnE") ? "E" : curve.parameter();
    String meaning =
        name.equals("E") && below ? ": the data fit about as well without an irreducible loss" : "";
    return "%s: %s is not identified: the data do not bound it %s%s"
        .formatted(law.name(), name, side, meaning);
  }

  /** Published coordinates that lie on a ridge, which centred ones do not. */
  private void publishedErrors(List<String> statements) {
    if (fit.standardErrors().isEmpty()) {
      return;
    }
    double[] published = fit.surface().published();
    double[] errors = fit.standardErrors().get();
    List<String> vague =
        IntStream.range(0, published.length)
            .filter(j -> errors[j] > Math.abs(published[j]))
            .mapToObj(j -> fit.law().parameterNames().get(j))
            .toList();
    if (!vague.isEmpty()) {
      statements.add(
          "%s: the published %s %s known to less than their own size; the surface is known better than they are"
              .formatted(
                  fit.law().name(), String.join(", ", vague), vague.size() == 1 ? "is" : "are"));
    }
  }
}

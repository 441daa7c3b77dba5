package org.farfit.analysis.study;

import java.util.ArrayList;
import java.util.Arrays;
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
import org.farfit.analysis.inference.AsymptoticInference;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.ProfileInference;
import org.farfit.analysis.inference.ProfileInference.End;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.MultiStart;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.statistics.Evaluation;
import org.farfit.fit.statistics.FreeDirections;
import org.farfit.fit.statistics.JacobianColumns;
import org.farfit.law.Law;
import org.farfit.law.Limits;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Status;

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

  /** How far a profile is searched that could not be followed, in standard errors. */
  private static final double FAR = 60;

  private static final int POINTS = 33;

  /** Points of the sampling box that each point of a profile is searched from. */
  private static final int STARTS = 8;

  private final Engine engine;
  private final LawFit fit;
  private final RunSet runs;
  private double least = Double.POSITIVE_INFINITY;

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
   * @param values values it was fixed at
   * @param t profile t there, sqrt(2 (cost - least cost)) / s
   * @param found the 95% profile-likelihood interval
   */
  public record Curve(
      String parameter,
      double estimate,
      double[] values,
      double[] t,
      ProfileInference.Found found) {}

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
    Evaluation at = fit.evaluation(runs);
    FreeDirections free = at.free(fit.atLimit());
    int p = free.count();
    double[][] rows = free.along(at.jacobian(fit.priorPrecision()));
    JacobianColumns.scale(rows);
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
        sloppy.add(new Direction(largest / values[k], combination(at.law(), free, v, k)));
      }
    }
    sloppy.sort(Comparator.comparingDouble(Direction::ratio).reversed());
    return sloppy;
  }

  /** The parts of a singular vector, signed so that the largest is positive. */
  private static Map<String, Double> combination(
      Law law, FreeDirections free, DMatrixRMaj v, int k) {
    double[] parts =
        free.parameters(IntStream.range(0, free.count()).mapToDouble(j -> v.get(j, k)).toArray());
    int most =
        IntStream.range(0, parts.length)
            .boxed()
            .max(Comparator.comparingDouble(j -> Math.abs(parts[j])))
            .orElseThrow();
    double sign = Math.signum(parts[most]);
    Map<String, Double> named = new LinkedHashMap<>();
    IntStream.range(0, parts.length)
        .boxed()
        .filter(j -> Math.abs(parts[j]) >= NAMED)
        .sorted(Comparator.comparingDouble(j -> -Math.abs(parts[j])))
        .forEach(j -> named.put(law.centredNames().get(j), sign * parts[j]));
    return named;
  }

  private List<Curve> curves() {
    FittedSurface surface = fit.surface();
    if (surface.covariance().isEmpty()) {
      return List.of();
    }
    ProfileInference profiles = new ProfileInference(fit, runs);
    List<Curve> curves = new ArrayList<>();
    for (int j = 0; j < fit.law().parameterCount(); j++) {
      curves.add(fit.atLimit().contains(j) ? curveFromLimit(j) : curve(j, profiles));
    }
    return curves;
  }

  /** Around a parameter that the cost has a minimum in. */
  private Curve curve(int j, ProfileInference profiles) {
    double estimate = fit.surface().centred().get(j);
    double error = Math.sqrt(fit.surface().covariance().orElseThrow()[j][j]);
    Profile near = profile(j, estimate - REACH * error, estimate + REACH * error);
    ProfileInference.Found found = profiles.find(Estimands.centred(fit.law()), j, LEVEL);
    Side low = side(found.interval().low(), found.low(), j, estimate, -error);
    Side high = side(found.interval().high(), found.high(), j, estimate, error);
    return new Curve(
        fit.law().centredNames().get(j),
        estimate,
        near.values(),
        near.t(),
        new ProfileInference.Found(new Interval(low.value(), high.value()), low.end(), high.end()));
  }

  /** From a limit inwards: on its other side there is nothing to bound. */
  private Curve curveFromLimit(int j) {
    Limits limits = Limits.of(fit.law(), fit.surface().centre(), runs.n(), runs.d());
    double limit = fit.surface().centred().get(j);
    boolean fromBelow = limit <= limits.low()[j];
    double reach = fromBelow ? limits.high()[j] : limits.low()[j];
    if (Double.isInfinite(reach)) {
      reach = fit.surface().centre().logLoss();
    }
    Profile inwards = profile(j, limit, reach);
    Side far = crossing(inwards, j);
    return new Curve(
        fit.law().centredNames().get(j),
        limit,
        inwards.values(),
        inwards.t(),
        fromBelow
            ? new ProfileInference.Found(
                new Interval(Double.NaN, far.value()), End.UNBOUNDED, far.end())
            : new ProfileInference.Found(
                new Interval(far.value(), Double.NaN), far.end(), End.UNBOUNDED));
  }

  /** One end of an interval. */
  private record Side(double value, End end) {}

  /** What could not be followed step by step is searched on a grid. */
  private Side side(double value, End end, int j, double estimate, double error) {
    return end == End.LOST
        ? crossing(profile(j, estimate, estimate + FAR * error), j)
        : new Side(value, end);
  }

  /** The profile t of a parameter, and where it is not known. */
  private record Profile(double[] values, double[] t, List<Status> status) {}

  private Profile profile(int j, double from, double to) {
    CostScan.Axis axis = new CostScan.Axis(fit.law().centredNames().get(j), from, to, POINTS);
    CostScan.Result scan =
        new CostScan(
                engine,
                FitOptions.DEFAULT.withObjective(fit.objective()).withStarts(STARTS, 1),
                ProgressListener.NONE)
            .run(fit, runs, List.of(axis), true, List.of());
    double total = fit.minimised(runs);
    least = Math.min(least, scan.least());
    double scale = fit.residualScale();
    double[] t =
        Arrays.stream(scan.cost())
            .map(cost -> Math.sqrt(Math.max(0, 2 * (cost - total))) / scale)
            .toArray();
    return new Profile(
        IntStream.range(0, POINTS).mapToDouble(axis::value).toArray(), t, scan.status());
  }

  /** Where a profile first reaches the level, on a grid made finer there. */
  private Side crossing(Profile profile, int j) {
    double limit = AsymptoticInference.quantile(fit.degreesOfFreedom(runs), LEVEL);
    int first = first(profile, limit);
    if (first <= 0) {
      boolean followed = profile.status().stream().allMatch(Status::isConverged);
      return new Side(Double.NaN, first < 0 && followed ? End.UNBOUNDED : End.LOST);
    }
    Profile finer = profile(j, profile.values()[first - 1], profile.values()[first]);
    int at = first(finer, limit);
    if (at <= 0) {
      return new Side(Double.NaN, End.LOST);
    }
    double share = (limit - finer.t()[at - 1]) / (finer.t()[at] - finer.t()[at - 1]);
    double from = finer.values()[at - 1];
    return new Side(from + share * (finer.values()[at] - from), End.FOUND);
  }

  private static int first(Profile profile, double limit) {
    return IntStream.range(0, POINTS)
        .filter(i -> profile.t()[i] >= limit && profile.status().get(i).isConverged())
        .findFirst()
        .orElse(-1);
  }

  private List<String> statements(List<Direction> sloppy, List<Curve> curves) {
    List<String> statements = new ArrayList<>(fit.limitStatements());
    Law law = fit.law();
    double total = fit.minimised(runs);
    if (least < total * (1 - MultiStart.AT_BEST_TOLERANCE)) {
      statements.add(
          "%s: the profiles found a better optimum, cost %.6g instead of %.6g: fit again with more starts"
              .formatted(law.name(), least, total));
    }
    if (fit.structuredNoise().isPresent() && !fit.isGeneralised()) {
      statements.add(
          law.name()
              + ": profiles take errors to be independent and alike, which these are not: their intervals may be too short");
    }
    if (!sloppy.isEmpty()) {
      Direction worst = sloppy.getFirst();
      statements.add(
          "%s: the combination %s is determined %.0f times worse than the best one"
              .formatted(law.name(), worst.words(), worst.ratio()));
    }
    for (int j = 0; j < curves.size(); j++) {
      Curve curve = curves.get(j);
      Interval interval = curve.found().interval();
      boolean bends = law.curvatures().contains(j);
      if (fit.atLimit().contains(j)) {
        continue;
      }
      if (!interval.isKnown()) {
        statements.addAll(missing(law, curve));
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

  private static List<String> missing(Law law, Curve curve) {
    List<String> statements = new ArrayList<>();
    String name = curve.parameter().equals("lnE") ? "E" : curve.parameter();
    List<String> unbounded = curve.found().sides(End.UNBOUNDED);
    if (!unbounded.isEmpty()) {
      boolean without = name.equals("E") && unbounded.contains("below");
      statements.add(
          "%s: %s is not identified: the data do not bound it %s%s"
              .formatted(
                  law.name(),
                  name,
                  unbounded.size() == 2 ? "on either side" : unbounded.getFirst(),
                  without ? ": the data fit about as well without an irreducible loss" : ""));
    }
    List<String> lost = curve.found().sides(End.LOST);
    if (!lost.isEmpty()) {
      statements.add(
          "%s: whether the data bound %s %s is not known: its profile could not be followed there"
              .formatted(law.name(), name, String.join(" and ", lost)));
    }
    return statements;
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

package org.farfit.report.html;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.farfit.analysis.inference.AsymptoticInference;
import org.farfit.analysis.inference.ErrorTrend;
import org.farfit.analysis.inference.Inference;
import org.farfit.analysis.inference.Reach;
import org.farfit.data.RunSet;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFormula;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.BootstrapIntervals;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.extrapolation.Drift;
import org.farfit.fit.extrapolation.GuardedSurface;
import org.farfit.fit.statistics.LinearPropagation;
import org.farfit.fit.statistics.VarianceKnowledge;
import org.farfit.formula.LawScript;
import org.farfit.law.Law;
import org.hipparchus.distribution.continuous.NormalDistribution;

/**
 * What a page needs to answer questions by itself: the laws as scripts, the parameters of fits and
 * of their replicates, and the runs. Parameters are lists, which are written in full, where arrays
 * are written in the digits that figures can show.
 *
 * @param columns what may be asked for
 * @param level probability of the intervals, in percent
 * @param laws scripts, see {@link LawScript}
 * @param step of shifts, in standard errors
 * @param surfaces what may be chosen, the best first
 * @param runs values of each column, by run
 * @param losses of the runs
 */
public record Explorer(
    List<Column> columns,
    double level,
    @JsonIgnore List<String> laws,
    double step,
    List<Fitted> surfaces,
    List<double[]> runs,
    double[] losses) {

  /** Replicates that a page holds: enough for quantiles that move by less than lines are wide. */
  private static final int MOST_REPLICATES = 1000;

  /** How far derivatives reach, in standard errors. */
  private static final double STEP = 2e-4;

  /** Degree of the polynomial in 1 / degrees of freedom that a page computes quantiles by. */
  private static final int CHEBYSHEV = 24;

  /**
   * A column.
   *
   * @param name as the formula calls it
   * @param label in words
   * @param low smallest value of the runs
   * @param high largest value of the runs
   */
  public record Column(String name, String label, double low, double high) {}

  /**
   * A surface: a fit, or an average of several.
   *
   * @param members fits
   * @param guard where an average gives no number; null of a single fit
   * @param replicates fits of replicates, of which an interval is made; empty without
   * @param reach how far intervals reach; null if there are none
   * @param from what intervals are made from, in words
   * @param lack why there are no intervals, or empty
   */
  public record Fitted(
      String name,
      List<Member> members,
      Guard guard,
      List<Drawn> replicates,
      Reaching reach,
      String from,
      String lack) {}

  /**
   * A fit.
   *
   * @param law which law
   * @param parameters its coordinates
   * @param centres the centre of the runs
   * @param weight in the average; weights sum to one
   * @param doubt how probable it is, for intervals of the average
   * @param shifts without replicates, parameters moved there and back by {@link #STEP} standard
   *     errors in independent directions; empty if these are not known
   * @param degrees degrees of freedom by derivatives, of one of an average whose errors go by sizes
   *     and that has no replicates; else null
   */
  public record Member(
      int law,
      List<Double> parameters,
      List<Double> centres,
      double weight,
      double doubt,
      List<List<Double>> shifts,
      Degrees degrees) {}

  /**
   * Where an average gives no number, see {@link GuardedSurface}.
   *
   * @param spread the largest ratio of members that is still averaged
   * @param slack by what factor runs may contradict
   * @param n of the runs that may
   * @param d of the same
   * @param losses of the same
   */
  public record Guard(
      double spread, double slack, List<Double> n, List<Double> d, List<Double> losses) {

    private static Guard of(GuardedSurface surface) {
      RunSet runs = surface.runs();
      return new Guard(
          GuardedSurface.MOST_SPREAD,
          surface.slack(),
          boxed(runs.n()),
          boxed(runs.d()),
          boxed(runs.loss()));
    }
  }

  /**
   * How far intervals reach, see {@link Reach}.
   *
   * @param degrees degrees of freedom by derivatives; null if they are the same everywhere
   * @param most degrees of freedom at most
   * @param at logarithms of what {@link Reach#at} gives, of quantiles those of the negative
   *     logarithm, at Chebyshev's points of 1 / degrees of freedom between 0 and 1, from 1 down; a
   *     single one if they are the same everywhere
   * @param drift what losses may drift by beyond the runs; null where that is not asked
   * @param trend how standard errors change with losses; null where they are taken to be the same
   */
  public record Reaching(
      Reach.Way way, Degrees degrees, double most, List<Double> at, Drifting drift, Trend trend) {

    private static Reaching of(
        Reach reach, UnaryOperator<double[]> coordinates, double[] centred, double level) {
      DoubleUnaryOperator written =
          degrees -> {
            double log = Math.log(reach.at().applyAsDouble(degrees));
            return reach.way() == Reach.Way.QUANTILES ? Math.log(-log) : log;
          };
      return new Reaching(
          reach.way(),
          reach.knowledge().map(each -> Degrees.of(each, coordinates, centred)).orElse(null),
          reach.most(),
          boxed(
              reach.knowledge().isPresent() || !reach.ofMembers().isEmpty()
                  ? IntStream.rangeClosed(0, CHEBYSHEV)
                      .mapToDouble(i -> 0.5 + 0.5 * Math.cos(Math.PI * i / CHEBYSHEV))
                      .map(inverse -> written.applyAsDouble(1 / Math.max(1e-9, inverse)))
                      .toArray()
                  : new double[] {written.applyAsDouble(reach.most())}),
          reach.drift().map(drift -> Drifting.of(drift, level)).orElse(null),
          reach.trend().map(trend -> Trend.of(trend, coordinates)).orElse(null));
    }
  }

  /**
   * How standard errors change with losses, see {@link ErrorTrend}.
   *
   * @param step how far the fit is moved along each of its directions, in standard errors
   * @param farthest how far the logarithm of a standard error is followed
   * @param back where the fit is moved back along each direction, parameters moved there and back
   *     in the directions of its standard errors there
   * @param forth the same where it is moved forth
   */
  public record Trend(
      double step, double farthest, List<List<List<Double>>> back, List<List<List<Double>>> forth) {

    private static Trend of(ErrorTrend trend, UnaryOperator<double[]> coordinates) {
      return new Trend(
          ErrorTrend.STEP,
          AsymptoticInference.scale(0).farthest(),
          trend.sides().stream().map(each -> shifts(each.back(), coordinates)).toList(),
          trend.sides().stream().map(each -> shifts(each.forth(), coordinates)).toList());
    }
  }

  /**
   * What losses may drift by, see {@link Drift}.
   *
   * @param half what that adds to half an interval of ln L, as squares do, for each factor of e
   *     beyond the largest N, D and N D
   * @param amid by how many factors of e laws miss amid the runs
   */
  public record Drifting(double half, double n, double d, double compute, double amid) {

    private static Drifting of(Drift drift, double level) {
      double normal = new NormalDistribution().inverseCumulativeProbability(0.5 + 0.5 * level);
      return new Drifting(
          normal * drift.perFold(), drift.n(), drift.d(), drift.compute(), Drift.AMID);
    }
  }

  /**
   * Degrees of freedom by derivatives, see {@link VarianceKnowledge}.
   *
   * @param shifts parameters moved there and back along its directions
   * @param trace its coefficients of products
   * @param squares its coefficients of products of products
   * @param most degrees of freedom at most
   */
  public record Degrees(
      List<List<Double>> shifts, List<Double> trace, List<List<Double>> squares, double most) {

    private static Degrees of(
        VarianceKnowledge knowledge, UnaryOperator<double[]> coordinates, double[] centred) {
      return new Degrees(
          moved(List.of(knowledge.directions()), coordinates, centred),
          boxed(knowledge.trace()),
          Arrays.stream(knowledge.squares()).map(Explorer::boxed).toList(),
          knowledge.most());
    }
  }

  /** A replicate: which member, and its coordinates. */
  public record Drawn(int member, List<Double> parameters) {}

  /**
   * What a page needs for the fits of some runs.
   *
   * @param chosen the surface that comes first
   */
  public static Explorer of(Map<String, Inference> inferences, String chosen, RunSet runs) {
    Laws laws = new Laws();
    List<Fitted> surfaces = new ArrayList<>();
    inferences.forEach((name, inference) ->
        surfaces.add(name.equals(chosen) ? 0 : surfaces.size(), fitted(name, inference, laws)));
    List<String> names = laws.formulas.getFirst().derivation().model().columns();
    return new Explorer(
        names.stream().map(name -> column(name, runs.column(name))).toList(),
        100 * inferences.get(chosen).level(),
        laws.formulas.stream()
            .map(formula -> LawScript.inCoordinates(formula.derivation(), 0))
            .toList(),
        STEP,
        surfaces,
        names.stream().map(runs::column).toList(),
        runs.loss());
  }

  /** Whether a page can answer: all laws are functions of the same columns, which are positive. */
  public static boolean canAnswer(Map<String, Inference> inferences, RunSet runs) {
    List<Law> laws =
        inferences.values().stream()
            .flatMap(inference -> inference.members().stream())
            .map(member -> member.fit().law())
            .toList();
    if (!laws.stream().allMatch(LawFormula::isOneFunction)) {
      return false;
    }
    List<List<String>> columns =
        laws.stream()
            .map(law -> LawFormula.of(law).derivation().model().columns())
            .distinct()
            .toList();
    return columns.size() == 1
        && columns.getFirst().stream()
            .allMatch(name ->
                runs.has(name) && Arrays.stream(runs.column(name)).allMatch(value -> value > 0));
  }

  private static Column column(String name, double[] values) {
    return new Column(
        name,
        name.equals("N") ? "parameters N" : name.equals("D") ? "training tokens D" : name,
        Arrays.stream(values).min().orElseThrow(),
        Arrays.stream(values).max().orElseThrow());
  }

  /** The laws of a page and their numbers. */
  private static final class Laws {

    final List<String> names = new ArrayList<>();
    final List<LawFormula> formulas = new ArrayList<>();

    int number(Law law) {
      if (!names.contains(law.name())) {
        names.add(law.name());
        formulas.add(LawFormula.of(law));
      }
      return names.indexOf(law.name());
    }

    LawFormula formula(Law law) {
      return formulas.get(number(law));
    }
  }

  private static Fitted fitted(String name, Inference inference, Laws laws) {
    List<FittedSurface> fits =
        inference.members().stream().map(member -> member.fit().surface()).toList();
    double sum = inference.members().stream().mapToDouble(Inference.Member::weight).sum();
    double doubts = inference.members().stream().mapToDouble(Inference.Member::doubt).sum();
    Optional<String> lack = inference.lack().or(() -> notInPages(inference));
    boolean known = lack.isEmpty();
    boolean drawn = inference.isBootstrapped();
    Map<Integer, VarianceKnowledge> ofMembers =
        known && !drawn ? inference.reach().ofMembers() : Map.of();
    List<Member> members = new ArrayList<>();
    List<UnaryOperator<double[]>> coordinates = new ArrayList<>();
    for (int k = 0; k < fits.size(); k++) {
      FittedSurface fit = fits.get(k);
      LawFormula formula = laws.formula(fit.law());
      UnaryOperator<double[]> own = formula.coordinates(fit.centre());
      coordinates.add(own);
      members.add(
          new Member(
              laws.number(fit.law()),
              boxed(own.apply(fit.centredArray())),
              boxed(formula.centres(fit.centre())),
              inference.members().get(k).weight() / sum,
              inference.members().get(k).doubt() / doubts,
              known && !drawn ? shifts(fit, own) : List.of(),
              ofMembers.containsKey(k)
                  ? Degrees.of(ofMembers.get(k), own, fit.centredArray())
                  : null));
    }
    List<Drawn> replicates = known && drawn ? drawn(inference, fits, coordinates) : List.of();
    return new Fitted(
        name,
        members,
        inference.surface() instanceof GuardedSurface guarded ? Guard.of(guarded) : null,
        replicates,
        known
            ? Reaching.of(
                inference.reach(),
                coordinates.getFirst(),
                fits.getFirst().centredArray(),
                inference.level())
            : null,
        from(inference, replicates.size()),
        lack.orElse(""));
  }

  /** Why a page does not make the intervals that there are, if it does not. */
  private static Optional<String> notInPages(Inference inference) {
    boolean alone = inference.members().size() == 1;
    if (alone
        && !inference.isBootstrapped()
        && !inference.members().getFirst().fit().vanished().isEmpty()) {
      return Optional.of(
          "those of a fit whose irreducible loss vanished are not made in a page; ask farfit"
              + " predict");
    }
    boolean other =
        inference.isBootstrapped() && alone && inference.type() != IntervalType.EXPANDED;
    return other
        ? Optional.of(
            "%s ones are not made in a page; ask farfit predict"
                .formatted(inference.type().label()))
        : Optional.empty();
  }

  private static String from(Inference inference, int replicates) {
    boolean alone = inference.members().size() == 1;
    String from =
        inference.isBootstrapped()
            ? "%,d of %,d replicates".formatted(replicates, inference.drawn())
            : alone ? "standard errors" : "standard errors of the laws and their distances";
    return inference
        .reach()
        .drift()
        .map(drift ->
            "%s, and a drift by %.2g%% for each factor of e beyond the runs"
                .formatted(from, 100 * drift.perFold()))
        .orElse(from);
  }

  private static List<Drawn> drawn(
      Inference inference, List<FittedSurface> fits, List<UnaryOperator<double[]>> coordinates) {
    Reach reach = inference.reach();
    double rare =
        reach.way() == Reach.Way.QUANTILES
            ? reach.at().applyAsDouble(Math.max(1, reach.most() / 2))
            : 1;
    long count = (long) Math.max(MOST_REPLICATES, BootstrapIntervals.needed(rare));
    List<String> names = fits.stream().map(FittedSurface::name).toList();
    List<Drawn> drawn = new ArrayList<>();
    for (Surface surface : inference.surfaces().stream().limit(count).toList()) {
      FittedSurface replicate = (FittedSurface) surface;
      int member = names.indexOf(replicate.name());
      drawn.add(new Drawn(member, boxed(coordinates.get(member).apply(replicate.centredArray()))));
    }
    return drawn;
  }

  /** A fit's parameters there and back in the directions of its standard errors, if it has any. */
  private static List<List<Double>> shifts(FittedSurface fit, UnaryOperator<double[]> coordinates) {
    return moved(
        fit.covariance().map(LinearPropagation::directions).orElse(List.of()),
        coordinates,
        fit.centredArray());
  }

  /** Parameters {@link #STEP} there and back in each direction. */
  private static List<List<Double>> moved(
      List<double[]> directions, UnaryOperator<double[]> coordinates, double[] centred) {
    List<List<Double>> all = new ArrayList<>();
    for (double[] direction : directions) {
      for (double step : new double[] {STEP, -STEP}) {
        double[] there = centred.clone();
        for (int j = 0; j < there.length; j++) {
          there[j] += step * direction[j];
        }
        all.add(boxed(coordinates.apply(there)));
      }
    }
    return all;
  }

  /** Numbers to be written in full; those that are not finite are gaps. */
  private static List<Double> boxed(double[] values) {
    List<Double> list = new ArrayList<>();
    for (double value : values) {
      list.add(Double.isFinite(value) ? value : null);
    }
    return list;
  }

  /** The script that makes the laws known. */
  String script() {
    return LawScript.functions() + "\nconst laws = [\n" + String.join(",\n", laws) + "\n];\n";
  }
}

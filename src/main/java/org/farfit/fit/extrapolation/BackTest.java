package org.farfit.fit.extrapolation;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.fit.FittedSurface;
import org.hipparchus.stat.descriptive.rank.Percentile;

/**
 * How intervals of an average, or of one law, did within the fitted runs: at every origin fits to
 * the smaller runs predict the larger ones, with intervals for single runs made as for any other
 * prediction, and it is counted how many hold the run. What losses drift by beyond the smaller runs
 * ({@link Drift}), by what these errors say of it, is what later intervals allow for.
 *
 * @param origins at how many origins
 * @param ways the errors, by what the predicted runs have more of
 * @param drift what losses may drift by beyond all runs, for each factor of e ({@link
 *     DriftPosterior})
 * @param evidence by how much any drift makes these errors more probable than none does: the
 *     logarithm of the ratio, 0 where none does
 */
public record BackTest(int origins, List<Way> ways, double drift, double evidence) {

  /** Evidence beyond which a law by itself is taken to drift: what a parameter costs by AIC. */
  private static final double ENOUGH = 1;

  /** How many percentiles of errors are kept. */
  public static final int PERCENTILES = 99;

  /** What predicted runs may have more of. */
  public static final List<String> LARGER =
      Arrays.stream(ExtrapolationOrigin.Direction.values())
          .map(ExtrapolationOrigin.Direction::words)
          .toList();

  /** Errors this many standard deviations large are all the same. */
  private static final double MOST = 1000;

  /** The level where few runs leave a standard deviation unsure. */
  public static final double LEVEL = 0.9;

  /** Keeps the list. */
  public BackTest {
    ways = List.copyOf(ways);
  }

  /**
   * Predictions of runs that have more of something.
   *
   * @param larger what they have more of: N, D or compute
   * @param runs how many; one that is predicted from several origins counts as often
   * @param sizes percentiles 1 to 99 of the errors' sizes, in standard deviations of a prediction,
   *     which are enlarged where runs are few, as Student's t is beside the normal distribution
   */
  public record Way(String larger, int runs, List<Double> sizes) {

    /** Keeps the list. */
    public Way {
      sizes = List.copyOf(sizes);
    }

    private static Way of(String larger, List<DriftPosterior.Miss> misses) {
      Percentile percentile = new Percentile();
      percentile.setData(
          misses.stream().mapToDouble(miss -> Math.min(miss.size(), MOST)).toArray());
      return new Way(
          larger,
          misses.size(),
          IntStream.rangeClosed(1, PERCENTILES).mapToObj(percentile::evaluate).toList());
    }

    /** The share of errors up to a size. */
    private double share(double size) {
      int below = (int) sizes.stream().filter(each -> each <= size).count();
      if (below == 0 || below == PERCENTILES) {
        return below == 0 ? 0 : 1;
      }
      double low = sizes.get(below - 1);
      double high = sizes.get(below);
      return (below + (size - low) / (high - low)) / (PERCENTILES + 1);
    }
  }

  /** How many predictions were made. */
  public int runs() {
    return ways.stream().mapToInt(Way::runs).sum();
  }

  /** Which share of the predicted runs intervals held that knew of no drift. */
  public double coverage(double level) {
    return ways.stream()
            .mapToDouble(way -> way.runs() * way.share(RunIntervals.normal(level)))
            .sum()
        / runs();
  }

  /** What losses may drift by, whether or not there is a back-test to tell. */
  public static double drift(Optional<BackTest> test) {
    return test.map(BackTest::drift).orElseGet(() -> DriftPosterior.of(List.of()));
  }

  /** What was found and what follows for an average, whose intervals allow for it, in words. */
  public String words(double level) {
    return found(level)
        + String.format(
            Locale.ROOT,
            "; those beyond all runs are widened as if losses drifted by %.2g%% for each factor of"
                + " e in N, D or compute, as these errors say where %.2g%% is usual",
            100 * drift,
            100 * Drift.USUAL);
  }

  /**
   * What losses may drift by from a law that is asked by itself, for each factor of e: 0 unless the
   * errors speak against it, since a law that holds needs none.
   */
  public double driftOfLaw() {
    return evidence > ENOUGH ? drift : 0;
  }

  /** What was found of a single law and what follows, in words. */
  public String wordsOfLaw(double level) {
    return found(level)
        + (driftOfLaw() > 0
            ? String.format(
                Locale.ROOT,
                "; its intervals beyond all runs are widened as if losses drifted from it by %.2g%%"
                    + " for each factor of e in N, D or compute, as these errors say",
                100 * drift)
            : "; these errors do not say that losses drift from it, and its intervals allow for no"
                + " drift");
  }

  private String found(double level) {
    return String.format(
        Locale.ROOT,
        "%s%% intervals like these, made from the smaller runs at %d origins, held %.0f%% of %,d"
            + " larger runs",
        BigDecimal.valueOf(100 * level)
            .round(new MathContext(4))
            .stripTrailingZeros()
            .toPlainString(),
        origins,
        100 * coverage(level),
        runs());
  }

  /**
   * The standard deviation of ln of an average's loss: what each member is uncertain by, and what
   * they differ by (Burnham and Anderson 2002, section 4.3).
   *
   * @param doubt how probable each member is
   * @return NaN where no member tells its uncertainty
   */
  static double logVariance(
      List<FittedSurface> members, double[] doubt, double n, double d, double loss) {
    double apart = 0;
    double within = 0;
    double known = 0;
    double all = 0;
    for (int k = 0; k < doubt.length; k++) {
      if (doubt[k] > 0) {
        double distance = Math.log(members.get(k).loss(n, d) / loss);
        double error = members.get(k).logLossError(n, d).orElse(Double.NaN);
        all += doubt[k];
        apart += doubt[k] * distance * distance;
        if (!Double.isNaN(error)) {
          known += doubt[k];
          within += doubt[k] * error * error;
        }
      }
    }
    return apart / all + within / known;
  }

  /**
   * What is predicted of a run.
   *
   * @param loss the prediction
   * @param deviation standard deviation of ln L of the run around it, enlarged where runs are few
   */
  public record Prediction(double loss, double deviation) {}

  /** What fits to the smaller runs of an origin predict of its larger ones. */
  @FunctionalInterface
  public interface Predictions {

    /**
     * Predicts.
     *
     * @param origin which of the origins
     * @return one prediction for each of the larger runs, in their order; none if they cannot be
     *     told
     */
    List<Prediction> at(int origin);
  }

  /**
   * Tests predictions.
   *
   * @return empty where none can be told
   */
  public static Optional<BackTest> of(
      RunSet runs, List<ExtrapolationOrigin> origins, Predictions predictions) {
    Map<ExtrapolationOrigin.Direction, List<DriftPosterior.Miss>> misses =
        new EnumMap<>(ExtrapolationOrigin.Direction.class);
    List<List<DriftPosterior.Miss>> tested = new ArrayList<>();
    for (int o = 0; o < origins.size(); o++) {
      List<DriftPosterior.Miss> found = misses(runs, origins.get(o), predictions.at(o));
      if (!found.isEmpty()) {
        tested.add(found);
        misses.computeIfAbsent(origins.get(o).direction(), key -> new ArrayList<>()).addAll(found);
      }
    }
    List<Way> ways = new ArrayList<>();
    misses.forEach((direction, all) -> ways.add(Way.of(direction.words(), all)));
    return ways.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new BackTest(
                tested.size(), ways, DriftPosterior.of(tested), DriftPosterior.evidence(tested)));
  }

  /** The errors of one origin; none if its standard deviations cannot be told. */
  private static List<DriftPosterior.Miss> misses(
      RunSet runs, ExtrapolationOrigin origin, List<Prediction> predicted) {
    if (predicted.stream().anyMatch(each -> !(each.deviation() > 0) || !(each.loss() > 0))) {
      return List.of();
    }
    Drift unit = Drift.unit(runs, origin.fit());
    List<DriftPosterior.Miss> found = new ArrayList<>();
    Iterator<Prediction> next = predicted.iterator();
    for (int i = 0; i < runs.size() && next.hasNext(); i++) {
      if (origin.test()[i] > 0) {
        Prediction prediction = next.next();
        found.add(
            new DriftPosterior.Miss(
                Math.log(runs.loss(i) / prediction.loss()),
                Math.pow(prediction.deviation(), 2),
                unit.beyond(runs.n(i), runs.d(i))));
      }
    }
    return found;
  }

  /**
   * Tests an average.
   *
   * @param surfaces the members at each origin
   * @param weights of the members in the average
   * @param doubt how probable each member is
   * @return empty where there is no origin with more runs than parameters
   */
  static Optional<BackTest> of(
      RunSet runs,
      List<ExtrapolationOrigin> origins,
      List<List<FittedSurface>> surfaces,
      double[] weights,
      double[] doubt) {
    return of(
        runs, origins, o -> predictions(runs, origins.get(o), surfaces.get(o), weights, doubt));
  }

  private static List<Prediction> predictions(
      RunSet runs,
      ExtrapolationOrigin origin,
      List<FittedSurface> surfaces,
      double[] weights,
      double[] doubt) {
    RunIntervals intervals =
        new RunIntervals(runs, origin.fit(), surfaces, weights, doubt, Optional.empty());
    if (!intervals.isKnownOfAll()) {
      return List.of();
    }
    double few = intervals.few(LEVEL);
    return IntStream.range(0, runs.size())
        .filter(i -> origin.test()[i] > 0)
        .mapToObj(i ->
            new Prediction(
                intervals.loss(runs.n(i), runs.d(i)),
                few * Math.sqrt(intervals.logVariance(runs.n(i), runs.d(i)))))
        .toList();
  }
}

package org.farfit.fit.extrapolation;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.fit.FittedSurface;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.descriptive.rank.Percentile;

/**
 * How intervals of an average did within the fitted runs: at every origin the fits to the smaller
 * runs predict the larger ones, with intervals for single runs made as for any other prediction,
 * and it is counted how many hold the run. What intervals would have needed to be stretched by to
 * hold as many as they should is what later ones are stretched by.
 *
 * @param origins at how many origins
 * @param ways the errors, by what the predicted runs have more of
 */
public record BackTest(int origins, List<Way> ways) {

  /** How many percentiles of errors are kept. */
  public static final int PERCENTILES = 99;

  /** What predicted runs may have more of. */
  public static final List<String> LARGER =
      Arrays.stream(ExtrapolationOrigin.Direction.values())
          .map(ExtrapolationOrigin.Direction::words)
          .toList();

  /** Errors this many standard deviations large are all the same. */
  private static final double MOST = 1000;

  /** Where few runs leave a standard deviation unsure, at this level. */
  private static final double REFERENCE = 0.9;

  private static final NormalDistribution NORMAL = new NormalDistribution();

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

    private static Way of(String larger, double[] sizes) {
      Percentile percentile = new Percentile();
      percentile.setData(sizes);
      return new Way(
          larger,
          sizes.length,
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

    /** The size that a share of errors does not exceed. */
    private double size(double share) {
      double at = Math.clamp(share * (PERCENTILES + 1) - 1, 0, PERCENTILES - 1.0);
      int below = (int) Math.min(at, PERCENTILES - 2.0);
      return sizes.get(below) + (at - below) * (sizes.get(below + 1) - sizes.get(below));
    }
  }

  /** How many predictions were made. */
  public int runs() {
    return ways.stream().mapToInt(Way::runs).sum();
  }

  /** Which share of the predicted runs intervals held, before they are stretched. */
  public double held(double level) {
    return ways.stream().mapToDouble(way -> way.runs() * way.share(normal(level))).sum() / runs();
  }

  /**
   * What intervals are to be stretched by so that they would have held as many runs as they should,
   * whatever these have more of; at least 1.
   */
  public double stretch(double level) {
    return Math.max(1, worst(level).size(level) / normal(level));
  }

  private Way worst(double level) {
    Way worst = ways.getFirst();
    for (Way way : ways) {
      worst = way.size(level) > worst.size(level) ? way : worst;
    }
    return worst;
  }

  /** What was found and what follows, in words. */
  public String words(double level) {
    double stretch = stretch(level);
    String found =
        String.format(
            Locale.ROOT,
            "%s%% intervals like these, made from the smaller runs at %d origins, held %.0f%% of"
                + " %,d larger runs",
            BigDecimal.valueOf(100 * level)
                .round(new MathContext(4))
                .stripTrailingZeros()
                .toPlainString(),
            origins,
            100 * held(level),
            runs());
    return stretch > 1
        ? String.format(
            Locale.ROOT,
            "%s; they are stretched by %.2f, what those of larger %s needed",
            found,
            stretch,
            worst(level).larger())
        : found;
  }

  private static double normal(double level) {
    return NORMAL.inverseCumulativeProbability(0.5 + 0.5 * level);
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
    Map<ExtrapolationOrigin.Direction, List<Double>> sizes =
        new EnumMap<>(ExtrapolationOrigin.Direction.class);
    int tested = 0;
    for (int o = 0; o < origins.size(); o++) {
      double[] found = sizes(runs, origins.get(o), surfaces.get(o), weights, doubt);
      if (found.length > 0) {
        tested++;
        List<Double> all =
            sizes.computeIfAbsent(origins.get(o).direction(), key -> new ArrayList<>());
        Arrays.stream(found).forEach(all::add);
      }
    }
    List<Way> ways = new ArrayList<>();
    sizes.forEach((direction, all) ->
        ways.add(
            Way.of(direction.words(), all.stream().mapToDouble(Double::doubleValue).toArray())));
    return ways.isEmpty() ? Optional.empty() : Optional.of(new BackTest(tested, ways));
  }

  /** The errors of one origin, in standard deviations; none if these cannot be told. */
  private static double[] sizes(
      RunSet runs,
      ExtrapolationOrigin origin,
      List<FittedSurface> surfaces,
      double[] weights,
      double[] doubt) {
    AverageSurface average = new AverageSurface(surfaces, Arrays.stream(weights).boxed().toList());
    int parameters = 0;
    for (int k = 0; k < weights.length; k++) {
      int own = surfaces.get(k).law().parameterCount();
      parameters = doubt[k] > 0 ? Math.max(parameters, own) : parameters;
    }
    int freedom = RunSet.countWeighted(origin.fit()) - parameters;
    if (freedom < 1) {
      return new double[0];
    }
    double noise = 0;
    for (int i = 0; i < runs.size(); i++) {
      if (origin.fit()[i] > 0) {
        double residual = Math.log(runs.loss(i) / average.loss(runs.n(i), runs.d(i)));
        noise += residual * residual / freedom;
      }
    }
    double few =
        new TDistribution(freedom).inverseCumulativeProbability(0.5 + 0.5 * REFERENCE)
            / normal(REFERENCE);
    double[] found = new double[RunSet.countWeighted(origin.test())];
    int next = 0;
    for (int i = 0; i < runs.size(); i++) {
      if (origin.test()[i] > 0) {
        double loss = average.loss(runs.n(i), runs.d(i));
        double variance = logVariance(surfaces, doubt, runs.n(i), runs.d(i), loss) + noise;
        double size = Math.abs(Math.log(runs.loss(i) / loss)) / (few * Math.sqrt(variance));
        if (Double.isNaN(variance)) {
          return new double[0];
        }
        found[next++] = size <= MOST ? size : MOST;
      }
    }
    return found;
  }
}

package org.farfit.analysis.design;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.farfit.engine.FormulaRuns;
import org.farfit.fit.search.FormulaOptima;
import org.farfit.formula.Model;

/**
 * Spends nested budgets on runs of a pool: each run is chosen in the light of those before it, and
 * what a smaller budget has bought stays. No budget is exceeded; runs that are too dear for what is
 * left are passed over. Every method fits the same way: runs weigh by their {@link Nearness} to
 * those that are to be predicted, and some of the starts are the best optima of the fit before.
 *
 * <pre>{@code
 * new PoolDesign(new FormulaOptima(engine, options, model), pool, DesignMethod.PREDICTIVE, 1)
 *     .spend(new double[] {1e20, 5e20, 1e21})
 *     .forEach(stage -> System.out.println(stage.taken().size() + " runs"));
 * }</pre>
 *
 * <p>A sequential method begins with the cheapest runs, since nothing can be told from none: at
 * most 2.5 per parameter (and output), for at most 2% of the cost of the pool. Then it fits again
 * whenever the runs have grown by 15%; between two fits each run that is taken counts as known.
 */
public final class PoolDesign {

  private static final double FIRST_RUNS = 2.5;
  private static final double FIRST_SHARE = 0.02;

  /** By how much runs grow between two fits. */
  private static final double GROWTH = 0.15;

  /** Optima that count as different ways to describe the runs. */
  private static final int MODES = 4;

  /** Earlier optima that a fit starts from. */
  private static final int MOST_KNOWN = 30;

  /** Fits that differ by less than this share of a loss describe the runs alike. */
  private static final double ALIKE = 1e-4;

  /** Budgets are sums of costs, in any order. */
  private static final double ROUNDING = 1e-12;

  private final FormulaOptima fitter;
  private final RunPool pool;
  private final DesignMethod method;
  private final SplittableRandom random;
  private final List<Integer> taken = new ArrayList<>();
  private final boolean[] used;
  private final Places places;
  private final double[] nearness;
  private double spent;
  private List<List<double[]>> known = List.of();

  /**
   * A design.
   *
   * @param fitter fits the law
   * @param seed of what is drawn, runs and starts
   */
  public PoolDesign(FormulaOptima fitter, RunPool pool, DesignMethod method, long seed) {
    this.fitter = fitter;
    this.pool = pool;
    this.method = method;
    this.random = new SplittableRandom(seed);
    this.used = new boolean[pool.runs().size()];
    this.places = new Places(pool, model().columns());
    this.nearness = Nearness.weights(places);
  }

  /**
   * What a budget has bought.
   *
   * @param taken positions in the pool of all runs so far, in the order in which they were chosen
   * @param spent what they cost
   * @param parameters the law's, fitted to them; empty if there are none
   */
  public record Stage(List<Integer> taken, double spent, double[] parameters) {}

  /**
   * Spends budgets, each of which contains those before it.
   *
   * @param budgets in the unit of the pool's costs, rising
   * @return what each has bought, in their order
   */
  public List<Stage> spend(double[] budgets) {
    List<Stage> stages = new ArrayList<>();
    for (double budget : budgets) {
      if (method.isSequential()) {
        learn(budget);
      } else {
        draw(budget);
      }
      stages.add(
          new Stage(List.copyOf(taken), spent, taken.isEmpty() ? new double[0] : reported(fit())));
    }
    return stages;
  }

  private void take(int run) {
    taken.add(run);
    used[run] = true;
    spent += pool.cost()[run];
  }

  private int[] affordable(double budget) {
    return IntStream.range(0, used.length)
        .filter(i -> !used[i] && spent + pool.cost()[i] <= budget * (1 + ROUNDING))
        .toArray();
  }

  private void draw(double budget) {
    for (int[] free = affordable(budget); free.length > 0; free = affordable(budget)) {
      take(
          switch (method) {
            case RANDOM -> free[random.nextInt(free.length)];
            case COST_RANDOM -> byCost(free);
            default -> cheapest(free);
          });
    }
  }

  private int byCost(int[] free) {
    double sum = Arrays.stream(free).mapToDouble(i -> 1 / pool.cost()[i]).sum();
    double at = random.nextDouble() * sum;
    for (int i : free) {
      at -= 1 / pool.cost()[i];
      if (at <= 0) {
        return i;
      }
    }
    return free[free.length - 1];
  }

  private int cheapest(int[] free) {
    double least = Arrays.stream(free).mapToDouble(i -> pool.cost()[i]).min().orElseThrow();
    int[] ties = Arrays.stream(free).filter(i -> pool.cost()[i] == least).toArray();
    return ties[random.nextInt(ties.length)];
  }

  private Model model() {
    return fitter.derivation().model();
  }

  private void begin(double budget) {
    int most =
        (int) Math.max(1, FIRST_RUNS * model().parameters().size() / model().responses().size());
    int[] order =
        IntStream.of(affordable(budget))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> pool.cost()[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double share = FIRST_SHARE * pool.totalCost();
    for (int i : order) {
      double after = spent + pool.cost()[i];
      if (taken.size() < most && (taken.isEmpty() || after <= Math.min(share, budget))) {
        take(i);
      }
    }
  }

  private void learn(double budget) {
    if (taken.isEmpty()) {
      begin(budget);
    }
    while (!taken.isEmpty() && affordable(budget).length > 0) {
      Posterior posterior = posterior();
      int more = Math.max(1, (int) (GROWTH * taken.size()));
      for (int k = 0; k < more; k++) {
        int[] free = affordable(budget);
        if (free.length == 0) {
          return;
        }
        int best = best(posterior, free);
        take(best);
        posterior.take(best);
      }
    }
  }

  private Posterior posterior() {
    boolean predictive = method == DesignMethod.PREDICTIVE;
    Departures departures = predictive ? Departures.of(places) : Departures.none(places);
    return new Posterior(
        fitter.derivation(), fit(), pool, taken, weights(), departures, predictive ? MODES : 1);
  }

  private int best(Posterior posterior, int[] free) {
    int best = free[0];
    double most = Double.NEGATIVE_INFINITY;
    for (int run : free) {
      double gain =
          method == DesignMethod.D_OPTIMAL ? posterior.shrinkage(run) : posterior.fall(run);
      double score = gain / Math.pow(pool.cost()[run], method.costExponent());
      if (score > most) {
        most = score;
        best = run;
      }
    }
    return best;
  }

  private List<FormulaOptima.Component> fit() {
    List<FormulaOptima.Component> found =
        fitter.find(part(pool.runs(), weights(), taken), known, random.nextLong() >>> 1);
    known =
        found.stream()
            .map(component ->
                component.ended().stream()
                    .map(FormulaOptima.Ended::parameters)
                    .limit(MOST_KNOWN)
                    .toList())
            .toList();
    return found;
  }

  /** Weights of all runs of the pool, of mean 1 over those that are taken. */
  private double[] weights() {
    double mean = taken.stream().mapToDouble(i -> nearness[i]).average().orElseThrow();
    return Arrays.stream(nearness).map(weight -> weight / mean).toArray();
  }

  /** Some runs of several, with their weights. */
  static FormulaRuns part(FormulaRuns runs, double[] weights, List<Integer> which) {
    Map<String, double[]> columns = new LinkedHashMap<>();
    runs.columns()
        .forEach((name, values) ->
            columns.put(name, which.stream().mapToDouble(i -> values[i]).toArray()));
    return FormulaRuns.of(runs.source(), columns)
        .weighted(which.stream().mapToDouble(i -> weights[i]).toArray());
  }

  /** The losses of a response that were measured. */
  private record Measured(double mean, double largest, double squares) {

    /** Whether a prediction is as near to their mean as the largest of them is to zero. */
    boolean believes(double prediction) {
      return Math.abs(prediction - mean) <= largest;
    }
  }

  /**
   * The parameters to report: those of least cost whose predictions can be believed, if any can;
   * where few runs leave many that describe them alike, the mildest, whose predictions depart least
   * from the mean of what was measured: of what runs do not tell, nothing is the best guess.
   */
  private double[] reported(List<FormulaOptima.Component> found) {
    double[] parameters = new double[model().parameters().size()];
    for (FormulaOptima.Component component : found) {
      double[] own = mildest(component);
      for (int j = 0; j < own.length; j++) {
        parameters[component.parameters()[j]] = own[j];
      }
    }
    return parameters;
  }

  private Measured measured(int response, double[] weights) {
    double[] losses = pool.runs().column(model().responses().get(response).name());
    DoubleSummaryStatistics sizes = new DoubleSummaryStatistics();
    boolean logs = fitter.derivation().logResiduals();
    double sum = 0;
    double squares = 0;
    for (int i : taken) {
      sizes.accept(Math.abs(losses[i]));
      sum += losses[i];
      squares += weights[i] * (logs ? 1 : losses[i] * losses[i]);
    }
    return new Measured(sum / taken.size(), sizes.getMax(), squares);
  }

  private double[] mildest(FormulaOptima.Component component) {
    double[] weights = weights();
    List<Measured> measured =
        IntStream.of(component.responses()).mapToObj(r -> measured(r, weights)).toList();
    List<FormulaOptima.Ended> ends = believable(component, measured);
    double squares = measured.stream().mapToDouble(Measured::squares).sum();
    double alike = ends.getFirst().cost() * (1 + ALIKE) + 0.5 * ALIKE * ALIKE * squares;
    return ends.stream()
        .filter(ended -> ended.cost() <= alike)
        .map(FormulaOptima.Ended::parameters)
        .min(Comparator.comparingDouble(own -> departure(predicted(component, own), measured)))
        .orElseThrow();
  }

  /** The ends all of whose predictions can be believed, or all ends if there are none. */
  private List<FormulaOptima.Ended> believable(
      FormulaOptima.Component component, List<Measured> measured) {
    List<FormulaOptima.Ended> believable =
        component.ended().stream()
            .filter(ended -> {
              double[] predictions = predicted(component, ended.parameters());
              int each = predictions.length / measured.size();
              return IntStream.range(0, predictions.length)
                  .allMatch(i -> measured.get(i / each).believes(predictions[i]));
            })
            .toList();
    return believable.isEmpty() ? component.ended() : believable;
  }

  /** Sum of squares of predictions about the mean of each response, one response after another. */
  private static double departure(double[] predictions, List<Measured> measured) {
    int each = predictions.length / measured.size();
    double sum = 0;
    for (int i = 0; i < predictions.length; i++) {
      sum += Math.pow(predictions[i] - measured.get(i / each).mean(), 2);
    }
    return Double.isNaN(sum) ? Double.POSITIVE_INFINITY : sum;
  }

  private double[] predicted(FormulaOptima.Component component, double[] own) {
    double[] all = new double[model().parameters().size()];
    for (int j = 0; j < own.length; j++) {
      all[component.parameters()[j]] = own[j];
    }
    return IntStream.of(component.responses())
        .mapToObj(r -> fitter.predict(all, pool.target(), r))
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }
}

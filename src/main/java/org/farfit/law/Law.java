package org.farfit.law;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * A scaling law: a family of loss surfaces with a fixed number of free parameters, over the columns
 * of runs that it names: parameters N and training tokens D of most laws, and others.
 *
 * <p>N is the number of parameters, with embeddings or without as the runs count them (Kaplan et
 * al. and Li et al. leave them out), D the number of training tokens, and L the loss in whatever
 * unit the data have (nats per token, bits per character), or whatever else was measured. All
 * logarithms are natural.
 *
 * <p>A law is fitted in <em>centred</em> coordinates: the logarithm of each term at the {@link
 * Centre} of the data, plus slopes and curvatures there. They are well scaled and nearly
 * uncorrelated, where the <em>published</em> coordinates are joined by ridges along which single
 * numbers run off to infinity. Results are reported in the published ones.
 *
 * <p>Implementations are thread-safe. Most laws are formulas ({@code formula.FormulaLaw}); those of
 * this package are {@link SizeLaw}s, made by hand.
 */
public interface Law {

  /** Name, formula, source and the names of the parameters. */
  LawDescription description();

  /** The name by which commands and files call this law. */
  default String name() {
    return description().name();
  }

  /** Names of the published parameters, in the order used by every array of them. */
  default List<String> parameterNames() {
    return description().parameterNames();
  }

  /** Names of the centred parameters, in the order used by every array of them. */
  default List<String> centredNames() {
    return description().centredNames();
  }

  /** How many free parameters the law has. */
  default int parameterCount() {
    return parameterNames().size();
  }

  /** The columns of runs that the law depends on, in the order of the rows that it takes. */
  default List<String> columns() {
    return List.of("N", "D");
  }

  /**
   * The labels of the categories that runs may have, by column of categories; such a column holds
   * the number of the label.
   */
  default Map<String, List<String>> categories() {
    return Map.of();
  }

  /** Whether the law depends on N and on D. */
  default boolean hasSizesAndTokens() {
    return columns().containsAll(List.of("N", "D"));
  }

  /**
   * A row of {@link #columns} with given N and D, and the others at a centre.
   *
   * @param centre where the others are
   */
  default double[] row(Centre centre, double n, double d) {
    return new double[] {n, d};
  }

  /**
   * Published parameters of a typical surface, for simulations and examples.
   *
   * @throws IllegalStateException if none are known
   */
  double[] example();

  /**
   * The loss in published coordinates, by the formula as it was published.
   *
   * @param published {@link #parameterCount()} values
   * @param row a run's values of {@link #columns}
   * @return the loss, in the unit of the data that the parameters belong to
   */
  double loss(double[] published, double[] row);

  /**
   * The loss in published coordinates of a law of N and D alone.
   *
   * @param n parameters, counted as in the runs that were fitted
   * @param d training tokens
   */
  default double loss(double[] published, double n, double d) {
    if (columns().size() != 2 || !hasSizesAndTokens()) {
      throw new IllegalStateException("%s needs %s".formatted(name(), columns()));
    }
    return loss(published, row(new Centre(Math.log(n), Math.log(d), 0), n, d));
  }

  /**
   * Converts published to centred coordinates.
   *
   * @param centre the centre that the centred coordinates refer to
   * @param published input, {@link #parameterCount()} values
   * @param centred output, same length
   */
  void toCentred(Centre centre, double[] published, double[] centred);

  /**
   * Converts centred to published coordinates. Where an exponent is so near 0 that a published
   * coordinate overflows, that output is not finite; the surface itself is still well defined in
   * centred coordinates.
   *
   * @param centre the centre that the centred coordinates refer to
   * @param centred input, {@link #parameterCount()} values
   * @param published output, same length
   */
  void toPublished(Centre centre, double[] centred, double[] published);

  /**
   * The box of centred coordinates from which starting points are drawn; empty for a law whose
   * starts are drawn otherwise.
   */
  Optional<SamplingBox> samplingBox(Centre centre);

  /**
   * Positions of the centred parameters that bend a term as a function of ln N. Runs of few sizes
   * hardly determine them, and extrapolation to larger N depends on them; 0 is a plain power of N.
   */
  default List<Integer> curvatures() {
    return List.of();
  }

  /**
   * The smaller laws within this one, those that hold more parameters first: by default its terms
   * without their {@link #curvatures}, together and one by one.
   *
   * @param centre of the runs that are fitted
   */
  default List<NestedForm> nestedForms(Centre centre) {
    List<String> names = curvatures().stream().map(j -> centredNames().get(j)).toList();
    if (names.isEmpty()) {
      return List.of();
    }
    List<NestedForm> forms = new ArrayList<>();
    SequencedMap<String, Double> all = new LinkedHashMap<>();
    names.forEach(each -> all.put(each, 0.0));
    forms.add(new NestedForm(name() + " with powers of N only", Optional.empty(), Map.of(), all));
    for (String each : names.reversed()) {
      forms.add(
          new NestedForm(
              "%s with %s = 0, a power of N".formatted(name(), each),
              Optional.empty(),
              Map.of(),
              new LinkedHashMap<>(Map.of(each, 0.0))));
    }
    return forms;
  }

  /**
   * Whether the loss depends on N and D through the sum A / N^alpha + B / D^beta of its published
   * parameters of these names alone, and grows with it: then compute-optimal N and D have a closed
   * form.
   */
  default boolean growsWithSumOfPowers() {
    return false;
  }

  /** The form by which the law can be fitted in stages; empty if it has none of these. */
  default Optional<StagedForm> stagedForm() {
    return Optional.empty();
  }

  /**
   * The starts from which the law was fitted by those who published it, in published coordinates;
   * empty if they stated none.
   */
  default List<double[]> publishedStarts() {
    return List.of();
  }

  /**
   * The terms that the law adds up, or that add up inside a power: solvers take longer steps along
   * their coordinates. Empty if it has none.
   */
  default List<AddedTerm> addedTerms() {
    return List.of();
  }

  /**
   * How far each centred parameter may go; none by default.
   *
   * @param x ln N - {@code centre.logN()} of the sizes that are fitted, ascending and distinct
   * @param y ln D - {@code centre.logD()} of their token counts, ascending and distinct
   */
  default Limits limits(Centre centre, double[] x, double[] y) {
    return Limits.none(parameterCount());
  }

  /**
   * The parameters that are at a limit or a bound, by position.
   *
   * @param n parameters N of each run that was fitted
   * @param d its tokens D
   */
  default List<Integer> atLimit(Centre centre, double[] centred, double[] n, double[] d) {
    return Limits.of(this, centre, n, d).reachedBy(centred);
  }

  /**
   * What is fixed where parameters are at their limits: one direction of centred coordinates for
   * each, along which the surface may not move.
   *
   * @param fixed positions, see {@link #atLimit}
   */
  default double[][] fixedDirections(Centre centre, double[] centred, List<Integer> fixed) {
    double[][] directions = new double[fixed.size()][parameterCount()];
    IntStream.range(0, fixed.size()).forEach(k -> directions[k][fixed.get(k)] = 1);
    return directions;
  }

  /**
   * What published fits say of the centred parameters, for fits that are to be extrapolated; empty
   * for a law that is never regularised.
   *
   * @param logLoss mean ln L of the runs that will be fitted: the unit of the loss
   * @param least their least ln L
   */
  default Optional<LawPrior> prior(double logLoss, double least) {
    return Optional.empty();
  }

  /**
   * The logarithm of the loss of a run. For use outside hot loops.
   *
   * @param centred {@link #parameterCount()} values, the same in all that follows
   * @param row a run's values of {@link #columns}
   * @return ln L; not finite where the parameters overflow, or the law's value is not positive
   */
  double logLossAt(Centre centre, double[] centred, double[] row);

  /**
   * The logarithm of the loss of a run and its gradient. For use outside hot loops.
   *
   * @param gradient output, {@link #parameterCount()} values: d ln L / d centred parameter
   */
  double logLossAt(Centre centre, double[] centred, double[] row, double[] gradient);

  /** ln L at given N and D, other columns at the centre. For use outside hot loops. */
  default double logLossAt(Centre centre, double[] centred, double n, double d) {
    return logLossAt(centre, centred, row(centre, n, d));
  }

  /** ln L at given N and D and its gradient, other columns at the centre. */
  default double logLossAt(Centre centre, double[] centred, double n, double d, double[] gradient) {
    return logLossAt(centre, centred, row(centre, n, d), gradient);
  }

  /** The loss of a run, or what else the law predicts, of any sign. For use outside hot loops. */
  default double lossAt(Centre centre, double[] centred, double[] row) {
    return Math.exp(logLossAt(centre, centred, row));
  }

  /**
   * The loss of a run and its gradient. For use outside hot loops.
   *
   * @param gradient output, {@link #parameterCount()} values: d L / d centred parameter
   */
  default double lossAt(Centre centre, double[] centred, double[] row, double[] gradient) {
    double loss = Math.exp(logLossAt(centre, centred, row, gradient));
    for (int j = 0; j < gradient.length; j++) {
      gradient[j] *= loss;
    }
    return loss;
  }

  /**
   * d ln L / d ln D of a run, analytically. Negative: more data, less loss.
   *
   * @param row a run's values of {@link #columns}
   */
  double slopeByLogD(Centre centre, double[] centred, double[] row);
}

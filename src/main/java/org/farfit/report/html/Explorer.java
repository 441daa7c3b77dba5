package org.farfit.report.html;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.farfit.analysis.inference.Inference;
import org.farfit.data.RunSet;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFormula;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.BootstrapIntervals;
import org.farfit.formula.LawScript;
import org.farfit.law.Law;

/**
 * What a page needs to answer questions by itself: the laws as scripts, the parameters of fits and
 * of their replicates, and the runs. Parameters are lists, which are written in full, where arrays
 * are written in the digits that figures can show.
 *
 * @param columns what may be asked for
 * @param level probability of the intervals, in percent
 * @param laws scripts, see {@link LawScript}
 * @param surfaces what may be chosen, the best first
 * @param runs values of each column, by run
 * @param losses of the runs
 */
public record Explorer(
    List<Column> columns,
    double level,
    @JsonIgnore List<String> laws,
    List<Fitted> surfaces,
    List<double[]> runs,
    double[] losses) {

  /** Replicates that a page holds: enough for quantiles that move by less than lines are wide. */
  private static final int MOST_REPLICATES = 1000;

  /** How far derivatives reach, in standard errors. */
  private static final double STEP = 1e-3;

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
   * @param members fits and their weights, which sum to one
   * @param replicates fits of replicates, of which an interval is made; empty without
   * @param tail the share of replicates beyond each end of an interval
   * @param shifts without replicates, parameters moved there and back by {@link #STEP} standard
   *     errors in independent directions
   * @param quantile half an interval in standard errors, times 1 / (2 STEP)
   * @param lack why there are no intervals, or empty
   */
  public record Fitted(
      String name,
      List<Member> members,
      List<Drawn> replicates,
      double tail,
      List<List<Double>> shifts,
      double quantile,
      String lack) {}

  /** A fit: which law, its coordinates, and the centre of the runs. */
  public record Member(int law, List<Double> parameters, List<Double> centres, double weight) {}

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
    List<Member> members = new ArrayList<>();
    List<UnaryOperator<double[]>> coordinates = new ArrayList<>();
    for (int k = 0; k < fits.size(); k++) {
      FittedSurface fit = fits.get(k);
      LawFormula formula = laws.formula(fit.law());
      coordinates.add(formula.coordinates(fit.centre()));
      members.add(
          new Member(
              laws.number(fit.law()),
              boxed(coordinates.getLast().apply(fit.centredArray())),
              boxed(formula.centres(fit.centre())),
              inference.members().get(k).weight() / sum));
    }
    Optional<String> lack =
        inference
            .lack()
            .or(() ->
                inference.reachesVary()
                    ? Optional.of("they reach differently far at each point; ask farfit predict")
                    : Optional.empty());
    boolean lacks = lack.isPresent();
    boolean drawn = inference.isBootstrapped();
    return new Fitted(
        name,
        members,
        drawn && !lacks ? drawn(inference, fits, coordinates) : List.of(),
        drawn && !lacks ? inference.tail() : 0,
        drawn || lacks ? List.of() : shifts(fits.getFirst(), coordinates.getFirst()),
        drawn || lacks ? 0 : inference.quantile() / (2 * STEP),
        lack.orElse(""));
  }

  private static List<Drawn> drawn(
      Inference inference, List<FittedSurface> fits, List<UnaryOperator<double[]>> coordinates) {
    long count = Math.max(MOST_REPLICATES, (long) BootstrapIntervals.needed(inference.tail()));
    List<String> names = fits.stream().map(FittedSurface::name).toList();
    List<Drawn> drawn = new ArrayList<>();
    for (Surface surface : inference.surfaces().stream().limit(count).toList()) {
      FittedSurface replicate = (FittedSurface) surface;
      int member = names.indexOf(replicate.name());
      drawn.add(new Drawn(member, boxed(coordinates.get(member).apply(replicate.centredArray()))));
    }
    return drawn;
  }

  /** Parameters a little to either side in each principal direction of the covariance. */
  private static List<List<Double>> shifts(FittedSurface fit, UnaryOperator<double[]> coordinates) {
    DMatrixRMaj covariance = new DMatrixRMaj(fit.covariance().orElseThrow());
    int p = covariance.numRows;
    EigenDecomposition_F64<DMatrixRMaj> directions = DecompositionFactory_DDRM.eig(p, true, true);
    if (!directions.decompose(covariance)) {
      return List.of();
    }
    List<List<Double>> moved = new ArrayList<>();
    for (int k = 0; k < p; k++) {
      double size = STEP * Math.sqrt(Math.max(0, directions.getEigenvalue(k).getReal()));
      for (int sign : new int[] {1, -1}) {
        double[] centred = fit.centredArray();
        for (int j = 0; j < p; j++) {
          centred[j] += sign * size * directions.getEigenVector(k).get(j);
        }
        moved.add(boxed(coordinates.apply(centred)));
      }
    }
    return moved;
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

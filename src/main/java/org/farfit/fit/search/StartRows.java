package org.farfit.fit.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.farfit.engine.FormulaProblem;
import org.farfit.formula.Derivation;
import org.farfit.formula.Model;

/**
 * Some of the runs of a formula's problem, on which starts are judged and their linear parameters
 * solved for. One thread at a time.
 */
final class StartRows {

  /** About as many runs are taken. */
  private static final int FEW_RUNS = 240;

  private final boolean logResiduals;
  private final int linearCount;
  private final double[] local;
  private final List<PartRows> parts = new ArrayList<>();

  /**
   * The runs of a part.
   *
   * @param surface the part's response at them
   * @param runs which runs of the data
   * @param by the parameters that the response is linear in
   * @param at for each of these, which linear parameter of the problem it is
   * @param weights those of the runs, divided by the response squared where residuals are of
   *     logarithms
   */
  private record PartRows(
      FormulaProblem.Part part,
      int[] runs,
      Derivation.NaturalRows surface,
      int[] by,
      int[] at,
      double[] response,
      double[] runWeights,
      double[] weights) {}

  /**
   * Runs.
   *
   * @param weightRow which weights count
   * @param linear the parameters of the problem that its law is linear in
   */
  StartRows(FormulaProblem problem, int weightRow, int[] linear) {
    Derivation derivation = problem.derivation();
    this.logResiduals = derivation.logResiduals();
    this.linearCount = linear.length;
    this.local = new double[derivation.model().parameters().size()];
    for (FormulaProblem.Part part : problem.parts()) {
      int length = part.runs().length;
      int step = Math.max(1, length * problem.parts().size() / FEW_RUNS);
      parts.add(rows(problem, part, step, weightRow, linear));
    }
  }

  private PartRows rows(
      FormulaProblem problem, FormulaProblem.Part part, int step, int weightRow, int[] linear) {
    Derivation derivation = problem.derivation();
    Model model = derivation.model();
    int count = (part.runs().length + step - 1) / step;
    int[] runs = IntStream.range(0, count).map(i -> part.runs()[i * step]).toArray();
    double[][] columns = new double[model.columns().size()][count];
    double[] response = new double[count];
    double[] runWeights = new double[count];
    double[] weights = new double[count];
    for (int i = 0; i < count; i++) {
      int run = runs[i];
      for (int c = 0; c < columns.length; c++) {
        columns[c][i] = problem.column(model.columns().get(c))[run];
      }
      double target = part.target()[i * step];
      response[i] = logResiduals ? Math.exp(target) : target;
      runWeights[i] = problem.weights().weight(weightRow, run);
      weights[i] = logResiduals ? runWeights[i] / (response[i] * response[i]) : runWeights[i];
    }
    BitSet wanted = new BitSet();
    for (int t = 0; t < local.length; t++) {
      wanted.set(t, Arrays.binarySearch(linear, part.parameters()[t]) >= 0);
    }
    Derivation.NaturalRows surface =
        derivation.naturalRows(part.response(), columns, count, wanted);
    int[] by = surface.parameters();
    int[] at =
        Arrays.stream(by).map(t -> Arrays.binarySearch(linear, part.parameters()[t])).toArray();
    return new PartRows(part, runs, surface, by, at, response, runWeights, weights);
  }

  /** The columns of the law at these runs. */
  double[][] columns(FormulaProblem problem) {
    List<String> names = problem.derivation().model().columns();
    double[][] columns = new double[names.size()][];
    for (int c = 0; c < columns.length; c++) {
      double[] all = problem.column(names.get(c));
      columns[c] =
          parts.stream()
              .flatMapToInt(each -> Arrays.stream(each.runs()))
              .mapToDouble(run -> all[run])
              .toArray();
    }
    return columns;
  }

  /** How many there are. */
  int count() {
    return parts.stream().mapToInt(part -> part.response().length).sum();
  }

  /** The mean size of the responses. */
  double typical() {
    return parts.stream()
            .flatMapToDouble(part -> Arrays.stream(part.response()))
            .map(Math::abs)
            .sum()
        / count();
  }

  /**
   * Adds the normal equations of the linear parameters at a point where they are 0.
   *
   * @param h lower triangle of the matrix, row-major
   * @param g the gradient
   */
  void addLinear(double[] natural, double[] h, double[] g) {
    for (PartRows part : parts) {
      double[] offset = part.surface().valuesAndSlopes(gathered(part, natural));
      for (int k = 0; k < part.by().length; k++) {
        double[] own = part.surface().slopes(part.by()[k]);
        int a = part.at()[k];
        for (int i = 0; i < offset.length; i++) {
          g[a] -= part.weights()[i] * own[i] * (part.response()[i] - offset[i]);
        }
        for (int l = 0; l < part.by().length; l++) {
          int b = part.at()[l];
          if (b <= a) {
            h[a * linearCount + b] +=
                product(part.weights(), own, part.surface().slopes(part.by()[l]));
          }
        }
      }
    }
  }

  private static double product(double[] weights, double[] u, double[] w) {
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * u[i] * w[i];
    }
    return sum;
  }

  /** The sum of squares at a point; infinite where a prediction is not possible. */
  double misfit(double[] natural) {
    double sum = 0;
    for (PartRows part : parts) {
      double[] values = part.surface().values(gathered(part, natural));
      for (int i = 0; i < values.length; i++) {
        double target = part.response()[i];
        double residual = logResiduals ? Math.log(values[i] / target) : values[i] - target;
        sum += part.runWeights()[i] * residual * residual;
        // A run without weight must be possible, too.
        sum += 0 * residual;
      }
    }
    return Double.isNaN(sum) ? Double.POSITIVE_INFINITY : sum;
  }

  /** Whether all predictions are above 0. */
  boolean arePositive(double[] natural) {
    for (PartRows part : parts) {
      for (double value : part.surface().values(gathered(part, natural))) {
        if (!(value > 0)) {
          return false;
        }
      }
    }
    return true;
  }

  private double[] gathered(PartRows part, double[] natural) {
    for (int t = 0; t < local.length; t++) {
      int j = part.part().parameters()[t];
      local[t] = j < 0 ? 0 : natural[j];
    }
    return local;
  }
}

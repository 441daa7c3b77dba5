package org.farfit.engine.scalar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.farfit.data.RunSet;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference engine against sums written out over single runs. */
class ScalarEngineTest {

  static Stream<Arguments> lawsAndObjectives() {
    List<Objective> objectives =
        List.of(
            Objective.LOG_SQUARED,
            Objective.logHuber(1e-2),
            Objective.LINEAR_SQUARED,
            new Objective(Objective.Residual.LINEAR, 5e-2));
    return Laws.all().stream()
        .flatMap(law -> objectives.stream().map(objective -> Arguments.of(law, objective)));
  }

  private static RunSet randomRuns(int count, SplittableRandom random) {
    double[] n = new double[count];
    double[] d = new double[count];
    double[] loss = new double[count];
    for (int i = 0; i < count; i++) {
      // Few distinct N, as in a grid of runs, and not in order.
      n[i] = 1e8 * (1 << random.nextInt(6));
      d[i] = Math.exp(random.nextDouble(Math.log(1e9), Math.log(1e12)));
      loss[i] = random.nextDouble(0.3, 0.9);
    }
    return new RunSet(n, d, loss);
  }

  private static double[] randomWeights(int count, SplittableRandom random) {
    return random.ints(count, 0, 4).asDoubleStream().toArray();
  }

  private static NormalEquations evaluate(SurfaceProblem problem, double[][] points, int[] rows) {
    NormalEquations batch = new NormalEquations(problem.law().parameterCount(), points.length + 3);
    for (int k = 0; k < points.length; k++) {
      batch.setParameters(k, points[k]);
      batch.weightRow[k] = rows[k];
    }
    try (Evaluator evaluator = new ScalarEngine().evaluator(problem)) {
      evaluator.evaluate(batch, points.length);
    }
    return batch;
  }

  @ParameterizedTest
  @MethodSource("lawsAndObjectives")
  void sumsAreThoseOverSingleRuns(Law law, Objective objective) {
    SplittableRandom random = new SplittableRandom(3);
    RunSet runs = randomRuns(60, random);
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    WeightTable weights = WeightTable.of(randomWeights(60, random), randomWeights(60, random));
    SurfaceProblem problem = new SurfaceProblem(law, centre, runs, objective, weights);
    int p = law.parameterCount();
    double[][] points = new double[20][p];
    int[] rows = new int[20];
    for (int k = 0; k < points.length; k++) {
      law.samplingBox(centre).orElseThrow().at(random.doubles(p).toArray(), points[k]);
      rows[k] = k % 2;
    }
    NormalEquations batch = evaluate(problem, points, rows);
    for (int k = 0; k < points.length; k++) {
      double cost = 0;
      double[] gradient = new double[p];
      double[][] matrix = new double[p][p];
      for (int i = 0; i < runs.size(); i++) {
        double[] row = new double[p];
        double value = law.logLossAt(centre, points[k], runs.n(i), runs.d(i), row);
        double residual = value - Math.log(runs.loss(i));
        if (objective.residual() == Objective.Residual.LINEAR) {
          residual = Math.exp(value) - runs.loss(i);
          for (int j = 0; j < p; j++) {
            row[j] *= Math.exp(value);
          }
        }
        double w = weights.weight(rows[k], i);
        // The majoriser has the curvature rho'(r) / r, half of which is the default.
        double curvature =
            Math.abs(residual) <= objective.huberDelta() ? 1 : 0.5 * objective.weight(residual);
        cost += w * objective.loss(residual);
        for (int a = 0; a < p; a++) {
          gradient[a] += w * objective.weight(residual) * residual * row[a];
          for (int b = 0; b < p; b++) {
            matrix[a][b] += w * curvature * row[a] * row[b];
          }
        }
      }
      assertThat(batch.cost[k]).isCloseTo(cost, within(1e-12 * cost));
      double[] full = batch.fullMatrix(k);
      for (int a = 0; a < p; a++) {
        double scale = Math.sqrt(2 * cost * matrix[a][a]);
        assertThat(batch.gradient[a * batch.capacity() + k])
            .isCloseTo(gradient[a], within(1e-12 * scale));
        for (int b = 0; b < p; b++) {
          assertThat(full[a * p + b])
              .isCloseTo(
                  matrix[a][b], within(1e-12 * Math.sqrt(matrix[a][a] * matrix[b][b]) + 1e-300));
        }
      }
    }
  }

  /** Half of r'V^-1 r, J'V^-1 r and J'V^-1 J with V written out and inverted. */
  @ParameterizedTest
  @MethodSource("lawsAndObjectives")
  void sharedErrorsAreThoseOfTheirCovariance(Law law, Objective objective) {
    SplittableRandom random = new SplittableRandom(5);
    int n = 30;
    RunSet runs = randomRuns(n, random);
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    double[] weights = random.doubles(n, 0.2, 3).toArray();
    SurfaceProblem plain =
        new SurfaceProblem(law, centre, runs, objective, WeightTable.of(weights));
    // Two neighbouring N are one size.
    double[] sizes = Arrays.stream(runs.n()).map(size -> size == 2e8 ? 1e8 : size).toArray();
    if (!objective.isSquared()) {
      assertThatThrownBy(() -> plain.sharing(0.7, sizes))
          .isInstanceOf(IllegalArgumentException.class);
      return;
    }
    int p = law.parameterCount();
    double[] point = new double[p];
    law.samplingBox(centre).orElseThrow().at(random.doubles(p).toArray(), point);
    DMatrixRMaj v = new DMatrixRMaj(n, n);
    DMatrixRMaj jacobian = new DMatrixRMaj(n, p);
    DMatrixRMaj residual = new DMatrixRMaj(n, 1);
    for (int i = 0; i < n; i++) {
      double[] row = new double[p];
      double value = law.logLossAt(centre, point, runs.n(i), runs.d(i), row);
      boolean log = objective.residual() == Objective.Residual.LOG;
      residual.set(i, log ? value - Math.log(runs.loss(i)) : Math.exp(value) - runs.loss(i));
      for (int j = 0; j < p; j++) {
        jacobian.set(i, j, row[j] * (log ? 1 : Math.exp(value)));
      }
      for (int k = 0; k < n; k++) {
        v.set(i, k, (sizes[i] == sizes[k] ? 0.7 : 0) + (i == k ? 1 / weights[i] : 0));
      }
    }
    CommonOps_DDRM.invert(v);
    DMatrixRMaj vr = new DMatrixRMaj(n, 1);
    CommonOps_DDRM.mult(v, residual, vr);
    DMatrixRMaj gradient = new DMatrixRMaj(p, 1);
    CommonOps_DDRM.multTransA(jacobian, vr, gradient);
    DMatrixRMaj vj = new DMatrixRMaj(n, p);
    CommonOps_DDRM.mult(v, jacobian, vj);
    DMatrixRMaj matrix = new DMatrixRMaj(p, p);
    CommonOps_DDRM.multTransA(jacobian, vj, matrix);
    NormalEquations at =
        evaluate(plain.sharing(0.7, sizes), new double[][] {point, point}, new int[2]);
    for (int k = 0; k < 2; k++) {
      double cost = 0.5 * CommonOps_DDRM.dot(residual, vr);
      assertThat(at.cost[k]).isCloseTo(cost, within(1e-11 * cost));
      double[] full = at.fullMatrix(k);
      for (int a = 0; a < p; a++) {
        double scale = Math.sqrt(2 * cost * matrix.get(a, a));
        assertThat(at.gradient[a * at.capacity() + k])
            .isCloseTo(gradient.get(a), within(1e-10 * scale));
        for (int b = 0; b < p; b++) {
          double both = Math.sqrt(matrix.get(a, a) * matrix.get(b, b));
          assertThat(full[a * p + b]).isCloseTo(matrix.get(a, b), within(1e-10 * both));
        }
      }
    }
  }

  /** Ratio 0.5 and runs of weight 3 together: once, twice as 6, and not at all. */
  @Test
  void whatIsTakenOffASizeFollowsItsWeightAndCopies() {
    assertThat(SurfaceProblem.sharedFactor(0.5, 3, 0)).isEqualTo(0.5 / 2.5);
    assertThat(SurfaceProblem.sharedFactor(0.5, 3, 3)).isEqualTo(0.5 / 2.5);
    assertThat(SurfaceProblem.sharedFactor(0.5, 6, 3)).isEqualTo(0.5 / 5);
    assertThat(SurfaceProblem.sharedFactor(0.5, 0, 3)).isZero();
  }

  /** A size that is drawn twice counts twice, and one that is not drawn not at all. */
  @Test
  void copiesOfSizesHaveErrorsOfTheirOwn() {
    Law law = new Chinchilla();
    RunSet runs = randomRuns(40, new SplittableRandom(6));
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    double[] point = new double[5];
    law.samplingBox(centre).orElseThrow().at(new double[] {0.3, 0.6, 0.4, 0.7, 0.2}, point);
    double[] sizes = Arrays.stream(runs.n()).distinct().sorted().toArray();
    double[][] one = new double[sizes.length][];
    for (int g = 0; g < sizes.length; g++) {
      double size = sizes[g];
      one[g] = Arrays.stream(runs.n()).map(n -> n == size ? 1 : 0).toArray();
    }
    double[] drawn = Arrays.stream(runs.n()).map(n -> n == sizes[1] ? 2 : 1).toArray();
    Arrays.setAll(drawn, i -> runs.n(i) == sizes[2] ? 0 : drawn[i]);
    WeightTable table = WeightTable.of(one[0], one[1], one[2], one[3], one[4], one[5], drawn);
    SurfaceProblem problem =
        new SurfaceProblem(law, centre, runs, Objective.LOG_SQUARED, table)
            .sharing(0.7, runs.n())
            .copyingSizes(runs.weight());
    double[][] points = new double[7][];
    Arrays.fill(points, point);
    double[] cost = evaluate(problem, points, new int[] {0, 1, 2, 3, 4, 5, 6}).cost;
    double sum = cost[0] + 2 * cost[1] + cost[3] + cost[4] + cost[5];
    assertThat(cost[6]).isCloseTo(sum, within(1e-12 * sum));
  }

  @ParameterizedTest
  @MethodSource("lawsAndObjectives")
  void gradientIsThatOfTheCost(Law law, Objective objective) {
    SplittableRandom random = new SplittableRandom(4);
    RunSet runs = randomRuns(40, random);
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    SurfaceProblem problem = new SurfaceProblem(law, centre, runs, objective);
    int p = law.parameterCount();
    double[] point = new double[p];
    law.samplingBox(centre).orElseThrow().at(random.doubles(p).toArray(), point);
    NormalEquations at = evaluate(problem, new double[][] {point}, new int[1]);
    double step = 1e-5;
    for (int j = 0; j < p; j++) {
      double[] high = point.clone();
      double[] low = point.clone();
      high[j] += step;
      low[j] -= step;
      NormalEquations sides = evaluate(problem, new double[][] {high, low}, new int[2]);
      double slope = (sides.cost[0] - sides.cost[1]) / (2 * step);
      assertThat(at.gradient[j * at.capacity()])
          .isCloseTo(slope, within(1e-6 * Math.abs(slope) + 1e-7 * at.cost[0]));
    }
  }

  @Test
  void outcomeDoesNotDependOnThePlaceInTheBatch() {
    SplittableRandom random = new SplittableRandom(5);
    RunSet runs = randomRuns(30, random);
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    Law law = new Chinchilla();
    SurfaceProblem problem = new SurfaceProblem(law, centre, runs, Objective.LOG_SQUARED);
    double[] good = {-1, -2, -2, 0.3, 0.3};
    double[] bad = {Double.NaN, -2, -2, 0.3, 1e300};
    NormalEquations alone = evaluate(problem, new double[][] {good}, new int[1]);
    NormalEquations among = evaluate(problem, new double[][] {bad, good, bad}, new int[3]);
    assertThat(among.cost[1]).isEqualTo(alone.cost[0]);
    assertThat(among.fullMatrix(1)).isEqualTo(alone.fullMatrix(0));
    assertThat(among.isFinite(0)).isFalse();
    assertThat(among.isFinite(1)).isTrue();
  }

  @Test
  void runsOfWeightZeroDoNotCount() {
    RunSet runs =
        new RunSet(
            new double[] {1e8, 1e8, 2e8}, new double[] {1e9, 4e9, 1e9}, new double[] {3, 2.5, 2});
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    double[] point = {0.1, -1, -1, 0.3, 0.3};
    Law law = new Chinchilla();
    SurfaceProblem masked =
        new SurfaceProblem(
            law, centre, runs, Objective.LOG_SQUARED, WeightTable.of(new double[] {1, 0, 1}));
    RunSet two = new RunSet(new double[] {1e8, 2e8}, new double[] {1e9, 1e9}, new double[] {3, 2});
    SurfaceProblem without = new SurfaceProblem(law, centre, two, Objective.LOG_SQUARED);
    assertThat(evaluate(masked, new double[][] {point}, new int[1]).cost[0])
        .isEqualTo(evaluate(without, new double[][] {point}, new int[1]).cost[0]);
  }

  @Test
  void weightsMustBeUsable() {
    assertThatThrownBy(() -> WeightTable.of(new double[] {1, -1})).hasMessageContaining("-1.0");
    assertThatThrownBy(() -> WeightTable.of(new double[] {Double.NaN}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WeightTable.of(new double[2], new double[3]))
        .hasMessageContaining("rows of 2 and 3 runs");
  }
}

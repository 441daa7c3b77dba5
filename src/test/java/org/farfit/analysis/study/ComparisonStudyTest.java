package org.farfit.analysis.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.inference.ComparedInference.Side;
import org.farfit.analysis.inference.Estimands;
import org.farfit.data.RunSet;
import org.farfit.fit.Surface;
import org.farfit.solver.ProgressListener;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.junit.jupiter.api.Test;

/** Two recipes whose surfaces are known: E + A/N^alpha + B/D^beta, written out. */
class ComparisonStudyTest {

  private static final RunSet RUNS =
      new RunSet(
          new double[] {1e8, 1e9, 1e10},
          new double[] {1e9, 1e10, 1e11},
          new double[] {0.9, 0.7, 0.5});

  /** A surface of one exponent of N and D. */
  private record Power(double irreducible, double size, double tokens) implements Surface {
    @Override
    public String name() {
      return "power";
    }

    @Override
    public double loss(double n, double d) {
      return irreducible + size / Math.sqrt(n) + tokens / Math.sqrt(d);
    }
  }

  private static ComparisonStudy study(Surface a, Surface b) {
    return new ComparisonStudy(
        new Side(a, List.of(), RUNS), new Side(b, List.of(), RUNS), ComputeModel.USUAL, 0.9);
  }

  /** At the optimum both terms fall as C^(-1/4), so three times the compute undoes the factor. */
  @Test
  void aFactorOnBothTermsIsAFactorOnCompute() {
    double factor = Math.pow(3, 0.25);
    ComparisonStudy study =
        study(new Power(0.3, 1000, 5000), new Power(0.3, 1000 * factor, 5000 * factor));
    ComparisonStudy.Saving saving = study.saving(1e20);
    assertThat(saving.multiplier().orElseThrow()).isCloseTo(3, within(1e-8));
    assertThat(saving.problem()).isEmpty();
    assertThat(study.grid(3, ProgressListener.NONE))
        .hasSize(9)
        .allSatisfy(verdict -> {
          assertThat(verdict.winner()).isEqualTo("A");
          assertThat(verdict.probabilityA()).isEmpty();
        });
  }

  /** Equal losses at D = (5000 - 2500)^2 / 0.05^2, whatever N is. */
  @Test
  void parityIsWhereTheLossesAreEqual() {
    ComparisonStudy study = study(new Power(0.35, 1000, 2500), new Power(0.3, 1000, 5000));
    List<ComparisonStudy.Parity> parity = study.parity(4, ProgressListener.NONE);
    assertThat(parity)
        .hasSize(4)
        .allSatisfy(point -> {
          assertThat(point.crossing().d()).isCloseTo(2.5e9, within(1e-3));
          assertThat(point.crossing().winnerBeyond()).isEqualTo("B");
          assertThat(point.sure()).isEmpty();
        });
  }

  @Test
  void nobodyWinsWhereALossCannotBeBelieved() {
    ComparisonStudy study = study(new Power(0.3, 1000, 5000), new Power(30, 1000, 5000));
    ComparisonStudy.Verdict verdict = study.at(new Estimands.Point(1e9, 1e10));
    assertThat(verdict.winner()).isEqualTo(ComparisonStudy.UNKNOWN);
    assertThat(verdict.problem().orElseThrow()).startsWith("B: the surface gives 30");
    assertThat(study.saving(1e20).problem().orElseThrow()).startsWith("no budget");
  }

  /** Two replicates of A beside a recipe that nothing is uncertain about: the normal law. */
  @Test
  void replicatesTellHowProbableItIs() {
    Surface a = new Power(0.29, 1000, 5000);
    Surface b = new Power(0.3, 1000, 5000);
    List<Surface> replicates = List.of(new Power(0.28, 1000, 5000), new Power(0.31, 1000, 5000));
    Estimands.Point point = new Estimands.Point(1e9, 1e10);
    double[] logs =
        Stream.of(a, b, replicates.get(0), replicates.get(1))
            .mapToDouble(surface -> Math.log(surface.loss(point.n(), point.d())))
            .toArray();
    double deviation = Math.abs(logs[2] - logs[3]) / Math.sqrt(2);
    ComparisonStudy study =
        new ComparisonStudy(
            new Side(a, replicates, RUNS),
            new Side(b, List.of(b, b), RUNS),
            ComputeModel.USUAL,
            0.9);
    assertThat(study.at(point).probabilityA().orElseThrow())
        .isCloseTo(
            new NormalDistribution().cumulativeProbability((logs[1] - logs[0]) / deviation),
            within(1e-6));
  }

  /** The scatter of a single replicate is not known. */
  @Test
  void oneReplicateTellsNothing() {
    Surface a = new Power(0.29, 1000, 5000);
    ComparisonStudy study =
        new ComparisonStudy(
            new Side(a, List.of(a), RUNS), new Side(a, List.of(a), RUNS), ComputeModel.USUAL, 0.9);
    ComparisonStudy.Verdict verdict = study.at(new Estimands.Point(1e9, 1e10));
    assertThat(verdict.problem()).isEmpty();
    assertThat(verdict.probabilityA()).isEmpty();
  }
}

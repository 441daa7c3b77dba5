package org.farfit.formula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values at many runs at once are those at one run after the other. */
final class RowsInterpreterTest {

  private static final int RUNS = 17;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "E + A*N^-alpha + B*D^-beta",
        "E + (A/N^alpha + B/D^beta)^k + tanh(A) - abs(ln(N/D))*sign(E - 1)",
        "max(E, A*sigmoid(N*k))/min(D, beta) + softplus(-B*N) + sqrt(D)*growth(alpha*ln(N))",
        "E"
      })
  void equalsOneRunAtATime(String formula) {
    Derivation derivation = new Derivation(Model.of(LawText.formula(formula)), false, List.of());
    SplittableRandom random = new SplittableRandom(3);
    int p = derivation.model().parameters().size();
    double[][] columns = new double[derivation.model().columns().size()][];
    for (int c = 0; c < columns.length; c++) {
      columns[c] = random.doubles(RUNS, 0.5, 4).toArray();
    }
    BitSet every = new BitSet();
    every.set(0, p);
    Derivation.NaturalRows rows = derivation.naturalRows(0, columns, RUNS, every);
    Derivation.NaturalSurface single = derivation.naturalSurface(0);
    for (int trial = 0; trial < 5; trial++) {
      double[] parameters = random.doubles(p, 0.2, 2).toArray();
      double[] values = rows.values(parameters).clone();
      double[] again = rows.valuesAndSlopes(parameters).clone();
      double[] gradient = new double[p];
      for (int run = 0; run < RUNS; run++) {
        double[] row = new double[columns.length];
        for (int c = 0; c < row.length; c++) {
          row[c] = columns[c][run];
        }
        double expected = single.gradient(parameters, row, gradient);
        assertThat(values[run]).isEqualTo(expected);
        assertThat(again[run]).isEqualTo(expected);
        for (int j : rows.parameters()) {
          assertThat(rows.slopes(j)[run]).isEqualTo(gradient[j]);
        }
      }
    }
  }

  @Test
  void onlyWantedSlopesAreThere() {
    Derivation derivation =
        new Derivation(Model.of(LawText.formula("E + A*N^-alpha")), false, List.of());
    BitSet wanted = new BitSet();
    wanted.set(1);
    double[][] columns = {{2, 4}};
    Derivation.NaturalRows rows = derivation.naturalRows(0, columns, 2, wanted);
    assertThat(rows.parameters()).containsExactly(1);
    rows.valuesAndSlopes(new double[] {1, 3, 1});
    assertThat(rows.slopes(1)).containsExactly(new double[] {0.5, 0.25}, within(1e-15));
  }
}

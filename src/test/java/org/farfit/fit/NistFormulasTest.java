package org.farfit.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.farfit.RealData;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.search.GlobalFit;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Nonlinear-regression sets of NIST from their formulas alone, without the starting values that
 * come with them: the certified sums of squares. Centres and widths lie where the column does, far
 * from any range that a role alone would give.
 */
class NistFormulasTest {

  private static final String PEAKS =
      "b1*exp(-b2*x) + b3*exp(-(x-b4)^2/b5^2) + b6*exp(-(x-b7)^2/b8^2)";

  private static final Pattern SUM = Pattern.compile("Residual Sum of Squares:\\s+(\\S+)");

  @ParameterizedTest
  @CsvSource({
    "Eckerle4, (b1/b2)*exp(-0.5*((x-b3)/b2)^2)",
    "Gauss1, " + PEAKS,
    "Gauss2, " + PEAKS,
    "Lanczos3, b1*exp(-b2*x) + b3*exp(-b4*x) + b5*exp(-b6*x)",
    "Hahn1, (b1+b2*x+b3*x^2+b4*x^3)/(1+b5*x+b6*x^2+b7*x^3)",
    "MGH17, b1 + b2*exp(-x*b4) + b3*exp(-x*b5)",
    "Thurber, (b1+b2*x+b3*x^2+b4*x^3)/(1+b5*x+b6*x^2+b7*x^3)",
    "Rat43, b1/((1+exp(b2-b3*x))^(1/b4))",
    "MGH10, b1*exp(b2/(x+b3))",
    "Bennett5, b1*(b2+x)^(-1/b3)",
  })
  void certifiedSumsWithoutStartingValues(String name, String formula) throws Exception {
    List<String> lines = Files.readAllLines(RealData.file("nist").resolve(name + ".dat"));
    Matcher sum = SUM.matcher(String.join("\n", lines));
    assertThat(sum.find()).isTrue();
    double certified = Double.parseDouble(sum.group(1));
    List<double[]> rows =
        lines.stream()
            .skip(60)
            .map(String::strip)
            .filter(line -> line.matches("[-+.0-9eE]+\\s+[-+.0-9eE]+"))
            .map(line -> line.split("\\s+"))
            .map(cells -> new double[] {Double.parseDouble(cells[0]), Double.parseDouble(cells[1])})
            .toList();
    double[] y = rows.stream().mapToDouble(row -> row[0]).toArray();
    double[] x = rows.stream().mapToDouble(row -> row[1]).toArray();
    double[] ones = new double[y.length];
    Arrays.fill(ones, 1);
    RunSet runs = RunSet.of(new TreeMap<>(Map.of("x", x)), Map.of(), y, ones);
    Model model = Model.of(LawText.formula(formula), Set.of("x"), Set.of());
    Objective objective = Objective.LINEAR_SQUARED;
    LawFit fit =
        new GlobalFit(new ScalarEngine(), FitOptions.DEFAULT.withObjective(objective))
            .fit(FormulaLaw.of(model, false, runs), runs);
    assertThat(2 * fit.cost()).isCloseTo(certified, within(1e-8 * certified));
  }
}

package org.farfit.solver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.hipparchus.analysis.differentiation.Gradient;

/**
 * One of the nonlinear-regression sets of the NIST Statistical Reference Datasets: its data,
 * starting points, certified values, and its model with exact derivatives by automatic
 * differentiation.
 */
record NistProblem(
    String name, double[][] rows, double[][] starts, double[] certified, double certifiedSum) {

  /** y = f(parameters; x) of one observation; x[0] is the first predictor. */
  private interface Model {
    Gradient at(Gradient[] b, double[] x);
  }

  private static final Model EXPONENTIALS_3 =
      (b, x) ->
          b[0].multiply(b[1].multiply(-x[0]).exp())
              .add(b[2].multiply(b[3].multiply(-x[0]).exp()))
              .add(b[4].multiply(b[5].multiply(-x[0]).exp()));

  private static final Model TWO_PEAKS =
      (b, x) ->
          b[0].multiply(b[1].multiply(-x[0]).exp())
              .add(peak(b[2], b[3], b[4], x[0]))
              .add(peak(b[5], b[6], b[7], x[0]));

  private static final Model CUBIC_RATIO =
      (b, x) ->
          polynomial(x[0], b[0], b[1], b[2], b[3])
              .divide(polynomial(x[0], b[0].newInstance(1), b[4], b[5], b[6]));

  private static final Model DECAY_BY_LINE =
      (b, x) -> b[0].multiply(-x[0]).exp().divide(polynomial(x[0], b[1], b[2]));

  private static final Map<String, Model> MODELS =
      Map.ofEntries(
          Map.entry(
              "Bennett5", (b, x) -> b[0].multiply(b[1].add(x[0]).pow(b[2].reciprocal().negate()))),
          Map.entry("BoxBOD", (b, x) -> saturation(b, x)),
          Map.entry("Misra1a", (b, x) -> saturation(b, x)),
          Map.entry("Chwirut1", DECAY_BY_LINE),
          Map.entry("Chwirut2", DECAY_BY_LINE),
          Map.entry("DanWood", (b, x) -> b[0].multiply(b[1].multiply(Math.log(x[0])).exp())),
          Map.entry("ENSO", NistProblem::seasons),
          Map.entry(
              "Eckerle4",
              (b, x) ->
                  b[0].divide(b[1])
                      .multiply(
                          b[2].negate().add(x[0]).divide(b[1]).square().multiply(-0.5).exp())),
          Map.entry("Gauss1", TWO_PEAKS),
          Map.entry("Gauss2", TWO_PEAKS),
          Map.entry("Gauss3", TWO_PEAKS),
          Map.entry("Hahn1", CUBIC_RATIO),
          Map.entry("Thurber", CUBIC_RATIO),
          Map.entry(
              "Kirby2",
              (b, x) ->
                  polynomial(x[0], b[0], b[1], b[2])
                      .divide(polynomial(x[0], b[0].newInstance(1), b[3], b[4]))),
          Map.entry("Lanczos1", EXPONENTIALS_3),
          Map.entry("Lanczos2", EXPONENTIALS_3),
          Map.entry("Lanczos3", EXPONENTIALS_3),
          Map.entry(
              "MGH09",
              (b, x) ->
                  b[0].multiply(b[1].multiply(x[0]).add(x[0] * x[0]))
                      .divide(b[2].multiply(x[0]).add(x[0] * x[0]).add(b[3]))),
          Map.entry("MGH10", (b, x) -> b[0].multiply(b[1].divide(b[2].add(x[0])).exp())),
          Map.entry(
              "MGH17",
              (b, x) ->
                  b[0].add(b[1].multiply(b[3].multiply(-x[0]).exp()))
                      .add(b[2].multiply(b[4].multiply(-x[0]).exp()))),
          Map.entry(
              "Misra1b",
              (b, x) ->
                  b[0].multiply(
                      b[1].multiply(x[0] / 2).add(1).square().reciprocal().negate().add(1))),
          Map.entry(
              "Misra1c",
              (b, x) ->
                  b[0].multiply(
                      b[1].multiply(2 * x[0]).add(1).sqrt().reciprocal().negate().add(1))),
          Map.entry(
              "Misra1d",
              (b, x) -> b[0].multiply(b[1]).multiply(x[0]).divide(b[1].multiply(x[0]).add(1))),
          Map.entry(
              "Nelson",
              (b, x) -> b[0].subtract(b[1].multiply(x[0]).multiply(b[2].multiply(-x[1]).exp()))),
          Map.entry(
              "Rat42", (b, x) -> b[0].divide(b[1].subtract(b[2].multiply(x[0])).exp().add(1))),
          Map.entry(
              "Rat43",
              (b, x) ->
                  b[0].divide(
                      b[1].subtract(b[2].multiply(x[0])).exp().add(1).pow(b[3].reciprocal()))),
          Map.entry(
              "Roszman1",
              (b, x) ->
                  b[0].subtract(b[1].multiply(x[0]))
                      .subtract(
                          b[2].divide(b[3].negate().add(x[0])).atan().multiply(1 / Math.PI))));

  private static Gradient saturation(Gradient[] b, double[] x) {
    return b[0].multiply(b[1].multiply(-x[0]).exp().negate().add(1));
  }

  private static Gradient seasons(Gradient[] b, double[] x) {
    double angle = 2 * Math.PI * x[0];
    return b[0].add(b[1].multiply(Math.cos(angle / 12)))
        .add(b[2].multiply(Math.sin(angle / 12)))
        .add(b[4].multiply(b[3].reciprocal().multiply(angle).cos()))
        .add(b[5].multiply(b[3].reciprocal().multiply(angle).sin()))
        .add(b[7].multiply(b[6].reciprocal().multiply(angle).cos()))
        .add(b[8].multiply(b[6].reciprocal().multiply(angle).sin()));
  }

  private static Gradient peak(Gradient height, Gradient centre, Gradient width, double x) {
    return height.multiply(centre.negate().add(x).divide(width).square().negate().exp());
  }

  private static Gradient polynomial(double x, Gradient... coefficients) {
    Gradient sum = coefficients[coefficients.length - 1];
    for (int i = coefficients.length - 2; i >= 0; i--) {
      sum = sum.multiply(x).add(coefficients[i]);
    }
    return sum;
  }

  private static final Pattern PARAMETER_LINE =
      Pattern.compile("\\s*b\\d+\\s*=\\s*(\\S+)\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)\\s*");

  /** Reads a file of the collection. */
  static NistProblem read(Path file) throws IOException {
    String name = file.getFileName().toString().replace(".dat", "");
    List<double[]> parameters = new ArrayList<>();
    List<double[]> rows = new ArrayList<>();
    double sum = Double.NaN;
    boolean inData = false;
    for (String line : Files.readAllLines(file)) {
      Matcher parameter = PARAMETER_LINE.matcher(line);
      if (parameter.matches()) {
        parameters.add(
            new double[] {
              Double.parseDouble(parameter.group(1)),
              Double.parseDouble(parameter.group(2)),
              Double.parseDouble(parameter.group(3))
            });
      } else if (line.startsWith("Residual Sum of Squares:")) {
        sum = Double.parseDouble(line.substring(line.indexOf(':') + 1).strip());
      } else if (line.matches("Data:\\s+y\\s+x.*")) {
        inData = true;
      } else if (inData && !line.isBlank()) {
        rows.add(
            List.of(line.strip().split("\\s+")).stream()
                .mapToDouble(Double::parseDouble)
                .toArray());
      }
    }
    if (name.equals("Roszman1")) {
      // Some copies of this file have lost the place of b1's first digit (1.20196866396E-0). NIST
      // certifies 2.0196866396E-01, which alone gives the certified residual sum of squares.
      parameters.getFirst()[2] = 2.0196866396e-01;
    }
    int p = parameters.size();
    double[][] starts = new double[2][p];
    double[] certified = new double[p];
    for (int j = 0; j < p; j++) {
      starts[0][j] = parameters.get(j)[0];
      starts[1][j] = parameters.get(j)[1];
      certified[j] = parameters.get(j)[2];
    }
    return new NistProblem(name, rows.toArray(double[][]::new), starts, certified, sum);
  }

  /** Normal equations of the set. */
  Evaluator evaluator() {
    Model model = MODELS.get(name);
    boolean logResponse = name.equals("Nelson");
    int p = certified.length;
    return new Evaluator() {
      @Override
      public int parameterCount() {
        return p;
      }

      @Override
      public void evaluate(NormalEquations batch, int count) {
        double[] values = new double[p];
        Gradient[] b = new Gradient[p];
        for (int k = 0; k < count; k++) {
          batch.clear(k);
          batch.getParameters(k, values);
          for (int j = 0; j < p; j++) {
            b[j] = Gradient.variable(p, j, values[j]);
          }
          for (double[] row : rows) {
            double[] x = Arrays.copyOfRange(row, 1, row.length);
            Gradient predicted = model.at(b, x);
            add(batch, k, predicted, logResponse ? Math.log(row[0]) : row[0]);
          }
        }
      }

      private void add(NormalEquations batch, int k, Gradient predicted, double observed) {
        int stride = batch.capacity();
        double r = predicted.getValue() - observed;
        batch.cost[k] += 0.5 * r * r;
        int packed = k;
        for (int i = 0; i < p; i++) {
          double gi = predicted.getPartialDerivative(i);
          batch.gradient[i * stride + k] += gi * r;
          for (int j = 0; j <= i; j++, packed += stride) {
            batch.matrix[packed] += gi * predicted.getPartialDerivative(j);
          }
        }
      }
    };
  }
}

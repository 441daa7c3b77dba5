import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SplittableRandom;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.search.GlobalFit;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.law.Law;

/** A law of your own over columns of your own: how the loss falls with data of two qualities. */
class OwnLaw {

  public static void main(String[] args) {
    SplittableRandom random = new SplittableRandom(1);
    int runs = 60;
    double[] clean = random.doubles(runs, 1e9, 1e11).toArray();
    double[] raw = random.doubles(runs, 1e9, 1e12).toArray();
    double[] loss = new double[runs];
    for (int i = 0; i < runs; i++) {
      loss[i] = 1.8 + 900 * Math.pow(clean[i] + 0.2 * raw[i], -0.28) + 1e-3 * random.nextGaussian();
    }
    SequencedMap<String, double[]> columns = new LinkedHashMap<>();
    columns.put("clean", clean);
    columns.put("raw", raw);
    double[] weight = new double[runs];
    Arrays.fill(weight, 1);
    RunSet data = RunSet.of(columns, Map.of(), loss, weight);
    // Names that are no columns are parameters.
    Model model =
        Model.of(
            LawText.formula("E + B*(clean + worth*raw)^-beta"),
            Set.of("clean", "raw"),
            Set.of("loss"));
    Law law = FormulaLaw.of(model, true, data);
    try (Engine engine = Engines.open("auto")) {
      LawFit fit = new GlobalFit(engine, FitOptions.DEFAULT).fit(law, data);
      double[] errors = fit.standardErrors().orElseThrow();
      for (int j = 0; j < errors.length; j++) {
        System.out.printf(
            "%s = %.4g (%.2g)%n",
            law.parameterNames().get(j), fit.surface().published()[j], errors[j]);
      }
    }
  }
}

import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.code.FormulaRuns;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FormulaFit;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.solver.ProgressListener;

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
    // Names that are no columns are parameters.
    Model law =
        Model.of(
            LawText.formula("E + B*(clean + worth*raw)^-beta"),
            Set.of("clean", "raw"),
            Set.of("loss"));
    FormulaRuns data =
        FormulaRuns.of("simulated", Map.of("clean", clean, "raw", raw, "loss", loss));
    try (Engine engine = Engines.open("auto")) {
      FormulaFit.Result fit =
          new FormulaFit(engine, FitOptions.DEFAULT, ProgressListener.NONE).fit(law, data);
      for (int j = 0; j < fit.names().size(); j++) {
        System.out.printf("%s = %.4g%n", fit.names().get(j), fit.parameters()[j]);
      }
    }
  }
}

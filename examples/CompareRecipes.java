import org.farfit.analysis.Comparison;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.SurfaceRange;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;

/** Two recipes, simulated: which of them wins at which scale? */
class CompareRecipes {

  /** E, A, B, alpha, beta: B learns more from data, A more from size. */
  private static final double[] A = {1.69, 406.4, 410.7, 0.34, 0.28};

  private static final double[] B = {1.69, 300, 1200, 0.32, 0.33};

  public static void main(String[] args) {
    RunSet runsA = Simulation.runs(new Chinchilla(), A, DesignGrid.paper(), 2e-3, 1);
    RunSet runsB = Simulation.runs(new Chinchilla(), B, DesignGrid.paper(), 2e-3, 2);
    try (Engine engine = Engines.open("auto")) {
      GlobalFit fitter = new GlobalFit(engine, FitOptions.DEFAULT);
      LawFit a = fitter.fit(new Chinchilla(), runsA);
      LawFit b = fitter.fit(new Chinchilla(), runsB);
      Comparison comparison =
          new Comparison(a.surface(), SurfaceRange.of(runsA), b.surface(), SurfaceRange.of(runsB));
      for (double n : new double[] {1e8, 1e9, 1e10}) {
        Comparison.Point point = comparison.at(n, 20 * n);
        System.out.printf(
            "N = %.0e, D = 20 N: %s wins by %.2f%%%n",
            n, point.winner(), 100 * Math.abs(point.relativeDifference()));
      }
      comparison.parity(5).forEach(crossing -> System.out.println("parity at " + crossing));
    }
  }
}

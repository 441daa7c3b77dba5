import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.farfit.analysis.inference.BootstrapInference;
import org.farfit.analysis.inference.Estimands;
import org.farfit.data.ColumnOptions;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Farseer;
import org.farfit.solver.ProgressListener;

/** Fits a law to a file of runs and predicts a larger run, with an interval of 90%. */
class FitAndPredict {

  public static void main(String[] args) {
    RunSet runs = RunFile.read(Path.of(args[0]), ColumnOptions.usual()).runs();
    try (Engine engine = Engines.open("auto")) {
      LawFit fit = new GlobalFit(engine, FitOptions.DEFAULT).fit(new Farseer(), runs);
      System.out.println(fit.status().label() + ", " + fit.multiStart().orElseThrow().atBest());

      Replicates replicates =
          new Bootstrap(engine, BootstrapOptions.pairs(1000, 1), ProgressListener.NONE)
              .run(fit, runs);
      Estimands loss = Estimands.losses(List.of(new Estimands.Point(25.1e9, 3.2e11)));
      BootstrapInference.Row row =
          new BootstrapInference(engine, fit, runs, replicates)
              .intervals(loss, 0.9, Set.of(IntervalType.DEFAULT))
              .getFirst();
      System.out.printf(
          "predicted loss %.4f, interval %s%n",
          fit.loss(25.1e9, 3.2e11), row.intervals().get(IntervalType.DEFAULT));
    }
  }
}

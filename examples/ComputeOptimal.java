import java.nio.file.Path;
import org.farfit.analysis.Allocation;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.SurfaceRange;
import org.farfit.data.ColumnOptions;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.fit.FitOptions;
import org.farfit.fit.extrapolation.AutoFit;
import org.farfit.solver.ProgressListener;

/** Chooses N and D for a budget on the surface that predicts larger runs best. */
class ComputeOptimal {

  public static void main(String[] args) {
    RunSet runs = RunFile.read(Path.of(args[0]), ColumnOptions.usual()).runs();
    try (Engine engine = Engines.open("auto")) {
      AutoFit.Choice choice =
          new AutoFit(engine, FitOptions.DEFAULT, ProgressListener.NONE).choose(runs);
      System.out.println(choice.reason());
      Allocation allocation =
          new Allocation(choice.surface(), SurfaceRange.of(runs), ComputeModel.USUAL);
      for (double flops : new double[] {1e21, 1e22, 1e23}) {
        Allocation.Answer answer = allocation.at(flops);
        answer
            .best()
            .ifPresentOrElse(
                best ->
                    System.out.printf(
                        "C = %.0e: N = %.3g, D = %.3g, loss %.4f%n",
                        flops, best.n(), best.d(), best.loss()),
                () ->
                    System.out.printf(
                        "C = %.0e: none; %s%n", flops, allocation.problem(flops).orElse("")));
        answer.warnings().forEach(warning -> System.out.println("  " + warning));
      }
    }
  }
}

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Inference;
import org.farfit.analysis.study.FitStudy;
import org.farfit.analysis.study.PredictionStudy;
import org.farfit.data.ColumnOptions;
import org.farfit.data.RunFile;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.fit.FitOptions;
import org.farfit.fit.Method;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.law.Laws;
import org.farfit.report.archive.FitArchive;
import org.farfit.report.archive.FitSource;
import org.farfit.report.archive.MadeFit;
import org.farfit.solver.ProgressListener;

/** Fits every law to a file of runs, writes a fit file, opens it, and predicts a larger run. */
class FitFiles {

  public static void main(String[] args) throws Exception {
    RunFile file = RunFile.read(Path.of(args[0]), ColumnOptions.usual());
    Path target = Files.createTempDirectory("farfit").resolve("runs.fit.json");
    try (Engine engine = Engines.open("auto")) {
      FitStudy study = new FitStudy(engine, FitOptions.DEFAULT);
      List<MadeFit> fits =
          Laws.all().stream()
              .map(law -> new FitStudy.Plan(law, Method.GLOBAL))
              .map(plan -> study.fit(plan, file.runs(), ProgressListener.NONE))
              .map(MadeFit::of)
              .toList();
      FitArchive.of(
              new FitSource(
                  "my own program", file, false, Optional.empty(), study.options(), engine.name()),
              fits,
              Optional.empty())
          .write(target);

      FitArchive archive = FitArchive.open(target);
      String best = archive.chosen(Optional.empty()).name();
      Inference inference = archive.inferences(engine, 0.9, IntervalType.DEFAULT).get(best);
      new PredictionStudy(archive.runs(), archive.limits())
          .of(inference, List.of(new Estimands.Point(25.1e9, 3.2e11)), ProgressListener.NONE)
          .forEach(found ->
              System.out.printf(
                  "%s predicts %.4f, interval %s, of one run %s%n",
                  best, found.estimate().value(), found.estimate().interval(), found.ofRun()));
    }
    Files.delete(target);
  }
}

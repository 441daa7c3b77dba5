package org.farfit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Inference;
import org.farfit.analysis.study.PredictionStudy;
import org.farfit.report.PredictionReport;
import org.farfit.report.archive.FitArchive;
import org.farfit.solver.Parallel;
import org.farfit.solver.ProgressListener;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farfit predict}: the loss of every fitted law at given N and D. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Predicts the loss at given N and D with every law of a fit file.",
    footer = {"", "Example:", "  farfit predict runs.fit.json --n 25.1B --d 320B --interval 95"})
final class PredictCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "FIT.json", description = "A fit file of farfit fit.")
  Path file;

  @Mixin PointQuestions sizes;

  @Option(
      names = "--at",
      paramLabel = "NAME=VALUE,...",
      description =
          "A point by the columns of the law, for example N=25.1B,D=320B,U=100B; once per point."
              + " Instead of --n and --d, and the only way for laws with other columns.")
  List<String> at = List.of();

  @Mixin IntervalChoices intervals;

  @Mixin JsonChoice printing;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    check();
    List<Estimands.Point> ofSizes = at.isEmpty() ? sizes.points() : List.of();
    FitArchive archive = FitArchive.open(file);
    AtPoints reader = new AtPoints(archive, spec.commandLine());
    List<Estimands.Point> points =
        at.isEmpty()
            ? reader.ofSizes(ofSizes)
            : at.stream().flatMap(text -> reader.whole(text).stream()).toList();
    PredictionStudy study = new PredictionStudy(archive.runs(), archive.limits());
    PredictionReport found = new PredictionReport(archive, points, intervals.level);
    SequencedMap<String, Inference> inferences = intervals.inferences(archive);
    List<List<PredictionStudy.Prediction>> predictions =
        predictions(study, List.copyOf(inferences.values()), points);
    int fit = 0;
    for (Map.Entry<String, Inference> each : inferences.entrySet()) {
      found.add(each.getKey(), each.getValue(), predictions.get(fit++));
    }
    printing.print(found, spec);
    return ExitCode.DONE;
  }

  /** What each fit predicts, all at once. */
  private static List<List<PredictionStudy.Prediction>> predictions(
      PredictionStudy study, List<Inference> inferences, List<Estimands.Point> points) {
    int fits = inferences.size();
    AtomicInteger done = new AtomicInteger();
    try (Progress progress = new Progress("losses")) {
      return Parallel.map(
          fits,
          Runtime.getRuntime().availableProcessors(),
          ProgressListener.NONE,
          i ->
              study.of(
                  inferences.get(i),
                  points,
                  (one, all) -> progress.done(done.incrementAndGet(), all * fits)));
    }
  }

  private void check() {
    if (at.isEmpty() && (sizes.n.isEmpty() || sizes.d.isEmpty())) {
      throw new ParameterException(
          spec.commandLine(),
          "Missing required option: '%s'; or give points with --at, such as N=25.1B,D=320B"
              .formatted(sizes.n.isEmpty() ? "--n=N" : "--d=D"));
    }
    if (!at.isEmpty() && (!sizes.n.isEmpty() || !sizes.d.isEmpty())) {
      throw new ParameterException(spec.commandLine(), "--at takes the place of --n and --d");
    }
  }
}

package org.farfit.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import org.farfit.analysis.ColumnGrid;
import org.farfit.analysis.Cost;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.study.DesignStudy;
import org.farfit.data.InputLimits;
import org.farfit.data.PlanFile;
import org.farfit.data.RunSet;
import org.farfit.fit.LawFit;
import org.farfit.report.archive.FitArchive;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code farfit design} should make surer, and which runs there are to choose from. */
final class DesignQuestion {

  @Option(
      names = "--n",
      paramLabel = "N",
      split = ",",
      converter = QuantityRange.Converter.class,
      description = "Sizes to choose from; LOW:HIGH:COUNT spaces them evenly in their logarithm.")
  List<QuantityRange> n;

  @Option(
      names = "--d",
      paramLabel = "D",
      split = ",",
      converter = QuantityRange.Converter.class,
      description = "Tokens to choose from; every N with every D is a candidate.")
  List<QuantityRange> d;

  @Option(
      names = "--candidates",
      paramLabel = "FILE",
      description =
          "Instead of --n and --d: a file of runs to choose from, with the columns of the law; a column"
              + " cost says what each costs, in place of --flops.")
  Path candidates;

  @Option(
      names = "--column",
      paramLabel = "NAME=VALUES",
      description =
          "Values of another column of the law to choose from, such as U=1e9:1e11:3; once per column."
              + " Columns without are at the centre of the fitted runs.")
  List<String> further = List.of();

  @Option(
      names = "--target-n",
      paramLabel = "N",
      converter = QuantityConverter.class,
      description = "Be surer of the loss at this N ...")
  Double targetN;

  @Option(
      names = "--target-d",
      paramLabel = "D",
      converter = QuantityConverter.class,
      description = "... and this D;")
  Double targetD;

  @Option(
      names = "--target-at",
      paramLabel = "NAME=VALUE,...",
      description = "or of what the law predicts at these values of its columns;")
  String targetAt;

  @Option(
      names = "--target-compute",
      paramLabel = "C",
      converter = QuantityConverter.class,
      description = "or of D*/N* at this budget.")
  Double targetCompute;

  @Mixin FlopsChoice flops;

  @Option(
      names = "--cost",
      paramLabel = "FORMULA",
      description =
          "Instead of --flops: what a run costs, a formula in columns of the law; needed for a law"
              + " without N or D.")
  String cost;

  @Spec(Spec.Target.MIXEE)
  CommandSpec spec;

  /** Ends the command if there is nothing to choose from. */
  void check() {
    if (candidates != null && (n != null || d != null || !further.isEmpty())) {
      throw usage("--candidates takes the place of --n, --d and --column");
    }
    if (candidates == null && further.isEmpty() && (n == null || d == null)) {
      throw usage("Missing required option: '%s'".formatted(n == null ? "--n=N" : "--d=D"));
    }
  }

  /**
   * What should become surer.
   *
   * @throws IllegalArgumentException if the surface has none there that can be believed
   */
  DesignStudy.Target target(LawFit fit, FitArchive archive, AtPoints reader) {
    int loss = targetN != null && targetD != null ? 1 : 0;
    int given = loss + (targetAt != null ? 1 : 0) + (targetCompute != null ? 1 : 0);
    if (given != 1 || (targetN == null) != (targetD == null)) {
      throw usage("give a target: --target-n and --target-d, or --target-compute, or --target-at");
    }
    return targetCompute != null
        ? DesignStudy.Target.ratio(
            fit, archive.limits(), archive.range(), flops.model, targetCompute, Map.of())
        : DesignStudy.Target.loss(
            fit,
            archive.limits(),
            loss == 1 ? new Estimands.Point(targetN, targetD) : reader.whole(targetAt).getFirst());
  }

  /** What a run costs. */
  ToDoubleFunction<Estimands.Point> cost(FitArchive archive, AtPoints reader) {
    Map<Estimands.Point, Double> stated = statedCosts(reader);
    if (!stated.isEmpty()) {
      return run ->
          Optional.ofNullable(stated.get(run))
              .orElseThrow(() ->
                  usage(
                      "--plan judges only runs of %s, which says what each costs"
                          .formatted(candidates)));
    }
    if (cost == null) {
      if (!archive.hasSizesAndTokens()) {
        throw usage("--cost is needed: the runs of this file have no N or no D");
      }
      return run -> flops.model.flops(run.n(), run.d());
    }
    Map<String, Double> centre = reader.centre();
    Cost formula = Cost.of("--cost", cost, centre.keySet());
    return run -> {
      Map<String, Double> row = new LinkedHashMap<>(centre);
      row.putAll(run.columns());
      double value = formula.of(row);
      if (!(value > 0)) {
        throw usage("--cost: a candidate costs %s, expected more than 0".formatted(value));
      }
      return value;
    };
  }

  /** What the file of candidates says each costs, the least where one is there twice. */
  private Map<Estimands.Point, Double> statedCosts(AtPoints reader) {
    Map<Estimands.Point, Double> costs = new LinkedHashMap<>();
    if (candidates != null) {
      for (PlanFile.Run run : reader.planned(candidates)) {
        run.cost().ifPresent(one -> costs.merge(Estimands.Point.of(run.columns()), one, Math::min));
      }
    }
    if (!costs.isEmpty() && cost != null) {
      throw usage("--cost: %s says what each candidate costs".formatted(candidates));
    }
    return costs;
  }

  /** Every value of one column with every value of the others, or the runs of a file. */
  List<Estimands.Point> candidates(AtPoints reader) {
    if (candidates != null) {
      return reader.planned(candidates).stream()
          .map(run -> Estimands.Point.of(run.columns()))
          .distinct()
          .toList();
    }
    SequencedMap<String, List<Double>> columns = new LinkedHashMap<>();
    if (n != null) {
      columns.put(RunSet.N, QuantityRange.all(n));
    }
    if (d != null) {
      columns.put(RunSet.D, QuantityRange.all(d));
    }
    for (String text : further) {
      String[] parts = text.split("=", 2);
      if (parts.length < 2 || columns.containsKey(parts[0].strip())) {
        throw usage("--column: '%s' is not NAME=VALUES, once per column".formatted(text));
      }
      columns.put(parts[0].strip(), reader.values(parts[0].strip(), parts[1].strip()));
    }
    long count = ColumnGrid.size(columns);
    if (count > InputLimits.LISTED_POINTS) {
      throw usage(
          "%s have %s combinations; at most %,d are accepted"
              .formatted(
                  n != null && d != null && further.isEmpty() ? "--n and --d" : "candidates",
                  String.join(
                      " x ",
                      columns.values().stream().map(each -> "%,d".formatted(each.size())).toList()),
                  InputLimits.LISTED_POINTS));
    }
    return ColumnGrid.points(columns).stream().map(Estimands.Point::of).toList();
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}

package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import org.farfit.analysis.Allocation;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.SurfaceRange;
import org.farfit.fit.Surface;
import org.farfit.report.AlignedTable;
import org.farfit.report.FitDocument;
import org.farfit.report.FitFile;
import org.farfit.report.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farfit allocate}: compute-optimal N and D, and the inverse questions. */
@Command(
    name = "allocate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Splits a budget of compute between parameters and tokens.",
    footer = {
      "",
      "Examples:",
      "  farfit allocate runs.fit.json --compute 1e20,1e21,1e22,1e23",
      "  farfit allocate runs.fit.json --compute 1e18:1e26:9 --within 1",
      "  farfit allocate runs.fit.json --target-loss 0.5 --for-n 7B",
      "  farfit allocate runs.fit.json --compute 1e22 --flops \"6*N*D + 12*N^(2/3)*D\""
    })
final class AllocateCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "FIT.json", description = "A fit file of farfit fit.")
  Path file;

  @Option(
      names = "--compute",
      paramLabel = "C",
      split = ",",
      converter = QuantityRange.Converter.class,
      description = "Budgets in FLOPs, joined by commas; LOW:HIGH:COUNT spaces them evenly.")
  List<QuantityRange> budgets = List.of();

  @Option(
      names = "--target-loss",
      paramLabel = "L",
      split = ",",
      converter = QuantityConverter.class,
      description = "Which budget reaches this loss at its optimum?")
  List<Double> targets = List.of();

  @Option(
      names = "--for-n",
      paramLabel = "N",
      split = ",",
      converter = QuantityConverter.class,
      description = "For how many tokens is a model of N parameters the optimal one?")
  List<Double> sizes = List.of();

  @Option(
      names = "--within",
      paramLabel = "PERCENT",
      converter = QuantityConverter.class,
      description =
          "For each budget also the smallest N whose loss is within so much of the optimum.")
  Double within;

  @Option(
      names = "--flops",
      paramLabel = "FORMULA",
      defaultValue = "6*N*D",
      converter = ComputeConverter.class,
      description = "FLOPs of a run in N and D (default ${DEFAULT-VALUE}).")
  ComputeModel flops;

  @Option(
      names = "--law",
      paramLabel = "NAME",
      description = "Only this law of the fit file, or auto.")
  String law;

  @Option(names = "--json", description = "Print JSON instead of tables.")
  boolean json;

  @Spec CommandSpec spec;

  /**
   * One answer; what is not known is null.
   *
   * @param question optimum, target-loss, for-n or within
   */
  record Row(
      String law,
      String question,
      Double compute,
      Double n,
      Double d,
      Double ratio,
      Double loss,
      Double factorBeyond) {}

  /** The result as JSON. */
  record Result(String flops, List<Row> rows, List<String> warnings) {}

  @Override
  public Integer call() {
    if (budgets.isEmpty() && targets.isEmpty() && sizes.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "say what to allocate: --compute, --target-loss or --for-n");
    }
    FitDocument document = FitFile.read(file);
    SurfaceRange range = FitFile.range(document);
    Map<String, Surface> surfaces =
        law == null
            ? FitFile.named(file, document)
            : Map.ofEntries(FitFile.chosen(file, document, Optional.of(law)));
    List<Row> rows = new ArrayList<>();
    Set<String> warnings = new LinkedHashSet<>(FitFile.warnings(document));
    surfaces.forEach((name, surface) -> {
      Allocation allocation = new Allocation(surface, range, flops);
      optima(name, allocation, rows, warnings);
      inverse(name, allocation, surface, rows, warnings);
    });
    print(rows, List.copyOf(warnings));
    return ExitCode.DONE;
  }

  private void optima(String name, Allocation allocation, List<Row> rows, Set<String> warnings) {
    for (double budget : QuantityRange.all(budgets)) {
      Allocation.Answer answer = allocation.at(budget);
      answer.warnings().forEach(warning -> warnings.add(name + ": " + warning));
      rows.add(
          answer
              .best()
              .map(point -> row(name, "optimum", point))
              .orElse(new Row(name, "optimum", budget, null, null, null, null, null)));
      if (within != null) {
        allocation
            .smallestWithin(budget, within / 100)
            .ifPresentOrElse(
                point -> rows.add(row(name, "within", point)),
                () ->
                    warnings.add(
                        "%s: C = %.3g: no smaller N with a loss above the bound"
                            .formatted(name, budget)));
      }
    }
  }

  private void inverse(
      String name, Allocation allocation, Surface surface, List<Row> rows, Set<String> warnings) {
    for (double target : targets) {
      OptionalDouble needed = allocation.computeFor(target);
      if (needed.isPresent()) {
        allocation
            .at(needed.getAsDouble())
            .best()
            .ifPresent(point -> rows.add(row(name, "target-loss", point)));
      } else {
        warnings.add("%s: no budget reaches a loss of %.6g".formatted(name, target));
      }
    }
    for (double size : sizes) {
      OptionalDouble tokens = allocation.tokensFor(size);
      if (tokens.isPresent()) {
        double d = tokens.getAsDouble();
        rows.add(
            new Row(
                name,
                "for-n",
                flops.flops(size, d),
                size,
                d,
                d / size,
                surface.loss(size, d),
                allocation.range().factorBeyond(size, d)));
      } else {
        warnings.add("%s: N = %.3g is optimal for no budget".formatted(name, size));
      }
    }
  }

  private static Row row(String name, String question, Allocation.Point point) {
    return new Row(
        name,
        question,
        point.compute(),
        point.n(),
        point.d(),
        point.ratio(),
        point.loss(),
        point.factorBeyond());
  }

  private void print(List<Row> rows, List<String> warnings) {
    PrintWriter output = spec.commandLine().getOut();
    PrintWriter log = spec.commandLine().getErr();
    warnings.forEach(warning -> log.println("warning: " + warning));
    log.flush();
    if (json) {
      output.print(Json.text(new Result(flops.formula(), rows, warnings)));
    } else {
      AlignedTable table =
          new AlignedTable("law", "question", "C", "N", "D", "D/N", "loss", "beyond");
      for (Row row : rows) {
        table.add(
            List.of(
                row.law(),
                row.question(),
                AlignedTable.number(row.compute(), 4),
                AlignedTable.number(row.n(), 4),
                AlignedTable.number(row.d(), 4),
                AlignedTable.number(row.ratio(), 4),
                AlignedTable.number(row.loss(), 6),
                AlignedTable.number(row.factorBeyond(), 3)));
      }
      output.print(table.text());
      output.println("beyond: factor by which N or D lies outside the fitted runs");
    }
    output.flush();
  }
}

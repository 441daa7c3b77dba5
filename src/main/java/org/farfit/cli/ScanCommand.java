package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.farfit.analysis.CostScan;
import org.farfit.data.Quantity;
import org.farfit.data.RunFile;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.MultiStart;
import org.farfit.fit.search.GlobalFit;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Law;
import org.farfit.report.Json;
import org.farfit.report.OutputFile;
import org.farfit.report.ScanTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code farfit scan}: the cost over a grid of parameters, or its profile. */
@Command(
    name = "scan",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Fits one law, then evaluates its cost over a grid of parameters.",
      "The others stay at the fit or, with --profile, are fitted again at each grid point."
    },
    footer = {
      "",
      "Example:",
      "  farfit scan runs.csv --law farseer --vary alpha=-0.5:0.5:201,beta=-0.5:0.5:201 --out s.csv"
    })
final class ScanCommand implements Callable<Integer> {

  @Mixin RunsInput input;

  @Mixin FitChoices choices;

  @Option(
      names = "--vary",
      paramLabel = "NAME=LOW:HIGH:COUNT",
      required = true,
      split = ",",
      converter = AxisConverter.class,
      description =
          "Centred parameters to vary and their values, joined by commas; farfit fit --json shows"
              + " their names and fitted values under \"centred\".")
  List<CostScan.Axis> axes;

  @Option(
      names = "--profile",
      description =
          "Fit the other parameters again at each grid point, from up to --starts points, fewer on"
              + " grids of more than 1,000 points, and from where its neighbours ended.")
  boolean profile;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to write the grid: JSON if the name ends so, else comma-separated.")
  Path out;

  @Option(names = "--json", description = "Print JSON instead of comma-separated text.")
  boolean json;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    if (choices.laws.stated().size() != 1) {
      throw new ParameterException(spec.commandLine(), "--law must name one law to scan");
    }
    new Outputs(spec).reads(input.file).writes("--out", out, "a scan", ScanTable::isOne);
    PrintWriter log = spec.commandLine().getErr();
    StatedLaw.Read read = input.read(choices);
    Law law = read.laws().getFirst();
    RunFile file = read.file();
    FitRequirements.check(file.file(), law, file.runs());
    input.notes(file).forEach(log::println);
    RunsInput.warnOfStructure(log, List.of(law), Method.GLOBAL, file.runs());
    FitOptions options = choices.options();
    LawFit fit;
    CostScan.Result scan;
    try (Engine engine = choices.engine.open(log, work(file, options))) {
      try (Progress progress = new Progress("fit")) {
        fit = new GlobalFit(engine, options, progress).fit(law, file.runs());
      }
      try (Progress progress = new Progress("scan")) {
        scan =
            new CostScan(engine, options, progress).run(fit, file.runs(), axes, profile, List.of());
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), "--vary: " + e.getMessage(), e);
      }
    }
    log.printf("fit: cost %.6e, %s%n", fit.cost(), fit.status().label());
    fit.limitStatements().forEach(log::println);
    if (scan.least() < fit.cost() * (1 - MultiStart.AT_BEST_TOLERANCE)) {
      log.printf(
          "warning: the grid has points of lower cost than the fit, the least %.6e: fit again with more --starts%n",
          scan.least());
    }
    long open = scan.status().stream().filter(status -> !status.isConverged()).count();
    if (open > 0) {
      log.printf("warning: %d of %d grid points did not converge%n", open, scan.cost().length);
    }
    log.flush();
    write(law, fit, ScanTable.rows(law, scan));
    return fit.status().isConverged() ? ExitCode.DONE : ExitCode.NOT_CONVERGED;
  }

  /** Problems times runs, those of the fit included. */
  private long work(RunFile file, FitOptions options) {
    long points = options.starts();
    long grid = 1;
    for (CostScan.Axis axis : axes) {
      grid = Math.min(CostScan.LARGEST_GRID, grid * axis.count());
    }
    long each = profile ? Math.max(1, Math.min(points, CostScan.MOST_FITS / grid)) : 1;
    return (points + grid * each) * file.runs().size();
  }

  private void write(Law law, LawFit fit, List<Map<String, Object>> rows) {
    boolean asJson = json || (out != null && out.toString().endsWith(".json"));
    String text =
        asJson
            ? Json.text(
                new ScanTable.Document(ScanTable.SCHEMA, law.name(), profile, fit.cost(), rows))
            : ScanTable.csv(rows);
    PrintWriter output = spec.commandLine().getOut();
    if (out == null) {
      output.print(text);
    } else {
      OutputFile.write(out, text);
      output.printf("%d grid points%nresult: %s%n", rows.size(), out);
    }
    output.flush();
  }

  /** Reads one axis of {@code --vary}. */
  static final class AxisConverter implements ITypeConverter<CostScan.Axis> {

    @Override
    public CostScan.Axis convert(String text) {
      String[] sides = text.split("=", -1);
      String[] range = sides.length == 2 ? sides[1].split(":", -1) : new String[0];
      try {
        if (range.length == 3) {
          return new CostScan.Axis(
              sides[0].strip(),
              Quantity.parse(range[0]),
              Quantity.parse(range[1]),
              Integer.parseInt(range[2].strip()));
        }
      } catch (IllegalArgumentException e) {
        // told below
      }
      throw new TypeConversionException(
          "'" + text + "' is not NAME=LOW:HIGH:COUNT, such as alpha=-0.5:0.5:201");
    }
  }
}

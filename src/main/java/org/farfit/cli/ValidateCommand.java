package org.farfit.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.farfit.analysis.Holdout;
import org.farfit.analysis.HoldoutChoice;
import org.farfit.analysis.Validation;
import org.farfit.data.InputException;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.Method;
import org.farfit.fit.RunStructure;
import org.farfit.fit.method.Fitters;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.report.FileNames;
import org.farfit.report.Json;
import org.farfit.report.ValidationTables;
import org.farfit.report.figure.DecisionFigures;
import org.farfit.report.figure.Figure;
import org.farfit.report.html.HtmlReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code farfit validate}: how well fits predict runs that were held out. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Fits some of the runs and tells how well the others are predicted.",
    footer = {
      "",
      "Examples:",
      "  farfit validate runs.csv --holdout edge",
      "  farfit validate runs.csv --where \"N > 2e8\" --holdout size --from 1.9e9 \\",
      "      --law farseer --method global,regularised,piecewise",
      "  farfit validate runs.csv --holdout top:0.25",
      "  farfit validate runs.csv --holdout-by experiment",
      "  farfit validate runs.csv --law auto --hold-where \"N > 5e9\""
    })
final class ValidateCommand implements Callable<Integer> {

  /** Hold-outs of a law that are told of. */
  private static final int MOST_REMARKS = 3;

  @Mixin RunsInput input;

  @Mixin FitChoices choices;

  @Option(
      names = "--method",
      paramLabel = "METHODS",
      completionCandidates = Candidates.Methods.class,
      split = ",",
      description =
          "global (the default), regularised, piecewise, or several joined by commas; with --law"
              + " auto, those that may be chosen (default: any).")
  Set<Method> methods;

  @Option(
      names = "--holdout",
      paramLabel = "NAME",
      converter = ChoiceConverter.class,
      description =
          "size: fit up to a largest N, predict the largest of all, for every largest N from --from"
              + " up (size:last:COUNT: for the last sizes below the largest); edge (the default):"
              + " the three largest N, and the three largest D of every other N; compute: the eight"
              + " runs of most compute at each D/N; top:SHARE, such as top:0.25: the share of the"
              + " runs with most compute.")
  HoldoutChoice holdout;

  @Option(
      names = "--holdout-by",
      paramLabel = "COLUMN",
      description =
          "Hold out the runs of each value of a column in turn, such as those of an experiment, and"
              + " fit the others.")
  String holdoutBy;

  @Option(
      names = "--hold-where",
      paramLabel = "EXPR",
      description = "Hold out the runs that pass this filter (written as --where is).")
  String holdWhere;

  @Option(
      names = "--from",
      paramLabel = "N",
      converter = QuantityConverter.class,
      description = "Smallest largest N of --holdout size (default: three tenths of the largest).")
  Double from;

  @Option(
      names = "--also-n-column",
      paramLabel = "NAME",
      split = ",",
      description = "Do the same with N from this column, for example one that counts embeddings.")
  List<String> alsoN = List.of();

  @Mixin ReportChoices report;

  @Option(names = "--json", description = "Print JSON instead of a table.")
  boolean json;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    if (Stream.of(holdout, holdWhere, holdoutBy).filter(Objects::nonNull).count() > 1) {
      throw new ParameterException(
          spec.commandLine(), "--holdout, --hold-where and --holdout-by exclude each other");
    }
    if (from != null && (holdout == null || !holdout.name().equals("size"))) {
      throw new ParameterException(spec.commandLine(), "--from belongs to --holdout size");
    }
    report.declare(new Outputs(spec).reads(input.file));
    PrintWriter log = spec.commandLine().getErr();
    List<ValidationTables.Row> rows = new ArrayList<>();
    List<Validation.Row> first;
    StatedLaw.Read read = input.read(choices);
    RunFile file = read.file();
    input.notes(file).forEach(log::println);
    warnOfStructure(log, read);
    try (Engine engine = choices.engine.open(log, EngineChoice.MUCH_WORK)) {
      first = validate(engine, read);
      rows.addAll(named(file, first));
      for (String column : alsoN) {
        StatedLaw.Read other = input.readWithSizesFrom(column, choices);
        rows.addAll(named(other.file(), validate(engine, other)));
      }
    }
    refuseIfNothingFits(file, rows);
    print(rows);
    report.write(
        log,
        "Validation",
        "%d runs from %s, hold-out: %s"
            .formatted(file.runs().size(), FileNames.of(file.file()), protocol()),
        progress -> sections(file.runs(), first, rows));
    return ExitCode.DONE;
  }

  /** A row that could not be fitted has its reason; where none could be there is no result. */
  private static void refuseIfNothingFits(RunFile file, List<ValidationTables.Row> rows) {
    if (rows.stream().allMatch(row -> row.mape() == null && row.problem() != null)) {
      ValidationTables.Row first = rows.getFirst();
      throw new InputException(
          "%s: hold-out %s: %s".formatted(file.file(), first.holdout(), first.problem()));
    }
  }

  private List<Validation.Row> validate(Engine engine, StatedLaw.Read read) {
    RunSet runs = read.file().runs();
    try (Progress progress = new Progress("validate")) {
      return new Validation(engine, choices.options(), progress)
          .run(runs, holdouts(runs), candidates(read.laws()));
    }
  }

  /** Of all runs and, where these tell more, of those that each hold-out leaves. */
  private void warnOfStructure(PrintWriter log, StatedLaw.Read read) {
    RunSet runs = read.file().runs();
    Method method =
        choices.laws.auto()
            ? Method.REGULARISED
            : methods == null ? Method.GLOBAL : methods.iterator().next();
    List<Law> laws =
        choices.laws.auto()
            ? Laws.all().stream().filter(law -> law.prior(0).isPresent()).toList()
            : read.laws();
    RunsInput.warnOfStructure(log, laws, method, runs);
    for (Law law : laws) {
      if (RunStructure.remarks(law, method, runs).isEmpty()) {
        holdouts(runs).stream()
            .flatMap(holdout ->
                remarks(law, method, runs.weighted(holdout.fit())).stream()
                    .map(remark -> "warning: hold-out %s: %s".formatted(holdout.name(), remark)))
            .limit(MOST_REMARKS)
            .forEach(log::println);
      }
    }
    log.flush();
  }

  private static List<String> remarks(Law law, Method method, RunSet fitted) {
    return fitted.size() == 0 ? List.of() : RunStructure.remarks(law, method, fitted);
  }

  private static List<ValidationTables.Row> named(RunFile file, List<Validation.Row> rows) {
    return rows.stream().map(row -> ValidationTables.row(file.columns().get("N"), row)).toList();
  }

  private List<HtmlReport.Section> sections(
      RunSet runs, List<Validation.Row> first, List<ValidationTables.Row> rows) {
    List<Figure> figures = new ArrayList<>();
    figures.add(DecisionFigures.extrapolation(first));
    figures.add(DecisionFigures.heldOut(runs, holdouts(runs).getFirst()));
    return List.of(
        HtmlReport.Section.of("Extrapolation", figures),
        new HtmlReport.Section(
            "Errors",
            List.of(),
            List.of(
                new HtmlReport.Table(
                    "Errors of fitted and held-out runs", ValidationTables.table(rows), true)),
            List.of()));
  }

  private String protocol() {
    if (holdoutBy != null) {
      return "by " + holdoutBy;
    }
    return holdWhere != null ? holdWhere : holdout == null ? "edge" : holdout.name();
  }

  private List<Holdout> holdouts(RunSet runs) {
    if (holdWhere != null) {
      return Holdout.of(holdWhere, runs, input.passing(holdWhere));
    }
    if (holdoutBy != null) {
      SequencedMap<String, boolean[]> values = new LinkedHashMap<>();
      for (String value : input.values(holdoutBy, "--holdout-by")) {
        values.put(value, input.passing(RunFile.having(holdoutBy, value)));
      }
      return Holdout.by(holdoutBy, runs, values);
    }
    if (from != null) {
      return Holdout.size(runs, from);
    }
    return holdout == null ? Holdout.edge(runs) : holdout.of(runs);
  }

  /** Reads {@code --holdout}. */
  static final class ChoiceConverter implements ITypeConverter<HoldoutChoice> {

    @Override
    public HoldoutChoice convert(String text) {
      try {
        return HoldoutChoice.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  private List<Validation.Candidate> candidates(List<Law> laws) {
    if (choices.laws.auto()) {
      return List.of(
          Validation.Candidate.auto(methods == null ? EnumSet.allOf(Method.class) : methods));
    }
    List<Validation.Candidate> candidates = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    for (Law law : laws) {
      for (Method method : methods == null ? Set.of(Method.GLOBAL) : methods) {
        Optional<String> reason = Fitters.unsupported(method, law);
        reason.ifPresentOrElse(
            reasons::add, () -> candidates.add(Validation.Candidate.of(law, method)));
      }
    }
    if (candidates.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--method " + String.join("; ", reasons));
    }
    return candidates;
  }

  private void print(List<ValidationTables.Row> rows) {
    PrintWriter output = spec.commandLine().getOut();
    output.print(
        json
            ? Json.text(new ValidationTables.Document("farfit.validate/1", protocol(), rows))
            : ValidationTables.text(rows));
    output.flush();
  }
}

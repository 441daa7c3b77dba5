package org.farfit.report.archive;

import static org.farfit.report.archive.Checks.keys;
import static org.farfit.report.archive.Checks.notNegative;
import static org.farfit.report.archive.Checks.oneOf;
import static org.farfit.report.archive.Checks.present;
import static org.farfit.report.archive.Checks.require;
import static org.farfit.report.archive.Checks.whole;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoublePredicate;
import java.util.stream.Stream;
import org.farfit.data.RunSet;
import org.farfit.engine.SurfaceProblem;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.Model;
import org.farfit.law.Centre;
import org.farfit.solver.Parallel;
import org.farfit.solver.ProgressListener;

/**
 * Whether a fit file that was read fits together: nothing is null that may not be, counts agree,
 * the runs and the replicates are those that were written, and everything that follows from runs
 * and centred parameters does. What cannot be told from the file itself, such as its version, is
 * taken as it stands. Every complaint names a key.
 */
final class FitCheck {

  private final FitDocument document;

  private FitCheck(FitDocument document) {
    this.document = document;
  }

  /**
   * Checks a document.
   *
   * @throws IllegalArgumentException if it does not fit together; the message names the key
   */
  static void check(FitDocument document) {
    FitCheck check = new FitCheck(document);
    present("version", document.version());
    present("engine", document.engine());
    check.options();
    RunSet runs = check.runs();
    check.input(runs);
    check.fits(runs);
    ChoiceCheck.check(document);
  }

  private void options() {
    FitDocument.Options options = document.options();
    present("options", options);
    oneOf("options.objective", options.objective(), Stream.of("log", "linear"));
    present("options.loss", options.loss());
    try {
      document.objective();
    } catch (IllegalArgumentException e) {
      require(
          false,
          "options.loss",
          () -> "is '%s', expected squared or huber:DELTA".formatted(options.loss()));
    }
    require(options.starts() > 0, "options.starts", () -> "is %d".formatted(options.starts()));
    require(
        options.maxEvaluations() > 0,
        "options.maxEvaluations",
        () -> "is %d".formatted(options.maxEvaluations()));
  }

  private RunSet runs() {
    RunsEntry data = document.data();
    present("data", data);
    whole("data.loss", data.loss());
    require(!data.loss().isEmpty(), "data.loss", () -> "is empty, expected the fitted runs");
    boolean ofSizes = document.fits() == null || hasLawByHand();
    present("data.further", data.further());
    present("data.categories", data.categories());
    int size = data.loss().size();
    Map<String, List<Double>> positive = new TreeMap<>();
    if (ofSizes || data.n() != null) {
      positive.put("n", orNone(data.n()));
    }
    if (ofSizes || data.d() != null) {
      positive.put("d", orNone(data.d()));
    }
    positive.put("weight", orNone(data.weight()));
    if (ofSizes) {
      positive.put("loss", data.loss());
    }
    lists(size, positive, value -> value > 0 && value < Double.POSITIVE_INFINITY, "positive");
    Map<String, List<Double>> finite = new TreeMap<>(Map.of("loss", data.loss()));
    data.further().forEach((name, values) -> finite.put("further." + name, orNone(values)));
    lists(size, finite, Double::isFinite, "finite");
    data.categories()
        .forEach((name, labels) -> {
          whole("data.categories." + name, labels);
          require(
              data.further().containsKey(name)
                  && data.further().get(name).stream()
                      .allMatch(
                          code -> code == Math.rint(code) && code >= 0 && code < labels.size()),
              "data.categories." + name,
              () -> "is not what 'data.further.%s' numbers".formatted(name));
        });
    notNegative("data.sizeTolerance", data.sizeTolerance());
    if (!isBeforeHashes(document)) {
      present("data.sha256", data.sha256());
      require(
          data.sha256().equals(data.hash()),
          "data.sha256",
          () ->
              "is not the hash of n, d, loss, weight and sizeTolerance: the runs in 'data' were"
                  + " changed");
    }
    return data.runs();
  }

  private static List<Double> orNone(List<Double> values) {
    return values == null ? List.of() : values;
  }

  private boolean hasLawByHand() {
    return document.fits().stream().anyMatch(fit -> fit != null && fit.formula() == null);
  }

  private static void lists(
      int size, Map<String, List<Double>> columns, DoublePredicate test, String expected) {
    columns.forEach((name, values) -> {
      String key = "data." + name;
      require(
          values.size() == size,
          key,
          () -> "has %d numbers, but 'data.loss' has %d".formatted(values.size(), size));
      whole(key, values);
      for (double value : values) {
        require(
            test.test(value), key, () -> "has %s, expected %s numbers".formatted(value, expected));
      }
    });
  }

  /** Whether it is of the format in which runs and replicates had no hashes. */
  static boolean isBeforeHashes(FitDocument document) {
    return document.schema().equals(FitDocument.SCHEMA_WITHOUT_HASHES);
  }

  private void input(RunSet runs) {
    FitDocument.Input input = document.input();
    present("input", input);
    present("input.file", input.file());
    require(
        input.simulated() == input.file().equals(FitArchive.EXAMPLE),
        "input.simulated",
        () -> "is %s, but 'input.file' is '%s'".formatted(input.simulated(), input.file()));
    present("input.sha256", input.sha256());
    require(
        input.sha256().matches("[0-9a-f]{0,64}"),
        "input.sha256",
        () -> "is '%s', expected hexadecimal digits".formatted(input.sha256()));
    present("input.columns", input.columns());
    input.columns().forEach((role, name) -> present("input.columns." + role, name));
    for (String role : hasLawByHand() ? List.of("N", "loss") : List.<String>of()) {
      require(
          input.columns().containsKey(role),
          "input.columns",
          () -> "has no column for %s".formatted(role));
    }
    require(
        !runs.has(RunSet.D) || input.columns().containsKey("D") || input.columns().containsKey("C"),
        "input.columns",
        () -> "has no column for D or C");
    require(
        input.runs() == runs.size(),
        "input.runs",
        () -> "is %d, but 'data' has %d runs".formatted(input.runs(), runs.size()));
    // A row is one run for each response that it has.
    int perRow = runs.categories().getOrDefault(FormulaLaw.RESPONSE, List.of(Model.LOSS)).size();
    require(
        (long) input.rows() * perRow >= input.runs(),
        "input.rows",
        () -> "is %d, fewer than the %d of 'input.runs'".formatted(input.rows(), input.runs()));
    range("input.n", input.n(), FitDocument.range(runs, RunSet.N));
    range("input.d", input.d(), FitDocument.range(runs, RunSet.D));
    present("input.further", input.further());
    Map<String, FitArchive.Range> further = FitDocument.further(runs);
    keys("input.further", input.further(), List.copyOf(further.keySet()));
    further.forEach(
        (name, range) -> range("input.further." + name, input.further().get(name), range));
  }

  private static void range(String key, FitArchive.Range stated, FitArchive.Range actual) {
    if (actual == null) {
      require(stated == null, key, () -> "is not null, but 'data' has no such column");
      return;
    }
    present(key, stated);
    require(
        stated.low() == actual.low(),
        key + ".low",
        () -> "is %s, but the least in 'data' is %s".formatted(stated.low(), actual.low()));
    require(
        stated.high() == actual.high(),
        key + ".high",
        () -> "is %s, but the largest in 'data' is %s".formatted(stated.high(), actual.high()));
  }

  private void fits(RunSet runs) {
    whole("fits", document.fits());
    require(!document.fits().isEmpty(), "fits", () -> "is empty, expected a fit");
    Centre centre = SurfaceProblem.centre(runs);
    List<Optional<IllegalArgumentException>> contradictions = contradictions(runs, centre);
    Set<String> names = new HashSet<>();
    for (int i = 0; i < document.fits().size(); i++) {
      FitDocument.Fit fit = document.fits().get(i);
      String at = at(i);
      if (contradictions.get(i).isPresent()) {
        throw contradictions.get(i).get();
      }
      require(
          names.add(label(fit)),
          at + ".law",
          () ->
              "is '%s' by method '%s', which an earlier entry is"
                  .formatted(fit.law(), fit.method()));
    }
  }

  /** What is wrong with each fit, found on all processors: each is computed anew from the runs. */
  private List<Optional<IllegalArgumentException>> contradictions(RunSet runs, Centre centre) {
    return Parallel.map(
        document.fits().size(),
        Runtime.getRuntime().availableProcessors(),
        ProgressListener.NONE,
        i -> {
          try {
            new FitEntryCheck(document, at(i), document.fits().get(i)).check(runs, centre);
            return Optional.empty();
          } catch (IllegalArgumentException e) {
            return Optional.of(e);
          }
        });
  }

  private static String at(int fit) {
    return "fits.[%d]".formatted(fit);
  }

  private static String label(FitDocument.Fit fit) {
    return fit.law() + "/" + fit.method();
  }
}

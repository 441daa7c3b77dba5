package org.farfit.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.farfit.data.ColumnOptions;
import org.farfit.data.RunColumns;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.formula.Shelf;
import org.farfit.law.Law;
import org.farfit.literature.ScaleBenchFolder;

/**
 * What a process's first formula costs before it is fitted, on the engine for vectors: parsing and
 * deriving, scheduling with the runs, writing and loading classes, and a first evaluation of eight
 * problems; then the same once more, when all of it is known. Every law of the shelf and of a
 * folder like ScaleBench's, each in a process of its own.
 */
public final class FormulaCompilation {

  private static final int PROBLEMS = 8;
  private static final int SHELF_RUNS = 60;

  private FormulaCompilation() {}

  /** Prints a table: {@code FOLDER}; or one row of it: {@code FOLDER LAW}. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path folder = Path.of(arguments[0]);
    if (arguments.length > 1) {
      System.out.println(row(folder, arguments[1]));
      return;
    }
    System.out.println(
        "law                       law  problem  code  evaluation   sum  compilers  again, ms");
    for (String law :
        Stream.concat(
                Shelf.names().stream(),
                new ScaleBenchFolder(folder)
                    .laws(Optional.empty()).stream().map(ScaleBenchFolder.TaskLaw::id))
            .toList()) {
      print(folder, law);
    }
  }

  private static void print(Path folder, String law) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            FormulaCompilation.class.getName(),
            folder.toString(),
            law));
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    System.out.print(new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    if (child.waitFor() != 0) {
      throw new IllegalStateException("%s cannot be compiled".formatted(law));
    }
  }

  private static String row(Path folder, String law) throws IOException {
    ScaleBenchFolder benchmark = new ScaleBenchFolder(folder);
    Optional<ScaleBenchFolder.TaskLaw> stated =
        law.contains("/")
            ? benchmark.laws(Optional.of(law)).stream().findFirst()
            : Optional.empty();
    LawText text = stated.isPresent() ? stated.get().text() : Shelf.named(law).orElseThrow();
    RunColumns columns =
        stated.isPresent()
            ? benchmark.train(stated.get().task(), stated.get().task().groups().getFirst())
            : simulated(text);
    try (Engine engine = Engines.open("simd")) {
      long compilers = ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
      double[] first = times(engine, columns, text);
      compilers = ManagementFactory.getCompilationMXBean().getTotalCompilationTime() - compilers;
      double[] again = times(engine, columns, text);
      return "%-22s %6.0f %8.0f %5.0f %11.0f %5.0f %10d %10.1f"
          .formatted(
              law,
              first[0],
              first[1],
              first[2],
              first[3],
              Arrays.stream(first).sum(),
              compilers,
              Arrays.stream(again).sum());
    }
  }

  /** Milliseconds for the law, the problem, its code, and a first evaluation; not for reading. */
  private static double[] times(Engine engine, RunColumns columns, LawText text) {
    long begin = System.nanoTime();
    Model model = Model.of(text, columns.names(), Set.copyOf(columns.names()));
    double parsing = since(begin);
    RunSet runs = runs(columns, model);
    begin = System.nanoTime();
    Law law = FormulaLaw.of(model, false, runs);
    double derived = since(begin);
    begin = System.nanoTime();
    SurfaceProblem problem =
        new SurfaceProblem(law, SurfaceProblem.centre(runs), runs, Objective.LINEAR_SQUARED);
    double bound = since(begin);
    NormalEquations batch = new NormalEquations(law.parameterCount(), PROBLEMS);
    Arrays.fill(batch.parameters, 0.1);
    begin = System.nanoTime();
    try (Evaluator evaluator = engine.evaluator(problem)) {
      double code = since(begin);
      begin = System.nanoTime();
      evaluator.evaluate(batch, PROBLEMS);
      return new double[] {parsing + derived, bound, code, since(begin)};
    }
  }

  private static double since(long begin) {
    return (System.nanoTime() - begin) / 1e6;
  }

  private static RunSet runs(RunColumns columns, Model model) {
    SequencedMap<String, List<String>> numbers = new LinkedHashMap<>();
    model.columns().forEach(name -> numbers.put(name, List.of()));
    SequencedMap<String, List<String>> measured = new LinkedHashMap<>();
    model.responses().forEach(response -> measured.put(response.name(), List.of()));
    return columns
        .runs(
            ColumnOptions.usual(),
            new RunColumns.Needs(new LinkedHashMap<>(), numbers, model.indices(), measured, false),
            FormulaLaw.RESPONSE)
        .runs();
  }

  /** Runs at random, with all columns that a law has. */
  private static RunColumns simulated(LawText text) throws IOException {
    Model model = Model.of(text);
    List<String> names =
        Stream.concat(
                model.columns().stream(), model.responses().stream().map(Model.Response::name))
            .toList();
    SplittableRandom random = new SplittableRandom(1);
    StringBuilder table = new StringBuilder(String.join(",", names)).append('\n');
    for (int run = 0; run < SHELF_RUNS; run++) {
      table.append(
          String.join(
              ",", names.stream().map(name -> Double.toString(random.nextDouble(1, 20))).toList()));
      table.append('\n');
    }
    Path file = Files.createTempFile("runs", ".csv");
    try {
      Files.writeString(file, table);
      return RunColumns.read(file, ColumnOptions.usual());
    } finally {
      Files.delete(file);
    }
  }
}

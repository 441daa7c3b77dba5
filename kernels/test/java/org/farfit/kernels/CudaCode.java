package org.farfit.kernels;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.FormulaProblem;
import org.farfit.engine.FormulaRuns;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.engine.code.BenchmarkLaw;
import org.farfit.formula.Derivation;
import org.farfit.formula.Model;
import org.farfit.formula.Shelf;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/**
 * Compiles kernels on the first device there is, which is a virtual one: a process of its own,
 * whose flags have TornadoVM write what it emits to a file. Says which kernels these are, in order.
 */
final class CudaCode {

  /** The argument that asks for the laws of the ScaleBench collection. */
  static final String BENCHMARK = "benchmark";

  private static final Objective LINEAR = Objective.LINEAR_SQUARED;

  private static final int RUNS = 100;

  /** Problems enough for a thread each, and for eight. */
  private static final int MANY = 1 << 14;

  private static final int SOME = 1 << 12;

  private CudaCode() {}

  /**
   * Compiles kernels.
   *
   * @param args {@link #BENCHMARK} for every law of the ScaleBench collection; nothing for every
   *     law of the shelf, then the steps of the laws that have them
   */
  public static void main(String[] args) throws IOException {
    TornadoDevice device = TornadoRuntimeProvider.getTornadoRuntime().getBackend(0).getDevice(0);
    try (PlanPool pool = new PlanPool(device, 1L << 34, 1L << 32)) {
      if (args.length > 0 && args[0].equals(BENCHMARK)) {
        for (BenchmarkLaw law : BenchmarkLaw.all()) {
          compile(pool, law.id(), problem(law.model(), law.runs(), LINEAR), false);
        }
      } else {
        for (String name : Shelf.names()) {
          Model model = Model.of(Shelf.named(name).orElseThrow());
          FormulaProblem problem = problem(model, grid(model), Objective.LOG_SQUARED);
          compile(pool, name, problem, false);
          compile(pool, name, problem, true);
        }
        Laws.all().forEach(law -> compileSteps(pool, law));
      }
    }
  }

  private static void compile(PlanPool pool, String name, FormulaProblem problem, boolean robust) {
    KernelForm form = new KernelForm(robust, true, false, KernelForm.GROUP_SIZE, 1);
    new FormulaDeviceEvaluator(pool, problem, 1, form).close();
    for (int response = 0; response < problem.derivation().schedules().size(); response++) {
      System.out.printf("kernel: %s %s%n", name, robust ? "Huber" : "squared");
    }
  }

  private static void compileSteps(PlanPool pool, Law law) {
    for (Objective objective : List.of(Objective.LOG_SQUARED, Objective.logHuber(1e-3))) {
      String loss = objective.isSquared() ? "squared" : "Huber";
      for (double weight : new double[] {1, 2}) {
        pool.release(pool.resident(problem(law, objective, weight), MANY));
        System.out.printf(
            "kernel: %s steps %s%s%n", law.name(), loss, weight == 1 ? "" : " weighted");
      }
      for (int count : new int[] {1, SOME}) {
        pool.release(pool.resident(problem(law, objective, 1), count));
        System.out.printf(
            "kernel: %s steps by %d threads %s%n",
            law.name(), KernelChoice.REGISTERS.team(count), loss);
      }
    }
  }

  /** Sizes on a grid, other columns without repetition. */
  private static FormulaRuns grid(Model model) {
    Map<String, double[]> columns = new TreeMap<>();
    for (String name : model.columns()) {
      columns.put(
          name,
          IntStream.range(0, RUNS)
              .mapToDouble(i -> name.equals("N") ? 2 + i % 9 : 1.5 + 0.1 * i)
              .toArray());
    }
    model
        .responses()
        .forEach(
            r -> columns.put(r.name(), IntStream.range(0, RUNS).mapToDouble(i -> 2).toArray()));
    return FormulaRuns.of("a grid", columns);
  }

  private static FormulaProblem problem(Model model, FormulaRuns runs, Objective objective) {
    boolean log = objective.residual() == Objective.Residual.LOG;
    Derivation derivation = new Derivation(model, log, FormulaProblem.grouped(model, runs));
    return new FormulaProblem(derivation, runs, objective, WeightTable.of(runs.weight()));
  }

  private static SurfaceProblem problem(Law law, Objective objective, double weight) {
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 1);
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    double[] weights = new double[runs.size()];
    Arrays.fill(weights, weight);
    return new SurfaceProblem(law, centre, runs, objective, WeightTable.of(weights));
  }
}

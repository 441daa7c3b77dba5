package org.farfit.kernels;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.fit.search.SpreadStarts;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;

/** Small resident fits on the first device, which may be a simulator: a process of its own. */
final class SmallFits {

  private static final int STARTS = 3;

  /** Three sizes of six runs each. */
  private static final int RUNS = 18;

  private static final int ENTRIES = 8;

  private SmallFits() {}

  /** A kernel that writes outside its array. */
  static void outside(KernelContext context, DoubleArray values) {
    values.set(ENTRIES + context.globalIdx, 1.0);
  }

  /** What a simulator must find. */
  private static void writeOutside() throws TornadoExecutionPlanException {
    DoubleArray values = new DoubleArray(ENTRIES);
    WorkerGrid1D grid = new WorkerGrid1D(1);
    TaskGraph graph =
        new TaskGraph("wrong")
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, values)
            .task("kernel", SmallFits::outside, new KernelContext(), values)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, values);
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withGridScheduler(new GridScheduler("wrong.kernel", grid)).execute();
    }
  }

  /**
   * Fits laws to few runs with the kernels of GPUs, a robust loss and weights that differ.
   *
   * @param args names of laws, after a slash how many threads work on each problem; or {@code
   *     outside} alone for a kernel that writes outside its array
   */
  public static void main(String[] args) throws TornadoExecutionPlanException {
    TornadoDevices.Found device = TornadoDevices.all().getFirst();
    System.out.println("device: " + device.description());
    if (args[0].equals("outside")) {
      writeOutside();
      return;
    }
    DesignGrid grid = new DesignGrid(DesignGrid.small().points().subList(0, RUNS));
    for (String name : args) {
      String[] parts = name.split("/");
      Law law = Laws.named(parts[0]);
      int team = parts.length > 1 ? Integer.parseInt(parts[1]) : 1;
      RunSet runs = Simulation.runs(law, law.example(), grid, 2e-3, 1);
      double[] weights = new double[runs.size()];
      Arrays.setAll(weights, run -> 1 + run % 2);
      SurfaceProblem problem =
          new SurfaceProblem(
              law,
              Centre.of(runs.n(), runs.d(), runs.loss()),
              runs,
              Objective.logHuber(1e-3),
              WeightTable.of(weights));
      try (PlanPool pool = TestDevice.pool(KernelChoice.REGISTERS, 32, team)) {
        Solutions solutions =
            new BatchSolver(SolverSettings.SEARCH.withMaxEvaluations(4), 1, ProgressListener.NONE)
                .solve(
                    new ResidentEngine(device, pool),
                    problem,
                    new SpreadStarts(law.samplingBox(problem.centre()).orElseThrow(), STARTS, 1));
        List<Integer> evaluations =
            IntStream.range(0, STARTS).mapToObj(solutions::evaluations).toList();
        System.out.printf("fitted: %s %s%n", name, evaluations);
      }
    }
  }
}

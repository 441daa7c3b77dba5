package org.farfit.kernels;

import java.util.List;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.formula.Interpreter;
import org.farfit.formula.Model;
import org.farfit.kernels.made.DeviceLayout;
import org.farfit.kernels.made.Evaluation;
import org.farfit.kernels.made.Iteration;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A surface problem as the arrays that made kernels read; the numbers after the constants are those
 * of {@link FormulaSource}.
 */
final class LawSource implements PlanSource {

  private final SurfaceProblem problem;
  private final KernelTarget target;
  private final Arrangement arrangement;
  private final WeightCodes codes;
  private final KernelForm form;
  private final StepCoordinates coordinates;

  /**
   * A source.
   *
   * @param choice which kernels; {@link KernelChoice#REGISTERS} are made for this objective and
   *     these weights alone
   * @param team threads per problem of kernels that iterate
   */
  LawSource(SurfaceProblem problem, KernelChoice choice, int groupSize, int team) {
    this.problem = problem;
    this.target = LawSurfaces.target(problem.law(), problem.objective());
    this.arrangement = LawSurfaces.arrangement(target);
    this.codes = new WeightCodes(problem.weights(), problem.runs());
    this.form =
        choice == KernelChoice.REGISTERS
            ? new KernelForm(
                !problem.objective().isSquared(), !codes.areOnes(), false, groupSize, team)
            : new KernelForm(true, true, true, groupSize, team);
    this.coordinates = StepCoordinates.of(problem);
  }

  private record Key(KernelTarget target, KernelForm form, StepCoordinates coordinates) {}

  @Override
  public Object kernelKey() {
    return new Key(target, form, coordinates);
  }

  @Override
  public KernelForm form() {
    return form;
  }

  @Override
  public int parameterCount() {
    return problem.law().parameterCount();
  }

  @Override
  public int derivativeCount() {
    return problem.law().parameterCount();
  }

  @Override
  public Evaluation evaluation() {
    return KernelMaker.evaluation(target, form);
  }

  @Override
  public Iteration iteration() {
    return KernelMaker.iteration(target, form, coordinates);
  }

  @Override
  public int indexSize() {
    return DeviceLayout.GROUP_START + problem.groups() + 1;
  }

  @Override
  public long dataSize() {
    return DeviceLayout.firstColumn(parameterCount())
        + (long) arrangement.groupColumns().size() * problem.groups()
        + (arrangement.runColumns().size() + (long) targetRows()) * problem.runs()
        + codes.distinct();
  }

  private int targetRows() {
    return problem.hasLossRows() ? problem.weights().rows() : 1;
  }

  @Override
  public long codesSize() {
    return codes.size(problem.runs());
  }

  @Override
  public void store(IntArray index, DoubleArray data, ByteArray bytes, int capacity) {
    int groups = problem.groups();
    int runs = problem.runs();
    Objective objective = problem.objective();
    index.set(DeviceLayout.CAPACITY, capacity);
    index.set(DeviceLayout.GROUPS, groups);
    index.set(DeviceLayout.RUNS, runs);
    index.set(DeviceLayout.CODE_BYTES, codes.bytes());
    index.set(DeviceLayout.PARAMETERS, problem.law().parameterCount());
    index.set(DeviceLayout.FIXED_MASK, problem.fixedMask());
    index.set(DeviceLayout.TARGET_STRIDE, problem.hasLossRows() ? runs : 0);
    data.set(DeviceLayout.LOG_D0, problem.centre().logD());
    data.set(DeviceLayout.HUBER_DELTA, objective.huberDelta());
    double[] x = new double[groups];
    double[] xByRun = new double[runs];
    double[] y = new double[runs];
    for (int group = 0; group < groups; group++) {
      x[group] = problem.x(group);
      for (int run = problem.groupStart(group); run < problem.groupStart(group + 1); run++) {
        xByRun[run] = x[group];
        y[run] = problem.y(run);
      }
    }
    for (int group = 0; group <= groups; group++) {
      index.set(DeviceLayout.GROUP_START + group, problem.groupStart(group));
    }
    int at = DeviceLayout.LIMITS;
    for (int j = 0; j < parameterCount(); j++) {
      data.set(at++, problem.limits().low()[j]);
      data.set(at++, problem.limits().high()[j]);
    }
    at = store(data, at, arrangement.groupColumns(), x, new double[groups]);
    at = store(data, at, arrangement.runColumns(), xByRun, y);
    codes.storeWeights(data, at);
    at += codes.distinct();
    index.set(DeviceLayout.FIRST_TARGET, at);
    for (int row = 0; row < targetRows(); row++) {
      for (int run = 0; run < runs; run++) {
        data.set(at++, problem.target(row, run));
      }
    }
    codes.store(bytes, runs, problem::sourceIndex);
  }

  /** Stores expressions of columns, one after the other; where the next thing goes. */
  private int store(DoubleArray data, int first, List<Integer> nodes, double[] x, double[] y) {
    Interpreter interpreter =
        new Interpreter(target.schedule().graph(), nodes.stream().mapToInt(node -> node).toArray());
    Model model = LawSurfaces.model(problem.law());
    double[] row = new double[model.columns().size()];
    int ofX = model.columns().indexOf("x");
    int ofY = model.columns().indexOf("y");
    for (int i = 0; i < x.length; i++) {
      row[ofX] = x[i];
      row[ofY] = y[i];
      interpreter.run(null, row, null);
      for (int k = 0; k < nodes.size(); k++) {
        data.set(first + k * x.length + i, interpreter.value(nodes.get(k)));
      }
    }
    return first + nodes.size() * x.length;
  }
}

package org.farfit.engine;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.farfit.formula.Schedule;

/**
 * A problem whose law is a class that states its surface as a formula of centred parameters, as
 * generated code reads it: one part.
 */
final class ScheduledSurface implements ScheduledProblem {

  private final SurfaceProblem problem;
  private final List<Schedule> schedules;
  private final List<FormulaProblem.Part> parts;

  /** The runs of the part, in sorted order of the problem. */
  private final int[] order;

  private final Optional<SharedSizes> sharedSizes;

  private ScheduledSurface(SurfaceProblem problem, LawSchedules.Stated stated) {
    this.problem = problem;
    this.schedules = List.of(stated.schedule());
    double[] x = new double[problem.runs()];
    for (int group = 0; group < problem.groups(); group++) {
      Arrays.fill(x, problem.groupStart(group), problem.groupStart(group + 1), problem.x(group));
    }
    Map<String, double[]> columns =
        Map.of(
            LawSchedules.SIZE,
            x,
            LawSchedules.TOKENS,
            IntStream.range(0, x.length).mapToDouble(problem::y).toArray());
    PartBinder binder =
        new PartBinder(
            stated.model().columns(), columns::get, run -> "run " + (run + 1), new double[2]);
    this.order = binder.inOrder(stated.schedule(), IntStream.range(0, problem.runs()).toArray());
    this.parts =
        List.of(
            new FormulaProblem.Part(
                0,
                stated.centred(),
                Arrays.stream(order).map(problem::sourceIndex).toArray(),
                binder.bind(stated.schedule(), order),
                problem.hasLossRows()
                    ? new double[order.length]
                    : Arrays.stream(order).mapToDouble(run -> problem.target(0, run)).toArray()));
    this.sharedSizes = problem.sharesErrors() ? Optional.of(sizes()) : Optional.empty();
  }

  /** A problem; empty if its law states no formula of its parameters alone. */
  static Optional<ScheduledProblem> of(SurfaceProblem problem) {
    return LawSchedules.of(problem).map(stated -> new ScheduledSurface(problem, stated));
  }

  private SharedSizes sizes() {
    int[] sizeOf = new int[problem.runs()];
    double[] once = new double[problem.groups()];
    int size = 0;
    for (int group = 0; group < problem.groups(); group++) {
      for (int run = problem.groupStart(group); run < problem.groupStart(group + 1); run++) {
        sizeOf[problem.sourceIndex(run)] = size;
      }
      if (problem.endsSize(group)) {
        once[size++] = problem.copiedWeight(group);
      }
    }
    return new SharedSizes(problem.sharedRatio(), sizeOf, Arrays.copyOf(once, size));
  }

  @Override
  public List<Schedule> schedules() {
    return schedules;
  }

  @Override
  public List<FormulaProblem.Part> parts() {
    return parts;
  }

  @Override
  public int parameterCount() {
    return problem.law().parameterCount();
  }

  @Override
  public Objective objective() {
    return problem.objective();
  }

  @Override
  public WeightTable weights() {
    return problem.weights();
  }

  @Override
  public boolean hasLossRows() {
    return problem.hasLossRows();
  }

  @Override
  public double target(FormulaProblem.Part part, int row, int i) {
    return problem.target(row, order[i]);
  }

  @Override
  public Optional<SharedSizes> sharedSizes() {
    return sharedSizes;
  }
}

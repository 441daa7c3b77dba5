package org.farfit.fit.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.statistics.LinearPropagation;
import org.farfit.formula.FormulaLaw;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.solver.StartingPoints;

/**
 * What a set of runs cannot tell about a law, whatever their losses: two sizes cannot tell E, A and
 * alpha of chinchilla apart. Told from the rank of the Jacobian of ln L over the runs' N and D at a
 * few surfaces of the law: where it is below the number of parameters at all of them, other values
 * of the parameters in its null space give the same losses.
 *
 * <p>Runs whose D is a power of N are no such case: the rank is full, but the terms of N and of D
 * may change places. They are told by the correlation of ln N and ln D.
 */
public final class RunStructure {

  private static final int SURFACES = 4;

  /** Singular values below this share of the largest are zero to rounding. */
  private static final double RANK_TOLERANCE = 1e-10;

  /** The same at a fitted surface, which is known less exactly than a made one. */
  private static final double FITTED_RANK_TOLERANCE = 1e-9;

  /** Parameters whose share in the null space is coupled by less are separate. */
  private static final double COUPLED = 1e-5;

  /** More sizes, or tokens of one size, do not change the rank of any law. */
  private static final int MOST_LEVELS = 24;

  /** Starts of a formula that the rank is taken at. */
  private static final int FORMULA_SURFACES = 8;

  /** Of more runs a formula's rank is told at the fitted surface alone. */
  private static final int MOST_RUNS = 5_000;

  private static final double COLLINEAR = 0.9999;

  private final Law law;
  private final boolean curvaturesKnown;
  private final Centre centre;

  private RunStructure(Law law, boolean curvaturesKnown, Centre centre) {
    this.law = law;
    this.curvaturesKnown = curvaturesKnown;
    this.centre = centre;
  }

  /** A combination of parameters and runs. */
  private record Point(double n, double d) {}

  /**
   * What the runs cannot tell, in sentences; none if they can tell every parameter.
   *
   * @param method how the law is fitted: a prior on curvatures makes up for what runs lack there
   */
  public static List<String> remarks(Law law, Method method, RunSet runs) {
    Centre centre = SurfaceProblem.centre(runs);
    RunStructure structure = new RunStructure(law, method.hasPrior(), centre);
    boolean isFormula = law.samplingBox(centre).isEmpty();
    List<List<String>> ofFormula = isFormula ? structure.confounded(runs) : List.of();
    if (!ofFormula.isEmpty()) {
      return List.of(structure.apart(ofFormula));
    }
    if (isFormula && !law.columns().containsAll(List.of(RunSet.N, RunSet.D))) {
      return List.of();
    }
    List<Point> points = distinct(runs);
    List<String> remarks = new ArrayList<>();
    List<List<String>> apart = isFormula ? List.of() : structure.confounded(points);
    if (!apart.isEmpty()) {
      remarks.add(
          "%s: %s cannot tell %s apart: other values of them fit as well, and what rests on them is not known"
              .formatted(
                  law.name(),
                  structure.cause(points),
                  String.join(", nor ", apart.stream().map(RunStructure::enumerated).toList())));
    } else if (collinear(points)) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "%s: D is a power of N in these runs (D/N from %.3g to %.3g), so that they cannot tell"
                  + " what N does to the loss from what D does; beyond that line nothing is known",
              law.name(),
              points.stream().mapToDouble(p -> p.d() / p.n()).min().orElseThrow(),
              points.stream().mapToDouble(p -> p.d() / p.n()).max().orElseThrow()));
    }
    return remarks;
  }

  /**
   * What the runs cannot tell about a law that is a formula, at the surface that was fitted.
   *
   * @return sentences; none if every parameter is determined, or {@link #remarks} tells already
   */
  public static List<String> undetermined(LawFit fit, RunSet runs) {
    Law law = fit.law();
    Centre centre = fit.surface().centre();
    if (law.samplingBox(centre).isPresent()) {
      return List.of();
    }
    RunStructure structure = new RunStructure(law, false, centre);
    double[] centred = fit.surface().centredArray();
    double[][] rows = structure.jacobian(runs, centred);
    double[][] nothing =
        isFinite(rows)
            ? structure.nullSpace(rows, centred, FITTED_RANK_TOLERANCE)
            : new double[0][];
    if (nothing.length == 0 || !structure.confounded(runs).isEmpty()) {
      return List.of();
    }
    List<String> sentences = new ArrayList<>();
    List<String> idle =
        IntStream.range(0, centred.length)
            .filter(j -> Arrays.stream(rows).allMatch(row -> row[j] == 0))
            .mapToObj(law.parameterNames()::get)
            .toList();
    if (!idle.isEmpty()) {
      sentences.add(
          "%s: the runs say nothing of %s: the surface does not change with %s where it was fitted"
              .formatted(law.name(), enumerated(idle), idle.size() == 1 ? "it" : "them"));
    }
    List<List<String>> groups =
        structure.groups(nothing).stream()
            .filter(group -> !group.isEmpty() && !idle.containsAll(group))
            .toList();
    if (!groups.isEmpty()) {
      sentences.add(structure.apart(groups));
    }
    return sentences;
  }

  private String apart(List<List<String>> groups) {
    return "%s: the runs cannot tell %s apart: other values of them fit as well"
        .formatted(
            law.name(),
            groups.stream().map(RunStructure::enumerated).collect(Collectors.joining(", nor ")));
  }

  private double[][] jacobian(RunSet runs, double[] centred) {
    return IntStream.range(0, runs.size())
        .mapToObj(i -> {
          double[] gradient = new double[law.parameterCount()];
          law.lossAt(centre, centred, runs.row(law.columns(), i), gradient);
          return gradient;
        })
        .toArray(double[][]::new);
  }

  private static boolean isFinite(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite);
  }

  /**
   * Parameters of a formula that cannot be told apart at any of its starts, by groups. Starts where
   * a parameter has no effect at all do not tell, since it may have one elsewhere.
   */
  private List<List<String>> confounded(RunSet runs) {
    if (runs.size() > MOST_RUNS) {
      return List.of();
    }
    StartingPoints starts =
        Starts.spread(
            new SurfaceProblem(law, centre, runs, objective(law)), 0, FORMULA_SURFACES, 1);
    double[][] least = null;
    for (int k = 0; k < starts.count(); k++) {
      double[] centred = new double[law.parameterCount()];
      starts.start(k, centred);
      double[][] rows = jacobian(runs, centred);
      if (!isFinite(rows) || !everyColumnActs(rows)) {
        continue;
      }
      double[][] nothing = nullSpace(rows, centred, RANK_TOLERANCE);
      if (nothing.length == 0) {
        return List.of();
      }
      if (least == null || nothing.length < least.length) {
        least = nothing;
      }
    }
    return least == null ? List.of() : groups(least);
  }

  /** The scale on which starts of a formula are found. */
  private static Objective objective(Law law) {
    return law instanceof FormulaLaw formula && !formula.logResiduals()
        ? Objective.LINEAR_SQUARED
        : Objective.LOG_SQUARED;
  }

  private static boolean everyColumnActs(double[][] rows) {
    return IntStream.range(0, rows[0].length)
        .allMatch(j -> Arrays.stream(rows).anyMatch(row -> row[j] != 0));
  }

  private static String enumerated(List<String> names) {
    return names.size() == 1
        ? names.getFirst()
        : String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
  }

  private static List<Point> distinct(RunSet runs) {
    List<Point> points = new ArrayList<>();
    for (double n : spread(Arrays.stream(runs.n()))) {
      spread(IntStream.range(0, runs.size()).filter(i -> runs.n(i) == n).mapToDouble(runs::d))
          .forEach(d -> points.add(new Point(n, d)));
    }
    return points;
  }

  /** At most {@link #MOST_LEVELS} of some values, evenly. */
  private static List<Double> spread(DoubleStream values) {
    double[] all = values.sorted().distinct().toArray();
    int count = Math.min(MOST_LEVELS, all.length);
    return IntStream.range(0, count)
        .mapToObj(i -> all[(int) ((long) i * (all.length - 1) / Math.max(1, count - 1))])
        .toList();
  }

  private static boolean collinear(List<Point> points) {
    double[] x = points.stream().mapToDouble(point -> Math.log(point.n())).toArray();
    double[] y = points.stream().mapToDouble(point -> Math.log(point.d())).toArray();
    double meanX = Arrays.stream(x).average().orElseThrow();
    double meanY = Arrays.stream(y).average().orElseThrow();
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xx += (x[i] - meanX) * (x[i] - meanX);
      xy += (x[i] - meanX) * (y[i] - meanY);
      yy += (y[i] - meanY) * (y[i] - meanY);
    }
    return xy * xy > COLLINEAR * xx * yy;
  }

  /** What is too few of: sizes or tokens, whichever would mend it, or both. */
  private String cause(List<Point> points) {
    TreeSet<Double> n = new TreeSet<>(points.stream().map(Point::n).toList());
    TreeSet<Double> d = new TreeSet<>(points.stream().map(Point::d).toList());
    if (points.size() < law.parameterCount()) {
      return "%d different (N, D)".formatted(points.size());
    }
    boolean mendedByN = confounded(grid(finer(n), spread(values(d)))).isEmpty();
    boolean mendedByD = confounded(grid(spread(values(n)), finer(d))).isEmpty();
    String sizes = "%d %s N".formatted(n.size(), n.size() == 1 ? "size" : "sizes");
    String tokens = "%d different D".formatted(d.size());
    if (mendedByN == mendedByD) {
      return sizes + " with " + tokens;
    }
    return mendedByN ? sizes : tokens;
  }

  private static DoubleStream values(SortedSet<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue);
  }

  private static List<Double> finer(SortedSet<Double> values) {
    return IntStream.range(0, MOST_LEVELS)
        .mapToObj(i -> values.first() * Math.pow(2 * values.last() / values.first(), i / 23.0))
        .toList();
  }

  private static List<Point> grid(List<Double> n, List<Double> d) {
    return n.stream().flatMap(size -> d.stream().map(tokens -> new Point(size, tokens))).toList();
  }

  /**
   * Published parameters that cannot be told apart, by groups that have nothing to do with others.
   */
  private List<List<String>> confounded(List<Point> points) {
    int p = law.parameterCount();
    SplittableRandom random = new SplittableRandom(1);
    double[][] least = null;
    for (int k = 0; k < SURFACES; k++) {
      double[] centred = new double[p];
      law.samplingBox(centre).orElseThrow().at(random.doubles(p, 0.25, 0.75).toArray(), centred);
      double[][] nothing = nullSpace(points, centred);
      if (nothing.length == 0) {
        return List.of();
      }
      if (least == null || nothing.length < least.length) {
        least = nothing;
      }
    }
    return groups(least);
  }

  /** Directions in published parameters, relative to their values, that leave all losses alone. */
  private double[][] nullSpace(List<Point> points, double[] centred) {
    int p = centred.length;
    List<Integer> known = curvaturesKnown ? law.curvatures() : List.of();
    double[][] rows = new double[points.size() + known.size()][p];
    for (int i = 0; i < points.size(); i++) {
      law.logLossAt(centre, centred, points.get(i).n(), points.get(i).d(), rows[i]);
    }
    for (int k = 0; k < known.size(); k++) {
      rows[points.size() + k][known.get(k)] = 1;
    }
    return nullSpace(rows, centred, RANK_TOLERANCE);
  }

  /** The same from a Jacobian by the centred parameters. */
  private double[][] nullSpace(double[][] rows, double[] centred, double tolerance) {
    int p = centred.length;
    DMatrixRMaj jacobian = new DMatrixRMaj(Math.max(p, rows.length), p);
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < p; j++) {
        jacobian.set(i, j, rows[i][j]);
      }
    }
    double[] scale = new double[p];
    for (int j = 0; j < p; j++) {
      double squares = 0;
      for (int i = 0; i < jacobian.numRows; i++) {
        squares += jacobian.get(i, j) * jacobian.get(i, j);
      }
      scale[j] = squares > 0 ? Math.sqrt(squares) : 1;
      for (int i = 0; i < jacobian.numRows; i++) {
        jacobian.set(i, j, jacobian.get(i, j) / scale[j]);
      }
    }
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(jacobian.numRows, p, false, true, true);
    if (!svd.decompose(jacobian)) {
      return new double[0][];
    }
    double[] singular = svd.getSingularValues();
    double largest = Arrays.stream(singular).max().orElseThrow();
    DMatrixRMaj directions = svd.getV(null, true);
    UnaryOperator<double[]> published =
        at -> {
          double[] values = new double[p];
          law.toPublished(centre, at, values);
          return values;
        };
    double[] values = published.apply(centred);
    double[][] slopes = LinearPropagation.gradient(published, centred);
    return IntStream.range(0, p)
        .filter(k -> singular[k] < tolerance * largest)
        .mapToObj(k -> {
          double[] direction = new double[p];
          for (int q = 0; q < p; q++) {
            for (int j = 0; j < p; j++) {
              direction[q] += slopes[j][q] * directions.get(k, j) / scale[j] / values[q];
            }
          }
          return direction;
        })
        .toArray(double[][]::new);
  }

  /** Names by the blocks of the projector onto a space. */
  private List<List<String>> groups(double[][] space) {
    int p = law.parameterCount();
    double[][] basis = orthonormal(space);
    double[][] projector = new double[p][p];
    for (double[] direction : basis) {
      for (int i = 0; i < p; i++) {
        for (int j = 0; j < p; j++) {
          projector[i][j] += direction[i] * direction[j];
        }
      }
    }
    List<List<String>> groups = new ArrayList<>();
    boolean[] seen = new boolean[p];
    for (int i = 0; i < p; i++) {
      if (!seen[i] && projector[i][i] > COUPLED) {
        TreeSet<Integer> members = new TreeSet<>();
        collect(projector, i, members);
        members.forEach(j -> seen[j] = true);
        groups.add(members.stream().map(law.parameterNames()::get).toList());
      }
    }
    return groups;
  }

  private static void collect(double[][] projector, int i, Set<Integer> members) {
    if (members.add(i)) {
      for (int j = 0; j < projector.length; j++) {
        if (Math.abs(projector[i][j]) > COUPLED) {
          collect(projector, j, members);
        }
      }
    }
  }

  /** Gram and Schmidt's, for the few directions of a null space. */
  private static double[][] orthonormal(double[][] space) {
    double[][] basis = new double[space.length][];
    for (int k = 0; k < space.length; k++) {
      double[] direction = space[k].clone();
      for (int m = 0; m < k; m++) {
        double dot = 0;
        for (int j = 0; j < direction.length; j++) {
          dot += direction[j] * basis[m][j];
        }
        for (int j = 0; j < direction.length; j++) {
          direction[j] -= dot * basis[m][j];
        }
      }
      double norm = Math.sqrt(Arrays.stream(direction).map(v -> v * v).sum());
      basis[k] = Arrays.stream(direction).map(v -> v / norm).toArray();
    }
    return basis;
  }
}

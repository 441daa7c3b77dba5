package org.farfit.fit.search;

import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.farfit.engine.FormulaProblem;
import org.farfit.formula.Bounds;
import org.farfit.formula.ColumnScales;
import org.farfit.formula.Coordinates;
import org.farfit.formula.Derivation;
import org.farfit.formula.LawCoordinates;
import org.farfit.formula.Model;
import org.farfit.solver.QuadraticProgram;
import org.farfit.solver.StartingPoints;

/**
 * Starting points of a formula's fit. Parameters that have a box are drawn from it, evenly or,
 * where it spans orders of magnitude above 0, evenly in the logarithm; others are drawn in
 * coordinates, from ranges by their role, or where columns say it on their scale ({@link
 * ColumnScales}). Then those that the law is linear in are solved for by least squares under their
 * bounds, on a share of the runs.
 */
final class FormulaStarts implements StartingPoints {

  /** A box above 0 whose ends differ by more than this factor is drawn from in logarithms. */
  private static final double WIDE = 50;

  /** The share of draws in which parameters lie on the scale of columns that they meet. */
  private static final double BY_COLUMNS = 0.75;

  /** Roles whose own ranges say nothing of columns. */
  private static final Set<Coordinates.Role> SCALED =
      EnumSet.of(Coordinates.Role.OTHER, Coordinates.Role.LOGARITHM, Coordinates.Role.EXPONENT);

  /** One start in so many is a single draw. */
  private static final int PLAIN = 4;

  /** Draws after which a start that gives no finite loss is given up. */
  private static final int TRIES = 50;

  private final LawCoordinates coordinates;
  private final Derivation derivation;
  private final int p;
  private final Bounds[] bounds;
  private final Coordinates.Role[] roles;
  private final StartRows rows;

  /** By parameter, its scale by the columns; null where it is drawn otherwise. */
  private final ColumnScales.Scale[] scales;

  private final int[] linear;
  private final double typical;
  private final double[][] points;
  private final long seed;
  private final int draws;

  /**
   * Starts; the first do not depend on how many follow.
   *
   * @param weightRow which weights the linear parameters are solved for with
   * @param count how many
   */
  FormulaStarts(FormulaProblem problem, int weightRow, int count, long seed) {
    this(problem, weightRow, count, seed, 1);
  }

  /**
   * Starts of which three in four are the best of several draws: where boxes are wide, most draws
   * are of surfaces on which a term has no effect, from which no search comes back.
   *
   * @param draws how many
   */
  FormulaStarts(FormulaProblem problem, int weightRow, int count, long seed, int draws) {
    this.draws = draws;
    this.points = new double[count][];
    this.seed = seed;
    this.coordinates = problem.coordinates();
    this.derivation = problem.derivation();
    this.p = problem.parameterCount();
    List<Integer> templates = problem.templates();
    List<Coordinates.Role> rolesOf = derivation.roles();
    List<Model.Parameter> parameters = derivation.model().parameters();
    this.roles = templates.stream().map(rolesOf::get).toArray(Coordinates.Role[]::new);
    this.bounds =
        templates.stream().map(each -> parameters.get(each).bounds()).toArray(Bounds[]::new);
    BitSet linearTemplates = derivation.linear();
    this.linear =
        IntStream.range(0, p).filter(j -> linearTemplates.get(templates.get(j))).toArray();
    this.rows = new StartRows(problem, weightRow, linear);
    ColumnScales.Scale[] ofTemplates =
        derivation.columnScales().of(rows.columns(problem), parameters.size());
    this.scales =
        IntStream.range(0, p)
            .mapToObj(j ->
                SCALED.contains(roles[j])
                        && !bounds[j].isBox()
                        && !linearTemplates.get(templates.get(j))
                    ? ofTemplates[templates.get(j)]
                    : null)
            .toArray(ColumnScales.Scale[]::new);
    this.typical = rows.typical();
  }

  @Override
  public int count() {
    return points.length;
  }

  @Override
  public synchronized void start(int k, double[] parameters) {
    if (points[k] == null) {
      points[k] = chosen(k, new SplittableRandom(seed * 1_000_003L + k));
    }
    System.arraycopy(points[k], 0, parameters, 0, parameters.length);
  }

  /** A start, and its sum of squares on the runs that linear parameters are solved for on. */
  private record Drawn(double[] point, double misfit) {}

  private Drawn one(SplittableRandom random) {
    double[] start = null;
    double misfit = Double.POSITIVE_INFINITY;
    for (int attempt = 0; attempt < TRIES; attempt++) {
      double[] natural = nonlinear(random);
      solveLinear(natural, false);
      if (derivation.logResiduals() && !rows.arePositive(natural)) {
        solveLinear(natural, true);
      }
      start = coordinates.of(natural);
      if (Arrays.stream(start).allMatch(Double::isFinite)) {
        misfit = rows.misfit(natural);
        if (misfit < Double.POSITIVE_INFINITY) {
          break;
        }
      }
    }
    return new Drawn(start, misfit);
  }

  /** The best of some draws; every fourth start is a single one, wherever it may lie. */
  private double[] chosen(int k, SplittableRandom random) {
    Drawn best = one(random);
    for (int draw = 1; draw < draws && k % PLAIN != 0; draw++) {
      Drawn other = one(random);
      if (other.misfit() < best.misfit()) {
        best = other;
      }
    }
    return best.point();
  }

  /**
   * A start near natural parameters: those that are not solved for are moved by a share of their
   * box or size, then the linear ones are solved for again.
   */
  double[] near(double[] natural, double share, SplittableRandom random) {
    for (int attempt = 0; attempt < TRIES; attempt++) {
      double[] moved = natural.clone();
      for (int j = 0; j < p; j++) {
        if (random.nextDouble() < 0.5) {
          moved[j] = moved(j, natural[j], share * gaussian(random));
        }
      }
      solveLinear(moved, derivation.logResiduals());
      double[] start = coordinates.of(moved);
      if (Arrays.stream(start).allMatch(Double::isFinite)
          && rows.misfit(moved) < Double.POSITIVE_INFINITY) {
        return start;
      }
    }
    return coordinates.of(natural);
  }

  private double moved(int j, double value, double by) {
    Bounds bounds = this.bounds[j];
    double moved;
    if (isLogDrawn(bounds) || bounds.positive()) {
      moved = value * Math.exp(3 * by);
    } else {
      double width =
          bounds.isBox()
              ? Math.min(bounds.upper() - bounds.lower(), 4 * (Math.abs(value) + 0.05))
              : Math.abs(value) + 0.1;
      moved = value + by * width;
    }
    return Math.min(Math.max(moved, bounds.lower()), bounds.upper());
  }

  private static double gaussian(SplittableRandom random) {
    return Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
        * Math.cos(2 * Math.PI * random.nextDouble());
  }

  private static boolean isLogDrawn(Bounds bounds) {
    return bounds.isBox() && bounds.lower() > 0 && bounds.upper() / bounds.lower() >= WIDE;
  }

  private double[] nonlinear(SplittableRandom random) {
    double[] point = new double[p];
    for (int j = 0; j < p; j++) {
      double[] range = range(roles[j]);
      point[j] = range[0] + random.nextDouble() * (range[1] - range[0]);
    }
    double[] natural = coordinates.parameters(point);
    for (int j = 0; j < p; j++) {
      Bounds bounds = this.bounds[j];
      double unit = random.nextDouble();
      if (isLogDrawn(bounds)) {
        natural[j] = bounds.lower() * Math.pow(bounds.upper() / bounds.lower(), unit);
      } else if (bounds.isBox()) {
        double low =
            bounds.positive() ? Math.max(bounds.lower(), 0.01 * bounds.upper()) : bounds.lower();
        natural[j] = low + unit * (bounds.upper() - low);
      }
      if (scales[j] != null && random.nextDouble() < BY_COLUMNS) {
        double value = scales[j].at(unit);
        natural[j] = Math.min(Math.max(value, bounds.lower()), bounds.upper());
      }
      if (!Double.isFinite(natural[j]) || (bounds.positive() && !(natural[j] > 0))) {
        natural[j] = unit;
      }
    }
    return natural;
  }

  /** Ranges of coordinates, as broad as those of the built-in laws. */
  private double[] range(Coordinates.Role role) {
    double log = Math.log(typical);
    return switch (role) {
      case LOGARITHM -> new double[] {log - 3, log + 1};
      case TERM -> new double[] {log - 4, log + 0.5};
      case INNER_EXPONENT -> new double[] {-3, 0.5};
      case SLOPE -> new double[] {-0.6, 0.5};
      case CURVATURE, EXPONENT, OTHER -> new double[] {-1, 1};
    };
  }

  /** Puts the least-squares values of the linear parameters, given the others. */
  private void solveLinear(double[] natural, boolean positive) {
    int n = linear.length;
    if (n == 0) {
      return;
    }
    for (int j : linear) {
      natural[j] = 0;
    }
    double[] h = new double[n * n];
    double[] g = new double[n];
    rows.addLinear(natural, h, g);
    solve(natural, positive, h, g);
  }

  /** Solves in columns of unit length, with a ridge that only matters where they are dependent. */
  private void solve(double[] natural, boolean positive, double[] h, double[] g) {
    int n = linear.length;
    double[] size = new double[n];
    for (int a = 0; a < n; a++) {
      size[a] = h[a * n + a] > 0 ? Math.sqrt(h[a * n + a]) : 1;
    }
    double[] identity = new double[n * n];
    double[] low = new double[n];
    double[] high = new double[n];
    for (int a = 0; a < n; a++) {
      g[a] /= size[a];
      for (int b = 0; b <= a; b++) {
        h[a * n + b] /= size[a] * size[b];
      }
      h[a * n + a] += 1e-10;
      identity[a * n + a] = 1;
      Bounds bounds = this.bounds[linear[a]];
      double least = positive ? Math.max(0, bounds.lower()) : bounds.lower();
      low[a] = least * size[a];
      high[a] = bounds.upper() * size[a];
    }
    QuadraticProgram program = new QuadraticProgram(n);
    double[] x = new double[n];
    if (!program.factor(h)) {
      return;
    }
    program.solve(g, x);
    program.constrain(identity, low, high, x);
    double norm = Math.sqrt(rows.count());
    for (int a = 0; a < n; a++) {
      Bounds bounds = this.bounds[linear[a]];
      double value = x[a] / size[a];
      if (bounds.positive() && !(value > 0)) {
        value = 0.01 * typical * norm / size[a];
      }
      natural[linear[a]] = Math.min(Math.max(value, bounds.lower()), bounds.upper());
    }
  }
}

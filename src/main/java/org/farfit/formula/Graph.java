package org.farfit.formula;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.farfit.data.InputException;

/**
 * Expressions as a directed graph without repetitions: each distinct subexpression is one node,
 * whose number is above those of its operands, so that every pass is a loop. Constructors simplify.
 *
 * <p>While {@linkplain #normalising}, products of exponentials are gathered into one (e^a e^b =
 * e^(a+b)) and powers of positive things become exponentials of logarithms, so that a power law is
 * e^(ln A - alpha ln N) and sums of positive terms under a power are sums of logarithms that cannot
 * overflow.
 */
public final class Graph {

  /** A law that needs more is a mistake; the largest known takes a few thousand. */
  private static final int MOST_NODES = 200_000;

  private record Key(Op op, int a, int b, long bits) {}

  private final Map<Key, Integer> known = new HashMap<>();
  private final Map<Integer, LogSum> logSums = new HashMap<>();
  private final List<Key> nodes = new ArrayList<>();
  private final List<BitSet> columns = new ArrayList<>();
  private final List<BitSet> parameters = new ArrayList<>();
  private final List<Boolean> positive = new ArrayList<>();
  private final BitSet positiveParameters = new BitSet();
  private final BitSet inferredPositive = new BitSet();
  private boolean normalising = true;

  /** How many nodes there are. */
  public int size() {
    return nodes.size();
  }

  /** What a node computes. */
  public Op op(int node) {
    return nodes.get(node).op();
  }

  /** The first operand of a node. */
  public int a(int node) {
    return nodes.get(node).a();
  }

  /** The second operand of a node. */
  public int b(int node) {
    return nodes.get(node).b();
  }

  /** The number that a constant is. */
  public double value(int node) {
    return Double.longBitsToDouble(nodes.get(node).bits());
  }

  /** Which column or parameter a node is. */
  public int index(int node) {
    return (int) nodes.get(node).bits();
  }

  /** The columns that a node depends on. Not to be changed. */
  public BitSet columns(int node) {
    return columns.get(node);
  }

  /** The parameters that a node depends on. Not to be changed. */
  public BitSet parameters(int node) {
    return parameters.get(node);
  }

  /** Whether a node is the given constant. */
  boolean is(int node, double value) {
    return op(node) == Op.CONST && value(node) == value;
  }

  /** Ends or resumes the gathering of exponentials; derivatives are built without it. */
  void normalising(boolean on) {
    normalising = on;
  }

  /** States that a parameter is positive. */
  void positive(int parameter) {
    positiveParameters.set(parameter);
  }

  /** Parameters that must be positive for a power or a logarithm to be defined. */
  BitSet inferredPositive() {
    return inferredPositive;
  }

  private int node(Op op, int a, int b, long bits) {
    Integer found = known.get(new Key(op, a, b, bits));
    if (found != null) {
      return found;
    }
    if (nodes.size() >= MOST_NODES) {
      throw new InputException(
          "the formula needs more than %d operations with its derivatives".formatted(MOST_NODES));
    }
    Key key = new Key(op, a, b, bits);
    int id = nodes.size();
    known.put(key, id);
    nodes.add(key);
    columns.add(dependence(columns, op == Op.COLUMN, op, a, b, bits));
    parameters.add(dependence(parameters, op == Op.PARAMETER, op, a, b, bits));
    positive.add(provesPositive(op, a, b, bits));
    return id;
  }

  private static BitSet dependence(
      List<BitSet> all, boolean itself, Op op, int a, int b, long bits) {
    BitSet set = new BitSet();
    if (itself) {
      set.set((int) bits);
    }
    if (op.operands() > 0) {
      set.or(all.get(a));
    }
    if (op.operands() > 1) {
      set.or(all.get(b));
    }
    return set;
  }

  private boolean provesPositive(Op op, int a, int b, long bits) {
    return switch (op) {
      case CONST -> Double.longBitsToDouble(bits) > 0;
      // Columns that are not are found out when runs are there: their logarithm is not finite.
      case COLUMN, CENTRE -> true;
      case PARAMETER -> positiveParameters.get((int) bits);
      case EXP, SIGMOID, SOFTPLUS, GROWTH, GROWTH_SLOPE -> true;
      case ADD, MUL, DIV, MIN -> positive.get(a) && positive.get(b);
      case MAX -> positive.get(a) || positive.get(b);
      case SQRT -> positive.get(a);
      case NEG, LN, TANH, ABS, SIGN, GREATER, LOGSUM -> false;
    };
  }

  /** Whether a node is known to be positive, columns and stated parameters being so. */
  boolean isPositive(int node) {
    return positive.get(node);
  }

  int constant(double value) {
    return node(Op.CONST, -1, -1, Double.doubleToLongBits(value == 0 ? 0.0 : value));
  }

  int column(int index) {
    return node(Op.COLUMN, -1, -1, index);
  }

  int centre(int index) {
    return node(Op.CENTRE, -1, -1, index);
  }

  int parameter(int index) {
    return node(Op.PARAMETER, -1, -1, index);
  }

  private boolean isConstant(int node) {
    return op(node) == Op.CONST;
  }

  int add(int a, int b) {
    if (isConstant(a) && isConstant(b)) {
      return constant(value(a) + value(b));
    }
    if (is(a, 0)) {
      return b;
    }
    if (is(b, 0)) {
      return a;
    }
    if (a == neg(b) || b == neg(a)) {
      return constant(0);
    }
    int complement = is(a, 1) ? complement(b) : is(b, 1) ? complement(a) : -1;
    if (complement >= 0) {
      return complement;
    }
    return node(Op.ADD, Math.min(a, b), Math.max(a, b), 0);
  }

  /** 1 - 1 / (1 + e^-t) as 1 / (1 + e^t), which does not cancel; or -1. */
  private int complement(int node) {
    return op(node) == Op.NEG && op(a(node)) == Op.SIGMOID
        ? unary(Op.SIGMOID, neg(a(a(node))))
        : -1;
  }

  int subtract(int a, int b) {
    return add(a, neg(b));
  }

  int neg(int a) {
    if (isConstant(a)) {
      return constant(-value(a));
    }
    return op(a) == Op.NEG ? a(a) : node(Op.NEG, a, -1, 0);
  }

  int mul(int a, int b) {
    if (isConstant(a) && isConstant(b)) {
      return constant(value(a) * value(b));
    }
    if (is(a, 0) || is(b, 0)) {
      return constant(0);
    }
    if (is(a, 1)) {
      return b;
    }
    if (is(b, 1)) {
      return a;
    }
    if (is(a, -1)) {
      return neg(b);
    }
    if (is(b, -1)) {
      return neg(a);
    }
    if (op(a) == Op.NEG) {
      return neg(mul(a(a), b));
    }
    if (op(b) == Op.NEG) {
      return neg(mul(a, a(b)));
    }
    if (normalising) {
      int gathered = gathered(a, b);
      if (gathered >= 0) {
        return gathered;
      }
    }
    return node(Op.MUL, Math.min(a, b), Math.max(a, b), 0);
  }

  /** A product with its exponentials gathered into one, or -1 if there are not two. */
  private int gathered(int a, int b) {
    int exponentA = exponent(a);
    int exponentB = exponent(b);
    if (exponentA < 0 || exponentB < 0) {
      return -1;
    }
    int rest = mul(cofactor(a), cofactor(b));
    return mul(rest, exp(add(exponentA, exponentB)));
  }

  /** The exponent of e^t or of c e^t, or -1. */
  private int exponent(int node) {
    if (op(node) == Op.EXP) {
      return a(node);
    }
    if (op(node) == Op.MUL) {
      if (op(a(node)) == Op.EXP) {
        return a(a(node));
      }
      if (op(b(node)) == Op.EXP) {
        return a(b(node));
      }
    }
    return -1;
  }

  private int cofactor(int node) {
    if (op(node) == Op.EXP) {
      return constant(1);
    }
    return op(a(node)) == Op.EXP ? b(node) : a(node);
  }

  int div(int a, int b) {
    if (isConstant(a) && isConstant(b)) {
      return constant(value(a) / value(b));
    }
    if (is(b, 1) || is(a, 0)) {
      return a;
    }
    if (a == b) {
      return constant(1);
    }
    if (op(a) == Op.NEG) {
      return neg(div(a(a), b));
    }
    if (op(b) == Op.NEG) {
      return neg(div(a, a(b)));
    }
    if (normalising && op(b) == Op.EXP) {
      return mul(a, exp(neg(a(b))));
    }
    if (normalising && isConstant(b)) {
      return mul(a, constant(1 / value(b)));
    }
    return node(Op.DIV, a, b, 0);
  }

  int exp(int a) {
    if (isConstant(a)) {
      return constant(Math.exp(value(a)));
    }
    return op(a) == Op.LN ? a(a) : node(Op.EXP, a, -1, 0);
  }

  /** ln a; while normalising, by the logarithms of the parts of a. */
  int ln(int a) {
    return normalising ? logarithm(a) : plainLn(a);
  }

  private int plainLn(int a) {
    if (isConstant(a)) {
      return constant(Math.log(value(a)));
    }
    return op(a) == Op.EXP ? a(a) : node(Op.LN, a, -1, 0);
  }

  private int logarithm(int a) {
    boolean ofParameters = !parameters(a).isEmpty();
    return switch (op(a)) {
      case PARAMETER -> {
        infer(a);
        yield plainLn(a);
      }
      case MUL -> {
        boolean signed = infers(a(a), b(a));
        yield signed ? add(logarithm(a(a)), logarithm(b(a))) : plainLn(a);
      }
      case DIV -> infers(a(a), b(a)) ? subtract(logarithm(a(a)), logarithm(b(a))) : plainLn(a);
      case SQRT -> isPositive(a(a)) ? mul(constant(0.5), logarithm(a(a))) : plainLn(a);
      case ADD ->
          ofParameters && isPositive(a(a)) && isPositive(b(a))
              ? logSum(logarithm(a(a)), logarithm(b(a)))
              : plainLn(a);
      default -> plainLn(a);
    };
  }

  /** Whether both factors are positive, or one is and the other is a parameter, which then must. */
  private boolean infers(int a, int b) {
    if (isPositive(a) && isPositive(b)) {
      return true;
    }
    if (isPositive(a) && mayBePositive(b)) {
      return true;
    }
    return isPositive(b) && mayBePositive(a);
  }

  private boolean mayBePositive(int node) {
    if (op(node) == Op.PARAMETER) {
      return true;
    }
    return op(node) == Op.MUL
        && ((isPositive(a(node)) && mayBePositive(b(node)))
            || (isPositive(b(node)) && mayBePositive(a(node))));
  }

  private void infer(int parameter) {
    if (!isPositive(parameter)) {
      inferredPositive.set(index(parameter));
    }
  }

  /** ln(e^u + e^w): one node until {@link #lowered}. */
  int logSum(int u, int w) {
    if (is(u, 0) || is(w, 0)) {
      return softplus(is(u, 0) ? w : u);
    }
    return binary(Op.LOGSUM, u, w);
  }

  int power(int base, int exponent) {
    if (isConstant(exponent)) {
      double e = value(exponent);
      if (e == 0) {
        return constant(1);
      }
      if (e == Math.rint(e) && Math.abs(e) <= 64 && !(op(base) == Op.EXP)) {
        return e > 0 ? integerPower(base, (int) e) : div(constant(1), integerPower(base, (int) -e));
      }
      if (e == 0.5) {
        return sqrt(base);
      }
      if (isConstant(base)) {
        return constant(Math.pow(value(base), e));
      }
    }
    return exp(mul(exponent, logarithm(base)));
  }

  private int integerPower(int base, int exponent) {
    if (exponent == 1) {
      return base;
    }
    int half = integerPower(base, exponent / 2);
    int square = mul(half, half);
    return exponent % 2 == 0 ? square : mul(square, base);
  }

  int sqrt(int a) {
    if (isConstant(a)) {
      return constant(Math.sqrt(value(a)));
    }
    if (op(a) == Op.EXP) {
      return exp(mul(constant(0.5), a(a)));
    }
    if (op(a) == Op.MUL && isPositive(a(a)) && isPositive(b(a))) {
      // The product of two small numbers may vanish where neither does.
      return mul(sqrt(a(a)), sqrt(b(a)));
    }
    return node(Op.SQRT, a, -1, 0);
  }

  int softplus(int a) {
    return unary(Op.SOFTPLUS, a);
  }

  int unary(Op op, int a) {
    if (isConstant(a)) {
      return constant(Scalars.apply(op, value(a), 0));
    }
    return switch (op) {
      case NEG -> neg(a);
      case EXP -> exp(a);
      case LN -> ln(a);
      case SQRT -> sqrt(a);
      case ABS -> isPositive(a) ? a : node(op, a, -1, 0);
      case SIGN -> isPositive(a) ? constant(1) : node(op, a, -1, 0);
      default -> node(op, a, -1, 0);
    };
  }

  int binary(Op op, int a, int b) {
    return switch (op) {
      case ADD -> add(a, b);
      case MUL -> mul(a, b);
      case DIV -> div(a, b);
      case LOGSUM -> constantsOr(op, Math.min(a, b), Math.max(a, b));
      case MIN, MAX -> {
        if (a == b) {
          yield a;
        }
        yield constantsOr(op, Math.min(a, b), Math.max(a, b));
      }
      default -> constantsOr(op, a, b);
    };
  }

  private int constantsOr(Op op, int a, int b) {
    return isConstant(a) && isConstant(b)
        ? constant(Scalars.apply(op, value(a), value(b)))
        : node(op, a, b, 0);
  }

  /** What takes the place of leaves in {@link #rebuilt}. */
  interface Leaves {

    /** The node to put for a column, centre or parameter of the old graph. */
    int leaf(Graph target, Op op, int index);

    /** Every leaf as it is. */
    Leaves SAME =
        (target, op, index) ->
            switch (op) {
              case COLUMN -> target.column(index);
              case CENTRE -> target.centre(index);
              case PARAMETER -> target.parameter(index);
              default -> throw new IllegalArgumentException(op.toString());
            };
  }

  /** Builds nodes anew in a graph, simplified again, with other leaves. */
  static int[] rebuilt(Graph from, int[] roots, Graph target, Leaves leaves) {
    int[] image = new int[from.size()];
    Arrays.fill(image, -1);
    BitSet reached = from.reachable(roots);
    for (int id = reached.nextSetBit(0); id >= 0; id = reached.nextSetBit(id + 1)) {
      Op op = from.op(id);
      image[id] =
          switch (op) {
            case CONST -> target.constant(from.value(id));
            case COLUMN, CENTRE, PARAMETER -> leaves.leaf(target, op, from.index(id));
            default ->
                op.operands() == 1
                    ? target.unary(op, image[from.a(id)])
                    : target.binary(op, image[from.a(id)], image[from.b(id)]);
          };
    }
    return Arrays.stream(roots).map(root -> image[root]).toArray();
  }

  /** The terms of a sum of exponentials that was written out. */
  record LogSum(int u, int w) {}

  /**
   * What a node of {@link #lowered} is the logarithm of a sum of, so that its derivatives are
   * shares and not those of the larger term.
   */
  Optional<LogSum> logSum(int node) {
    return Optional.ofNullable(logSums.get(node));
  }

  /**
   * ln(e^u + e^w) = max(u, w) + softplus(z) - max(z, 0), z being u - w: of two terms that are far
   * apart the larger, to the last digit, which w + softplus(z) is not where w is far below.
   */
  private int writtenOut(int u, int w) {
    int z = subtract(u, w);
    int rest = subtract(softplus(z), binary(Op.MAX, z, constant(0)));
    int sum = add(binary(Op.MAX, u, w), rest);
    logSums.put(sum, new LogSum(u, w));
    return sum;
  }

  /** Nodes with their sums of exponentials written out. */
  int[] lowered(int... roots) {
    int[] image = new int[size()];
    BitSet reached = reachable(roots);
    normalising(false);
    for (int id = reached.nextSetBit(0); id >= 0; id = reached.nextSetBit(id + 1)) {
      Op op = op(id);
      image[id] =
          switch (op.operands()) {
            case 0 -> id;
            case 1 -> unary(op, image[a(id)]);
            default ->
                op == Op.LOGSUM
                    ? writtenOut(image[a(id)], image[b(id)])
                    : binary(op, image[a(id)], image[b(id)]);
          };
    }
    normalising(true);
    return Arrays.stream(roots).map(root -> image[root]).toArray();
  }

  /** The nodes that some roots depend on, themselves included. */
  public BitSet reachable(int... roots) {
    BitSet reached = new BitSet();
    int highest = -1;
    for (int root : roots) {
      reached.set(root);
      highest = Math.max(highest, root);
    }
    for (int id = highest; id >= 0; id--) {
      if (reached.get(id)) {
        if (op(id).operands() > 0) {
          reached.set(a(id));
        }
        if (op(id).operands() > 1) {
          reached.set(b(id));
        }
      }
    }
    return reached;
  }

  /** A node with every column at the centre. */
  int atCentre(int node) {
    Leaves centred =
        (target, op, index) ->
            op == Op.COLUMN ? target.centre(index) : Leaves.SAME.leaf(target, op, index);
    return rebuilt(this, new int[] {node}, this, centred)[0];
  }
}

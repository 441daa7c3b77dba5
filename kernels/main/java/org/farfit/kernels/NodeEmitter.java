package org.farfit.kernels;

import static java.lang.constant.ConstantDescs.CD_double;
import static org.farfit.kernels.MadeCode.DEVICE_MATH;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.farfit.formula.Graph;
import org.farfit.formula.Op;
import org.farfit.kernels.Arrangement.Level;

/**
 * Writes the nodes of a schedule as they are needed, each into a variable of its own, which is
 * known until the scope ends that it was computed in: the problem, a value of the column by which
 * runs are sorted, or a run.
 */
final class NodeEmitter {

  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final MethodTypeDesc ONE = MethodTypeDesc.of(CD_double, CD_double);
  private static final MethodTypeDesc TWO = MethodTypeDesc.of(CD_double, CD_double, CD_double);
  private static final MethodTypeDesc THREE =
      MethodTypeDesc.of(CD_double, CD_double, CD_double, CD_double);

  /** Parts that functions of one operand share: e^-|a|, and one over the denominators. */
  private record Shared(int ratio, int reciprocal) {}

  /**
   * Variables that say where columns are.
   *
   * @param groupAt where the first column has the current value, and of how many values
   * @param runAt where the first column has the current run, and of how many runs
   */
  record Places(int groupAt, int groups, int runAt, int runs) {}

  private final MadeCode made;
  private final CodeBuilder code;
  private final Arrangement arrangement;
  private final Graph graph;
  private final int firstScalar;
  private final Places places;
  private final Deque<Map<Integer, Integer>> scopes = new ArrayDeque<>();
  private final Deque<Map<Integer, Shared>> sharedParts = new ArrayDeque<>();

  // Where runs are taken in blocks: in which loop each node is computed, where it is kept, and
  // which loop is being written, over which variable.
  private final RunStages stages;
  private final Map<Integer, Integer> arrayOf = new HashMap<>();
  private int stage;
  private int inBlock;

  /**
   * An emitter.
   *
   * @param parameters the variables of the parameters, by number
   * @param firstScalar where the numbers of the data set begin
   */
  NodeEmitter(
      MadeCode made,
      Arrangement arrangement,
      RunStages stages,
      int[] parameters,
      int firstScalar,
      Places places) {
    this.made = made;
    this.code = made.code();
    this.arrangement = arrangement;
    this.graph = arrangement.schedule().graph();
    this.stages = stages;
    this.firstScalar = firstScalar;
    this.places = places;
    open();
    for (int node = 0; node < graph.size(); node++) {
      boolean given =
          graph.op(node) == Op.PARAMETER
              && graph.index(node) < parameters.length
              && parameters[graph.index(node)] >= 0;
      if (given) {
        scopes.peek().put(node, parameters[graph.index(node)]);
      }
    }
  }

  /** Makes room for what is computed of a block of runs. */
  void makeRoom(int block) {
    stages.kept().stream()
        .forEach(node -> {
          int array = made.slot();
          code.loadConstant(block).newarray(TypeKind.DOUBLE).astore(array);
          arrayOf.put(node, array);
        });
  }

  void open() {
    scopes.push(new HashMap<>());
    sharedParts.push(new HashMap<>());
  }

  void close() {
    scopes.pop();
    sharedParts.pop();
  }

  /** From here on nodes of earlier stages are found in their arrays. */
  void enterStage(int number, int indexInBlock) {
    stage = number;
    inBlock = indexInBlock;
  }

  /** Computes the nodes of a stage for one run of a block, and keeps those that others need. */
  void computeStage() {
    for (int node : stages.nodes().get(stage)) {
      compute(node);
      if (stages.kept().get(node)) {
        code.aload(arrayOf.get(node)).iload(inBlock).dload(known(node)).dastore();
      }
    }
  }

  /** The variable of a node that has been computed, or null. */
  Integer known(int node) {
    for (Map<Integer, Integer> scope : scopes) {
      Integer local = scope.get(node);
      if (local != null) {
        return local;
      }
    }
    return null;
  }

  /** Computes a node if it has not been. */
  void compute(int node) {
    if (known(node) == null && arrangement.level(node) != Level.CONST) {
      push(node);
      code.pop2();
    }
  }

  /** Pushes a node, which is computed now if it has not been. */
  void push(int node) {
    Integer local = known(node);
    if (local != null) {
      code.dload(local);
      return;
    }
    switch (arrangement.level(node)) {
      case CONST -> {
        code.loadConstant(graph.value(node));
        return;
      }
      case SCALAR -> made.pushData(firstScalar + arrangement.schedule().scalars().indexOf(node));
      case COLUMN -> {
        boolean inRun = scopes.size() == 3;
        int column = (inRun ? arrangement.runColumns() : arrangement.groupColumns()).indexOf(node);
        made.pushData(
            inRun ? places.runAt() : places.groupAt(),
            inRun ? places.runs() : places.groups(),
            column);
      }
      default -> {
        if (stages.stage(node) >= 0 && stages.stage(node) < stage) {
          code.aload(arrayOf.get(node)).iload(inBlock).daload();
        } else {
          operate(node);
        }
      }
    }
    int stored = made.doubles(1);
    code.dup2().dstore(stored);
    scopes.peek().put(node, stored);
  }

  private void operate(int node) {
    Op op = graph.op(node);
    int a = graph.a(node);
    switch (op) {
      case SIGMOID, SOFTPLUS -> {
        Shared parts = shared(a);
        push(a);
        code.dload(parts.ratio()).dload(parts.reciprocal());
        code.invokestatic(DEVICE_MATH, op == Op.SIGMOID ? "sigmoid" : "softplus", THREE);
      }
      case GROWTH -> {
        int slope = slope(node);
        push(a);
        if (slope >= 0) {
          push(slope);
        } else {
          push(a);
          code.invokestatic(DEVICE_MATH, "growthSlope", ONE);
        }
        code.invokestatic(DEVICE_MATH, "growth", TWO);
      }
      case GROWTH_SLOPE -> call(a, DEVICE_MATH, "growthSlope");
      case EXP -> call(a, MATH, "exp");
      case LN -> call(a, MATH, "log");
      case SQRT -> call(a, MATH, "sqrt");
      case ABS -> call(a, MATH, "abs");
      case TANH -> call(a, DEVICE_MATH, "tanh");
      case SIGN -> call(a, DEVICE_MATH, "sign");
      case NEG -> {
        push(a);
        code.dneg();
      }
      default -> {
        push(a);
        push(graph.b(node));
        switch (op) {
          case ADD -> code.dadd();
          case MUL -> code.dmul();
          case DIV -> code.ddiv();
          case MIN -> code.invokestatic(DEVICE_MATH, "min", TWO);
          case MAX -> code.invokestatic(DEVICE_MATH, "max", TWO);
          case GREATER -> code.invokestatic(DEVICE_MATH, "greater", TWO);
          default -> throw new IllegalArgumentException(op + " in a schedule");
        }
      }
    }
  }

  private void call(int operand, ClassDesc owner, String function) {
    push(operand);
    code.invokestatic(owner, function, ONE);
  }

  /** The node of the slope at the operand of a growth, if it is computed at all. */
  private int slope(int growth) {
    for (int node = 0; node < graph.size(); node++) {
      if (graph.op(node) == Op.GROWTH_SLOPE
          && graph.a(node) == graph.a(growth)
          && arrangement.level(node) == arrangement.level(growth)) {
        return node;
      }
    }
    return -1;
  }

  /** Of a number and its negative, too. */
  private Shared shared(int node) {
    int operand = graph.op(node) == Op.NEG ? graph.a(node) : node;
    for (Map<Integer, Shared> scope : sharedParts) {
      if (scope.containsKey(operand)) {
        return scope.get(operand);
      }
    }
    int ratio = made.doubles(1);
    int reciprocal = made.doubles(1);
    call(operand, DEVICE_MATH, "ratio");
    code.dstore(ratio);
    code.dload(ratio).invokestatic(DEVICE_MATH, "reciprocal", ONE).dstore(reciprocal);
    Shared parts = new Shared(ratio, reciprocal);
    sharedParts.peek().put(operand, parts);
    return parts;
  }
}

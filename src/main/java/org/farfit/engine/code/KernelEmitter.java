package org.farfit.engine.code;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.farfit.formula.Graph;
import org.farfit.formula.Op;
import org.farfit.formula.Schedule;
import org.farfit.formula.Schedule.Call;
import org.farfit.formula.Schedule.Extent;
import org.farfit.formula.Schedule.Location;
import org.farfit.formula.Schedule.Place;
import org.farfit.formula.Schedule.Stage;

/**
 * Writes the class of a {@link FormulaKernel}: one static method per loop of the schedule, and the
 * three methods of the interface, which call them in order. A subclass says what a value is.
 */
public abstract class KernelEmitter {

  private static final ClassDesc DOUBLES = CD_double.arrayType();
  private static final ClassDesc INTS = CD_int.arrayType();
  private static final MethodTypeDesc LOOP =
      MethodTypeDesc.of(
          CD_void,
          CD_int,
          CD_int,
          DOUBLES,
          CD_int,
          DOUBLES,
          DOUBLES,
          DOUBLES,
          CD_int,
          DOUBLES.arrayType(),
          INTS,
          INTS);

  // Local variables of every loop: its parameters, the item, and what follows from it.
  private static final int COUNT = 0;
  private static final int FIRST = 1;

  /** The local variable with the array of the extent. */
  protected static final int OWN = 2;

  private static final int STRIDE = 3;

  /** The local variable with the array of the problem. */
  protected static final int PROBLEM = 4;

  /** The local variable with the numbers of the data set. */
  protected static final int SCALARS = 5;

  private static final int COLUMNS = 6;
  private static final int COLUMN_STRIDE = 7;

  /** The local variable with the slots of values, an array per extent. */
  protected static final int VALUES = 8;

  private static final int VALUE_STRIDE = 9;
  private static final int INDEX = 10;
  private static final int ITEM = 11;
  private static final int RUN = 12;
  private static final int FREE = 13;

  /** The schedule. */
  protected final Schedule schedule;

  /** Its graph. */
  protected final Graph graph;

  /** An emitter of a schedule. */
  protected KernelEmitter(Schedule schedule) {
    this.schedule = schedule;
    this.graph = schedule.graph();
  }

  /** How many numbers a value has. */
  protected abstract int lanes();

  /** How many local variables a value takes. */
  protected abstract int localSize();

  /** Pushes a number as a value. */
  protected abstract void constant(CodeBuilder code, double number);

  /** Turns the number on the stack into a value. */
  protected abstract void spread(CodeBuilder code);

  /** Replaces the array and offset on the stack by the value there. */
  protected abstract void load(CodeBuilder code);

  /** Puts a local variable's value into the array and offset on the stack. */
  protected abstract void store(CodeBuilder code, int local);

  /** Pushes a local variable's value. */
  protected abstract void push(CodeBuilder code, int local);

  /** Pops a value into a local variable. */
  protected abstract void pop(CodeBuilder code, int local);

  /** Replaces the operands on the stack by the value of an operation that is no function. */
  protected abstract void operate(CodeBuilder code, Op op);

  /**
   * Calls a function over slots of an extent; on the stack are the array, the offsets of operand
   * and results, and how many values there are.
   */
  protected abstract void function(CodeBuilder code, Op op, int results);

  /** The type of a function with a number of results. */
  protected static MethodTypeDesc overArray(int results) {
    return MethodTypeDesc.of(CD_void, DOUBLES)
        .insertParameterTypes(
            1, Collections.nCopies(results + 2, CD_int).toArray(ClassDesc[]::new));
  }

  /** Makes the class and an instance of it, in the package of the lookup. */
  public final FormulaKernel make(MethodHandles.Lookup lookup) {
    ClassDesc name = ClassDesc.of(lookup.lookupClass().getPackageName(), "Generated");
    byte[] bytes =
        ClassFile.of()
            .build(
                name,
                builder -> {
                  builder.withInterfaceSymbols(ClassDesc.of(FormulaKernel.class.getName()));
                  builder.withMethodBody(
                      ConstantDescs.INIT_NAME,
                      ConstantDescs.MTD_void,
                      ClassFile.ACC_PUBLIC,
                      code ->
                          code.aload(0)
                              .invokespecial(
                                  ConstantDescs.CD_Object,
                                  ConstantDescs.INIT_NAME,
                                  ConstantDescs.MTD_void)
                              .return_());
                  for (int e = 0; e < schedule.extents().size(); e++) {
                    Extent extent = schedule.extents().get(e);
                    int loops = 0;
                    for (Stage stage : extent.stages()) {
                      for (List<Integer> loop : stage.loops()) {
                        builder.withMethodBody(
                            loopName(e, loops++),
                            LOOP,
                            ClassFile.ACC_STATIC | ClassFile.ACC_PRIVATE,
                            code -> loop(code, extent, loop));
                      }
                    }
                  }
                  builder.withMethodBody(
                      "problem",
                      MethodTypeDesc.of(CD_void, DOUBLES, DOUBLES),
                      ClassFile.ACC_PUBLIC,
                      code -> problem(code, name));
                  builder.withMethodBody(
                      "values",
                      MethodTypeDesc.of(
                          CD_void, CD_int, CD_int, DOUBLES, CD_int, DOUBLES, DOUBLES, DOUBLES,
                          CD_int),
                      ClassFile.ACC_PUBLIC,
                      code -> values(code, name));
                  builder.withMethodBody(
                      "runs", LOOP, ClassFile.ACC_PUBLIC, code -> runs(code, name));
                });
    try {
      MethodHandles.Lookup made = lookup.defineHiddenClass(bytes, true);
      return (FormulaKernel)
          made.findConstructor(
                  made.lookupClass(), java.lang.invoke.MethodType.methodType(void.class))
              .invoke();
    } catch (Throwable e) {
      throw new IllegalStateException("generated code cannot be loaded", e);
    }
  }

  private static String loopName(int extent, int loop) {
    return "loop" + extent + "_" + loop;
  }

  // The methods of the interface: loops and functions in order
  // --------------------------------------

  /** What a call of a loop passes on. */
  private interface Arguments {
    void push(CodeBuilder code);
  }

  private void problem(CodeBuilder code, ClassDesc name) {
    calls(
        code,
        name,
        0,
        c -> c.loadConstant(1),
        c -> c.loadConstant(0),
        c -> c.aload(1),
        c -> c.loadConstant(lanes()),
        c -> c.aload(1),
        c -> c.aload(2),
        CodeBuilder::aconst_null,
        c -> c.loadConstant(0),
        CodeBuilder::aconst_null,
        CodeBuilder::aconst_null,
        CodeBuilder::aconst_null);
    code.return_();
  }

  private void values(CodeBuilder code, ClassDesc name) {
    for (int e = 1; e < schedule.extents().size() - 1; e++) {
      Label next = code.newLabel();
      code.iload(1).loadConstant(e).if_icmpne(next);
      calls(
          code,
          name,
          e,
          c -> c.iload(2),
          c -> c.loadConstant(0),
          c -> c.aload(3),
          c -> c.iload(4),
          c -> c.aload(5),
          c -> c.aload(6),
          c -> c.aload(7),
          c -> c.iload(8),
          CodeBuilder::aconst_null,
          CodeBuilder::aconst_null,
          CodeBuilder::aconst_null);
      code.return_();
      code.labelBinding(next);
    }
    code.return_();
  }

  private void runs(CodeBuilder code, ClassDesc name) {
    calls(
        code,
        name,
        schedule.extents().size() - 1,
        c -> c.iload(1),
        c -> c.iload(2),
        c -> c.aload(3),
        c -> c.iload(4),
        c -> c.aload(5),
        c -> c.aload(6),
        c -> c.aload(7),
        c -> c.iload(8),
        c -> c.aload(9),
        c -> c.aload(10),
        c -> c.aload(11));
    code.return_();
  }

  /** Calls the loops and functions of an extent; the arguments are those of {@link #LOOP}. */
  private void calls(CodeBuilder code, ClassDesc name, int index, Arguments... arguments) {
    Extent extent = schedule.extents().get(index);
    int loops = 0;
    for (Stage stage : extent.stages()) {
      for (int i = 0; i < stage.loops().size(); i++) {
        for (Arguments argument : arguments) {
          argument.push(code);
        }
        code.invokestatic(name, loopName(index, loops++), LOOP);
      }
      for (Call call : stage.calls()) {
        arguments[OWN].push(code);
        arguments[STRIDE].push(code);
        code.loadConstant(extent.slot(call.operand())).imul();
        for (int node : call.results()) {
          arguments[STRIDE].push(code);
          code.loadConstant(extent.slot(node)).imul();
        }
        arguments[COUNT].push(code);
        function(code, call.op(), call.results().size());
      }
    }
  }

  // A loop ----------------------------------------------------------------------------------------

  private void loop(CodeBuilder code, Extent extent, List<Integer> nodes) {
    Map<Integer, Integer> locals = new HashMap<>();
    int free = hoist(code, extent, nodes, locals);
    Label begin = code.newLabel();
    Label end = code.newLabel();
    code.loadConstant(0).istore(ITEM);
    code.labelBinding(begin);
    code.iload(ITEM).iload(COUNT).if_icmpge(end);
    code.iload(FIRST).iload(ITEM).iadd().istore(RUN);
    for (int node : nodes) {
      Op op = graph.op(node);
      if (schedule.locate(extent, node).place() != Place.OWN) {
        operand(code, extent, node, locals);
      } else {
        operand(code, extent, graph.a(node), locals);
        if (op.operands() == 2) {
          operand(code, extent, graph.b(node), locals);
        }
        operate(code, op);
      }
      pop(code, free);
      if (extent.slot(node) >= 0) {
        ownAddress(code, extent.slot(node));
        store(code, free);
      }
      locals.put(node, free);
      free += localSize();
    }
    code.iinc(ITEM, 1).goto_(begin);
    code.labelBinding(end);
    code.return_();
  }

  /** Loads what does not change within a loop before it. */
  private int hoist(
      CodeBuilder code, Extent extent, List<Integer> nodes, Map<Integer, Integer> locals) {
    int free = FREE;
    for (int node : nodes) {
      boolean copied = schedule.locate(extent, node).place() != Place.OWN;
      int operands = copied ? 1 : graph.op(node).operands();
      for (int side = 0; side < operands; side++) {
        int operand = copied ? node : side == 0 ? graph.a(node) : graph.b(node);
        Location at = schedule.locate(extent, operand);
        boolean fixed =
            at.place() == Place.CONST || at.place() == Place.SCALAR || at.place() == Place.PROBLEM;
        if (fixed && !locals.containsKey(operand)) {
          fixedOperand(code, operand, at);
          pop(code, free);
          locals.put(operand, free);
          free += localSize();
        }
      }
    }
    return free;
  }

  private void fixedOperand(CodeBuilder code, int node, Location at) {
    switch (at.place()) {
      case CONST -> constant(code, graph.value(node));
      case SCALAR -> {
        code.aload(SCALARS).loadConstant(at.slot()).daload();
        spread(code);
      }
      default -> {
        code.aload(PROBLEM).loadConstant(at.slot() * lanes());
        load(code);
      }
    }
  }

  private void operand(CodeBuilder code, Extent extent, int node, Map<Integer, Integer> locals) {
    Integer local = locals.get(node);
    if (local != null) {
      push(code, local);
      return;
    }
    Location at = schedule.locate(extent, node);
    switch (at.place()) {
      case OWN -> {
        ownAddress(code, at.slot());
        load(code);
      }
      case COLUMN -> {
        code.aload(COLUMNS);
        code.iload(COLUMN_STRIDE).loadConstant(at.slot()).imul().iload(RUN).iadd();
        code.daload();
        spread(code);
      }
      case VALUE -> {
        code.aload(VALUES).loadConstant(at.extent()).aaload();
        code.aload(VALUE_STRIDE).loadConstant(at.extent()).iaload();
        code.loadConstant(at.slot()).imul();
        code.aload(INDEX);
        code.iload(COLUMN_STRIDE).loadConstant(at.extent()).imul().iload(RUN).iadd();
        code.iaload().loadConstant(lanes()).imul().iadd();
        load(code);
      }
      default -> fixedOperand(code, node, at);
    }
  }

  private void ownAddress(CodeBuilder code, int slot) {
    code.aload(OWN);
    code.iload(STRIDE).loadConstant(slot).imul();
    code.iload(ITEM).loadConstant(lanes()).imul().iadd();
  }
}

package org.farfit.kernels;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.function.IntConsumer;
import org.farfit.kernels.made.DeviceLayout;
import org.farfit.solver.StepRules;

/**
 * The variables of a kernel that iterates, and its access to what the device keeps of a problem.
 * The number of parameters is a constant, so nothing is in an array of a thread's own.
 */
final class StepVariables {

  // Arguments of an Iteration.
  static final int CONTROL = 1;
  static final int WORDS = 5;
  static final int LANES = 6;
  static final int PARAMETERS = 7;
  static final int GRADIENT = 8;
  static final int MATRIX = 9;
  static final int SCALE = 10;
  static final int STATE = 11;

  private static final ClassDesc RULES = ClassDesc.of(StepRules.class.getName());
  private static final MethodTypeDesc ACTIVE =
      MethodTypeDesc.of(CD_boolean, CD_double, CD_double, CD_double, CD_double);

  /** K. */
  final int capacity;

  /** The slot that the thread was given. */
  final int firstSlot;

  /** Where the problem is in arrays of K. */
  final int slot;

  /** How often the problem was evaluated. */
  final int evaluations;

  /** 1, or 0 where no step can be solved. */
  final int definite;

  /** Bits of parameters at limits that the cost would fall beyond. */
  final int atLimit;

  private final MadeCode made;
  private final CodeBuilder code;
  private final int p;
  private final int point;

  StepVariables(MadeCode made, int p) {
    this.made = made;
    this.code = made.code();
    this.p = p;
    capacity = made.slot();
    firstSlot = made.slot();
    slot = made.slot();
    evaluations = made.slot();
    definite = made.slot();
    atLimit = made.slot();
    point = made.doubles(p);
  }

  /**
   * Adds nothing to the slot, in a way that compilers do not see through: else they keep the
   * hundred addresses of a problem in registers, over all turns of a loop.
   *
   * @param turn the variable of the loop
   * @param offset a small number, another one each time
   */
  void moveSlot(int turn, int offset) {
    code.iload(firstSlot).iload(turn).loadConstant(offset).iadd().loadConstant(30).ishr().iadd();
    code.istore(slot);
  }

  /** Gives every variable of a step a value: who sets them and who reads them need not be one. */
  void clear() {
    for (int variable : new int[] {evaluations, definite, atLimit}) {
      code.iconst_0().istore(variable);
    }
    for (int j = 0; j < p; j++) {
      code.dconst_0().dstore(point(j));
    }
  }

  /** Pushes an integer of the problem. */
  void pushWord(int word) {
    code.aload(WORDS);
    made.pushProblemIndex(code, word);
    code.invokevirtual(MadeCode.INTS, "get", MadeCode.GET_INT);
  }

  /** Pushes a number of the problem from one of the arrays. */
  void get(int array, int entry) {
    code.aload(array);
    made.pushProblemIndex(code, entry);
    code.invokevirtual(MadeCode.DOUBLES, "get", MadeCode.GET_DOUBLE);
  }

  /** Pushes the entry of the matrix that a variable tells. */
  void getMatrixAt(int entry) {
    pushMatrixAt(entry);
    code.invokevirtual(MadeCode.DOUBLES, "get", MadeCode.GET_DOUBLE);
  }

  /** Stores what a piece of code pushes. */
  void setMatrixAt(int entry, Runnable pushed) {
    pushMatrixAt(entry);
    pushed.run();
    code.invokevirtual(MadeCode.DOUBLES, "set", MadeCode.SET_DOUBLE);
  }

  private void pushMatrixAt(int entry) {
    code.aload(MATRIX).iload(entry).iload(capacity).imul().iload(slot).iadd();
  }

  /**
   * A loop over the entries of the matrix, whose number compilers do not know: else they unroll it
   * and have all entries in registers at once.
   *
   * @param body is given the variable of the entry
   */
  void overMatrix(IntConsumer body) {
    int entry = made.slot();
    int count = made.slot();
    made.pushIndex(DeviceLayout.PARAMETERS);
    code.istore(count);
    code.iload(count).iload(count).iconst_1().iadd().imul().iconst_1().ishr().istore(count);
    code.iconst_0().istore(entry);
    made.loop(entry, count, () -> body.accept(entry));
  }

  /** Stores what a piece of code pushes. */
  void set(int array, int entry, Runnable pushed) {
    code.aload(array);
    made.pushProblemIndex(code, entry);
    pushed.run();
    code.invokevirtual(MadeCode.DOUBLES, "set", MadeCode.SET_DOUBLE);
  }

  /** Where an entry is in a packed matrix. */
  static int packed(int i, int j) {
    return i * (i + 1) / 2 + j;
  }

  /** The variable of a parameter of the trial point. */
  int point(int j) {
    return point + 2 * j;
  }

  /** Marks parameter j in a variable if the cost at the point would fall beyond its limit. */
  void recordActive(int j, int gradient) {
    Label moves = code.newLabel();
    code.dload(point(j)).dload(gradient);
    pushLimits(j);
    code.invokestatic(RULES, "isActive", ACTIVE).ifeq(moves);
    code.iload(atLimit).loadConstant(1 << j).ior().istore(atLimit);
    code.labelBinding(moves);
  }

  /** Pushes the least and the largest value of a parameter. */
  void pushLimits(int j) {
    made.pushData(DeviceLayout.LIMITS + 2 * j);
    made.pushData(DeviceLayout.LIMITS + 2 * j + 1);
  }
}

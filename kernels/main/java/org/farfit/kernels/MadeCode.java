package org.farfit.kernels;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import org.farfit.kernels.made.DeviceMath;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The method of a kernel that is being made: its local variables, and access to the arrays that it
 * is given.
 */
class MadeCode {

  static final ClassDesc CONTEXT = ClassDesc.of(KernelContext.class.getName());
  static final ClassDesc INTS = ClassDesc.of(IntArray.class.getName());
  static final ClassDesc DOUBLES = ClassDesc.of(DoubleArray.class.getName());
  static final ClassDesc BYTES = ClassDesc.of(ByteArray.class.getName());
  static final ClassDesc DEVICE_MATH = ClassDesc.of(DeviceMath.class.getName());
  static final MethodTypeDesc GET_INT = MethodTypeDesc.of(CD_int, CD_int);
  static final MethodTypeDesc SET_INT = MethodTypeDesc.of(CD_void, CD_int, CD_int);
  static final MethodTypeDesc GET_DOUBLE = MethodTypeDesc.of(CD_double, CD_int);
  static final MethodTypeDesc SET_DOUBLE = MethodTypeDesc.of(CD_void, CD_int, CD_double);

  /** Where the arguments of a kernel are that every kernel has. */
  record Arguments(int index, int data, int codes, int gradient, int matrix) {}

  private final CodeBuilder code;
  private final Arguments arguments;
  private int free;
  private int capacity = -1;
  private int slot = -1;

  /** A method with so many arguments, each of which takes a variable. */
  MadeCode(CodeBuilder code, int argumentCount, Arguments arguments) {
    this.code = code;
    this.arguments = arguments;
    this.free = argumentCount;
  }

  final CodeBuilder code() {
    return code;
  }

  final Arguments arguments() {
    return arguments;
  }

  /** A new variable for an int or an array. */
  final int slot() {
    return free++;
  }

  /** New variables for doubles, two slots each; the first of them. */
  final int doubles(int count) {
    int first = free;
    free += 2 * count;
    return first;
  }

  /** Says which variables hold K and the problem's slot in arrays of K. */
  final void placeProblem(int capacityLocal, int slotLocal) {
    capacity = capacityLocal;
    slot = slotLocal;
  }

  /** Pushes a number of the thread, by its name in the context, which is the first argument. */
  final void pushThread(String field) {
    ClassDesc integer = ClassDesc.of("java.lang.Integer");
    code.aload(0).getfield(CONTEXT, field, integer);
    code.invokevirtual(integer, "intValue", MethodTypeDesc.of(CD_int));
  }

  /** Pushes an entry of the index. */
  final void pushIndex(int entry) {
    code.aload(arguments.index()).loadConstant(entry).invokevirtual(INTS, "get", GET_INT);
  }

  /** Pushes an entry of the index at what is in a variable, and an offset. */
  final void pushIndexAt(int local, int offset) {
    code.aload(arguments.index()).iload(local).loadConstant(offset).iadd();
    code.invokevirtual(INTS, "get", GET_INT);
  }

  /** Pushes a number of the data at a fixed place. */
  final void pushData(int entry) {
    code.aload(arguments.data()).loadConstant(entry).invokevirtual(DOUBLES, "get", GET_DOUBLE);
  }

  /**
   * The same, read in each turn of a loop: at an address that differs by nothing in fact, else
   * compilers keep the number, and what they compute of it, in registers over all turns.
   *
   * @param counter the variable of the loop, with a number from 0 to a billion
   */
  final void pushDataAnew(int entry, int counter) {
    code.aload(arguments.data()).iload(counter).loadConstant(30).ishr();
    code.loadConstant(entry).iadd().invokevirtual(DOUBLES, "get", GET_DOUBLE);
  }

  /** Pushes row r, item i of a table in the data: at + r * stride, all but r in variables. */
  final void pushData(int at, int stride, int r) {
    code.aload(arguments.data()).iload(at);
    if (r > 0) {
      code.iload(stride).loadConstant(r).imul().iadd();
    }
    code.invokevirtual(DOUBLES, "get", GET_DOUBLE);
  }

  /** Pushes the array and the place of an entry of the problem's gradient or matrix. */
  final void resultAddress(CodeBuilder to, boolean ofGradient, int entry) {
    to.aload(ofGradient ? arguments.gradient() : arguments.matrix());
    pushProblemIndex(to, entry);
  }

  /** Pushes where row r of an array of K has the problem. */
  final void pushProblemIndex(CodeBuilder to, int r) {
    to.loadConstant(r).iload(capacity).imul().iload(slot).iadd();
  }

  /** A loop over what is in {@code counter}, from where it stands up to a limit in a variable. */
  final void loop(int counter, int limit, Runnable body) {
    Label begin = code.newLabel();
    Label end = code.newLabel();
    code.labelBinding(begin);
    code.iload(counter).iload(limit).if_icmpge(end);
    body.run();
    code.iinc(counter, 1).goto_(begin);
    code.labelBinding(end);
  }
}

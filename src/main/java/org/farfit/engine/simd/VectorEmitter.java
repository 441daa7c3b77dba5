package org.farfit.engine.simd;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import org.farfit.engine.code.KernelEmitter;
import org.farfit.engine.code.PlainFunctions;
import org.farfit.formula.Op;
import org.farfit.formula.Schedule;

/** Vectors of doubles, one problem per lane. */
final class VectorEmitter extends KernelEmitter {

  private static final String PACKAGE = "jdk.incubator.vector.";
  private static final ClassDesc DOUBLE_VECTOR = ClassDesc.of(PACKAGE + "DoubleVector");
  private static final ClassDesc VECTOR = ClassDesc.of(PACKAGE + "Vector");
  private static final ClassDesc MASK = ClassDesc.of(PACKAGE + "VectorMask");
  private static final ClassDesc SPECIES = ClassDesc.of(PACKAGE + "VectorSpecies");
  private static final ClassDesc OPERATORS = ClassDesc.of(PACKAGE + "VectorOperators");
  private static final ClassDesc COMPARISON = OPERATORS.nested("Comparison");
  private static final ClassDesc DOUBLES = CD_double.arrayType();
  private static final ClassDesc MATH = ClassDesc.of(VectorMath.class.getName());
  private static final ClassDesc FUNCTIONS = ClassDesc.of(VectorFunctions.class.getName());
  private static final MethodTypeDesc FROM_ARRAY =
      MethodTypeDesc.of(DOUBLE_VECTOR, SPECIES, DOUBLES, CD_int);
  private static final MethodTypeDesc BROADCAST =
      MethodTypeDesc.of(DOUBLE_VECTOR, SPECIES, CD_double);
  private static final MethodTypeDesc INTO_ARRAY = MethodTypeDesc.of(CD_void, DOUBLES, CD_int);
  private static final MethodTypeDesc BINARY = MethodTypeDesc.of(DOUBLE_VECTOR, VECTOR);
  private static final MethodTypeDesc UNARY = MethodTypeDesc.of(DOUBLE_VECTOR);
  private static final MethodTypeDesc COMPARE = MethodTypeDesc.of(MASK, COMPARISON, VECTOR);
  private static final MethodTypeDesc COMPARE_NUMBER =
      MethodTypeDesc.of(MASK, COMPARISON, CD_double);
  private static final MethodTypeDesc BLEND = MethodTypeDesc.of(DOUBLE_VECTOR, CD_double, MASK);

  VectorEmitter(Schedule schedule) {
    super(schedule);
  }

  @Override
  protected int lanes() {
    return VectorMath.LANES;
  }

  @Override
  protected int localSize() {
    return 1;
  }

  private static void species(CodeBuilder code) {
    code.getstatic(MATH, "SPECIES", SPECIES);
  }

  @Override
  protected void constant(CodeBuilder code, double number) {
    species(code);
    code.loadConstant(number).invokestatic(DOUBLE_VECTOR, "broadcast", BROADCAST);
  }

  @Override
  protected void spread(CodeBuilder code) {
    species(code);
    code.dup_x2().pop().invokestatic(DOUBLE_VECTOR, "broadcast", BROADCAST);
  }

  @Override
  protected void load(CodeBuilder code) {
    // Array and offset are on the stack; the species goes below them.
    species(code);
    code.dup_x2().pop().invokestatic(DOUBLE_VECTOR, "fromArray", FROM_ARRAY);
  }

  @Override
  protected void store(CodeBuilder code, int local) {
    code.aload(local);
    code.dup_x2().pop().invokevirtual(DOUBLE_VECTOR, "intoArray", INTO_ARRAY);
  }

  @Override
  protected void push(CodeBuilder code, int local) {
    code.aload(local);
  }

  @Override
  protected void pop(CodeBuilder code, int local) {
    code.astore(local);
  }

  @Override
  protected void operate(CodeBuilder code, Op op) {
    switch (op) {
      case ADD -> code.invokevirtual(DOUBLE_VECTOR, "add", BINARY);
      case MUL -> code.invokevirtual(DOUBLE_VECTOR, "mul", BINARY);
      case DIV -> code.invokevirtual(DOUBLE_VECTOR, "div", BINARY);
      case MIN -> code.invokevirtual(DOUBLE_VECTOR, "min", BINARY);
      case MAX -> code.invokevirtual(DOUBLE_VECTOR, "max", BINARY);
      case NEG -> code.invokevirtual(DOUBLE_VECTOR, "neg", UNARY);
      case SQRT -> code.invokevirtual(DOUBLE_VECTOR, "sqrt", UNARY);
      case ABS -> code.invokevirtual(DOUBLE_VECTOR, "abs", UNARY);
      case GREATER -> {
        // a, b: zero where not a > b, blended with 1 where it is.
        code.getstatic(OPERATORS, "GT", COMPARISON).swap();
        code.invokevirtual(DOUBLE_VECTOR, "compare", COMPARE);
        constant(code, 0);
        code.swap().loadConstant(1.0).dup2_x1().pop2();
        code.invokevirtual(DOUBLE_VECTOR, "blend", BLEND);
      }
      case SIGN -> {
        code.dup();
        code.getstatic(OPERATORS, "LT", COMPARISON).loadConstant(0.0);
        code.invokevirtual(DOUBLE_VECTOR, "compare", COMPARE_NUMBER).swap();
        code.getstatic(OPERATORS, "GT", COMPARISON).loadConstant(0.0);
        code.invokevirtual(DOUBLE_VECTOR, "compare", COMPARE_NUMBER);
        constant(code, 0);
        code.swap().loadConstant(1.0).dup2_x1().pop2();
        code.invokevirtual(DOUBLE_VECTOR, "blend", BLEND);
        code.swap().loadConstant(-1.0).dup2_x1().pop2();
        code.invokevirtual(DOUBLE_VECTOR, "blend", BLEND);
      }
      default -> throw new IllegalArgumentException(op + " is a function");
    }
  }

  @Override
  protected void function(CodeBuilder code, Op op, int results) {
    code.invokestatic(FUNCTIONS, PlainFunctions.name(op), overArray(results));
  }
}

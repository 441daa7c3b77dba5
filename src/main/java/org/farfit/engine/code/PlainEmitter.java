package org.farfit.engine.code;

import static java.lang.constant.ConstantDescs.CD_double;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import org.farfit.formula.Op;
import org.farfit.formula.Scalars;
import org.farfit.formula.Schedule;

/** Plain doubles: the reference. */
final class PlainEmitter extends KernelEmitter {

  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final ClassDesc SCALARS_CLASS = ClassDesc.of(Scalars.class.getName());
  private static final ClassDesc FUNCTIONS = ClassDesc.of(PlainFunctions.class.getName());
  private static final MethodTypeDesc ONE = MethodTypeDesc.of(CD_double, CD_double);
  private static final MethodTypeDesc TWO = MethodTypeDesc.of(CD_double, CD_double, CD_double);

  PlainEmitter(Schedule schedule) {
    super(schedule);
  }

  @Override
  protected int lanes() {
    return 1;
  }

  @Override
  protected int localSize() {
    return 2;
  }

  @Override
  protected void constant(CodeBuilder code, double number) {
    code.loadConstant(number);
  }

  @Override
  protected void spread(CodeBuilder code) {
    // A number is a value.
  }

  @Override
  protected void load(CodeBuilder code) {
    code.daload();
  }

  @Override
  protected void store(CodeBuilder code, int local) {
    code.dload(local).dastore();
  }

  @Override
  protected void push(CodeBuilder code, int local) {
    code.dload(local);
  }

  @Override
  protected void pop(CodeBuilder code, int local) {
    code.dstore(local);
  }

  @Override
  protected void operate(CodeBuilder code, Op op) {
    switch (op) {
      case ADD -> code.dadd();
      case MUL -> code.dmul();
      case DIV -> code.ddiv();
      case NEG -> code.dneg();
      case SQRT -> code.invokestatic(MATH, "sqrt", ONE);
      case ABS -> code.invokestatic(MATH, "abs", ONE);
      case SIGN -> code.invokestatic(MATH, "signum", ONE);
      case MIN -> code.invokestatic(MATH, "min", TWO);
      case MAX -> code.invokestatic(MATH, "max", TWO);
      case GREATER -> code.invokestatic(SCALARS_CLASS, "greater", TWO);
      default -> throw new IllegalArgumentException(op + " is a function");
    }
  }

  @Override
  protected void function(CodeBuilder code, Op op, int results) {
    code.invokestatic(FUNCTIONS, PlainFunctions.name(op), overArray(results));
  }
}

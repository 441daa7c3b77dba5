package org.farfit.kernels;

import static java.lang.constant.ConstantDescs.CD_double;
import static org.farfit.kernels.MadeCode.DEVICE_MATH;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import org.farfit.kernels.made.DeviceLayout;
import org.farfit.kernels.made.Steps;
import org.farfit.law.AddedTerm;
import org.farfit.solver.StepRules;
import org.farfit.solver.TermStep;

/**
 * Writes how a kernel comes to the trial point of a problem: solves (J'WJ + damping diag(scale))
 * step = -gradient within the limits of parameters, and bends the step along a law's terms, as
 * {@code HostBlock} does.
 */
final class StepProposal {

  private static final ClassDesc RULES = ClassDesc.of(StepRules.class.getName());
  private static final ClassDesc STEPS = ClassDesc.of(Steps.class.getName());
  private static final ClassDesc TERM_STEP = ClassDesc.of(TermStep.class.getName());
  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final MethodTypeDesc ONE = MethodTypeDesc.of(CD_double, CD_double);
  private static final MethodTypeDesc TWO = MethodTypeDesc.of(CD_double, CD_double, CD_double);
  private static final MethodTypeDesc THREE =
      MethodTypeDesc.of(CD_double, CD_double, CD_double, CD_double);
  private static final MethodTypeDesc FOUR =
      MethodTypeDesc.of(CD_double, CD_double, CD_double, CD_double, CD_double);

  private final MadeCode made;
  private final CodeBuilder code;
  private final StepCoordinates coordinates;
  private final StepVariables variables;
  private final Accumulator results;
  private final int p;
  private final int lambda;
  private final int floor;
  private final int step;
  private final int fixedStep;

  /** Bits of parameters whose steps limits fix. */
  private final int fixed;

  /**
   * A proposal.
   *
   * @param results where the factor has room
   */
  StepProposal(
      MadeCode made,
      int p,
      StepCoordinates coordinates,
      StepVariables variables,
      Accumulator results) {
    this.made = made;
    this.code = made.code();
    this.coordinates = coordinates;
    this.variables = variables;
    this.results = results;
    this.p = p;
    lambda = made.doubles(1);
    floor = made.doubles(1);
    step = made.doubles(p);
    fixedStep = made.doubles(Integer.bitCount(coordinates.limited()));
    fixed = made.slot();
  }

  /** The trial point: the start of a problem that begins, else a damped step away. */
  void emit() {
    for (int j = 0; j < p; j++) {
      variables.get(StepVariables.PARAMETERS, j);
      code.dstore(variables.point(j));
    }
    code.iconst_1().istore(variables.definite);
    code.iconst_0().istore(variables.atLimit);
    variables.pushWord(DeviceLayout.EVALUATIONS);
    code.istore(variables.evaluations);
    Label begins = code.newLabel();
    code.iload(variables.evaluations).ifeq(begins);
    variables.get(StepVariables.STATE, DeviceLayout.DAMPING);
    code.dstore(lambda);
    leastScale();
    scaleParameters();
    Label proposed = code.newLabel();
    if (coordinates.limited() == 0) {
      solveDamped();
    } else {
      solveWithinLimits();
    }
    code.iload(variables.definite).ifeq(proposed);
    measure();
    code.labelBinding(proposed);
    code.labelBinding(begins);
  }

  /** A share of the scale that is typical of those parameters that are not fixed. */
  private void leastScale() {
    int mask = made.slot();
    int scale = made.doubles(1);
    int largest = made.doubles(1);
    int second = made.doubles(1);
    int term = made.doubles(1);
    made.pushIndex(DeviceLayout.FIXED_MASK);
    code.istore(mask);
    code.dconst_0().dstore(largest).dconst_0().dstore(second).dconst_0().dstore(term);
    for (int j = 0; j < p; j++) {
      Label skip = code.newLabel();
      variables.get(StepVariables.SCALE, j);
      code.dstore(scale);
      code.iload(mask).loadConstant(1 << j).iand().ifne(skip);
      code.dload(second).dload(scale).dload(largest).invokestatic(DEVICE_MATH, "smaller", TWO);
      code.invokestatic(DEVICE_MATH, "larger", TWO).dstore(second);
      code.dload(largest).dload(scale).invokestatic(DEVICE_MATH, "larger", TWO).dstore(largest);
      if (coordinates.isLogarithm(j)) {
        code.dload(term).dload(scale).invokestatic(DEVICE_MATH, "larger", TWO).dstore(term);
      }
      code.labelBinding(skip);
    }
    code.loadConstant(StepRules.SCALE_FLOOR).dload(largest).dload(second).dload(term);
    code.invokestatic(RULES, "leastScale", FOUR).dstore(floor);
  }

  /** The scale of each parameter. */
  private void scaleParameters() {
    int value = made.doubles(1);
    for (int j = 0; j < p; j++) {
      variables.get(StepVariables.SCALE, j);
      if (coordinates.isLogarithm(j)) {
        pushGradient(j);
        code.dload(floor).invokestatic(RULES, "leastScaleOfTerm", TWO);
      } else {
        code.dload(floor);
      }
      code.invokestatic(RULES, "damped", TWO).dstore(value);
      results.set(code, j, c -> c.dload(value));
    }
  }

  private void solveDamped() {
    Label failed = code.newLabel();
    damp();
    factorise();
    code.iload(variables.definite).ifeq(failed);
    solve();
    code.labelBinding(failed);
  }

  /**
   * Parameters at a limit that the cost would fall beyond stay, those whose steps would cross one
   * go just as far, and the others make the best of it: solves again until no other crosses.
   */
  private void solveWithinLimits() {
    int slope = made.doubles(1);
    for (int j = 0; j < p; j++) {
      code.dconst_0().dstore(step(j));
      if (coordinates.isLimited(j)) {
        code.dconst_0().dstore(fixedStep(j));
        pushGradient(j);
        code.dstore(slope);
        variables.recordActive(j, slope);
      }
    }
    code.iload(variables.atLimit).istore(fixed);
    int pass = made.slot();
    int passes = made.slot();
    code.iconst_0().istore(pass).iconst_1().istore(passes);
    made.loop(
        pass,
        passes,
        () -> {
          Label failed = code.newLabel();
          variables.moveSlot(pass, 2);
          damp();
          factorise();
          code.iload(variables.definite).ifeq(failed);
          solve();
          for (int j = 0; j < p; j++) {
            if (coordinates.isLimited(j)) {
              stopAtLimit(j, pass, passes);
            }
          }
          code.labelBinding(failed);
        });
  }

  private void stopAtLimit(int j, int pass, int passes) {
    Label goesOn = code.newLabel();
    int to = made.doubles(1);
    int allowed = made.doubles(1);
    code.iload(fixed).loadConstant(1 << j).iand().ifne(goesOn);
    code.dload(variables.point(j)).dload(step(j)).dadd().dstore(to);
    code.dload(to);
    variables.pushLimits(j);
    code.invokestatic(DEVICE_MATH, "nearest", THREE).dstore(allowed);
    code.dload(to).dload(allowed).dcmpl().ifeq(goesOn);
    code.dload(allowed).dload(variables.point(j)).dsub().dstore(fixedStep(j));
    code.iload(fixed).loadConstant(1 << j).ior().istore(fixed);
    code.iload(pass).loadConstant(2).iadd().istore(passes);
    code.labelBinding(goesOn);
  }

  private void damp() {
    copyMatrix();
    for (int i = 0; i < p; i++) {
      int row = i;
      setFactor(
          i,
          i,
          () -> {
            pushFactor(row, row);
            code.dload(lambda);
            pushScale(row);
            code.dmul().dadd();
          });
    }
    for (int i = 0; i < p; i++) {
      pushGradient(i);
      code.dneg().dstore(step(i));
    }
    for (int j = 0; j < p; j++) {
      if (coordinates.isLimited(j)) {
        fix(j);
      }
    }
    setFixedSteps();
  }

  private void copyMatrix() {
    if (results.isIndexed()) {
      variables.overMatrix(
          entry -> results.setAt(code, p, entry, c -> variables.getMatrixAt(entry)));
      return;
    }
    for (int i = 0; i < p; i++) {
      for (int j = 0; j <= i; j++) {
        int entry = StepVariables.packed(i, j);
        setFactor(i, j, () -> variables.get(StepVariables.MATRIX, entry));
      }
    }
  }

  /** Takes a parameter out of the system if its step is fixed: what it does to others is known. */
  private void fix(int j) {
    Label free = code.newLabel();
    code.iload(fixed).loadConstant(1 << j).iand().ifeq(free);
    for (int i = 0; i < p; i++) {
      int row = Math.max(i, j);
      int column = Math.min(i, j);
      if (i != j) {
        code.dload(step(i));
        variables.get(StepVariables.MATRIX, StepVariables.packed(row, column));
        code.dload(fixedStep(j)).dmul().dsub().dstore(step(i));
      }
      double value = i == j ? 1 : 0;
      setFactor(row, column, () -> code.loadConstant(value));
    }
    code.labelBinding(free);
  }

  /** The equations of parameters whose steps are fixed say just that. */
  private void setFixedSteps() {
    for (int j = 0; j < p; j++) {
      if (coordinates.isLimited(j)) {
        Label free = code.newLabel();
        code.iload(fixed).loadConstant(1 << j).iand().ifeq(free);
        code.dload(fixedStep(j)).dstore(step(j));
        code.labelBinding(free);
      }
    }
  }

  /** Cholesky in place, the diagonal by its reciprocal; a row at a time in registers. */
  private void factorise() {
    int[] own = new int[p];
    for (int j = 0; j < p; j++) {
      own[j] = made.doubles(1);
    }
    for (int i = 0; i < p; i++) {
      results.move(code, variables.evaluations, i);
      for (int j = 0; j <= i; j++) {
        pushFactor(i, j);
        for (int k = 0; k < j; k++) {
          code.dload(own[k]);
          if (j < i) {
            pushFactor(j, k);
          } else {
            code.dload(own[k]);
          }
          code.dmul().dsub();
        }
        if (j < i) {
          pushFactor(j, j);
          code.dmul().dstore(own[j]);
        } else {
          Label positive = code.newLabel();
          code.dstore(own[i]);
          code.dload(own[i]).dconst_0().dcmpl().ifgt(positive);
          code.iconst_0().istore(variables.definite);
          code.labelBinding(positive);
          code.dconst_1().dload(own[i]).invokestatic(MATH, "sqrt", ONE).ddiv().dstore(own[i]);
        }
      }
      for (int j = 0; j <= i; j++) {
        int local = own[j];
        setFactor(i, j, () -> code.dload(local));
      }
    }
  }

  private void solve() {
    for (int i = 0; i < p; i++) {
      results.move(code, variables.evaluations, p + i);
      code.dload(step(i));
      for (int k = 0; k < i; k++) {
        pushFactor(i, k);
        code.dload(step(k)).dmul().dsub();
      }
      pushFactor(i, i);
      code.dmul().dstore(step(i));
    }
    for (int i = p - 1; i >= 0; i--) {
      results.move(code, variables.evaluations, 2 * p + i);
      code.dload(step(i));
      for (int k = i + 1; k < p; k++) {
        pushFactor(k, i);
        code.dload(step(k)).dmul().dsub();
      }
      pushFactor(i, i);
      code.dmul().dstore(step(i));
    }
  }

  /** Moves the point, and notes the predicted reduction and the relative length of the step. */
  private void measure() {
    int reduction = made.doubles(1);
    int stepSquared = made.doubles(1);
    int pointSquared = made.doubles(1);
    int scale = made.doubles(1);
    code.dconst_0()
        .dstore(reduction)
        .dconst_0()
        .dstore(stepSquared)
        .dconst_0()
        .dstore(pointSquared);
    for (int j = 0; j < p; j++) {
      addReduction(j, reduction);
      pushScale(j);
      code.dstore(scale);
      code.dload(stepSquared).dload(scale).dload(step(j)).dmul().dload(step(j)).dmul();
      code.dadd().dstore(stepSquared);
      code.dload(pointSquared).dload(scale).dload(variables.point(j)).dmul();
      code.dload(variables.point(j)).dmul().dadd().dstore(pointSquared);
    }
    variables.set(StepVariables.STATE, DeviceLayout.PREDICTED, () -> code.dload(reduction));
    variables.set(
        StepVariables.STATE,
        DeviceLayout.RELATIVE_STEP,
        () -> {
          code.dload(stepSquared).invokestatic(MATH, "sqrt", ONE);
          code.dload(pointSquared).invokestatic(MATH, "sqrt", ONE).ddiv();
        });
    if (coordinates.limited() == 0) {
      bendSteps();
      moveFreely();
      return;
    }
    Label limited = code.newLabel();
    Label moved = code.newLabel();
    code.iload(fixed).ifne(limited);
    bendSteps();
    moveFreely();
    code.goto_(moved);
    code.labelBinding(limited);
    Label promising = code.newLabel();
    code.dload(reduction).dconst_0().dcmpl().ifgt(promising);
    code.iconst_0().istore(variables.definite);
    code.labelBinding(promising);
    moveWithinLimits();
    code.labelBinding(moved);
  }

  /** What a parameter's step is predicted to take off the cost. */
  private void addReduction(int j, int reduction) {
    Label free = code.newLabel();
    Label added = code.newLabel();
    if (coordinates.isLimited(j)) {
      code.iload(fixed).loadConstant(1 << j).iand().ifeq(free);
      // Not by the equation of its own, which did not hold.
      int product = made.doubles(1);
      code.dconst_0().dstore(product);
      for (int i = 0; i < p; i++) {
        code.dload(product);
        variables.get(StepVariables.MATRIX, StepVariables.packed(Math.max(i, j), Math.min(i, j)));
        code.dload(step(i)).dmul().dadd().dstore(product);
      }
      code.dload(reduction).dload(step(j));
      pushGradient(j);
      code.dload(product).invokestatic(RULES, "predictedByModel", THREE);
      code.dadd().dstore(reduction);
      code.goto_(added);
    }
    code.labelBinding(free);
    code.dload(reduction).dload(step(j)).dload(lambda);
    pushScale(j);
    pushGradient(j);
    code.invokestatic(RULES, "predicted", FOUR).dadd().dstore(reduction);
    code.labelBinding(added);
  }

  /** Steps along added terms lead elsewhere than the linear model says. */
  private void bendSteps() {
    List<AddedTerm> terms = coordinates.terms();
    if (terms.isEmpty()) {
      return;
    }
    int sum = made.doubles(1);
    int growth = made.doubles(1);
    code.dconst_0().dstore(sum);
    for (AddedTerm term : terms) {
      code.dload(sum);
      pushEffect(term);
      code.dadd().dstore(sum);
    }
    int power = made.doubles(1);
    for (AddedTerm term : terms) {
      int j = term.logarithm();
      if (term.logPower() == AddedTerm.NO_POWER) {
        code.dconst_1();
      } else {
        variables.get(StepVariables.PARAMETERS, term.logPower());
        code.invokestatic(MATH, "exp", ONE);
      }
      code.dstore(power);
      code.dload(power).dload(step(j)).dload(power).ddiv();
      pushEffect(term);
      code.dload(sum).ddiv().invokestatic(TERM_STEP, "ofLogarithm", TWO).dmul().dstore(growth);
      code.dload(growth).dstore(step(j));
      for (int slope : term.slopes()) {
        code.dload(step(slope)).dload(growth).invokestatic(TERM_STEP, "ofSlope", TWO);
        code.dstore(step(slope));
      }
    }
  }

  /** How much the logarithm of a term moves predictions. */
  private void pushEffect(AddedTerm term) {
    variables.get(StepVariables.MATRIX, StepVariables.packed(term.logarithm(), term.logarithm()));
    code.invokestatic(MATH, "sqrt", ONE);
  }

  private void moveFreely() {
    for (int j = 0; j < p; j++) {
      code.dload(variables.point(j)).dload(step(j)).dadd();
      if (coordinates.isLimited(j)) {
        variables.pushLimits(j);
        code.invokestatic(DEVICE_MATH, "nearest", THREE);
      }
      code.dstore(variables.point(j));
    }
  }

  /** A limit that a parameter goes as far as is reached to the last digit. */
  private void moveWithinLimits() {
    for (int j = 0; j < p; j++) {
      Label moved = code.newLabel();
      if (coordinates.isLimited(j)) {
        Label free = code.newLabel();
        code.iload(fixed).loadConstant(1 << j).iand().ifeq(free);
        code.dload(variables.point(j)).dload(step(j));
        variables.pushLimits(j);
        code.invokestatic(STEPS, "limitAhead", FOUR).dstore(variables.point(j));
        code.goto_(moved);
        code.labelBinding(free);
      }
      code.dload(variables.point(j)).dload(step(j)).dadd().dstore(variables.point(j));
      code.labelBinding(moved);
    }
  }

  private int step(int j) {
    return step + 2 * j;
  }

  private void pushGradient(int j) {
    variables.get(StepVariables.GRADIENT, j);
  }

  /** Scales are where the gradient will be summed up. */
  private void pushScale(int j) {
    results.get(code, j);
  }

  /** The step of a parameter that has limits, where one of them fixes it. */
  private int fixedStep(int j) {
    return fixedStep + 2 * Integer.bitCount(coordinates.limited() & ((1 << j) - 1));
  }

  private void pushFactor(int i, int j) {
    results.get(code, p + StepVariables.packed(i, j));
  }

  private void setFactor(int i, int j, Runnable pushed) {
    results.set(code, p + StepVariables.packed(i, j), c -> pushed.run());
  }
}

package org.farfit.kernels;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.farfit.kernels.MadeCode.DEVICE_MATH;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import org.farfit.engine.NormalEquations;
import org.farfit.kernels.made.DeviceLayout;
import org.farfit.kernels.made.Steps;
import org.farfit.law.AddedTerm;
import org.farfit.solver.StepRules;
import org.farfit.solver.TermStep;

/**
 * Writes a kernel that iterates: several steps of Levenberg-Marquardt of one problem per thread. A
 * step factors J'WJ + damping diag(scale), evaluates the trial point, and decides. The number of
 * parameters is a constant, so nothing is in an array of a thread's own. The factor is where the
 * sums of the evaluation are later.
 */
final class StepEmitter {

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
  private static final MethodTypeDesc ACCEPTS =
      MethodTypeDesc.of(CD_boolean, CD_int, CD_double, CD_double, CD_double);
  private static final MethodTypeDesc JUDGE =
      MethodTypeDesc.of(
          CD_void,
          CD_int,
          CD_int,
          CD_int,
          CD_boolean,
          CD_double,
          CD_double,
          CD_double,
          CD_int,
          MadeCode.INTS,
          MadeCode.DOUBLES,
          MadeCode.INTS,
          MadeCode.DOUBLES);
  private static final MethodTypeDesc CURVE =
      MethodTypeDesc.of(
          CD_void,
          CD_int,
          CD_int,
          CD_int,
          CD_boolean,
          CD_double,
          CD_double,
          CD_double,
          MadeCode.DOUBLES);
  private static final MethodTypeDesc STUCK =
      MethodTypeDesc.of(CD_boolean, CD_double, CD_double, CD_double, CD_double);
  private static final MethodTypeDesc REPAIR =
      MethodTypeDesc.of(
          CD_void, CD_int, CD_int, CD_int, MadeCode.INTS, MadeCode.INTS, MadeCode.DOUBLES);

  // Arguments of an Iteration.
  private static final int CONTROL = 1;
  private static final int WORDS = 5;
  private static final int LANES = 6;
  private static final int PARAMETERS = 7;
  private static final int GRADIENT = 8;
  private static final int MATRIX = 9;
  private static final int SCALE = 10;
  private static final int STATE = 11;

  private final MadeCode made;
  private final CodeBuilder code;
  private final KernelTarget target;
  private final KernelForm form;
  private final StepCoordinates coordinates;
  private final int p;
  private final int capacity;
  private final int firstSlot;
  private final int slot;
  private final int row;
  private final int evaluations;
  private final int definite;
  private final int lambda;
  private final int floor;
  private final int point;
  private final int step;
  private final int fixedStep;

  /** Bits of parameters whose steps limits fix. */
  private final int fixed;

  /** Bits of parameters at limits that the cost would fall beyond. */
  private final int atLimit;

  private final Accumulator results;
  private final int logD0;
  private final int curvature;
  private final EvaluationEmitter evaluation;

  StepEmitter(MadeCode made, KernelTarget target, KernelForm form, StepCoordinates coordinates) {
    this.made = made;
    this.coordinates = coordinates;
    this.code = made.code();
    this.target = target;
    this.form = form;
    this.p = target.count();
    capacity = made.slot();
    firstSlot = made.slot();
    slot = made.slot();
    row = made.slot();
    evaluations = made.slot();
    definite = made.slot();
    lambda = made.doubles(1);
    floor = made.doubles(1);
    point = made.doubles(p);
    step = made.doubles(p);
    fixedStep = made.doubles(Integer.bitCount(coordinates.limited()));
    fixed = made.slot();
    atLimit = made.slot();
    results = Accumulator.outsideRegisters(p, form.groupSize(), made);
    logD0 = made.doubles(1);
    curvature = made.doubles(1);
    int[] locals =
        target.rows().list().stream()
            .mapToInt(row -> row == KernelTarget.LOG_D0 ? logD0 : point(row))
            .toArray();
    evaluation = new EvaluationEmitter(made, target, form, results, row, curvature, locals);
  }

  void emit() {
    Label none = code.newLabel();
    int lane = made.slot();
    made.pushThread("globalIdx");
    code.istore(lane).iload(lane);
    pushControl(DeviceLayout.ACTIVE);
    code.if_icmpge(none);
    made.pushIndex(DeviceLayout.CAPACITY);
    code.istore(capacity);
    code.aload(LANES);
    pushControl(DeviceLayout.FIRST_LANE);
    code.iload(lane).iadd().invokevirtual(MadeCode.INTS, "get", MadeCode.GET_INT).istore(firstSlot);
    code.iload(firstSlot).istore(slot);
    made.placeProblem(capacity, slot);
    results.open(code);
    evaluation.makeRoom();
    pushWord(DeviceLayout.ROW);
    code.istore(row);
    int steps = made.slot();
    pushControl(DeviceLayout.STEPS);
    code.istore(steps);
    int turn = made.slot();
    code.iconst_0().istore(turn);
    made.loop(
        turn,
        steps,
        () -> {
          Label ended = code.newLabel();
          moveSlot(turn, 0);
          pushWord(DeviceLayout.STATUS);
          code.ifne(ended);
          propose();
          evaluateAndJudge(turn);
          code.labelBinding(ended);
        });
    code.labelBinding(none);
    code.return_();
  }

  /**
   * Adds nothing to the slot, in a way that compilers do not see through: else they keep the
   * hundred addresses of a problem in registers, over all steps and over the evaluation.
   */
  private void moveSlot(int turn, int offset) {
    code.iload(firstSlot).iload(turn).loadConstant(offset).iadd().loadConstant(30).ishr().iadd();
    code.istore(slot);
  }

  // Access ----------------------------------------------------------------------------------------

  private void pushControl(int entry) {
    code.aload(CONTROL).loadConstant(entry).invokevirtual(MadeCode.INTS, "get", MadeCode.GET_INT);
  }

  private void pushWord(int word) {
    code.aload(WORDS);
    made.pushProblemIndex(code, word);
    code.invokevirtual(MadeCode.INTS, "get", MadeCode.GET_INT);
  }

  private void get(int array, int entry) {
    code.aload(array);
    made.pushProblemIndex(code, entry);
    code.invokevirtual(MadeCode.DOUBLES, "get", MadeCode.GET_DOUBLE);
  }

  private void set(int array, int entry, Runnable pushed) {
    code.aload(array);
    made.pushProblemIndex(code, entry);
    pushed.run();
    code.invokevirtual(MadeCode.DOUBLES, "set", MadeCode.SET_DOUBLE);
  }

  private static int packed(int i, int j) {
    return i * (i + 1) / 2 + j;
  }

  private int point(int j) {
    return point + 2 * j;
  }

  private int step(int j) {
    return step + 2 * j;
  }

  /** The step of a parameter that has limits, where one of them fixes it. */
  private int fixedStep(int j) {
    return fixedStep + 2 * Integer.bitCount(coordinates.limited() & ((1 << j) - 1));
  }

  private void pushFactor(int i, int j) {
    results.get(code, p + packed(i, j));
  }

  private void setFactor(int i, int j, Runnable pushed) {
    results.set(code, p + packed(i, j), c -> pushed.run());
  }

  // A step ----------------------------------------------------------------------------------------

  /** The trial point: the start of a problem that begins, else a damped step away. */
  private void propose() {
    for (int j = 0; j < p; j++) {
      get(PARAMETERS, j);
      code.dstore(point(j));
    }
    code.iconst_1().istore(definite);
    code.iconst_0().istore(atLimit);
    pushWord(DeviceLayout.EVALUATIONS);
    code.istore(evaluations);
    Label begins = code.newLabel();
    code.iload(evaluations).ifeq(begins);
    get(STATE, DeviceLayout.DAMPING);
    code.dstore(lambda);
    leastScale();
    Label proposed = code.newLabel();
    if (coordinates.limited() == 0) {
      solveDamped();
    } else {
      solveWithinLimits();
    }
    code.iload(definite).ifeq(proposed);
    measure();
    code.labelBinding(proposed);
    code.labelBinding(begins);
  }

  /** A share of the scale that is typical of those parameters that are not held. */
  private void leastScale() {
    int mask = made.slot();
    int scale = made.doubles(1);
    int largest = made.doubles(1);
    int second = made.doubles(1);
    int term = made.doubles(1);
    made.pushIndex(DeviceLayout.HELD_MASK);
    code.istore(mask);
    code.dconst_0().dstore(largest).dconst_0().dstore(second).dconst_0().dstore(term);
    for (int j = 0; j < p; j++) {
      Label skip = code.newLabel();
      get(SCALE, j);
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
    code.loadConstant(StepRules.SCALE_FLOOR).dload(term).dload(largest).dload(second);
    code.invokestatic(RULES, "typicalScale", TWO).invokestatic(DEVICE_MATH, "larger", TWO);
    code.dmul().dstore(floor);
  }

  private void pushDampedScale(int j) {
    get(SCALE, j);
    if (coordinates.isLogarithm(j)) {
      get(GRADIENT, j);
      code.dload(floor).invokestatic(STEPS, "floorOfTerm", TWO);
    } else {
      code.dload(floor);
    }
    code.invokestatic(RULES, "damped", TWO);
  }

  private void solveDamped() {
    Label failed = code.newLabel();
    damp();
    factorise();
    code.iload(definite).ifeq(failed);
    solve();
    code.labelBinding(failed);
  }

  /**
   * Parameters at a limit that the cost would fall beyond stay, those whose steps would cross one
   * go just as far, and the others make the best of it: solves again until no other crosses.
   */
  private void solveWithinLimits() {
    for (int j = 0; j < p; j++) {
      code.dconst_0().dstore(step(j));
      if (coordinates.isLimited(j)) {
        code.dconst_0().dstore(fixedStep(j));
        int parameter = j;
        noteWhetherStuck(j, () -> get(GRADIENT, parameter));
      }
    }
    code.iload(atLimit).istore(fixed);
    int pass = made.slot();
    int passes = made.slot();
    code.iconst_0().istore(pass).iconst_1().istore(passes);
    made.loop(
        pass,
        passes,
        () -> {
          Label failed = code.newLabel();
          damp();
          factorise();
          code.iload(definite).ifeq(failed);
          solve();
          for (int j = 0; j < p; j++) {
            if (coordinates.isLimited(j)) {
              stopAtLimit(j, pass, passes);
            }
          }
          code.labelBinding(failed);
        });
  }

  /** Marks parameter j in a variable if the cost at the point would fall beyond its limit. */
  private void noteWhetherStuck(int j, Runnable gradient) {
    Label moves = code.newLabel();
    code.dload(point(j));
    gradient.run();
    pushLimits(j);
    code.invokestatic(RULES, "isStuck", STUCK).ifeq(moves);
    code.iload(atLimit).loadConstant(1 << j).ior().istore(atLimit);
    code.labelBinding(moves);
  }

  private void pushLimits(int j) {
    made.pushData(DeviceLayout.LIMITS + 2 * j);
    made.pushData(DeviceLayout.LIMITS + 2 * j + 1);
  }

  private void stopAtLimit(int j, int pass, int passes) {
    Label goesOn = code.newLabel();
    int to = made.doubles(1);
    int allowed = made.doubles(1);
    code.iload(fixed).loadConstant(1 << j).iand().ifne(goesOn);
    code.dload(point(j)).dload(step(j)).dadd().dstore(to);
    code.dload(to);
    pushLimits(j);
    code.invokestatic(DEVICE_MATH, "nearest", THREE).dstore(allowed);
    code.dload(to).dload(allowed).dcmpl().ifeq(goesOn);
    code.dload(allowed).dload(point(j)).dsub().dstore(fixedStep(j));
    code.iload(fixed).loadConstant(1 << j).ior().istore(fixed);
    code.iload(pass).loadConstant(2).iadd().istore(passes);
    code.labelBinding(goesOn);
  }

  private void damp() {
    int value = made.doubles(1);
    for (int i = 0; i < p; i++) {
      for (int j = 0; j <= i; j++) {
        get(MATRIX, packed(i, j));
        if (i == j) {
          code.dload(lambda);
          pushDampedScale(j);
          code.dmul().dadd();
        }
        code.dstore(value);
        int bits = coordinates.limited() & (1 << i | 1 << j);
        if (bits != 0) {
          Label free = code.newLabel();
          code.iload(fixed).loadConstant(bits).iand().ifeq(free);
          code.loadConstant(i == j ? 1.0 : 0.0).dstore(value);
          code.labelBinding(free);
        }
        setFactor(i, j, () -> code.dload(value));
      }
      rightHandSide(i);
    }
  }

  /** The negative gradient, less what those steps do to it that are fixed. */
  private void rightHandSide(int i) {
    get(GRADIENT, i);
    code.dneg().dstore(step(i));
    for (int j = 0; j < p; j++) {
      if (coordinates.isLimited(j) && j != i) {
        code.dload(step(i));
        get(MATRIX, packed(Math.max(i, j), Math.min(i, j)));
        code.dload(fixedStep(j)).dmul().dsub().dstore(step(i));
      }
    }
    if (coordinates.isLimited(i)) {
      Label free = code.newLabel();
      code.iload(fixed).loadConstant(1 << i).iand().ifeq(free);
      code.dload(fixedStep(i)).dstore(step(i));
      code.labelBinding(free);
    }
  }

  /** Cholesky in place, the diagonal by its reciprocal; a row at a time in registers. */
  private void factorise() {
    int[] own = new int[p];
    for (int j = 0; j < p; j++) {
      own[j] = made.doubles(1);
    }
    for (int i = 0; i < p; i++) {
      results.move(code, evaluations, i);
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
          code.iconst_0().istore(definite);
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
      results.move(code, evaluations, p + i);
      code.dload(step(i));
      for (int k = 0; k < i; k++) {
        pushFactor(i, k);
        code.dload(step(k)).dmul().dsub();
      }
      pushFactor(i, i);
      code.dmul().dstore(step(i));
    }
    for (int i = p - 1; i >= 0; i--) {
      results.move(code, evaluations, 2 * p + i);
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
      pushDampedScale(j);
      code.dstore(scale);
      addReduction(j, reduction, scale);
      code.dload(stepSquared).dload(scale).dload(step(j)).dmul().dload(step(j)).dmul();
      code.dadd().dstore(stepSquared);
      code.dload(pointSquared).dload(scale).dload(point(j)).dmul().dload(point(j)).dmul();
      code.dadd().dstore(pointSquared);
    }
    set(STATE, DeviceLayout.PREDICTED, () -> code.dload(reduction));
    set(
        STATE,
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
    code.iconst_0().istore(definite);
    code.labelBinding(promising);
    moveWithinLimits();
    code.labelBinding(moved);
  }

  /** What a parameter's step is predicted to take off the cost. */
  private void addReduction(int j, int reduction, int scale) {
    Label free = code.newLabel();
    Label added = code.newLabel();
    if (coordinates.isLimited(j)) {
      code.iload(fixed).loadConstant(1 << j).iand().ifeq(free);
      // Not by the equation of its own, which did not hold.
      int change = made.doubles(1);
      get(GRADIENT, j);
      code.dstore(change);
      for (int i = 0; i < p; i++) {
        code.dload(change).loadConstant(0.5);
        get(MATRIX, packed(Math.max(i, j), Math.min(i, j)));
        code.dload(step(i)).dmul().dmul().dadd().dstore(change);
      }
      code.dload(reduction).dload(step(j)).dload(change).dmul().dsub().dstore(reduction);
      code.goto_(added);
    }
    code.labelBinding(free);
    code.dload(reduction).dload(step(j)).dload(lambda).dload(scale);
    get(GRADIENT, j);
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
        get(PARAMETERS, term.logPower());
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
    get(MATRIX, packed(term.logarithm(), term.logarithm()));
    code.invokestatic(MATH, "sqrt", ONE);
  }

  private void moveFreely() {
    for (int j = 0; j < p; j++) {
      code.dload(point(j)).dload(step(j)).dadd();
      if (coordinates.isLimited(j)) {
        pushLimits(j);
        code.invokestatic(DEVICE_MATH, "nearest", THREE);
      }
      code.dstore(point(j));
    }
  }

  /** A limit that a parameter goes as far as is reached to the last digit. */
  private void moveWithinLimits() {
    for (int j = 0; j < p; j++) {
      Label moved = code.newLabel();
      if (coordinates.isLimited(j)) {
        Label free = code.newLabel();
        code.iload(fixed).loadConstant(1 << j).iand().ifeq(free);
        code.dload(point(j)).dload(step(j));
        pushLimits(j);
        code.invokestatic(STEPS, "limitAhead", FOUR).dstore(point(j));
        code.goto_(moved);
        code.labelBinding(free);
      }
      code.dload(point(j)).dload(step(j)).dadd().dstore(point(j));
      code.labelBinding(moved);
    }
  }

  private void evaluateAndJudge(int turn) {
    if (target.rows().list().contains(KernelTarget.LOG_D0)) {
      made.pushData(DeviceLayout.LOG_D0);
      code.dstore(logD0);
    }
    Label end = code.newLabel();
    Label solved = code.newLabel();
    code.iload(definite).ifne(solved);
    code.iload(capacity).iload(slot).iload(evaluations).aload(2).aload(WORDS).aload(STATE);
    code.invokestatic(STEPS, "repair", REPAIR);
    code.goto_(end);
    code.labelBinding(solved);
    if (form.robust()) {
      get(STATE, DeviceLayout.CURVATURE);
      code.dstore(curvature);
    }
    int cost = evaluation.emit();
    moveSlot(turn, 1);
    judge(cost);
    code.labelBinding(end);
  }

  private void judge(int cost) {
    int before = made.doubles(1);
    int predicted = made.doubles(1);
    int accepted = made.slot();
    get(STATE, DeviceLayout.COST);
    code.dstore(before);
    get(STATE, DeviceLayout.PREDICTED);
    code.dstore(predicted);
    code.iload(evaluations).dload(cost).dload(before).dload(predicted);
    code.invokestatic(STEPS, "accepts", ACCEPTS).istore(accepted);
    Label rejected = code.newLabel();
    code.iload(accepted).ifeq(rejected);
    adopt(cost);
    code.labelBinding(rejected);
    if (form.robust()) {
      code.iload(capacity).iload(slot).iload(evaluations).iload(accepted);
      code.dload(cost).dload(before).dload(predicted).aload(STATE);
      code.invokestatic(STEPS, "curve", CURVE);
    }
    code.iload(capacity).iload(slot).iload(evaluations).iload(accepted);
    code.dload(cost).dload(before).dload(predicted).iload(atLimit);
    code.aload(2).aload(3).aload(WORDS).aload(STATE);
    code.invokestatic(STEPS, "judge", JUDGE);
  }

  /** Makes the trial point the current one; scales are running maxima from here on. */
  private void adopt(int cost) {
    int cosine = made.doubles(1);
    int effect = made.doubles(1);
    int diagonal = made.doubles(1);
    int slope = made.doubles(1);
    int known = made.doubles(1);
    int candidate = made.doubles(1);
    code.dconst_0().dstore(cosine).dconst_1().dstore(effect);
    code.iconst_0().istore(atLimit);
    for (int j = 0; j < p; j++) {
      int parameter = j;
      Label flat = code.newLabel();
      Label less = code.newLabel();
      Label stuck = code.newLabel();
      results.get(code, p + packed(j, j));
      code.dstore(diagonal);
      get(SCALE, j);
      code.dstore(known);
      if (coordinates.isLimited(j)) {
        noteWhetherStuck(j, () -> results.get(code, parameter));
        code.iload(atLimit).loadConstant(1 << j).iand().ifne(stuck);
      }
      results.get(code, j);
      code.invokestatic(MATH, "abs", ONE).dstore(slope);
      code.dload(slope).dconst_0().dcmpl().ifle(flat);
      code.dload(slope).dload(diagonal).dload(cost).invokestatic(RULES, "cosine", THREE);
      code.dstore(candidate);
      replaceIf(candidate, cosine, true);
      code.labelBinding(flat);
      code.dload(known).dload(diagonal).invokestatic(RULES, "effect", TWO).dstore(candidate);
      replaceIf(candidate, effect, false);
      code.labelBinding(stuck);
      code.dload(diagonal).dload(known).dcmpl().ifle(less);
      code.dload(diagonal).dstore(known);
      code.labelBinding(less);
      set(SCALE, j, () -> code.dload(known));
      set(PARAMETERS, j, () -> code.dload(point(parameter)));
      if (!results.isTheResult()) {
        set(GRADIENT, j, () -> results.get(code, parameter));
      }
    }
    for (int e = 0; e < NormalEquations.packedSize(p) && !results.isTheResult(); e++) {
      int entry = e;
      set(MATRIX, e, () -> results.get(code, p + entry));
    }
    set(STATE, DeviceLayout.COST, () -> code.dload(cost));
    set(STATE, DeviceLayout.COSINE, () -> code.dload(cosine));
    set(STATE, DeviceLayout.EFFECT, () -> code.dload(effect));
  }

  /** The larger, or the smaller, of what is found and what is known. */
  private void replaceIf(int found, int known, boolean larger) {
    Label keep = code.newLabel();
    code.dload(found).dload(known);
    if (larger) {
      code.dcmpl().ifle(keep);
    } else {
      code.dcmpg().ifge(keep);
    }
    code.dload(found).dstore(known);
    code.labelBinding(keep);
  }
}

package org.farfit.kernels;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Optional;
import org.farfit.engine.NormalEquations;
import org.farfit.kernels.made.DeviceLayout;
import org.farfit.kernels.made.Steps;
import org.farfit.solver.StepRules;

/**
 * Writes a kernel that iterates: several steps of Levenberg-Marquardt of one problem per thread. A
 * step factors J'WJ + damping diag(scale), evaluates the trial point, and decides. The number of
 * parameters is a constant, so nothing is in an array of a thread's own. The factor is where the
 * sums of the evaluation are later.
 *
 * <p>Where a problem has a {@link Team}, its leader tells the trial point, all evaluate their runs
 * there, and the leader decides by the sums.
 */
final class StepEmitter {

  private static final ClassDesc RULES = ClassDesc.of(StepRules.class.getName());
  private static final ClassDesc STEPS = ClassDesc.of(Steps.class.getName());
  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final MethodTypeDesc ONE = MethodTypeDesc.of(CD_double, CD_double);
  private static final MethodTypeDesc TWO = MethodTypeDesc.of(CD_double, CD_double, CD_double);
  private static final MethodTypeDesc THREE =
      MethodTypeDesc.of(CD_double, CD_double, CD_double, CD_double);
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
          CD_int,
          CD_double,
          CD_double,
          CD_double,
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
  private static final MethodTypeDesc REPAIR =
      MethodTypeDesc.of(CD_void, CD_int, CD_int, CD_int, CD_int, MadeCode.INTS, MadeCode.DOUBLES);

  /** Numbers of each thread of a team beside its sums: its cost, and what its leader tells. */
  private static final int COST = 0;

  private static final int WANTED = 1;
  private static final int CURVATURE = 2;
  private static final int POINT = 3;

  private final MadeCode made;
  private final CodeBuilder code;
  private final KernelTarget target;
  private final KernelForm form;
  private final StepCoordinates coordinates;
  private final int p;
  private final StepVariables variables;
  private final Accumulator results;
  private final Optional<Team> team;
  private final StepProposal proposal;
  private final EvaluationEmitter evaluation;
  private final int row;
  private final int logD0;
  private final int curvature;

  StepEmitter(MadeCode made, KernelTarget target, KernelForm form, StepCoordinates coordinates) {
    this.made = made;
    this.coordinates = coordinates;
    this.code = made.code();
    this.target = target;
    this.form = form;
    this.p = target.count();
    variables = new StepVariables(made, p);
    if (form.team() > 1) {
      Accumulator.Shared shared = Accumulator.ofTeams(p, POINT + p, form.groupSize(), made);
      results = shared;
      team = Optional.of(new Team(made, form.team(), shared));
    } else {
      results = Accumulator.ofSteps(p, form.groupSize(), made);
      team = Optional.empty();
    }
    proposal = new StepProposal(made, p, coordinates, variables, results);
    row = made.slot();
    logD0 = made.doubles(1);
    curvature = made.doubles(1);
    int[] locals =
        target.rows().list().stream()
            .mapToInt(row -> row == KernelTarget.LOG_D0 ? logD0 : variables.point(row))
            .toArray();
    evaluation = new EvaluationEmitter(made, target, form, results, team, row, curvature, locals);
  }

  void emit() {
    if (team.isPresent()) {
      emitOfTeam(team.get());
    } else {
      emitAlone();
    }
  }

  private void emitAlone() {
    Label none = code.newLabel();
    int lane = made.slot();
    made.pushThread("globalIdx");
    code.istore(lane).iload(lane);
    pushControl(DeviceLayout.ACTIVE);
    code.if_icmpge(none);
    findProblem(lane);
    int turn = made.slot();
    overSteps(
        turn,
        () -> {
          Label ended = code.newLabel();
          variables.moveSlot(turn, 0);
          variables.pushWord(DeviceLayout.STATUS);
          code.ifne(ended);
          proposal.emit();
          evaluateAndJudge(turn);
          code.labelBinding(ended);
        });
    variables.moveSlot(turn, 2);
    tellIfGoingOn(none);
    code.labelBinding(none);
    code.return_();
  }

  /** As many steps as the host asks of a launch. */
  private void overSteps(int turn, Runnable step) {
    int steps = made.slot();
    pushControl(DeviceLayout.STEPS);
    code.istore(steps);
    code.iconst_0().istore(turn);
    made.loop(turn, steps, step);
  }

  /** Each lane that has not ended writes the same, so none needs to wait for another. */
  private void tellIfGoingOn(Label ended) {
    variables.pushWord(DeviceLayout.STATUS);
    code.ifne(ended);
    code.aload(StepVariables.CONTROL)
        .loadConstant(DeviceLayout.GOES_ON)
        .iconst_1()
        .invokevirtual(MadeCode.INTS, "set", MadeCode.SET_INT);
  }

  private void findProblem(int lane) {
    made.pushIndex(DeviceLayout.CAPACITY);
    code.istore(variables.capacity);
    code.aload(StepVariables.LANES);
    pushControl(DeviceLayout.FIRST_LANE);
    code.iload(lane)
        .iadd()
        .invokevirtual(MadeCode.INTS, "get", MadeCode.GET_INT)
        .istore(variables.firstSlot);
    code.iload(variables.firstSlot).istore(variables.slot);
    made.placeProblem(variables.capacity, variables.slot);
    results.open(code);
    evaluation.makeRoom();
    variables.pushWord(DeviceLayout.ROW);
    code.istore(row);
  }

  /** All threads of a work-group wait for each other, so those without a problem go along. */
  private void emitOfTeam(Team threads) {
    int lane = made.slot();
    int hasProblem = made.slot();
    Label idle = code.newLabel();
    threads.pushLane();
    code.istore(lane);
    code.iconst_0().istore(hasProblem);
    code.iload(lane);
    pushControl(DeviceLayout.ACTIVE);
    Label known = code.newLabel();
    code.if_icmpge(idle);
    code.iconst_1().istore(hasProblem).goto_(known);
    code.labelBinding(idle).iconst_0().istore(lane);
    code.labelBinding(known);
    findProblem(lane);
    int runs = made.slot();
    made.pushIndex(DeviceLayout.RUNS);
    code.istore(runs);
    threads.open(runs);
    variables.clear();
    int wanted = made.slot();
    int cost = made.doubles(1);
    int turn = made.slot();
    overSteps(
        turn,
        () -> {
          leaderProposes(threads, turn, hasProblem);
          threads.waitForAll();
          threads.pushOfLeader(WANTED);
          code.d2i().istore(wanted);
          Label notWanted = code.newLabel();
          code.iload(wanted).ifeq(notWanted);
          evaluateStretch(threads);
          code.labelBinding(notWanted);
          threads.waitForAll();
          Label noSum = code.newLabel();
          code.iload(wanted).ifeq(noSum);
          threads.sum();
          code.labelBinding(noSum);
          threads.waitForAll();
          Label decided = code.newLabel();
          threads.unlessLeading(decided);
          code.iload(wanted).ifeq(decided);
          variables.moveSlot(turn, 1);
          threads.pushOfLeader(COST);
          code.dstore(cost);
          judge(cost);
          code.labelBinding(decided);
        });
    Label silent = code.newLabel();
    threads.unlessLeading(silent);
    code.iload(hasProblem).ifeq(silent);
    tellIfGoingOn(silent);
    code.labelBinding(silent);
    code.return_();
  }

  private void leaderProposes(Team threads, int turn, int hasProblem) {
    Label told = code.newLabel();
    Label nothing = code.newLabel();
    Label solved = code.newLabel();
    threads.unlessLeading(told);
    threads.keep(WANTED, code::dconst_0);
    code.iload(hasProblem).ifeq(nothing);
    variables.moveSlot(turn, 0);
    variables.pushWord(DeviceLayout.STATUS);
    code.ifne(nothing);
    proposal.emit();
    code.iload(variables.definite).ifne(solved);
    repair();
    code.goto_(nothing);
    code.labelBinding(solved);
    threads.keep(WANTED, code::dconst_1);
    if (form.robust()) {
      threads.keep(CURVATURE, () -> variables.get(StepVariables.STATE, DeviceLayout.CURVATURE));
    }
    for (int j = 0; j < p; j++) {
      int parameter = variables.point(j);
      threads.keep(POINT + j, () -> code.dload(parameter));
    }
    code.labelBinding(nothing);
    code.labelBinding(told);
  }

  private void evaluateStretch(Team threads) {
    loadCentre();
    if (form.robust()) {
      threads.pushOfLeader(CURVATURE);
      code.dstore(curvature);
    }
    for (int j = 0; j < p; j++) {
      threads.pushOfLeader(POINT + j);
      code.dstore(variables.point(j));
    }
    int cost = evaluation.emit();
    threads.keep(COST, () -> code.dload(cost));
  }

  private void loadCentre() {
    if (target.rows().list().contains(KernelTarget.LOG_D0)) {
      made.pushData(DeviceLayout.LOG_D0);
      code.dstore(logD0);
    }
  }

  private void repair() {
    code.iload(variables.capacity).iload(variables.slot).iload(variables.evaluations);
    made.pushIndex(DeviceLayout.MAX_EVALUATIONS);
    code.aload(StepVariables.WORDS).aload(StepVariables.STATE);
    code.invokestatic(STEPS, "repair", REPAIR);
  }

  private void pushControl(int entry) {
    code.aload(StepVariables.CONTROL)
        .loadConstant(entry)
        .invokevirtual(MadeCode.INTS, "get", MadeCode.GET_INT);
  }

  private void evaluateAndJudge(int turn) {
    loadCentre();
    Label end = code.newLabel();
    Label solved = code.newLabel();
    code.iload(variables.definite).ifne(solved);
    repair();
    code.goto_(end);
    code.labelBinding(solved);
    if (form.robust()) {
      variables.get(StepVariables.STATE, DeviceLayout.CURVATURE);
      code.dstore(curvature);
    }
    int cost = evaluation.emit();
    variables.moveSlot(turn, 1);
    judge(cost);
    code.labelBinding(end);
  }

  private void judge(int cost) {
    int before = made.doubles(1);
    int predicted = made.doubles(1);
    int accepted = made.slot();
    variables.get(StepVariables.STATE, DeviceLayout.COST);
    code.dstore(before);
    variables.get(StepVariables.STATE, DeviceLayout.PREDICTED);
    code.dstore(predicted);
    code.iload(variables.evaluations).dload(cost).dload(before).dload(predicted);
    code.invokestatic(STEPS, "accepts", ACCEPTS).istore(accepted);
    Label rejected = code.newLabel();
    code.iload(accepted).ifeq(rejected);
    adopt(cost);
    code.labelBinding(rejected);
    if (form.robust()) {
      code.iload(variables.capacity)
          .iload(variables.slot)
          .iload(variables.evaluations)
          .iload(accepted);
      code.dload(cost).dload(before).dload(predicted).aload(StepVariables.STATE);
      code.invokestatic(STEPS, "curve", CURVE);
    }
    code.iload(variables.capacity)
        .iload(variables.slot)
        .iload(variables.evaluations)
        .iload(accepted);
    code.dload(cost).dload(before).dload(predicted).iload(variables.atLimit);
    made.pushIndex(DeviceLayout.MAX_EVALUATIONS);
    made.pushData(DeviceLayout.COST_TOLERANCE);
    made.pushData(DeviceLayout.STEP_TOLERANCE);
    made.pushData(DeviceLayout.GRADIENT_TOLERANCE);
    code.aload(StepVariables.WORDS).aload(StepVariables.STATE);
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
    code.iconst_0().istore(variables.atLimit);
    for (int j = 0; j < p; j++) {
      int parameter = j;
      Label flat = code.newLabel();
      Label less = code.newLabel();
      Label active = code.newLabel();
      results.get(code, p + StepVariables.packed(j, j));
      code.dstore(diagonal);
      variables.get(StepVariables.SCALE, j);
      code.dstore(known);
      if (coordinates.isLimited(j)) {
        results.get(code, j);
        code.dstore(slope);
        variables.recordActive(j, slope);
        code.iload(variables.atLimit).loadConstant(1 << j).iand().ifne(active);
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
      code.labelBinding(active);
      code.dload(diagonal).dload(known).dcmpl().ifle(less);
      code.dload(diagonal).dstore(known);
      code.labelBinding(less);
      variables.set(StepVariables.SCALE, j, () -> code.dload(known));
      variables.set(StepVariables.PARAMETERS, j, () -> code.dload(variables.point(parameter)));
      variables.set(StepVariables.GRADIENT, j, () -> results.get(code, parameter));
    }
    if (results.isIndexed()) {
      variables.overMatrix(
          entry -> variables.setMatrixAt(entry, () -> results.getAt(code, p, entry)));
    } else {
      for (int e = 0; e < NormalEquations.packedSize(p); e++) {
        int entry = e;
        variables.set(StepVariables.MATRIX, e, () -> results.get(code, p + entry));
      }
    }
    variables.set(StepVariables.STATE, DeviceLayout.COST, () -> code.dload(cost));
    variables.set(StepVariables.STATE, DeviceLayout.COSINE, () -> code.dload(cosine));
    variables.set(StepVariables.STATE, DeviceLayout.EFFECT, () -> code.dload(effect));
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

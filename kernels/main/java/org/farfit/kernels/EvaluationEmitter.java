package org.farfit.kernels;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static org.farfit.kernels.MadeCode.DEVICE_MATH;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.farfit.formula.Graph;
import org.farfit.kernels.Arrangement.Level;
import org.farfit.kernels.made.DeviceLayout;

/**
 * Writes what a kernel computes of one problem at one point: cost, J'Wr and J'WJ of a scheduled
 * response. Values are kept in variables and nothing in arrays, so that they are in registers; what
 * the runs need of a value of the column that they are sorted by is computed before them, and what
 * only the sums need after them.
 */
final class EvaluationEmitter {

  static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final MethodTypeDesc THREE =
      MethodTypeDesc.of(CD_double, CD_double, CD_double, CD_double);
  private static final MethodTypeDesc MIN_INT = MethodTypeDesc.of(CD_int, CD_int, CD_int);
  private static final MethodTypeDesc CODE =
      MethodTypeDesc.of(CD_int, MadeCode.BYTES, CD_int, CD_int);

  /**
   * Derivatives beyond which parameters cannot be fixed on the device: only formulas have so many,
   * whose parameters the host fixes, and the code for it grows with their square. In smaller
   * kernels it keeps compilers for GPUs from holding all results in registers to the end.
   */
  private static final int MOST_FIXABLE = 16;

  /** Runs of a block. */
  private static final int BLOCK = 8;

  private final MadeCode made;
  private final CodeBuilder code;
  private final Arrangement arrangement;
  private final Graph graph;
  private final GradientSums sums;
  private final KernelForm form;
  private final Accumulator results;
  private final Optional<Team> team;

  private final int row;
  private final int curvature;
  private final int firstGroupColumn;
  private final int groups;
  private final int runs;
  private final int codeBytes;
  private final int groupAt;
  private final int runAt;
  private final int firstRunColumn;
  private final int firstWeight;
  private final int firstTarget;
  private final int cost;
  private final int firstSum;

  private final RunStages stages;
  private final NodeEmitter nodes;

  /**
   * An emitter.
   *
   * @param team the threads that share a problem, if they do: each sums up its own runs
   * @param row the variable of the problem's row of weights
   * @param curvature the variable of the curvature beyond the threshold, of a robust loss
   * @param parameters the variables of the parameters, by number
   */
  EvaluationEmitter(
      MadeCode made,
      KernelTarget target,
      KernelForm form,
      Accumulator results,
      Optional<Team> team,
      int row,
      int curvature,
      int[] parameters) {
    this.made = made;
    this.code = made.code();
    this.arrangement = new Arrangement(target.schedule());
    this.graph = arrangement.schedule().graph();
    this.sums = new GradientSums(target);
    this.form = form;
    this.results = results;
    this.team = team;
    this.row = row;
    this.curvature = curvature;
    int firstScalar = DeviceLayout.firstColumn(target.parameterRows());
    firstGroupColumn = firstScalar + arrangement.schedule().scalars().size();
    groups = made.slot();
    runs = made.slot();
    codeBytes = made.slot();
    groupAt = made.slot();
    runAt = made.slot();
    firstRunColumn = made.slot();
    firstWeight = made.slot();
    firstTarget = made.slot();
    cost = made.doubles(1);
    firstSum = made.doubles(sumCount());
    List<Integer> wanted = new ArrayList<>(List.of(arrangement.schedule().valueNode()));
    for (int factor : sums.factors()) {
      wanted.add(factor);
    }
    stages = new RunStages(arrangement, wanted);
    NodeEmitter.Places places = new NodeEmitter.Places(groupAt, groups, runAt, runs);
    nodes = new NodeEmitter(made, arrangement, stages, parameters, firstScalar, places);
  }

  private int sumCount() {
    int q = sums.factors().length;
    return q * (q + 3) / 2;
  }

  private int sum(int a) {
    return firstSum + 2 * a;
  }

  /** The sum of products of two factors. */
  private int product(int a, int b) {
    int high = Math.max(a, b);
    return firstSum + 2 * (sums.factors().length + high * (high + 1) / 2 + Math.min(a, b));
  }

  /** Comes first in a kernel: room for what is computed of a block of runs. */
  void makeRoom() {
    if (form.blocks()) {
      nodes.makeRoom(BLOCK);
    }
  }

  /** Writes everything; returns the variable that holds the cost. */
  int emit() {
    sizes();
    for (int node : arrangement.schedule().scalars()) {
      nodes.compute(node);
    }
    arrangement.problemNodes().forEach(nodes::compute);
    code.dconst_0().dstore(cost);
    results.clear(code);
    if (!sums.byGroup()) {
      clearSums();
    }
    int group = made.slot();
    int run = made.slot();
    int end = made.slot();
    code.iconst_0().istore(group);
    made.loop(group, groups, () -> ofGroup(group, run, end));
    if (!sums.byGroup()) {
      expand();
    }
    if (sums.terms().size() <= MOST_FIXABLE) {
      fix();
    }
    addProbe();
    return cost;
  }

  /** Gives fixed parameters no gradient, no products and a one on the diagonal. */
  private void fix() {
    int n = sums.terms().size();
    int mask = made.slot();
    made.pushIndex(DeviceLayout.FIXED_MASK);
    code.istore(mask);
    Label none = code.newLabel();
    code.iload(mask).ifeq(none);
    for (int j = 0; j < Math.min(n, Integer.SIZE); j++) {
      Label free = code.newLabel();
      code.iload(mask).loadConstant(1 << j).iand().ifeq(free);
      results.set(code, j, CodeBuilder::dconst_0);
      for (int i = 0; i < n; i++) {
        int high = Math.max(i, j);
        boolean diagonal = i == j;
        results.set(code, n + high * (high + 1) / 2 + Math.min(i, j), c -> pushFixed(c, diagonal));
      }
      code.labelBinding(free);
    }
    code.labelBinding(none);
  }

  private void pushFixed(CodeBuilder to, boolean diagonal) {
    if (diagonal && team.isPresent()) {
      team.get().pushShareOfOne();
    } else {
      to.loadConstant(diagonal ? 1.0 : 0.0);
    }
  }

  /** Zero times a finite number is zero; one infinity or NaN makes the cost NaN. */
  private void addProbe() {
    int probe = made.doubles(1);
    code.dconst_0().dstore(probe);
    for (int e = 0; e < results.size(); e++) {
      code.dload(probe).dconst_0();
      results.get(code, e);
      code.dmul().dadd().dstore(probe);
    }
    code.dload(cost).dload(probe).dadd().dstore(cost);
  }

  private void sizes() {
    made.pushIndex(DeviceLayout.GROUPS);
    code.istore(groups);
    made.pushIndex(DeviceLayout.RUNS);
    code.istore(runs);
    made.pushIndex(DeviceLayout.CODE_BYTES);
    code.istore(codeBytes);
    code.loadConstant(arrangement.groupColumns().size()).iload(groups).imul();
    code.loadConstant(firstGroupColumn).iadd().istore(firstRunColumn);
    code.loadConstant(arrangement.runColumns().size()).iload(runs).imul();
    code.iload(firstRunColumn).iadd().istore(firstWeight);
    made.pushIndex(DeviceLayout.FIRST_TARGET);
    made.pushIndex(DeviceLayout.TARGET_STRIDE);
    code.iload(row).imul().iadd().istore(firstTarget);
  }

  private void clearSums() {
    for (int s = 0; s < sumCount(); s++) {
      code.dconst_0().dstore(firstSum + 2 * s);
    }
  }

  private void ofGroup(int group, int run, int end) {
    Label notOwn = code.newLabel();
    if (team.isPresent()) {
      stretch(group, run, end);
      team.get().narrow(run, end);
      code.iload(run).iload(end).if_icmpge(notOwn);
    }
    nodes.open();
    results.move(code, group, 0);
    code.iload(group).loadConstant(firstGroupColumn).iadd().istore(groupAt);
    beforeRuns().stream().forEach(nodes::compute);
    if (sums.byGroup()) {
      clearSums();
    }
    if (team.isEmpty()) {
      stretch(group, run, end);
    }
    int counted = made.slot();
    code.iconst_0().istore(counted);
    if (form.blocks()) {
      blocksOfRuns(run, end, counted);
    } else {
      made.loop(run, end, () -> ofRun(run, counted));
    }
    if (sums.byGroup()) {
      // Where no run counts the factors need not even be finite.
      Label none = code.newLabel();
      code.iload(counted).ifeq(none);
      expand();
      code.labelBinding(none);
    }
    nodes.close();
    code.labelBinding(notOwn);
  }

  private void stretch(int group, int run, int end) {
    made.pushIndexAt(group, DeviceLayout.GROUP_START);
    code.istore(run);
    made.pushIndexAt(group, DeviceLayout.GROUP_START + 1);
    code.istore(end);
  }

  /** Nodes once per group that runs read. */
  private BitSet beforeRuns() {
    BitSet read = new BitSet();
    for (int node = 0; node < graph.size(); node++) {
      if (arrangement.level(node) == Level.RUN) {
        mark(graph.a(node), read);
        if (graph.op(node).operands() > 1) {
          mark(graph.b(node), read);
        }
      }
    }
    mark(arrangement.schedule().valueNode(), read);
    for (int node : sums.factors()) {
      mark(node, read);
    }
    return read;
  }

  private void mark(int node, BitSet read) {
    if (node >= 0 && arrangement.level(node) == Level.GROUP) {
      read.set(node);
    }
  }

  /**
   * Goes through the runs of a value a block at a time: each stage in a loop of fixed length, then
   * the sums. Past the end the last run is repeated.
   */
  private void blocksOfRuns(int first, int end, int counted) {
    int b = made.slot();
    int size = made.slot();
    int run = made.slot();
    code.loadConstant(BLOCK).istore(size);
    Label begin = code.newLabel();
    Label done = code.newLabel();
    code.labelBinding(begin);
    code.iload(first).iload(end).if_icmpge(done);
    int last = stages.nodes().size();
    for (int stage = 0; stage < last; stage++) {
      nodes.enterStage(stage, b);
      code.iconst_0().istore(b);
      made.loop(
          b,
          size,
          () -> {
            nodes.open();
            code.iload(first).iload(b).iadd().iload(end).iconst_1().isub();
            code.invokestatic(MATH, "min", MIN_INT).iload(firstRunColumn).iadd().istore(runAt);
            nodes.computeStage();
            nodes.close();
          });
    }
    nodes.enterStage(last, b);
    code.iconst_0().istore(b);
    made.loop(
        b,
        size,
        () -> {
          Label past = code.newLabel();
          code.iload(first).iload(b).iadd().istore(run);
          code.iload(run).iload(end).if_icmpge(past);
          ofRun(run, counted);
          code.labelBinding(past);
        });
    code.iinc(first, BLOCK).goto_(begin);
    code.labelBinding(done);
  }

  private void ofRun(int run, int counted) {
    nodes.open();
    int weight = made.doubles(1);
    Label skipped = code.newLabel();
    if (form.weighted()) {
      code.aload(made.arguments().data()).iload(firstWeight);
      code.aload(made.arguments().codes()).iload(row).iload(runs).imul().iload(run).iadd();
      code.iload(codeBytes).invokestatic(DEVICE_MATH, "code", CODE).iadd();
      code.invokevirtual(MadeCode.DOUBLES, "get", MadeCode.GET_DOUBLE).dstore(weight);
      code.dload(weight).dconst_0().dcmpl().ifeq(skipped);
    }
    code.iconst_1().istore(counted);
    code.iload(run).iload(firstRunColumn).iadd().istore(runAt);
    int residual = made.doubles(1);
    nodes.push(arrangement.schedule().valueNode());
    code.aload(made.arguments().data()).iload(firstTarget).iload(run).iadd();
    code.invokevirtual(MadeCode.DOUBLES, "get", MadeCode.GET_DOUBLE);
    code.dsub().dstore(residual);
    addRun(run, weight, residual);
    code.labelBinding(skipped);
    nodes.close();
  }

  private void addRun(int run, int weight, int residual) {
    int matrixWeight = made.doubles(1);
    int gradientWeight = made.doubles(1);
    if (form.robust()) {
      addRobust(run, weight, residual, matrixWeight, gradientWeight);
    } else {
      code.dload(residual);
      weigh(weight);
      code.dstore(gradientWeight);
      code.dload(cost).loadConstant(0.5).dload(gradientWeight).dmul().dload(residual).dmul();
      code.dadd().dstore(cost);
      if (form.weighted()) {
        code.dload(weight).dstore(matrixWeight);
      }
    }
    int[] factors = sums.factors();
    for (int a = 0; a < factors.length; a++) {
      int weighted = made.doubles(1);
      boolean same = !form.robust() && !form.weighted();
      nodes.push(factors[a]);
      if (!same) {
        code.dload(matrixWeight).dmul();
      }
      code.dstore(weighted);
      code.dload(sum(a));
      nodes.push(factors[a]);
      code.dload(gradientWeight).dmul().dadd().dstore(sum(a));
      for (int b = 0; b <= a; b++) {
        code.dload(product(a, b)).dload(weighted);
        nodes.push(factors[b]);
        code.dmul().dadd().dstore(product(a, b));
      }
    }
  }

  /**
   * Huber's loss by the residual that its threshold limits: that enters the gradient, and times the
   * residual less half of it is the loss.
   */
  private void addRobust(int run, int weight, int residual, int matrixWeight, int gradientWeight) {
    int delta = made.doubles(1);
    int limited = made.doubles(1);
    made.pushDataAnew(DeviceLayout.HUBER_DELTA, run);
    code.dstore(delta);
    code.dload(residual).dload(delta).dneg().dload(delta);
    code.invokestatic(DEVICE_MATH, "nearest", THREE).dstore(limited);
    code.dload(limited);
    weigh(weight);
    code.dstore(gradientWeight);
    code.dload(cost).dload(gradientWeight);
    code.dload(residual).loadConstant(0.5).dload(limited).dmul().dsub().dmul();
    code.dadd().dstore(cost);
    code.dload(residual).dload(delta).dload(curvature);
    code.invokestatic(DEVICE_MATH, "curvature", THREE);
    weigh(weight);
    code.dstore(matrixWeight);
  }

  private void weigh(int weight) {
    if (form.weighted()) {
      code.dload(weight).dmul();
    }
  }

  /** Turns sums of factors into gradient and matrix, and adds these to the results. */
  private void expand() {
    List<List<GradientSums.Term>> terms = sums.terms();
    int q = sums.factors().length;
    int n = terms.size();
    terms.stream()
        .flatMap(List::stream)
        .filter(term -> term.share() != GradientSums.ONE)
        .forEach(term -> nodes.compute(term.share()));
    for (int j = 0; j < n; j++) {
      List<GradientSums.Term> own = terms.get(j);
      results.add(code, j, c -> pushScaled(own, this::sum));
      int[] products = new int[q];
      for (int a = 0; a < q; a++) {
        int factor = a;
        products[a] = -1;
        boolean needed =
            terms.subList(j, n).stream()
                .flatMap(List::stream)
                .anyMatch(term -> term.factor() == factor);
        if (needed) {
          products[a] = made.doubles(1);
          pushScaled(own, b -> product(factor, b));
          code.dstore(products[a]);
        }
      }
      for (int i = j; i < n; i++) {
        List<GradientSums.Term> other = terms.get(i);
        int entry = n + i * (i + 1) / 2 + j;
        results.add(code, entry, c -> pushScaled(other, a -> products[a]));
      }
    }
  }

  /** Where the number is that a share multiplies, given its factor. */
  private interface Local {
    int of(int factor);
  }

  private void pushScaled(List<GradientSums.Term> sum, Local local) {
    for (int t = 0; t < sum.size(); t++) {
      GradientSums.Term term = sum.get(t);
      code.dload(local.of(term.factor()));
      if (term.share() != GradientSums.ONE) {
        nodes.push(term.share());
        code.dmul();
      }
      if (t > 0) {
        code.dadd();
      }
    }
  }
}

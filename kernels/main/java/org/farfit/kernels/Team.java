package org.farfit.kernels;

import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;

/**
 * The threads that work on one problem together: each sums up a stretch of the runs, then their
 * sums become one in the memory of the work-group. The first of them leads: it alone proposes and
 * decides. A team is a power of two, and neighbours in a work-group.
 */
final class Team {

  private final MadeCode made;
  private final CodeBuilder code;
  private final int size;
  private final Accumulator.Shared memory;
  private final int member;
  private final int leader;
  private final int begin;
  private final int end;

  /**
   * A team.
   *
   * @param memory has the sums of each thread, and further numbers that the leader tells
   */
  Team(MadeCode made, int size, Accumulator.Shared memory) {
    if (Integer.bitCount(size) != 1) {
      throw new IllegalArgumentException("a team of %d threads is no power of two".formatted(size));
    }
    this.made = made;
    this.code = made.code();
    this.size = size;
    this.memory = memory;
    member = made.slot();
    leader = made.slot();
    begin = made.slot();
    end = made.slot();
  }

  /** Pushes the number of the team among all. */
  void pushLane() {
    made.pushThread("globalIdx");
    code.loadConstant(Integer.numberOfTrailingZeros(size)).ishr();
  }

  /** Comes first in a kernel: who one is, and which runs one has. */
  void open(int runs) {
    made.pushThread("localIdx");
    code.loadConstant(size - 1).iand().istore(member);
    made.pushThread("localIdx");
    code.iload(member).isub().istore(leader);
    code.iload(member).iload(runs).imul().loadConstant(size).idiv().istore(begin);
    code.iload(member).iconst_1().iadd().iload(runs).imul().loadConstant(size).idiv().istore(end);
  }

  /** Goes on at a label unless the thread leads. */
  void unlessLeading(Label label) {
    code.iload(member).ifne(label);
  }

  /** Narrows a stretch of runs, from one variable up to another, to the thread's own runs. */
  void narrow(int from, int to) {
    MethodTypeDesc two = MethodTypeDesc.ofDescriptor("(II)I");
    code.iload(from).iload(begin).invokestatic(EvaluationEmitter.MATH, "max", two).istore(from);
    code.iload(to).iload(end).invokestatic(EvaluationEmitter.MATH, "min", two).istore(to);
  }

  /** Pushes 1 for the leader and 0 for the others, whose sum is 1. */
  void pushShareOfOne() {
    Label other = code.newLabel();
    Label pushed = code.newLabel();
    code.iload(member).ifne(other).dconst_1().goto_(pushed);
    code.labelBinding(other).dconst_0();
    code.labelBinding(pushed);
  }

  /** All threads of the work-group wait for each other; each of them must come here. */
  void waitForAll() {
    code.aload(0).invokevirtual(MadeCode.CONTEXT, "localBarrier", MethodTypeDesc.of(CD_void));
  }

  /** The thread keeps one of its further numbers, which a piece of code pushes. */
  void keep(int number, Runnable pushed) {
    memory.set(code, memory.size() + number, c -> pushed.run());
  }

  /** Pushes a further number of the leader's. */
  void pushOfLeader(int number) {
    int entry = made.slot();
    code.loadConstant(memory.size() + number).istore(entry);
    memory.pushPlace(code, entry, leader);
    code.daload();
  }

  /**
   * Adds what all threads of the team have of each entry and of the first further number, always in
   * the same order, to where the leader has it.
   */
  void sum() {
    int entry = made.slot();
    int entries = made.slot();
    int thread = made.slot();
    int beyond = made.slot();
    int total = made.doubles(1);
    code.loadConstant(memory.size() + 1).istore(entries);
    code.iload(leader).loadConstant(size).iadd().istore(beyond);
    Label next = code.newLabel();
    Label done = code.newLabel();
    code.iload(member).istore(entry);
    code.labelBinding(next);
    code.iload(entry).iload(entries).if_icmpge(done);
    code.dconst_0().dstore(total);
    code.iload(leader).istore(thread);
    made.loop(
        thread,
        beyond,
        () -> {
          code.dload(total);
          memory.pushPlace(code, entry, thread);
          code.daload().dadd().dstore(total);
        });
    memory.pushPlace(code, entry, leader);
    code.dload(total).dastore();
    code.iinc(entry, size).goto_(next);
    code.labelBinding(done);
  }
}

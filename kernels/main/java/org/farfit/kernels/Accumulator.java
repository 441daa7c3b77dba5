package org.farfit.kernels;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Consumer;
import org.farfit.engine.NormalEquations;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;

/**
 * Where a thread keeps the gradient (entries 0 to n - 1) and the packed matrix (n and beyond) of
 * its problem while it sums them up.
 */
abstract sealed class Accumulator {

  /** Entries beyond which registers would run out. */
  private static final int MOST_REGISTERS = 27;

  /** Bytes of shared memory that a work-group may have on any device. */
  private static final int SHARED_BYTES = 48 * 1024;

  private final int size;

  private Accumulator(int n) {
    this.size = n + NormalEquations.packedSize(n);
  }

  /**
   * The fastest place that there is room in.
   *
   * @param n how many derivatives there are
   */
  static Accumulator of(int n, int groupSize, MadeCode made) {
    return n + NormalEquations.packedSize(n) <= MOST_REGISTERS
        ? new Registers(n, made)
        : groupSize <= largestSharing(n) ? new Shared(n, 0, groupSize, made) : new Global(n, made);
  }

  /**
   * The fastest place outside registers, for kernels that need those. Work-groups of more than
   * {@link #largestSharing} threads leave each thread to memory of its own, which on a GPU is slow.
   */
  static Accumulator ofSteps(int n, int groupSize, MadeCode made) {
    return groupSize <= largestSharing(n)
        ? new Shared(n, 0, groupSize, made)
        : new Private(n, made);
  }

  /** The most threads of a work-group that its shared memory has room for. */
  static int largestSharing(int n) {
    return SHARED_BYTES / Double.BYTES / (n + NormalEquations.packedSize(n));
  }

  /**
   * Memory that the threads of a work-group share, for kernels whose threads work together.
   *
   * @param further numbers of each thread beside gradient and matrix
   */
  static Shared ofTeams(int n, int further, int groupSize, MadeCode made) {
    return new Shared(n, further, groupSize, made);
  }

  final int size() {
    return size;
  }

  /** Whether it is where results go, so that nothing need be copied there. */
  boolean isTheResult() {
    return false;
  }

  /** Comes first in a kernel: finds the place. */
  void open(CodeBuilder code) {}

  /** Sets every entry to zero. */
  final void clear(CodeBuilder code) {
    for (int e = 0; e < size; e++) {
      set(code, e, CodeBuilder::dconst_0);
    }
  }

  /**
   * From here on a compiler takes entries to be elsewhere than before, so that it does not keep
   * them in registers meanwhile.
   *
   * @param counter a variable with a number from 0 to a million
   * @param offset a small number, another one each time
   */
  void move(CodeBuilder code, int counter, int offset) {}

  /** Whether an entry can be told by a variable. */
  boolean isIndexed() {
    return false;
  }

  /** Stores what a piece of code pushes at an entry and as many further as a variable says. */
  void setAt(CodeBuilder code, int entry, int further, Consumer<CodeBuilder> pushed) {
    throw new UnsupportedOperationException("entries are in variables");
  }

  /** Pushes the entry that is as many after another as a variable says. */
  void getAt(CodeBuilder code, int entry, int further) {
    throw new UnsupportedOperationException("entries are in variables");
  }

  /** Stores what a piece of code pushes. */
  abstract void set(CodeBuilder code, int entry, Consumer<CodeBuilder> pushed);

  /** Pushes an entry. */
  abstract void get(CodeBuilder code, int entry);

  /** Adds what a piece of code pushes. */
  final void add(CodeBuilder code, int entry, Consumer<CodeBuilder> pushed) {
    set(
        code,
        entry,
        c -> {
          get(c, entry);
          pushed.accept(c);
          c.dadd();
        });
  }

  /** Registers, for small laws. */
  private static final class Registers extends Accumulator {

    private final int first;

    Registers(int n, MadeCode made) {
      super(n);
      first = made.doubles(size());
    }

    @Override
    void set(CodeBuilder code, int entry, Consumer<CodeBuilder> pushed) {
      pushed.accept(code);
      code.dstore(first + 2 * entry);
    }

    @Override
    void get(CodeBuilder code, int entry) {
      code.dload(first + 2 * entry);
    }
  }

  /** An array, whose entries a variable can tell. */
  abstract static sealed class InArray extends Accumulator {

    private InArray(int n) {
      super(n);
    }

    /** Pushes the array and the place of the entry that is so many after another. */
    abstract void address(CodeBuilder code, int entry, int further);

    @Override
    final boolean isIndexed() {
      return true;
    }

    @Override
    final void setAt(CodeBuilder code, int entry, int further, Consumer<CodeBuilder> pushed) {
      address(code, entry, further);
      pushed.accept(code);
      code.dastore();
    }

    @Override
    final void getAt(CodeBuilder code, int entry, int further) {
      address(code, entry, further);
      code.daload();
    }
  }

  /**
   * Memory that a work-group shares, entry by entry. TornadoVM addresses such an array rightly only
   * in the body of the kernel itself.
   */
  static final class Shared extends InArray {

    private final int array;
    private final int own;
    private final int at;
    private final int further;
    private final int groupSize;
    private final MadeCode made;

    private Shared(int n, int further, int groupSize, MadeCode made) {
      super(n);
      this.further = further;
      this.groupSize = groupSize;
      this.made = made;
      this.array = made.slot();
      this.own = made.slot();
      this.at = made.slot();
    }

    @Override
    void open(CodeBuilder code) {
      code.aload(0)
          .loadConstant((size() + further) * groupSize)
          .invokevirtual(
              MadeCode.CONTEXT,
              "allocateDoubleLocalArray",
              MethodTypeDesc.of(CD_double.arrayType(), CD_int))
          .astore(array);
      made.pushThread("localIdx");
      code.istore(own);
      code.iload(own).istore(at);
    }

    /** Pushes the array and where a thread of the group has an entry, both in variables. */
    void pushPlace(CodeBuilder code, int entry, int thread) {
      code.aload(array).iload(entry).loadConstant(groupSize).imul().iload(thread).iadd();
    }

    /** By nothing in fact. */
    @Override
    void move(CodeBuilder code, int counter, int offset) {
      code.iload(own).iload(counter).loadConstant(offset).iadd().loadConstant(30).ishr();
      code.iadd().istore(at);
    }

    @Override
    void set(CodeBuilder code, int entry, Consumer<CodeBuilder> pushed) {
      code.aload(array).iload(at).loadConstant(entry * groupSize).iadd();
      pushed.accept(code);
      code.dastore();
    }

    @Override
    void get(CodeBuilder code, int entry) {
      code.aload(array).iload(at).loadConstant(entry * groupSize).iadd().daload();
    }

    @Override
    void address(CodeBuilder code, int entry, int further) {
      code.aload(array).iload(at).iload(further).loadConstant(entry).iadd();
      code.loadConstant(groupSize).imul().iadd();
    }
  }

  /** An array of the thread's own. */
  private static final class Private extends InArray {

    private final int array;

    Private(int n, MadeCode made) {
      super(n);
      this.array = made.slot();
    }

    @Override
    void open(CodeBuilder code) {
      code.loadConstant(size()).newarray(TypeKind.DOUBLE).astore(array);
    }

    @Override
    void set(CodeBuilder code, int entry, Consumer<CodeBuilder> pushed) {
      code.aload(array).loadConstant(entry);
      pushed.accept(code);
      code.dastore();
    }

    @Override
    void get(CodeBuilder code, int entry) {
      code.aload(array).loadConstant(entry).daload();
    }

    @Override
    void address(CodeBuilder code, int entry, int further) {
      code.aload(array).iload(further).loadConstant(entry).iadd();
    }
  }

  /** The device's memory, where results go in the end. */
  private static final class Global extends Accumulator {

    private static final ClassDesc DOUBLES = ClassDesc.of(DoubleArray.class.getName());

    private final int n;
    private final MadeCode made;

    Global(int n, MadeCode made) {
      super(n);
      this.n = n;
      this.made = made;
    }

    @Override
    boolean isTheResult() {
      return true;
    }

    private void address(CodeBuilder code, int entry) {
      made.resultAddress(code, entry < n, entry < n ? entry : entry - n);
    }

    @Override
    void set(CodeBuilder code, int entry, Consumer<CodeBuilder> pushed) {
      address(code, entry);
      pushed.accept(code);
      code.invokevirtual(DOUBLES, "set", MadeCode.SET_DOUBLE);
    }

    @Override
    void get(CodeBuilder code, int entry) {
      address(code, entry);
      code.invokevirtual(DOUBLES, "get", MadeCode.GET_DOUBLE);
    }
  }
}

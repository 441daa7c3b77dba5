package org.farfit.kernels;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.farfit.engine.EngineUnavailableException;
import org.farfit.formula.Schedule;
import org.farfit.kernels.made.DeviceLayout;
import org.farfit.kernels.made.DeviceMath;
import org.farfit.kernels.made.Evaluation;
import org.farfit.kernels.made.Iteration;
import org.farfit.kernels.made.MadeKernel;
import org.farfit.kernels.made.Steps;
import org.farfit.law.BoxCox;
import org.farfit.solver.Damping;
import org.farfit.solver.RobustCurvature;
import org.farfit.solver.StepRules;
import org.farfit.solver.TermStep;

/**
 * Makes kernels of schedules at run time, as classes that TornadoVM reads like any other.
 *
 * <p>A made class has the name of {@link MadeKernel} and a class loader of its own. It implements
 * the task interface itself, since TornadoVM finds the kernel by what {@code apply} calls; and it
 * names its arguments, without which TornadoVM's back ends do not compile. TornadoVM never forgets
 * a kernel, so each is made once per schedule and form.
 */
final class KernelMaker {

  /** More derivatives than this are more than the registers and the code of a kernel can take. */
  static final int MOST_DERIVATIVES = 40;

  private static final ClassDesc NAME = ClassDesc.of(MadeKernel.class.getName());

  /** An argument of a kernel. */
  private record Argument(String name, ClassDesc type) {}

  private static final List<Argument> EVALUATION =
      List.of(
          new Argument("context", MadeCode.CONTEXT),
          new Argument("control", MadeCode.INTS),
          new Argument("index", MadeCode.INTS),
          new Argument("data", MadeCode.DOUBLES),
          new Argument("codes", MadeCode.BYTES),
          new Argument("rows", MadeCode.INTS),
          new Argument("parameters", MadeCode.DOUBLES),
          new Argument("cost", MadeCode.DOUBLES),
          new Argument("gradient", MadeCode.DOUBLES),
          new Argument("matrix", MadeCode.DOUBLES));

  private static final int ROWS = 5;
  private static final int PARAMETERS = 6;
  private static final int COST = 7;

  private static final List<Argument> ITERATION =
      List.of(
          new Argument("context", MadeCode.CONTEXT),
          new Argument("control", MadeCode.INTS),
          new Argument("index", MadeCode.INTS),
          new Argument("data", MadeCode.DOUBLES),
          new Argument("codes", MadeCode.BYTES),
          new Argument("words", MadeCode.INTS),
          new Argument("lanes", MadeCode.INTS),
          new Argument("parameters", MadeCode.DOUBLES),
          new Argument("gradient", MadeCode.DOUBLES),
          new Argument("matrix", MadeCode.DOUBLES),
          new Argument("scale", MadeCode.DOUBLES),
          new Argument("state", MadeCode.DOUBLES));

  /** What a kernel was made for, beside its schedule. */
  private record Key(KernelTarget target, KernelForm form, Optional<StepCoordinates> coordinates) {}

  /** By schedule, so that kernels go when it does. */
  private static final Map<Schedule, Map<Key, Object>> MADE =
      Collections.synchronizedMap(new WeakHashMap<>());

  static {
    // A call of a class that is not initialised compiles to a return to the interpreter, which a
    // device has none of.
    try {
      for (Class<?> called :
          List.of(
              DeviceMath.class,
              Steps.class,
              BoxCox.class,
              StepRules.class,
              Damping.class,
              RobustCurvature.class,
              TermStep.class)) {
        MethodHandles.lookup().ensureInitialized(called);
      }
    } catch (IllegalAccessException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private KernelMaker() {}

  /**
   * The kernel that evaluates for the host.
   *
   * @throws EngineUnavailableException if there is too much of it for a kernel
   */
  static Evaluation evaluation(KernelTarget target, KernelForm form) {
    return (Evaluation) of(new Key(target, form, Optional.empty()));
  }

  /**
   * The kernel that iterates on the device.
   *
   * @throws EngineUnavailableException if there is too much of it for a kernel
   */
  static Iteration iteration(KernelTarget target, KernelForm form, StepCoordinates coordinates) {
    return (Iteration) of(new Key(target, form, Optional.of(coordinates)));
  }

  private static Object of(Key key) {
    return MADE.computeIfAbsent(key.target().schedule(), schedule -> new ConcurrentHashMap<>())
        .computeIfAbsent(key, KernelMaker::make);
  }

  private static Object make(Key key) {
    KernelTarget target = key.target();
    if (target.count() > MOST_DERIVATIVES) {
      throw new EngineUnavailableException(
          "engine 'tornado' takes responses with at most %d parameters, and one of the formula has"
                  .formatted(MOST_DERIVATIVES)
              + " %d; use --engine auto".formatted(target.count()));
    }
    return instance(
        key.coordinates().isPresent()
            ? kernelClass(
                Iteration.class,
                ITERATION,
                code -> {
                  MadeCode.Arguments arguments = new MadeCode.Arguments(2, 3, 4, 8, 9);
                  MadeCode made = new MadeCode(code, ITERATION.size(), arguments);
                  new StepEmitter(made, target, key.form(), key.coordinates().get()).emit();
                })
            : kernelClass(
                Evaluation.class, EVALUATION, code -> evaluate(code, target, key.form())));
  }

  private static void evaluate(CodeBuilder code, KernelTarget target, KernelForm form) {
    MadeCode made = new MadeCode(code, EVALUATION.size(), new MadeCode.Arguments(2, 3, 4, 8, 9));
    Label end = code.newLabel();
    int k = made.slot();
    int capacity = made.slot();
    made.pushThread("globalIdx");
    code.istore(k);
    code.iload(k);
    code.aload(1).loadConstant(DeviceLayout.ACTIVE);
    code.invokevirtual(MadeCode.INTS, "get", MadeCode.GET_INT);
    code.if_icmpge(end);
    made.pushIndex(DeviceLayout.CAPACITY);
    code.istore(capacity);
    made.placeProblem(capacity, k);
    int row = made.slot();
    code.aload(ROWS).iload(k).invokevirtual(MadeCode.INTS, "get", MadeCode.GET_INT).istore(row);
    int curvature = made.doubles(1);
    code.aload(PARAMETERS);
    made.pushProblemIndex(code, target.parameterRows());
    code.invokevirtual(MadeCode.DOUBLES, "get", MadeCode.GET_DOUBLE).dstore(curvature);
    int[] locals = new int[target.rows().size()];
    for (int j = 0; j < locals.length; j++) {
      locals[j] = made.doubles(1);
      if (target.rows().get(j) == KernelTarget.LOG_D0) {
        made.pushData(DeviceLayout.LOG_D0);
      } else {
        code.aload(PARAMETERS);
        made.pushProblemIndex(code, target.rows().get(j));
        code.invokevirtual(MadeCode.DOUBLES, "get", MadeCode.GET_DOUBLE);
      }
      code.dstore(locals[j]);
    }
    int n = target.count();
    Accumulator results = Accumulator.of(n, form.groupSize(), made);
    results.open(code);
    EvaluationEmitter evaluation =
        new EvaluationEmitter(
            made, target, form, results, Optional.empty(), row, curvature, locals);
    evaluation.makeRoom();
    int cost = evaluation.emit();
    code.aload(COST).iload(k).dload(cost);
    code.invokevirtual(MadeCode.DOUBLES, "set", MadeCode.SET_DOUBLE);
    if (!results.isTheResult()) {
      for (int e = 0; e < results.size(); e++) {
        made.resultAddress(code, e < n, e < n ? e : e - n);
        results.get(code, e);
        code.invokevirtual(MadeCode.DOUBLES, "set", MadeCode.SET_DOUBLE);
      }
    }
    code.labelBinding(end);
    code.return_();
  }

  // The class around a kernel ---------------------------------------------------------------------

  /** Writes the body of a kernel. */
  private interface Body {
    void write(CodeBuilder code);
  }

  private static byte[] kernelClass(Class<?> task, List<Argument> arguments, Body body) {
    MethodTypeDesc type =
        MethodTypeDesc.of(CD_void, arguments.stream().map(Argument::type).toList());
    try {
      return ClassFile.of()
          .build(
              NAME,
              builder -> {
                builder.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL);
                builder.withInterfaceSymbols(ClassDesc.of(task.getName()));
                // First, since TornadoVM reads one byte of the number of the method that it calls.
                apply(builder, arguments, type);
                constructor(builder);
                builder.withMethodBody(
                    "evaluate",
                    type,
                    ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                    code -> {
                      for (int a = 0; a < arguments.size(); a++) {
                        Argument argument = arguments.get(a);
                        code.localVariable(
                            a,
                            argument.name(),
                            argument.type(),
                            code.startLabel(),
                            code.endLabel());
                      }
                      body.write(code);
                    });
              });
    } catch (IllegalArgumentException e) {
      // A method has at most 64 KB of code and as many variables.
      EngineUnavailableException failure =
          new EngineUnavailableException(
              "engine 'tornado' cannot take a formula of this size; use --engine auto");
      failure.initCause(e);
      throw failure;
    }
  }

  private static void constructor(ClassBuilder builder) {
    builder.withMethodBody(
        ConstantDescs.INIT_NAME,
        ConstantDescs.MTD_void,
        ClassFile.ACC_PUBLIC,
        code ->
            code.aload(0)
                .invokespecial(CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                .return_());
  }

  /** The method of the task interface: it casts its arguments and calls the kernel. */
  private static void apply(ClassBuilder builder, List<Argument> arguments, MethodTypeDesc type) {
    MethodTypeDesc erased =
        MethodTypeDesc.of(CD_void, Collections.nCopies(arguments.size(), CD_Object));
    builder.withMethodBody(
        "apply",
        erased,
        ClassFile.ACC_PUBLIC,
        code -> {
          for (int a = 0; a < arguments.size(); a++) {
            code.aload(1 + a).checkcast(arguments.get(a).type());
          }
          code.invokestatic(NAME, "evaluate", type).return_();
        });
  }

  private static Object instance(byte[] bytes) {
    try {
      return new OneClass(bytes)
          .loadClass(MadeKernel.class.getName())
          .getConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IllegalStateException("a made kernel cannot be loaded", e);
    }
  }

  /** Defines one class itself, though its parent knows one of that name. */
  private static final class OneClass extends ClassLoader {

    private final byte[] bytes;

    OneClass(byte[] bytes) {
      super(KernelMaker.class.getClassLoader());
      this.bytes = bytes;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.equals(MadeKernel.class.getName())) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known != null ? known : defineClass(name, bytes, 0, bytes.length);
      }
    }
  }
}

package org.farfit.kernels;

import java.util.List;
import org.farfit.engine.Engine;
import org.farfit.engine.Objective;
import org.farfit.engine.code.FormulaContract;
import org.junit.jupiter.api.AfterAll;

/** Kernels made of formulas do what plain generated code does, on the device. */
class FormulaDeviceTest extends FormulaContract {

  private static final TornadoEngine ENGINE = TestDevice.open("host");

  @AfterAll
  static void close() {
    ENGINE.close();
  }

  @Override
  protected Engine engine() {
    return ENGINE;
  }

  @Override
  protected List<Objective> objectives() {
    return List.of(new Objective(Objective.Residual.LINEAR, 0.3));
  }

  @Override
  protected List<Objective> objectivesOfTheShelf() {
    return List.of(Objective.logHuber(0.1));
  }

  /** Each kernel takes the device's compiler a second. */
  @Override
  protected int sizes() {
    return 1;
  }

  /** Devices may round a product once that is added to something. */
  @Override
  protected double agreement() {
    return 2e-11;
  }

  @Override
  protected double agreementNearPole() {
    return 1e-9;
  }

  /** One law of each task, since compiling all 34 takes a minute; all with -Dfarfit.device.all. */
  @Override
  protected boolean takes(String law) {
    return law.endsWith("/sl_1") || System.getProperty("farfit.device.all") != null;
  }

  @Override
  protected int largestBatch() {
    return 64;
  }

  @Override
  protected boolean triesIndexed() {
    return false;
  }

  @Override
  protected int points() {
    return 100;
  }
}

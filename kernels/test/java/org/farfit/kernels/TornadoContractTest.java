package org.farfit.kernels;

import org.farfit.engine.Engine;
import org.farfit.engine.EngineContract;
import org.farfit.law.Law;
import org.junit.jupiter.api.AfterAll;

/** The device does what every engine must do. */
class TornadoContractTest extends EngineContract {

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
  protected double tolerance(Law law) {
    return 2e-11;
  }
}

package org.farfit.kernels;

/** The device that the tests run on: any that works; where there is none the tests fail. */
final class TestDevice {

  private TestDevice() {}

  static TornadoEngine open(String device) {
    return (TornadoEngine) new TornadoEngineProvider().open(device);
  }
}

package org.farfit.kernels;

/** The device that the tests run on: any that works; where there is none the tests fail. */
final class TestDevice {

  private TestDevice() {}

  static TornadoEngine open(String device) {
    return (TornadoEngine) new TornadoEngineProvider().open(device);
  }

  /** An engine whose host solves, with kernels of choice. */
  static TornadoEngine open(KernelChoice choice, int groupSize) {
    return new TornadoEngine(TornadoDevices.all().getFirst(), pool(choice, groupSize));
  }

  static PlanPool pool(KernelChoice choice, int groupSize) {
    return pool(choice, groupSize, 1);
  }

  static PlanPool pool(KernelChoice choice, int groupSize, int team) {
    TornadoDevices.Found device = TornadoDevices.all().getFirst();
    return new PlanPool(
        PlanPool.plans(device.device()),
        choice.sources(groupSize, team),
        device.memory(),
        device.largestArray());
  }
}

package org.farfit.engine;

import java.util.List;
import java.util.Optional;

/**
 * Stands for the TornadoVM engine where its module is not there, to say what to install. The engine
 * itself is in the module {@code kernels}.
 */
final class AbsentTornado implements EngineProvider {

  static final String NAME = "tornado";

  private static final String REASON =
      "its module or its SDK is not there; install the TornadoVM SDK (sdk install tornadovm), set"
          + " TORNADOVM_HOME, and start farfit with bin/farfit; see docs/gpu.md";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int preference() {
    return Integer.MIN_VALUE;
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.of(REASON);
  }

  @Override
  public List<String> devices() {
    return List.of();
  }

  @Override
  public Engine open(String device) {
    throw new EngineUnavailableException("engine 'tornado' cannot run: " + REASON);
  }
}

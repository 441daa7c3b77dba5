package org.farfit.engine.simd;

import java.util.List;
import java.util.Optional;
import org.farfit.engine.Engine;
import org.farfit.engine.EngineProvider;
import org.farfit.engine.EngineUnavailableException;

/**
 * Offers the SIMD engine where the JVM was started with the module {@code jdk.incubator.vector} and
 * the processor has vectors of at least two doubles. Touches no class of that module before it
 * knows.
 */
public final class SimdEngineProvider implements EngineProvider {

  /** The name by which users ask for it. */
  public static final String NAME = "simd";

  private static final String MODULE = "jdk.incubator.vector";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int preference() {
    return 10;
  }

  @Override
  public Optional<String> unavailable() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return Optional.of(
          "the JVM runs without the module %s; start it with --add-modules %s"
              .formatted(MODULE, MODULE));
    }
    return VectorMath.LANES < 2
        ? Optional.of("the processor has no vectors of two doubles or more")
        : Optional.empty();
  }

  @Override
  public List<String> devices() {
    return unavailable().isEmpty() ? List.of(new SimdEngine().device()) : List.of();
  }

  @Override
  public Engine open(String device) {
    unavailable()
        .ifPresent(reason -> {
          throw new EngineUnavailableException("engine 'simd' cannot run: " + reason);
        });
    if (!device.isEmpty()) {
      throw new EngineUnavailableException(
          "engine 'simd' has no devices to choose from; write simd alone");
    }
    return new SimdEngine();
  }
}

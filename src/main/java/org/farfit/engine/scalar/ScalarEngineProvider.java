package org.farfit.engine.scalar;

import java.util.List;
import java.util.Optional;
import org.farfit.engine.Engine;
import org.farfit.engine.EngineProvider;
import org.farfit.engine.EngineUnavailableException;

/** Offers the {@link ScalarEngine}, which runs everywhere. */
public final class ScalarEngineProvider implements EngineProvider {

  @Override
  public String name() {
    return ScalarEngine.NAME;
  }

  @Override
  public int preference() {
    return 0;
  }

  @Override
  public boolean warmsUp() {
    return false;
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
  }

  @Override
  public List<String> devices() {
    return List.of(new ScalarEngine().device());
  }

  @Override
  public Engine open(String device) {
    if (!device.isEmpty()) {
      throw new EngineUnavailableException(
          "engine 'scalar' has no devices to choose from; write scalar alone");
    }
    return new ScalarEngine();
  }
}

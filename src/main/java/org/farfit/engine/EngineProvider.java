package org.farfit.engine;

import java.util.List;
import java.util.Optional;

/**
 * Finds out whether an engine can run here and opens it. Found by {@link java.util.ServiceLoader}.
 */
public interface EngineProvider {

  /** The name by which users ask for the engine. */
  String name();

  /** The order in which {@code auto} tries engines: the highest that is available wins. */
  int preference();

  /**
   * Whether its code is slow in a fresh process until the JVM has compiled it, so that short work
   * is over sooner by an engine that needs no such time.
   */
  default boolean warmsUp() {
    return true;
  }

  /** Why the engine cannot run here and what to do about it; empty if it can. */
  Optional<String> unavailable();

  /** The devices it could run on, for people; empty if it is not available. */
  List<String> devices();

  /**
   * What was measured of the engine on this machine, if {@code auto} is to weigh by that; empty if
   * nothing was.
   */
  default Optional<Calibration> calibration() {
    return Optional.empty();
  }

  /**
   * Why an engine that is available is one that {@code auto} never weighs, in words; empty if it
   * does, or where an engine has no devices of its own to be weighed.
   */
  default Optional<String> unweighed() {
    return Optional.empty();
  }

  /**
   * Measures the engine, unless it was measured, and keeps the result for later processes; empty if
   * {@code auto} does not weigh it.
   *
   * @param anew whether to measure it again
   */
  default Optional<Calibration> calibrate(boolean anew) {
    return calibration();
  }

  /**
   * Opens the engine.
   *
   * @param device which device, in the engine's own terms; empty for its default
   * @throws EngineUnavailableException if it cannot run, with the reason
   */
  Engine open(String device);
}

package org.farfit.engine;

import java.io.Serial;

/** An engine that was asked for by name cannot run; the message says why and what to do. */
public final class EngineUnavailableException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /** With the reason. */
  public EngineUnavailableException(String message) {
    super(message);
  }
}

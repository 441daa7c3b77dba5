package org.farfit.data;

import java.io.Serial;

/**
 * Input that cannot be used. The message is one sentence for the user: where (file, line, column),
 * what was found, what was expected, and what to do.
 */
public final class InputException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /** An input error with its whole message, which is shortened to {@link Shown#message}. */
  public InputException(String message) {
    super(Shown.message(message));
  }

  /** An input error that was found by a library. */
  public InputException(String message, Throwable cause) {
    super(Shown.message(message), cause);
  }
}

package org.farfit.data;

import java.io.Serial;
import java.util.List;

/**
 * Input that cannot be used. The message is one sentence for the user: where (file, line, column),
 * what was found, what was expected, and what to do.
 */
public final class InputException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /** Parts of the message that say what to set. */
  private final String[] advice;

  /** An input error with its whole message, which is shortened to {@link Shown#message}. */
  public InputException(String message) {
    this(message, List.of());
  }

  /**
   * The same where there is something to set.
   *
   * @param advice parts of the message that say what
   */
  InputException(String message, List<String> advice) {
    super(Shown.message(message));
    this.advice = advice.toArray(new String[0]);
  }

  /** An input error that was found by a library. */
  public InputException(String message, Throwable cause) {
    super(Shown.message(message), cause);
    this.advice = new String[0];
  }

  /** The message of a program in which none of this can be set, with what it advises instead. */
  public String advising(String instead) {
    String message = getMessage();
    for (String each : advice) {
      message = message.replace(each, instead);
    }
    return message;
  }
}

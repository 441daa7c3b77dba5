package org.farfit.report.output;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import org.farfit.data.FileProblem;

/** A result that cannot be written, whatever the input. The message names the file and says why. */
public final class OutputException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /** An output error with its whole message. */
  public OutputException(String message) {
    super(message);
  }

  /**
   * An output error.
   *
   * @param what what failed: {@code cannot be written}
   */
  public OutputException(Path path, String what, IOException cause) {
    super("%s: %s: %s".formatted(path, what, FileProblem.words(cause)), cause);
  }
}

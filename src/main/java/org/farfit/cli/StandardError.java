package org.farfit.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.Charset;

/**
 * Standard error where the launcher has put it. The JVM warns of incubating modules before any
 * class of Farfit is there, so the launcher leads standard error through a filter and the terminal,
 * or whatever it was, to another descriptor; Farfit writes to that one, directly and in order.
 */
final class StandardError {

  /** System property that the launcher sets to the number of the descriptor. */
  private static final String PROPERTY = "farfit.stderr";

  private StandardError() {}

  /** Writes to the launcher's descriptor from now on; where there is none nothing changes. */
  static void restore() {
    Integer number = Integer.getInteger(PROPERTY);
    if (number == null) {
      return;
    }
    try {
      Constructor<FileDescriptor> constructor =
          FileDescriptor.class.getDeclaredConstructor(int.class);
      constructor.setAccessible(true);
      System.setErr(
          new PrintStream(
              new FileOutputStream(constructor.newInstance(number)),
              true,
              Charset.forName(
                  System.getProperty("stderr.encoding", Charset.defaultCharset().name()))));
    } catch (ReflectiveOperationException | RuntimeException e) {
      // The filter passes everything on but that warning, only later.
      return;
    }
  }
}

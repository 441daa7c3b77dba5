package org.farfit.report.archive;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * SHA-256 of lists of numbers, one list after the other, each number as the eight bytes of an IEEE
 * 754 double, big-endian: whoever reads them can tell that they are those that were written.
 */
final class NumberHash {

  private final MessageDigest digest;
  private final ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES);

  NumberHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  NumberHash add(List<? extends Number> numbers) {
    for (Number number : numbers) {
      digest.update(bytes.clear().putDouble(number.doubleValue()).array());
    }
    return this;
  }

  /** Hexadecimal. */
  String text() {
    return HexFormat.of().formatHex(digest.digest());
  }
}

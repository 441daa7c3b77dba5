package org.farfit.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.farfit.data.InputException;

/**
 * Writes a file whole or not at all: to a temporary name beside it, then moved into place, so that
 * no reader and no interruption ever sees half of it.
 */
public final class OutputFile {

  private OutputFile() {}

  /**
   * Writes text, replacing a file of that name.
   *
   * @throws InputException if the folder does not exist or cannot be written
   */
  public static void write(Path path, String text) {
    write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes bytes, replacing a file of that name.
   *
   * @throws InputException if the folder does not exist or cannot be written
   */
  public static void write(Path path, byte[] bytes) {
    write(path, temporary -> Files.write(temporary, bytes));
  }

  /** Puts the content of a file under a temporary name. */
  @FunctionalInterface
  public interface Content {

    /**
     * Writes the file.
     *
     * @throws IOException if it cannot be written
     */
    void writeTo(Path temporary) throws IOException;
  }

  /**
   * Writes a file, replacing one of that name.
   *
   * @throws InputException if the folder does not exist or cannot be written
   */
  public static void write(Path path, Content content) {
    Path target = path.toAbsolutePath();
    if (Files.isDirectory(target)) {
      throw new InputException(path + ": is a directory, expected a file name to write to");
    }
    try {
      // Not Files.createTempFile, which would make the result unreadable for other users.
      Path temporary =
          target.resolveSibling(
              ".%s.%d.tmp".formatted(target.getFileName(), ProcessHandle.current().pid()));
      // Removed also if the process is interrupted between here and the move.
      temporary.toFile().deleteOnExit();
      try {
        content.writeTo(temporary);
        move(temporary, target);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new InputException(
          "%s: cannot be written (%s: %s)"
              .formatted(path, e.getClass().getSimpleName(), e.getMessage()),
          e);
    }
  }

  /**
   * Removes a folder of files.
   *
   * @throws InputException if it cannot be removed
   */
  public static void deleteFolder(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new InputException("%s: cannot be removed: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private static void move(Path temporary, Path target) throws IOException {
    try {
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      throw new UncheckedIOException(
          "the file system cannot move a file into place in one step", e);
    }
  }
}

package org.farfit.report.output;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Writes a file whole or not at all: to a temporary name beside it, synced, then moved into place,
 * so that no reader and no interruption ever sees half of it. A symbolic link stays, and what it
 * points to is written; a special file such as {@code /dev/null} is written to as it is; a file
 * that is replaced keeps its permissions.
 */
public final class OutputFile {

  /** Links after links, beyond which there must be a circle; as Linux has it. */
  private static final int MOST_LINKS = 40;

  /** What standard output is called where it is asked for as a file. */
  private static final Pattern STANDARD_OUTPUT =
      Pattern.compile("/dev/stdout|/dev/fd/1|/proc/self/fd/1");

  private static final Pattern STANDARD_ERROR =
      Pattern.compile("/dev/stderr|/dev/fd/2|/proc/self/fd/2");

  /** Tells temporary files of one process apart. */
  private static final AtomicLong WRITTEN = new AtomicLong();

  /** The names of temporary files, which a process that was killed may leave. */
  private static final Pattern TEMPORARY = Pattern.compile("\\.farfit-\\d+-\\d+\\.tmp(\\.jsonl)?");

  private OutputFile() {}

  /**
   * Writes text, replacing a file of that name.
   *
   * @throws OutputException if the folder does not exist or cannot be written
   */
  public static void write(Path path, String text) {
    write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes bytes, replacing a file of that name.
   *
   * @param bytes the whole of the file
   * @throws OutputException if the folder does not exist or cannot be written
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
   * @throws OutputException if the folder does not exist or cannot be written
   * @throws CancellationException if the thread is interrupted meanwhile
   */
  public static void write(Path path, Content content) {
    if (Files.isDirectory(path)) {
      throw new OutputException(path + ": is a directory, expected a file name to write to");
    }
    try {
      if (isSpecial(path)) {
        copyTo(path, content);
      } else {
        replace(place(path), content);
      }
    } catch (ClosedByInterruptException e) {
      throw cancelled(e);
    } catch (IOException e) {
      throw new OutputException(path, "cannot be written", e);
    }
  }

  private static CancellationException cancelled(ClosedByInterruptException cause) {
    CancellationException cancelled = new CancellationException("interrupted while writing");
    cancelled.initCause(cause);
    return cancelled;
  }

  private static void replace(Path target, Content content) throws IOException {
    // Not Files.createTempFile, which would make the result unreadable for other users. Short,
    // since the target's name may be as long as the file system allows.
    Path temporary = target.resolveSibling(temporaryName());
    // Removed also if the process is interrupted between here and the move.
    temporary.toFile().deleteOnExit();
    try {
      content.writeTo(temporary);
      keepAttributes(target, temporary);
      sync(temporary);
      move(temporary, target);
      syncFolder(target.getParent());
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static String temporaryName() {
    return ".farfit-%d-%d.tmp".formatted(ProcessHandle.current().pid(), WRITTEN.incrementAndGet());
  }

  /** Whether a name is that of a temporary file of this class. */
  public static boolean isTemporary(Path path) {
    return TEMPORARY.matcher(path.getFileName().toString()).matches();
  }

  /** Permissions stay; owner and group as far as the user may set them. */
  private static void keepAttributes(Path target, Path temporary) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(target, PosixFileAttributeView.class);
    if (view == null || !Files.exists(target)) {
      return;
    }
    PosixFileAttributes before = view.readAttributes();
    PosixFileAttributeView after =
        Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
    try {
      after.setOwner(before.owner());
      after.setGroup(before.group());
    } catch (IOException e) {
      // Only the superuser may give files away.
    }
    after.setPermissions(before.permissions());
  }

  private static void move(Path temporary, Path target) throws IOException {
    try {
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException("the file system cannot move a file into place in one step", e);
    }
  }

  /** Has the disk hold a file. Through no channel, which an interruption would close. */
  private static void sync(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.getFD().sync();
    }
  }

  /** Has the disk hold a name, where the system lets folders be synced. */
  private static void syncFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Not on this system, or interrupted: the file itself is synced.
    }
  }

  /** Writes through a file that cannot be replaced: a device, a pipe, standard output. */
  private static void copyTo(Path path, Content content) throws IOException {
    Path temporary = Files.createTempFile("farfit-", ".tmp");
    temporary.toFile().deleteOnExit();
    try {
      content.writeTo(temporary);
      if (STANDARD_OUTPUT.matcher(path.toString()).matches()) {
        copy(temporary, FileDescriptor.out);
      } else if (STANDARD_ERROR.matcher(path.toString()).matches()) {
        copy(temporary, FileDescriptor.err);
      } else {
        try (OutputStream out = new FileOutputStream(path.toFile())) {
          Files.copy(temporary, out);
        }
      }
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** The stream stays open, and goes on where it is. */
  @SuppressWarnings("resource")
  private static void copy(Path file, FileDescriptor descriptor) throws IOException {
    OutputStream out = new FileOutputStream(descriptor);
    Files.copy(file, out);
    out.flush();
  }

  /** Whether a path names something that is no file to be replaced, such as a device or a pipe. */
  public static boolean isSpecial(Path path) {
    String text = path.toString();
    return STANDARD_OUTPUT.matcher(text).matches()
        || STANDARD_ERROR.matcher(text).matches()
        || (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path));
  }

  /**
   * Where writing to a path ends: the path without links, also if there is nothing yet.
   *
   * @throws IOException if links lead in a circle
   */
  public static Path place(Path path) throws IOException {
    Path at = path.toAbsolutePath();
    for (int links = 0; Files.isSymbolicLink(at); links++) {
      if (links > MOST_LINKS) {
        throw new IOException("links lead in a circle");
      }
      at = at.resolveSibling(Files.readSymbolicLink(at)).toAbsolutePath();
    }
    Path folder = at.getParent();
    return folder != null && Files.exists(folder)
        ? folder.toRealPath().resolve(at.getFileName())
        : at.normalize();
  }

  /**
   * The first bytes of a file, one character each, to know its kind by; empty if it cannot be read.
   */
  public static String head(Path path, int length) {
    try (InputStream in = Files.newInputStream(path)) {
      return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * Makes a folder.
   *
   * @throws OutputException if it cannot be made
   */
  public static void makeFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw new OutputException(folder + ": is a file, expected a folder");
    } catch (IOException e) {
      throw new OutputException(folder, "cannot be made", e);
    }
  }
}

package org.farfit.report.output;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.farfit.data.InputException;

/**
 * A file that one owner at a time works on, in this process or another: locked by the system for as
 * long as it is open, so that nothing is left to tidy up after a process that was killed. What is
 * appended is synced. An interruption of the thread does not close it.
 */
public final class OwnedFile implements AutoCloseable {

  /** What this process owns: the system's locks are between processes. */
  private static final Set<Path> OWNED = new HashSet<>();

  private static final int ATTEMPTS = 10;

  private final Path path;
  private final Path real;
  private final RandomAccessFile file;

  private OwnedFile(Path path, Path real, RandomAccessFile file) {
    this.path = path;
    this.real = real;
    this.file = file;
  }

  /**
   * Opens a file, making it if it is not there.
   *
   * @param whole what its owner works on, as messages call it
   * @throws InputException if another owner has it, or it is no plain file
   */
  public static OwnedFile open(Path path, Path whole) {
    if (Files.isSymbolicLink(path) || (Files.exists(path) && !Files.isRegularFile(path))) {
      throw new InputException(path + ": is a link or no plain file, which farfit does not make");
    }
    try {
      Path real = OutputFile.place(path);
      synchronized (OWNED) {
        if (!OWNED.add(real)) {
          throw taken(whole);
        }
      }
      try {
        return new OwnedFile(path, real, locked(path, whole));
      } catch (IOException | RuntimeException e) {
        release(real);
        throw e;
      }
    } catch (IOException e) {
      throw new OutputException(path, "cannot be written", e);
    }
  }

  private static InputException taken(Path whole) {
    return new InputException(
        whole
            + ": another farfit is working on it; wait until it has ended, or choose another"
            + " file");
  }

  private static void release(Path real) {
    synchronized (OWNED) {
      OWNED.remove(real);
    }
  }

  @SuppressWarnings("resource") // The lock ends with the file.
  private static RandomAccessFile locked(Path path, Path whole) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
      try {
        Object before = key(path);
        // Beyond the content, which others may read meanwhile.
        FileLock lock = file.getChannel().tryLock(Long.MAX_VALUE - 1, 1, false);
        if (lock == null) {
          throw taken(whole);
        }
        // The last owner may have removed it in between.
        if (before != null && Objects.equals(before, key(path))) {
          return file;
        }
        file.close();
      } catch (IOException | RuntimeException e) {
        file.close();
        throw e;
      }
    }
    throw taken(whole);
  }

  /** What tells files of one name apart; null if there is none. */
  private static Object key(Path path) throws IOException {
    if (!Files.exists(path)) {
      return null;
    }
    Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    return key == null ? path : key;
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Empties it. */
  public void clear() {
    attempt(() -> {
      file.setLength(0);
      file.getFD().sync();
    });
  }

  /** Reads its lines, the last one also if it has no end. */
  @SuppressWarnings("resource") // Closing the reader would close the file.
  public void readLines(Consumer<String> lines) {
    attempt(() -> {
      file.seek(0);
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(new FileInputStream(file.getFD()), StandardCharsets.UTF_8));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.accept(line);
      }
    });
  }

  /** Appends a line, which ends in a line break, after ending one that was cut off. */
  public void append(String line) {
    attempt(() -> {
      long end = file.length();
      boolean cut = false;
      if (end > 0) {
        file.seek(end - 1);
        cut = file.read() != '\n';
      }
      file.seek(end);
      file.write(((cut ? "\n" : "") + line).getBytes(StandardCharsets.UTF_8));
      file.getFD().sync();
    });
  }

  /** Removes it, while it is still owned. */
  public void delete() {
    attempt(() -> Files.deleteIfExists(path));
  }

  private interface Access {
    void run() throws IOException;
  }

  private void attempt(Access access) {
    try {
      access.run();
    } catch (IOException e) {
      throw new OutputException(path, "cannot be read or written", e);
    }
  }

  @Override
  public void close() {
    try {
      attempt(file::close);
    } finally {
      release(real);
    }
  }
}

package org.farfit.cli;

import org.farfit.data.ReadingListener;

/** Shows how far the reading of a file is, in megabytes, and then the columns made of its cells. */
final class ReadingProgress implements ReadingListener, AutoCloseable {

  private final Progress reading;
  private final Progress converting;

  /**
   * Nothing read yet.
   *
   * @param file its name
   */
  ReadingProgress(String file) {
    this(new Progress("reading " + file + ", MB"), new Progress("columns of numbers of " + file));
  }

  /** Shown by two bars, one after the other. */
  ReadingProgress(Progress reading, Progress converting) {
    this.reading = reading;
    this.converting = converting;
  }

  @Override
  public void read(long bytes, long total) {
    if (total > 0) {
      reading.done((int) (bytes >> 20), (int) Math.max(1, total >> 20));
    }
  }

  @Override
  public void converted(int columns, int total) {
    reading.close();
    converting.done(columns, total);
  }

  @Override
  public void close() {
    reading.close();
    converting.close();
  }
}

package org.farfit.data;

/** Is told how far the reading of a file is. */
@FunctionalInterface
public interface ReadingListener {

  /** A listener that does nothing. */
  ReadingListener NONE = (bytes, total) -> {};

  /**
   * So many bytes of the file have been read, as it is stored; said every now and then.
   *
   * @param total length of the file; 0 if that is not known
   */
  void read(long bytes, long total);

  /**
   * All has been read, and of its cells so many columns of numbers have been made.
   *
   * @param total how many there will be
   */
  default void converted(int columns, int total) {}
}

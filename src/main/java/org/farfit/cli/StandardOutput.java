package org.farfit.cli;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Optional;
import org.farfit.data.FileProblem;

/** Where commands print: keeps in mind why something could not be written. */
final class StandardOutput extends PrintWriter {

  private final Target target;

  private StandardOutput(Target target) {
    super(target);
    this.target = target;
  }

  /** The standard output of this process. */
  static StandardOutput ofProcess() {
    return of(
        new BufferedWriter(
            new OutputStreamWriter(
                new FileOutputStream(FileDescriptor.out), System.out.charset())));
  }

  /** Any other output. */
  static StandardOutput of(Writer writer) {
    return new StandardOutput(new Target(writer));
  }

  /** Writes what is still held back, and says why anything could not be written. */
  static Optional<String> failure(PrintWriter output) {
    if (!output.checkError()) {
      return Optional.empty();
    }
    return Optional.of(
        output instanceof StandardOutput known && known.target.failure != null
            ? FileProblem.words(known.target.failure)
            : "the disk is full or its reader has gone");
  }

  /** Writes, and keeps the first failure, of which {@link PrintWriter} says only that it was. */
  private static final class Target extends Writer {

    private final Writer writer;
    private IOException failure;

    Target(Writer writer) {
      this.writer = writer;
    }

    @Override
    public void write(char[] characters, int offset, int length) throws IOException {
      attempt(() -> writer.write(characters, offset, length));
    }

    @Override
    public void flush() throws IOException {
      attempt(writer::flush);
    }

    @Override
    public void close() throws IOException {
      attempt(writer::close);
    }

    private void attempt(Access access) throws IOException {
      try {
        access.run();
      } catch (IOException e) {
        failure = failure == null ? e : failure;
        throw e;
      }
    }
  }

  private interface Access {
    void run() throws IOException;
  }
}

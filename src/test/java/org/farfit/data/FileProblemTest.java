package org.farfit.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

/** Messages of Java that only repeat the name of a file become reasons. */
class FileProblemTest {

  @Test
  void saysWhy() {
    assertThat(FileProblem.words(new AccessDeniedException("a.csv")))
        .isEqualTo("permission denied");
    assertThat(FileProblem.words(new NoSuchFileException("a.csv")))
        .isEqualTo("no such file or folder");
    assertThat(FileProblem.words(new FileSystemException("a.csv", null, "Input/output error")))
        .isEqualTo("Input/output error");
    assertThat(FileProblem.words(new FileSystemException("a.csv")))
        .isEqualTo("FileSystemException");
    assertThat(FileProblem.words(new IOException("disk is full"))).isEqualTo("disk is full");
  }
}

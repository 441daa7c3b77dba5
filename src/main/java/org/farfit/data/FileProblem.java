package org.farfit.data;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file could not be read or written, in words: the messages of Java often only name it. */
public final class FileProblem {

  private FileProblem() {}

  /** The reason, without the file's name. */
  public static String words(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file or folder";
      case AccessDeniedException _ -> "permission denied";
      case NotDirectoryException _ -> "not a folder";
      case FileSystemException failed when failed.getReason() != null -> failed.getReason();
      default ->
          e.getMessage() == null || e instanceof FileSystemException
              ? e.getClass().getSimpleName()
              : e.getMessage();
    };
  }
}

package org.farfit.data;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file that someone wrote by hand whole, up to a limit, whatever it is. */
public final class SmallTextFile {

  private SmallTextFile() {}

  /**
   * Reads UTF-8 text.
   *
   * @param most how many characters are accepted
   * @param expected what it should be, with an article
   * @throws InputException if it cannot be read, is too long, or is no text
   */
  public static String read(Path path, int most, String expected) {
    try (Reader in =
        new InputStreamReader(Files.newInputStream(path), StandardCharsets.UTF_8.newDecoder())) {
      StringBuilder text = new StringBuilder();
      char[] buffer = new char[1 << 13];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        text.append(buffer, 0, read);
        if (text.length() > most) {
          throw new InputException(
              "%s: is longer than the %,d characters that %s may have"
                  .formatted(path, most, expected));
        }
      }
      return text.toString();
    } catch (CharacterCodingException e) {
      throw new InputException("%s: is not UTF-8 text, expected %s".formatted(path, expected), e);
    } catch (IOException e) {
      throw new InputException("%s: cannot be read: %s".formatted(path, FileProblem.words(e)), e);
    }
  }
}

package org.farfit.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The text of a file as it comes, without holding it: strict UTF-8, no zero characters, no line
 * longer than {@link InputLimits#LINE_CHARACTERS}. Anything else is an {@link InputException}.
 */
final class TextReader extends Reader {

  private final String file;
  private final Reader in;
  private long line = 1;
  private int length;

  TextReader(String file, InputStream bytes) {
    this.file = file;
    this.in =
        new InputStreamReader(
            bytes,
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT));
  }

  @Override
  public int read(char[] buffer, int offset, int count) throws IOException {
    try {
      int read = in.read(buffer, offset, count);
      for (int i = offset; i < offset + read; i++) {
        check(buffer[i]);
      }
      return read;
    } catch (CharacterCodingException e) {
      throw new InputException(
          file + ": is not UTF-8 text; save it as UTF-8, a spreadsheet as CSV", e);
    }
  }

  private void check(char c) {
    if (c == '\0') {
      throw new InputException(
          file + ": is not a text file (it holds zero bytes); save a spreadsheet as CSV");
    }
    if (c == '\n' || c == '\r') {
      line += c == '\n' ? 1 : 0;
      length = 0;
    } else if (++length > InputLimits.LINE_CHARACTERS) {
      throw new InputException(
          "%s: line %d: is longer than the %,d characters that a line may have"
              .formatted(file, line, InputLimits.LINE_CHARACTERS));
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

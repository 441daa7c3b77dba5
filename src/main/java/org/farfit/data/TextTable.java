package org.farfit.data;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvReadException;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A file of rows as cells: delimited text (comma, tab or semicolon, told from the header; quoted as
 * in RFC 4180) or JSON lines, plain or gzip, in UTF-8; or Parquet. Told apart by what it holds.
 * Knows nothing of runs.
 *
 * @param file the name that messages use
 * @param header names of the columns, stripped of blanks
 * @param rows the rows after the header; blank lines are left out
 * @param sha256 hash of the file's bytes as stored, hexadecimal
 */
record TextTable(String file, List<String> header, List<Row> rows, String sha256) {

  /**
   * One row.
   *
   * @param place where it is in the file, for messages: {@code line 2}, or {@code row 1}
   * @param cells as many as the header has
   */
  record Row(String place, List<String> cells) {}

  private static final CsvMapper CSV =
      CsvMapper.builder()
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .enable(CsvParser.Feature.TRIM_SPACES)
          .build();

  /**
   * Reads a file.
   *
   * @throws InputException if it is missing, a directory, unreadable, empty, not text, or if a row
   *     has not as many cells as the header
   */
  static TextTable read(Path path) {
    if (Files.isDirectory(path)) {
      throw new InputException(path + ": is a directory, expected a file of runs");
    }
    if (!Files.exists(path)) {
      throw new InputException(path + ": no such file");
    }
    try {
      return parse(path.toString(), Files.readAllBytes(path));
    } catch (IOException e) {
      throw new InputException("%s: cannot be read: %s".formatted(path, e.getMessage()), e);
    }
  }

  /** Reads the bytes of a file; {@code file} is the name that messages use. */
  static TextTable parse(String file, byte[] bytes) {
    byte[] plain = unzip(file, bytes);
    if (Parquet.looksLike(plain)) {
      return Parquet.parse(file, plain, sha256(bytes));
    }
    String text = decode(file, plain);
    if (text.isBlank()) {
      throw new InputException(
          file + ": is empty, expected a header line with column names and one line per run");
    }
    if (JsonLines.looksLike(text)) {
      return JsonLines.parse(file, text, sha256(bytes));
    }
    List<Row> lines = cells(file, text, delimiter(text));
    List<String> header = lines.getFirst().cells();
    checkHeader(file, header);
    List<Row> rows = lines.subList(1, lines.size());
    for (Row row : rows) {
      if (row.cells().size() != header.size()) {
        throw new InputException(
            "%s: %s: %d cells, expected %d as in the header"
                .formatted(file, row.place(), row.cells().size(), header.size()));
      }
    }
    return new TextTable(file, header, List.copyOf(rows), sha256(bytes));
  }

  private static byte[] unzip(String file, byte[] bytes) {
    boolean gzip = bytes.length > 2 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
    if (!gzip) {
      return bytes;
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new InputException("%s: broken gzip data: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static String decode(String file, byte[] bytes) {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
      if (text.indexOf('\0') >= 0) {
        throw new InputException(file + ": is not a text file (it holds zero bytes)");
      }
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new InputException(file + ": is not UTF-8 text; save it as UTF-8", e);
    }
  }

  /** The one of comma, tab and semicolon that is most frequent in the first line. */
  private static char delimiter(String text) {
    String first = text.strip().lines().findFirst().orElse("");
    char best = ',';
    long most = -1;
    for (char candidate : new char[] {',', '\t', ';'}) {
      long count = first.chars().filter(c -> c == candidate).count();
      if (count > most) {
        best = candidate;
        most = count;
      }
    }
    return best;
  }

  private static List<Row> cells(String file, String text, char delimiter) {
    CsvSchema schema = CsvSchema.emptySchema().withColumnSeparator(delimiter);
    List<Row> rows = new ArrayList<>();
    long line = 1;
    try (CsvParser parser = (CsvParser) CSV.reader().with(schema).createParser(text)) {
      while (parser.nextToken() == JsonToken.START_ARRAY) {
        List<String> cells = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          line = parser.currentTokenLocation().getLineNr();
          cells.add(parser.getText().strip());
        }
        rows.add(new Row("line " + line, List.copyOf(cells)));
      }
      return rows;
    } catch (CsvReadException e) {
      throw new InputException(
          "%s: line %d: %s"
              .formatted(file, e.getLocation().getLineNr(), e.getOriginalMessage().strip()),
          e);
    } catch (IOException e) {
      throw new InputException(
          "%s: after line %d: %s".formatted(file, line, e.getMessage().lines().findFirst().get()),
          e);
    }
  }

  private static void checkHeader(String file, List<String> header) {
    boolean numeric = !header.isEmpty();
    for (String name : header) {
      try {
        Quantity.parse(name);
      } catch (NumberFormatException e) {
        numeric = false;
      }
    }
    if (numeric) {
      throw new InputException(
          "%s: line 1: found numbers (%s), expected column names; add a header line"
              .formatted(file, String.join(", ", header)));
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

package org.farfit.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvReadException;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.RandomAccess;
import java.util.zip.GZIPInputStream;

/**
 * A file of rows as cells: delimited text (comma, tab, semicolon or |, told from the header; quoted
 * as in RFC 4180) or JSON lines, plain or gzip, in UTF-8; or Parquet. Told apart by what it holds.
 * Knows nothing of runs. Read as it comes and kept by column ({@link TextColumns}), so that it
 * takes about as much memory as the file is long.
 *
 * @param file the name that messages use
 * @param cells the cells with their header
 * @param sha256 hash of the file's bytes as stored, hexadecimal
 */
record TextTable(String file, TextColumns cells, String sha256) {

  /** How many bytes tell kinds of files apart. */
  private static final int MAGIC = 4;

  private static final int BYTE_ORDER_MARK = '\uFEFF';

  private static final CsvMapper CSV =
      CsvMapper.builder(
              CsvFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(InputLimits.LINE_CHARACTERS)
                          .build())
                  // What follows is read for the hash.
                  .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
                  .build())
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .enable(CsvParser.Feature.TRIM_SPACES)
          .build();

  /**
   * One row, which the table holds.
   *
   * @param cells the table's
   * @param number from 0
   */
  record Row(TextColumns cells, int number) {

    /** Where it is in the file, for messages: {@code line 2}, or {@code row 1}. */
    String place() {
      return cells.place(number);
    }

    /** The text of a column, empty where there is none. */
    String cell(int column) {
      return cells.cell(column, number);
    }
  }

  /** Names of the columns, stripped of blanks. */
  List<String> header() {
    return cells.header();
  }

  /** How many rows there are after the header; blank lines do not count. */
  int rowCount() {
    return cells.rowCount();
  }

  Row row(int number) {
    return new Row(cells, number);
  }

  /** The rows after the header: a view, which takes no memory. */
  List<Row> rows() {
    return new Rows(this);
  }

  private static final class Rows extends AbstractList<Row> implements RandomAccess {

    private final TextTable table;

    Rows(TextTable table) {
      this.table = table;
    }

    @Override
    public Row get(int number) {
      return table.row(number);
    }

    @Override
    public int size() {
      return table.rowCount();
    }
  }

  /**
   * Reads a file.
   *
   * @throws InputException if it is missing, a directory, unreadable, empty, not text, beyond
   *     {@link InputLimits}, or if a row has not as many cells as the header
   */
  static TextTable read(Path path) {
    return read(path, ReadingListener.NONE);
  }

  /** Reads a file, telling how far it is. */
  static TextTable read(Path path, ReadingListener listener) {
    if (Files.isDirectory(path)) {
      throw new InputException(path + ": is a directory, expected a file of runs");
    }
    if (!Files.exists(path)) {
      throw new InputException(path + ": no such file");
    }
    try (InputStream in = new Counted(Files.newInputStream(path), Files.size(path), listener)) {
      return parse(path.toString(), in);
    } catch (IOException e) {
      throw new InputException("%s: cannot be read: %s".formatted(path, FileProblem.words(e)), e);
    } catch (OutOfMemoryError e) {
      throw new InputException(
          "%s: needs more than the %,d MB of memory that there are; leave out rows or columns, or give more with -Xmx"
              .formatted(path, Runtime.getRuntime().maxMemory() >> 20),
          e);
    }
  }

  /** Reads the bytes of a file; {@code file} is the name that messages use. */
  static TextTable parse(String file, byte[] bytes) {
    try {
      return parse(file, new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new InputException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static TextTable parse(String file, InputStream in) throws IOException {
    MessageDigest digest = digest();
    BufferedInputStream stored =
        new BufferedInputStream(new DigestInputStream(in, digest), 1 << 16);
    BufferedInputStream plain = unzipped(file, stored);
    TextColumns cells =
        Parquet.looksLike(magic(plain)) ? Parquet.read(file, plain) : text(file, plain);
    // What follows the end of zipped data is part of the file, too.
    stored.transferTo(OutputStream.nullOutputStream());
    return new TextTable(file, cells, HexFormat.of().formatHex(digest.digest()));
  }

  private static byte[] magic(BufferedInputStream in) throws IOException {
    in.mark(MAGIC);
    byte[] magic = in.readNBytes(MAGIC);
    in.reset();
    return magic;
  }

  private static BufferedInputStream unzipped(String file, BufferedInputStream stored)
      throws IOException {
    byte[] magic = magic(stored);
    boolean gzip = magic.length > 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b;
    if (!gzip) {
      return stored;
    }
    try {
      return new BufferedInputStream(new Unzipped(file, new GZIPInputStream(stored)));
    } catch (IOException e) {
      throw broken(file, e);
    }
  }

  private static InputException broken(String file, IOException e) {
    return new InputException("%s: broken gzip data: %s".formatted(file, e.getMessage()), e);
  }

  /** A file that tells how much of it has been read, after each mebibyte or so. */
  private static final class Counted extends FilterInputStream {

    private static final long STEP = 1 << 20;

    private final long total;
    private final ReadingListener listener;
    private long bytes;
    private long reported;

    Counted(InputStream in, long total, ReadingListener listener) {
      super(in);
      this.total = total;
      this.listener = listener;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = in.read(buffer, offset, length);
      bytes += Math.max(0, read);
      if (bytes - reported >= STEP) {
        reported = bytes;
        listener.read(bytes, total);
      }
      return read;
    }
  }

  /** Zipped data, whose defects are told from those of what they hold. */
  private static final class Unzipped extends FilterInputStream {

    private final String file;

    Unzipped(String file, GZIPInputStream in) {
      super(in);
      this.file = file;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      try {
        return in.read(bytes, offset, length);
      } catch (IOException e) {
        throw broken(file, e);
      }
    }
  }

  private static TextColumns text(String file, InputStream plain) throws IOException {
    BufferedReader text = new BufferedReader(new TextReader(file, plain));
    text.mark(1);
    if (text.read() != BYTE_ORDER_MARK) {
      text.reset();
    }
    long skipped = 0;
    text.mark(InputLimits.LINE_CHARACTERS + 2);
    String first = text.readLine();
    while (first != null && first.isBlank()) {
      skipped++;
      text.mark(InputLimits.LINE_CHARACTERS + 2);
      first = text.readLine();
    }
    if (first == null) {
      throw new InputException(
          file + ": is empty, expected a header line with column names and one line per run");
    }
    text.reset();
    return JsonLines.looksLike(first)
        ? JsonLines.parse(file, text, skipped)
        : delimited(file, text, delimiter(first), skipped);
  }

  /** The one of comma, tab, semicolon and | that is most frequent in the first line. */
  private static char delimiter(String first) {
    char best = ',';
    long most = -1;
    for (char candidate : new char[] {',', '\t', ';', '|'}) {
      long count = first.strip().chars().filter(c -> c == candidate).count();
      if (count > most) {
        best = candidate;
        most = count;
      }
    }
    return best;
  }

  private static TextColumns delimited(
      String file, BufferedReader text, char delimiter, long skipped) throws IOException {
    CsvSchema schema = CsvSchema.emptySchema().withColumnSeparator(delimiter);
    TextColumns rows = null;
    long line = skipped + 1;
    List<String> header = new ArrayList<>();
    try (CsvParser parser = (CsvParser) CSV.reader().with(schema).createParser(text)) {
      while (parser.nextToken() == JsonToken.START_ARRAY) {
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          if (count == 0) {
            line = skipped + parser.currentTokenLocation().getLineNr();
          }
          if (count == InputLimits.COLUMNS) {
            throw new InputException(
                "%s: line %d: has more than the %,d columns that a table may have"
                    .formatted(file, line, InputLimits.COLUMNS));
          }
          if (rows == null) {
            header.add(parser.getText().strip());
          } else if (count < header.size()) {
            rows.set(
                count, parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
          }
          count++;
        }
        if (rows == null) {
          rows = new TextColumns(file, "line");
          addHeader(file, rows, header);
        } else {
          endRow(file, rows, line, count);
        }
      }
    } catch (CsvReadException e) {
      throw new InputException(
          "%s: line %d: %s"
              .formatted(
                  file, skipped + e.getLocation().getLineNr(), e.getOriginalMessage().strip()),
          e);
    } catch (StreamConstraintsException e) {
      throw new InputException(
          "%s: after line %d: a cell is longer than the %,d characters that it may have; is a quote not closed?"
              .formatted(file, line, InputLimits.LINE_CHARACTERS),
          e);
    } catch (JsonProcessingException e) {
      throw new InputException(
          "%s: after line %d: %s"
              .formatted(file, line, e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    }
    return rows == null ? new TextColumns(file, "line") : rows;
  }

  private static void endRow(String file, TextColumns rows, long line, int count) {
    List<String> header = rows.header();
    if (count != header.size()) {
      throw new InputException(
          "%s: line %d: %d cells, expected %d as in the header%s"
              .formatted(
                  file,
                  line,
                  count,
                  header.size(),
                  header.size() > 1
                      ? ""
                      : ", which is '%s'; names of columns must come first"
                          .formatted(Shown.text(header.getFirst()))));
    }
    rows.endRow(line);
  }

  private static void addHeader(String file, TextColumns rows, List<String> header) {
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
              .formatted(file, Shown.list(header)));
    }
    header.forEach(rows::addColumn);
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

package org.farfit.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.farfit.data.InputException;
import org.farfit.report.output.GuardedText;
import org.farfit.report.output.OutputFile;

/** The rows of a sweep as a tidy table: CSV, JSON lines or Parquet. */
public final class SweepResults {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** The first columns, by which a table is known again. */
  private static final List<String> FIRST_COLUMNS =
      Arrays.stream(SweepKey.class.getRecordComponents())
          .limit(8)
          .map(RecordComponent::getName)
          .toList();

  /** The columns: the parts of a key, then those of a result. */
  private static final List<RecordComponent> COLUMNS =
      Stream.of(SweepKey.class, SweepResult.class)
          .flatMap(part -> Arrays.stream(part.getRecordComponents()))
          .toList();

  /** How the first line of JSON begins: with an identifier and an input. */
  private static final Pattern FIRST_LINE =
      Pattern.compile("^\\{\"id\":\"[0-9a-f]{16}\",\"input\":\"");

  private static final String PARQUET = "PAR1";
  private static final int HEAD = 500;
  private static final int END = 1 << 16;

  private SweepResults() {}

  /** Kinds of files. */
  public enum Format {
    /** Delimited text with a header. */
    CSV,
    /** A JSON object a line. */
    JSONL,
    /** Apache Parquet. */
    PARQUET;

    /**
     * The kind that a file's name ends in.
     *
     * @throws InputException if it is none of them
     */
    public static Format of(Path path) {
      String name = path.toString().toLowerCase(Locale.ROOT);
      return Arrays.stream(values())
          .filter(format -> name.endsWith("." + format.name().toLowerCase(Locale.ROOT)))
          .findFirst()
          .orElseThrow(() ->
              new InputException(
                  path + ": unknown kind of table, expected .csv, .jsonl or .parquet"));
    }
  }

  /** A row as values by column; parameters as a JSON text. */
  private static Map<String, Object> flat(SweepRow row) {
    Map<String, Object> values = new LinkedHashMap<>();
    try {
      for (RecordComponent component : COLUMNS) {
        Object part = component.getDeclaringRecord() == SweepKey.class ? row.key() : row.result();
        Object value = component.getAccessor().invoke(part);
        boolean isParameters = component.getName().equals("parameters");
        values.put(component.getName(), isParameters ? MAPPER.writeValueAsString(value) : value);
      }
      return values;
    } catch (ReflectiveOperationException | JsonProcessingException e) {
      throw new IllegalStateException("rows are plain public records", e);
    }
  }

  /** Whether a file looks like a table of a sweep, of any of the kinds. */
  public static boolean isOne(Path path) {
    String head = OutputFile.head(path, HEAD);
    return head.startsWith(String.join(",", FIRST_COLUMNS))
        || FIRST_LINE.matcher(head).find()
        || (head.startsWith(PARQUET) && isOwnParquet(path));
  }

  /** The end of a Parquet file names its columns. */
  private static boolean isOwnParquet(Path path) {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      byte[] end = new byte[(int) Math.min(file.length(), END)];
      file.seek(file.length() - end.length);
      file.readFully(end);
      String text = new String(end, StandardCharsets.ISO_8859_1);
      return FIRST_COLUMNS.stream().allMatch(text::contains);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Writes rows as a file, one by one; the file appears when it is whole. Text cells of CSV are
   * made safe for spreadsheets.
   *
   * @return how many there were
   * @throws InputException if it cannot be written
   */
  public static long write(Path path, Format format, Stream<SweepRow> rows) {
    return write(path, format, rows, true);
  }

  /**
   * Writes rows as a file, one by one; the file appears when it is whole.
   *
   * @param guarded whether text cells of CSV are made safe for spreadsheets ({@link GuardedText})
   * @return how many there were
   * @throws InputException if it cannot be written
   */
  public static long write(Path path, Format format, Stream<SweepRow> rows, boolean guarded) {
    LongAdder written = new LongAdder();
    Stream<SweepRow> counted = rows.peek(row -> written.increment());
    OutputFile.write(
        path,
        temporary -> {
          if (format == Format.PARQUET) {
            Path lines = temporary.resolveSibling(temporary.getFileName() + ".jsonl");
            try {
              writeText(lines, Format.JSONL, counted, true, false);
              parquet(lines, temporary);
            } finally {
              Files.deleteIfExists(lines);
            }
          } else {
            writeText(temporary, format, counted, false, guarded);
          }
        });
    return written.sum();
  }

  private static void writeText(
      Path path, Format format, Stream<SweepRow> rows, boolean flattened, boolean guarded)
      throws IOException {
    CsvSchema.Builder columns = CsvSchema.builder();
    for (RecordComponent component : COLUMNS) {
      columns.addColumn(component.getName());
    }
    ObjectWriter csv = new CsvMapper().writer(columns.build().withHeader());
    try (BufferedWriter out = Files.newBufferedWriter(path);
        SequenceWriter values = format == Format.CSV ? csv.writeValues(out) : null) {
      for (Iterator<SweepRow> each = rows.iterator(); each.hasNext(); ) {
        SweepRow row = each.next();
        if (format == Format.CSV) {
          Map<String, Object> cells = flat(row);
          if (guarded) {
            cells.replaceAll(
                (name, cell) -> cell instanceof String text ? GuardedText.of(text) : cell);
          }
          values.write(cells);
        } else {
          out.write(flattened ? MAPPER.writeValueAsString(flat(row)) + "\n" : SweepParts.line(row));
        }
      }
    }
  }

  /** DuckDB reads the lines with the types of the record and writes them as Parquet. */
  private static void parquet(Path lines, Path path) throws IOException {
    String columns =
        COLUMNS.stream()
            .map(component -> "'" + component.getName() + "': '" + type(component.getType()) + "'")
            .collect(Collectors.joining(", ", "{", "}"));
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT * FROM read_json('%s', format = 'newline_delimited', columns = %s)) TO '%s' (FORMAT parquet)"
              .formatted(quoted(lines), columns, quoted(path)));
    } catch (SQLException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static String quoted(Path path) {
    return path.toString().replace("'", "''");
  }

  private static String type(Class<?> type) {
    if (type == int.class) {
      return "INTEGER";
    }
    if (type == long.class) {
      return "BIGINT";
    }
    return type == Double.class ? "DOUBLE" : "VARCHAR";
  }
}

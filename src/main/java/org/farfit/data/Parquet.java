package org.farfit.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Parquet as a table, by way of DuckDB. Its driver is an optional dependency ({@code
 * org.duckdb:duckdb_jdbc}): without it there is no Parquet, and all else works.
 */
final class Parquet {

  private static final String URL = "jdbc:duckdb:";

  private Parquet() {}

  /** Whether bytes begin like a Parquet file. */
  static boolean looksLike(byte[] bytes) {
    return bytes.length > 4
        && bytes[0] == 'P'
        && bytes[1] == 'A'
        && bytes[2] == 'R'
        && bytes[3] == '1';
  }

  static TextTable parse(String file, byte[] bytes, String sha256) {
    Path copy = null;
    try {
      copy = Files.createTempFile("farfit-", ".parquet");
      Files.write(copy, bytes);
      return read(file, copy, sha256);
    } catch (IOException e) {
      throw new InputException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
    } finally {
      if (copy != null) {
        copy.toFile().delete();
      }
    }
  }

  private static TextTable read(String file, Path copy, String sha256) {
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT * FROM read_parquet('%s')".formatted(copy.toString().replace("'", "''")))) {
      ResultSetMetaData columns = result.getMetaData();
      List<String> header = new ArrayList<>();
      for (int c = 1; c <= columns.getColumnCount(); c++) {
        header.add(columns.getColumnName(c).strip());
      }
      List<TextTable.Row> rows = new ArrayList<>();
      while (result.next()) {
        List<String> cells = new ArrayList<>();
        for (int c = 1; c <= header.size(); c++) {
          cells.add(Objects.toString(result.getObject(c), ""));
        }
        rows.add(new TextTable.Row("row " + (rows.size() + 1), cells));
      }
      return new TextTable(file, header, rows, sha256);
    } catch (SQLException e) {
      throw new InputException(
          "%s: cannot be read as Parquet: %s"
              .formatted(file, e.getMessage().lines().findFirst().orElse("")),
          e);
    }
  }

  private static Connection connect(String file) {
    try {
      return DriverManager.getConnection(URL);
    } catch (SQLException e) {
      throw new InputException(
          file
              + ": Parquet needs DuckDB's driver; add org.duckdb:duckdb_jdbc to the class path, or"
              + " convert the file to CSV or JSON lines",
          e);
    }
  }
}

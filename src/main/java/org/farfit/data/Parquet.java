package org.farfit.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Properties;

/**
 * Parquet as a table, by way of DuckDB. Its driver is an optional dependency ({@code
 * org.duckdb:duckdb_jdbc}): without it there is no Parquet, and all else works.
 */
final class Parquet {

  private static final String URL = "jdbc:duckdb:";

  private Parquet() {}

  /** Whether bytes begin like a Parquet file. */
  static boolean looksLike(byte[] bytes) {
    return bytes.length >= 4
        && bytes[0] == 'P'
        && bytes[1] == 'A'
        && bytes[2] == 'R'
        && bytes[3] == '1';
  }

  static TextColumns read(String file, InputStream bytes) throws IOException {
    Path copy = Files.createTempFile("farfit-", ".parquet");
    try {
      Files.copy(bytes, copy, StandardCopyOption.REPLACE_EXISTING);
      return read(file, copy);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private static TextColumns read(String file, Path copy) {
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT * FROM read_parquet('%s')".formatted(copy.toString().replace("'", "''")))) {
      ResultSetMetaData columns = result.getMetaData();
      TextColumns table = new TextColumns(file, "row");
      for (int c = 1; c <= columns.getColumnCount(); c++) {
        table.addColumn(columns.getColumnName(c).strip());
      }
      while (result.next()) {
        for (int c = 0; c < table.header().size(); c++) {
          table.set(c, Objects.toString(result.getObject(c + 1), ""));
        }
        table.endRow(table.rowCount() + 1L);
      }
      return table;
    } catch (SQLException e) {
      throw new InputException(
          "%s: cannot be read as Parquet: %s"
              .formatted(
                  file,
                  e.getMessage().lines().findFirst().orElse("").replace(copy.toString(), file)),
          e);
    }
  }

  private static Connection connect(String file) {
    try {
      Properties settings = new Properties();
      // Rows come as they are asked for, and are not all held by the driver, too.
      settings.setProperty("jdbc_stream_results", "true");
      return DriverManager.getConnection(URL, settings);
    } catch (SQLException e) {
      throw new InputException(
          file
              + ": Parquet needs DuckDB's driver; add org.duckdb:duckdb_jdbc to the class path, or"
              + " convert the file to CSV or JSON lines",
          e);
    }
  }
}

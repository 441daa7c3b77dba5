package org.farfit.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.farfit.data.FileProblem;
import org.farfit.data.InputException;
import org.farfit.report.OutputException;
import org.farfit.report.OutputFile;

/**
 * The finished parts of a sweep: a file of JSON lines for each shard, written whole. What is there
 * is done; what is not is to do.
 */
final class ShardStore {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final Path folder;

  /**
   * A store.
   *
   * @param folder is made if it does not exist
   * @throws InputException if it cannot be made
   */
  ShardStore(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new OutputException(folder, "cannot be made", e);
    }
  }

  private Path file(SweepShard shard) {
    return folder.resolve(shard.id() + ".jsonl");
  }

  boolean has(SweepShard shard) {
    return Files.exists(file(shard));
  }

  void write(SweepShard shard, List<SweepRow> rows) {
    StringBuilder text = new StringBuilder();
    for (SweepRow row : rows) {
      text.append(line(row));
    }
    OutputFile.write(file(shard), text.toString());
  }

  List<SweepRow> read(SweepShard shard) {
    Path file = file(shard);
    try {
      List<SweepRow> rows = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        rows.add(MAPPER.readValue(line, SweepRow.class));
      }
      return rows;
    } catch (IOException e) {
      throw new InputException("%s: cannot be read: %s".formatted(file, FileProblem.words(e)), e);
    }
  }

  /** A row as a line of JSON. */
  static String line(SweepRow row) {
    try {
      return MAPPER.writeValueAsString(row) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("rows are plain records", e);
    }
  }

  /** Removes what is done of a sweep, to begin anew. */
  void clear(SweepPlan plan) {
    try {
      for (int i = 0; i < plan.shardCount(); i++) {
        Files.deleteIfExists(file(plan.shard(i)));
      }
    } catch (IOException e) {
      throw new OutputException(folder, "cannot be removed", e);
    }
  }
}

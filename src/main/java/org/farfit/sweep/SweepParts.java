package org.farfit.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.farfit.data.InputException;
import org.farfit.report.output.CheckedLine;
import org.farfit.report.output.OutputException;
import org.farfit.report.output.OutputFile;
import org.farfit.report.output.OwnedFile;

/**
 * The folder of the finished parts of a sweep, which one process at a time owns: a file for each
 * shard, written whole and synced. Its first line names what the rows depend on (tasks, engine,
 * version, hashes of the inputs) and how many there are, with their hash; then come the rows as
 * JSON lines. What is there, whole and of the same, is done; all else is to do. Only files that a
 * sweep wrote are ever removed.
 */
public final class SweepParts implements AutoCloseable {

  private static final String SCHEMA = "farfit.sweep-shard/1";

  /** The file that is locked, and by which the folder is known to be a sweep's. */
  private static final String OWNER = "farfit.lock";

  private static final String OWNER_TEXT = "farfit sweep: finished parts\n";
  private static final Pattern SHARD = Pattern.compile("[0-9a-f]{16}\\.jsonl");
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int MOST_TOLD = 5;

  private final Path folder;
  private final OwnedFile owner;
  private final Map<String, String> madeBy;
  private final Consumer<String> log;
  private final Map<String, Input> inputs = new HashMap<>();

  /** The first line of a shard. */
  private record Header(
      String schema,
      String id,
      Map<String, String> madeBy,
      Map<String, String> inputs,
      int rows,
      String sha256) {}

  /** An input as it was when it was first looked at; what cannot be read has no hash. */
  private record Input(String sha256, long size, FileTime modified) {}

  private SweepParts(
      Path folder, OwnedFile owner, Map<String, String> madeBy, Consumer<String> log) {
    this.folder = folder;
    this.owner = owner;
    this.madeBy = new TreeMap<>(madeBy);
    this.log = log;
  }

  /**
   * Takes possession of a folder.
   *
   * @param folder is made if it does not exist
   * @param madeBy what rows depend on besides their tasks and inputs: version and engine
   * @param log is told what is damaged or out of date
   * @throws InputException if another process has it, or it holds what is not a sweep's
   */
  public static SweepParts open(Path folder, Map<String, String> madeBy, Consumer<String> log) {
    List<Path> foreign = foreign(folder);
    if (!foreign.isEmpty()) {
      throw new InputException(
          "%s: is a link or holds what farfit did not write (%s); move it away"
              .formatted(folder, foreign.getFirst().getFileName()));
    }
    OutputFile.makeFolder(folder);
    OwnedFile owner = OwnedFile.open(folder.resolve(OWNER), folder);
    owner.clear();
    owner.append(OWNER_TEXT);
    return new SweepParts(folder, owner, madeBy, log);
  }

  /**
   * What a folder holds that no sweep wrote; the folder itself if it is a link or no folder.
   *
   * @param folder need not exist
   */
  public static List<Path> foreign(Path folder) {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return List.of(folder);
    }
    boolean own = isOwner(folder.resolve(OWNER));
    return files(folder).stream().filter(file -> !(own && isOwn(file))).toList();
  }

  private static boolean isOwner(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && OWNER_TEXT.startsWith(OutputFile.head(file, OWNER_TEXT.length()));
  }

  private static boolean isOwn(Path file) {
    String name = file.getFileName().toString();
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && (name.equals(OWNER) || SHARD.matcher(name).matches() || OutputFile.isTemporary(file));
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new InputException("%s: cannot be read: %s".formatted(folder, e.getMessage()), e);
    }
  }

  /** Where it is. */
  public Path folder() {
    return folder;
  }

  private Path file(SweepShard shard) {
    return folder.resolve(shard.id() + ".jsonl");
  }

  /** Removes what is done, to begin anew. */
  void clear() {
    for (Path file : files(folder)) {
      if (isOwn(file) && !file.getFileName().toString().equals(OWNER)) {
        delete(file);
      }
    }
  }

  /** Removes the folder, once the table is written; what others put into it stays. */
  public void delete() {
    clear();
    owner.delete();
    List<Path> left = files(folder);
    if (left.isEmpty()) {
      delete(folder);
    } else {
      log.accept(
          "%s: is kept, since it holds what farfit did not write (%s)"
              .formatted(folder, left.getFirst().getFileName()));
    }
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new OutputException(path, "cannot be removed", e);
    }
  }

  /** The shards of a plan that are to be done; tells of those that are there and of no use. */
  int[] missing(SweepPlan plan) {
    List<String> remarks = new ArrayList<>();
    int[] missing =
        IntStream.range(0, plan.shardCount())
            .filter(i -> {
              Path file = file(plan.shard(i));
              Optional<String> problem = problem(plan.shard(i));
              if (problem.isPresent() && Files.exists(file)) {
                remarks.add("%s: %s; it is computed again".formatted(file, problem.get()));
              }
              return problem.isPresent();
            })
            .toArray();
    remarks.stream().limit(MOST_TOLD).forEach(log);
    if (remarks.size() > MOST_TOLD) {
      log.accept("and %d more parts".formatted(remarks.size() - MOST_TOLD));
    }
    return missing;
  }

  /** Why a shard cannot be used; empty if it can. */
  private Optional<String> problem(SweepShard shard) {
    if (!Files.exists(file(shard))) {
      return Optional.of("is not there");
    }
    try {
      content(shard);
      return Optional.empty();
    } catch (InputException e) {
      return Optional.of(e.getMessage());
    }
  }

  /**
   * The rows of a shard as text, without its first line.
   *
   * @throws InputException if they are damaged or of something else; the message says what
   */
  private String content(SweepShard shard) {
    String text;
    try {
      text = Files.readString(file(shard), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new InputException("cannot be read (%s)".formatted(e.getMessage()), e);
    }
    int end = text.indexOf('\n');
    Header header = end < 0 ? null : header(text.substring(0, end)).orElse(null);
    String rows = text.substring(end + 1);
    if (header == null
        || !header.sha256().equals(hash(rows.getBytes(StandardCharsets.ISO_8859_1)))
        || header.rows() != rows.lines().count()
        || !header.schema().equals(SCHEMA)
        || !header.id().equals(shard.id())) {
      throw new InputException("is damaged");
    }
    if (!header.madeBy().equals(madeBy)) {
      throw new InputException("was made by %s, not %s".formatted(header.madeBy(), madeBy));
    }
    if (!header.inputs().equals(hashes(shard))) {
      throw new InputException("was made of other inputs: one of them was changed since");
    }
    return new String(rows.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static Optional<Header> header(String line) {
    String text = new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    return CheckedLine.content(text)
        .flatMap(content -> {
          try {
            return Optional.of(MAPPER.readValue(content, Header.class));
          } catch (JsonProcessingException e) {
            return Optional.empty();
          }
        });
  }

  /**
   * Stores the rows of a shard.
   *
   * @throws InputException if an input was changed since the sweep began
   */
  void write(SweepShard shard, List<SweepRow> rows) {
    shard.sources().stream()
        .flatMap(source -> source.files().stream())
        .forEach(this::checkUnchanged);
    StringBuilder text = new StringBuilder();
    rows.forEach(row -> text.append(line(row)));
    Header header =
        new Header(
            SCHEMA,
            shard.id(),
            madeBy,
            hashes(shard),
            rows.size(),
            hash(text.toString().getBytes(StandardCharsets.UTF_8)));
    try {
      OutputFile.write(file(shard), CheckedLine.of(MAPPER.writeValueAsString(header)) + text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a plain record", e);
    }
  }

  /**
   * The rows of a finished sweep in its order, read shard by shard.
   *
   * @throws InputException if a shard is missing or damaged
   */
  public Stream<SweepRow> rows(SweepSpec spec) {
    SweepPlan plan = new SweepPlan(spec);
    return IntStream.range(0, plan.shardCount()).boxed().flatMap(i -> read(plan.shard(i)).stream());
  }

  private List<SweepRow> read(SweepShard shard) {
    try {
      List<SweepRow> rows = new ArrayList<>();
      for (String line : content(shard).lines().toList()) {
        rows.add(MAPPER.readValue(line, SweepRow.class));
      }
      return rows;
    } catch (JsonProcessingException | InputException e) {
      throw new InputException(
          "%s: %s; resuming computes it again".formatted(file(shard), e.getMessage()), e);
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

  /** Looks at all inputs of a plan, before any of them is read to be fitted. */
  void hashInputs(SweepSpec spec) {
    spec.files().forEach(file -> input(file.toString()));
  }

  private synchronized Input input(String file) {
    return inputs.computeIfAbsent(file, key -> look(Path.of(key)));
  }

  private Map<String, String> hashes(SweepShard shard) {
    Map<String, String> hashes = new TreeMap<>();
    shard.sources().stream()
        .flatMap(source -> source.files().stream())
        .forEach(file -> hashes.put(file, input(file).sha256()));
    return hashes;
  }

  private void checkUnchanged(String file) {
    Input before = input(file);
    try {
      Path path = Path.of(file);
      boolean same =
          before.modified() == null
              ? !Files.isRegularFile(path)
              : Files.size(path) == before.size()
                  && Files.getLastModifiedTime(path).equals(before.modified());
      if (same || look(path).sha256().equals(before.sha256())) {
        return;
      }
    } catch (IOException e) {
      // It is gone: told below.
    }
    throw new InputException(
        file + ": was changed while the sweep ran; begin again, resuming to keep the others");
  }

  private static Input look(Path path) {
    if (!Files.isRegularFile(path)) {
      return new Input("", 0, null);
    }
    try (InputStream in = Files.newInputStream(path)) {
      FileTime modified = Files.getLastModifiedTime(path);
      MessageDigest digest = digest();
      byte[] buffer = new byte[1 << 16];
      long size = 0;
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
        size += read;
      }
      return new Input(HexFormat.of().formatHex(digest.digest()), size, modified);
    } catch (IOException e) {
      return new Input("", 0, null);
    }
  }

  private static String hash(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void close() {
    owner.close();
  }
}

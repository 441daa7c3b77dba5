package org.farfit.report.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.farfit.data.InputException;
import org.farfit.data.Setting;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.report.output.CheckedLine;
import org.farfit.report.output.Json;
import org.farfit.report.output.OutputFile;
import org.farfit.report.output.OwnedFile;

/**
 * The replicates of an unfinished bootstrap, beside the fit file that they will become part of:
 * lines of JSON, each with its length and checksum, the first of which says what is bootstrapped,
 * the others some replicates each and of which bootstrap. Lines are appended and synced as
 * replicates are done; one that is damaged or cut off is left out, and its replicates are fitted
 * again. One process at a time owns it. It is no fit file and cannot be read as one.
 */
public final class BootstrapJournal implements AutoCloseable {

  private static final String FAMILY = "farfit.bootstrap-journal/";

  /** The format of the first line. */
  private static final String SCHEMA = FAMILY + "2";

  /** The format is named in the first line: within these bytes. */
  private static final int HEAD = 100;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final OwnedFile file;
  private final String of;
  private final Map<Integer, List<Chunk>> chunks = new HashMap<>();
  private int damaged;
  private boolean headed;

  /** The first line. */
  private record Header(String schema, Map<String, String> choices) {}

  /**
   * Some replicates.
   *
   * @param of hash of the choices of the first line
   * @param fit position of the fit
   * @param first position of the first replicate
   * @param failed positions within the chunk
   * @param improved positions within the chunk
   */
  private record Chunk(
      String of,
      int fit,
      int first,
      List<double[]> centred,
      List<Integer> failed,
      List<Integer> improved) {}

  private BootstrapJournal(OwnedFile file, Map<String, String> choices) {
    this.file = file;
    this.of = Json.hash(choices);
  }

  /** The journal of a fit file. */
  public static Path beside(Path fitFile) {
    return fitFile.resolveSibling(fitFile.getFileName() + ".partial");
  }

  /** Whether a file looks like a journal that farfit fit wrote, damaged or not. */
  public static boolean isOne(Path path) {
    String head = OutputFile.head(path, HEAD);
    return head.contains(FAMILY) || head.matches("(?s)[0-9a-f]{8} [0-9]+ \\{\"schema\".*");
  }

  /**
   * Begins a journal, replacing one that is there.
   *
   * @param choices everything that the replicates depend on, in words
   * @throws InputException if another process owns it
   */
  public static BootstrapJournal begin(Path path, Map<String, String> choices) {
    BootstrapJournal journal = new BootstrapJournal(OwnedFile.open(path, path), choices);
    journal.file.clear();
    journal.file.append(line(new Header(SCHEMA, choices)));
    return journal;
  }

  /**
   * Goes on with a journal, or begins one if there is none.
   *
   * @throws InputException if the journal is of another bootstrap; the message says what differs;
   *     or if another process owns it
   */
  public static BootstrapJournal resume(Path path, Map<String, String> choices) {
    BootstrapJournal journal = new BootstrapJournal(OwnedFile.open(path, path), choices);
    try {
      journal.file.readLines(line -> journal.take(line, choices));
      if (!journal.headed) {
        journal.file.append(line(new Header(SCHEMA, choices)));
      }
      return journal;
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  private void take(String line, Map<String, String> choices) {
    if (line.isEmpty()) {
      return;
    }
    if (line.startsWith("{\"schema\":\"" + FAMILY)) {
      throw different("version", "of another one", choices.get("version"));
    }
    Optional<String> content = CheckedLine.content(line);
    if (content.isEmpty()) {
      damaged++;
    } else if (content.get().startsWith("{\"schema\"")) {
      check(parse(content.get(), Header.class), choices);
      headed = true;
    } else {
      Chunk chunk = parse(content.get(), Chunk.class);
      if (chunk.of().equals(of)) {
        chunks.computeIfAbsent(chunk.fit(), k -> new ArrayList<>()).add(chunk);
      }
    }
  }

  private void check(Header header, Map<String, String> choices) {
    if (!header.schema().equals(SCHEMA)) {
      throw different("format", header.schema(), SCHEMA);
    }
    choices.forEach((name, value) -> {
      String before = header.choices().get(name);
      if (!value.equals(before)) {
        throw different(name, before, value);
      }
    });
  }

  private InputException different(String name, String before, String now) {
    return new InputException(
        "%s: was begun with %s %s, not %s; repeat that choice, or start anew, without %s"
            .formatted(file.path(), name, before, now, Setting.RESUME));
  }

  private <T> T parse(String content, Class<T> type) {
    try {
      return MAPPER.readValue(content, type);
    } catch (JsonProcessingException e) {
      throw new InputException(
          "%s: is not a journal of a bootstrap; start anew, without %s"
              .formatted(file.path(), Setting.RESUME),
          e);
    }
  }

  private static String line(Object value) {
    try {
      return CheckedLine.of(MAPPER.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain records", e);
    }
  }

  /** Where it is. */
  public Path path() {
    return file.path();
  }

  /** How many lines were damaged or cut off: what they held is to be fitted again. */
  public int damaged() {
    return damaged;
  }

  /** The replicates of a fit that the journal holds, by the position of the first of each chunk. */
  public NavigableMap<Integer, Replicates> replicates(
      int fit, LawFit of, BootstrapOptions options) {
    NavigableMap<Integer, Replicates> found = new TreeMap<>();
    for (Chunk chunk : chunks.getOrDefault(fit, List.of())) {
      found.put(
          chunk.first(),
          new Replicates(
              of.law(),
              of.surface().centre(),
              of.surface().runs(),
              options,
              chunk.centred().toArray(double[][]::new),
              bits(chunk.failed()),
              bits(chunk.improved())));
    }
    return found;
  }

  private static BitSet bits(List<Integer> positions) {
    BitSet bits = new BitSet();
    positions.forEach(bits::set);
    return bits;
  }

  /**
   * Appends some replicates of a fit.
   *
   * @param first position of the first of them
   */
  public void append(int fit, int first, Replicates replicates) {
    int[] all = IntStream.range(0, replicates.count()).toArray();
    file.append(
        line(
            new Chunk(
                of,
                fit,
                first,
                Arrays.stream(all).mapToObj(replicates::centred).toList(),
                Arrays.stream(all).filter(replicates::isFailed).boxed().toList(),
                Arrays.stream(all).filter(replicates::isImproved).boxed().toList())));
  }

  /** Removes the journal, once the fit file is written. */
  public void delete() {
    file.delete();
  }

  @Override
  public void close() {
    file.close();
  }
}

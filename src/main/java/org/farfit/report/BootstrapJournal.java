package org.farfit.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.farfit.data.FileProblem;
import org.farfit.data.InputException;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Replicates;

/**
 * The replicates of an unfinished bootstrap, beside the fit file that they will become part of:
 * JSON lines, the first of which says what is bootstrapped, the others some replicates each. Lines
 * are appended as replicates are done; a last line that was cut off is dropped. It is no fit file
 * and cannot be read as one.
 */
public final class BootstrapJournal {

  /** The format of the first line. */
  private static final String SCHEMA = "farfit.bootstrap-journal/1";

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final Path path;
  private final Map<Integer, List<Chunk>> chunks = new HashMap<>();

  /** The first line. */
  private record Header(String schema, Map<String, String> choices) {}

  /**
   * Some replicates.
   *
   * @param fit position of the fit
   * @param first position of the first replicate
   */
  private record Chunk(
      int fit, int first, List<double[]> centred, List<Integer> failed, List<Integer> improved) {}

  private BootstrapJournal(Path path) {
    this.path = path;
  }

  /** The journal of a fit file. */
  public static Path beside(Path fitFile) {
    return fitFile.resolveSibling(fitFile.getFileName() + ".partial");
  }

  /** Whether a file looks like a journal that farfit fit wrote. */
  public static boolean isOne(Path path) {
    return OutputFile.head(path, 100).contains("farfit.bootstrap-journal/");
  }

  /**
   * Begins a journal, replacing one that is there.
   *
   * @param choices everything that the replicates depend on, in words
   */
  public static BootstrapJournal begin(Path path, Map<String, String> choices) {
    OutputFile.write(path, line(new Header(SCHEMA, choices)));
    return new BootstrapJournal(path);
  }

  /**
   * Goes on with a journal, or begins one if there is none.
   *
   * @throws InputException if the journal is of another bootstrap; the message says what differs
   */
  public static BootstrapJournal resume(Path path, Map<String, String> choices) {
    if (!Files.exists(path)) {
      return begin(path, choices);
    }
    BootstrapJournal journal = new BootstrapJournal(path);
    List<String> lines = completeLines(path);
    Header header = parse(path, lines.isEmpty() ? "" : lines.getFirst(), Header.class);
    if (!header.schema().equals(SCHEMA)) {
      throw new InputException("%s: is not a journal of farfit fit --bootstrap".formatted(path));
    }
    choices.forEach((name, value) -> {
      String before = header.choices().get(name);
      if (!value.equals(before)) {
        throw new InputException(
            "%s: was begun with %s %s, not %s; repeat that choice, or leave out --resume to start anew"
                .formatted(path, name, before, value));
      }
    });
    for (String line : lines.subList(1, lines.size())) {
      Chunk chunk = parse(path, line, Chunk.class);
      journal.chunks.computeIfAbsent(chunk.fit(), k -> new ArrayList<>()).add(chunk);
    }
    // What was cut off is dropped before anything is appended.
    OutputFile.write(path, String.join("", lines));
    return journal;
  }

  private static List<String> completeLines(Path path) {
    try {
      String text = Files.readString(path);
      List<String> lines = new ArrayList<>();
      int from = 0;
      for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
        lines.add(text.substring(from, end + 1));
        from = end + 1;
      }
      return lines;
    } catch (IOException e) {
      throw new InputException("%s: cannot be read: %s".formatted(path, FileProblem.words(e)), e);
    }
  }

  private static <T> T parse(Path path, String line, Class<T> type) {
    try {
      return MAPPER.readValue(line, type);
    } catch (JsonProcessingException e) {
      throw new InputException(
          "%s: is not a journal of farfit fit --bootstrap; leave out --resume to start anew"
              .formatted(path),
          e);
    }
  }

  private static String line(Object value) {
    try {
      return MAPPER.writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain records", e);
    }
  }

  /** The replicates of a fit that the journal holds, if any. */
  public Optional<Replicates> replicates(int fit, LawFit of, BootstrapOptions options) {
    List<double[]> centred = new ArrayList<>();
    BitSet failed = new BitSet();
    BitSet improved = new BitSet();
    for (Chunk chunk : chunks.getOrDefault(fit, List.of())) {
      if (chunk.first() == centred.size()) {
        centred.addAll(chunk.centred());
        chunk.failed().forEach(failed::set);
        chunk.improved().forEach(improved::set);
      }
    }
    return centred.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Replicates(
                of.law(),
                of.surface().centre(),
                of.surface().runs(),
                options,
                centred.toArray(double[][]::new),
                failed,
                improved));
  }

  /** Appends the replicates of a fit from a position on. */
  public void append(int fit, int first, Replicates replicates) {
    int[] added = IntStream.range(first, replicates.count()).toArray();
    Chunk chunk =
        new Chunk(
            fit,
            first,
            Arrays.stream(added).mapToObj(replicates::centred).toList(),
            Arrays.stream(added).filter(replicates::isFailed).boxed().toList(),
            Arrays.stream(added).filter(replicates::isImproved).boxed().toList());
    try {
      Files.writeString(path, line(chunk), StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new OutputException(path, "cannot be written", e);
    }
  }

  /** Removes the journal of a fit file that is written. */
  public static void delete(Path fitFile) {
    Path path = beside(fitFile);
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new OutputException(path, "cannot be removed", e);
    }
  }
}

package org.farfit.report.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.farfit.report.output.CheckedLine;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A journal has one owner, and whatever happens to its bytes, going on gives the replicates of an
 * uninterrupted run and fits none again but those that were damaged. {@code -Dfarfit.fuzz=N}
 * damages N times as often.
 */
class BootstrapJournalTest {

  private static final int DAMAGES = 60 * Integer.getInteger("farfit.fuzz", 1);
  private static final int CHUNK = 5;
  private static final int CHUNKS = 4;
  private static final Map<String, String> CHOICES = Map.of("--seed", "1", "version", "1.0");
  private static final BootstrapOptions OPTIONS =
      BootstrapOptions.pairs(CHUNK * CHUNKS, 1).withRestarts(0);

  private static RunSet runs;
  private static LawFit fit;
  private static Replicates whole;

  @TempDir Path folder;

  private Path path;

  @BeforeAll
  static void bootstrap() {
    Law law = new Chinchilla();
    runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 1);
    fit = new GlobalFit(new ScalarEngine(), FitOptions.DEFAULT.withStarts(3, 1)).fit(law, runs);
    whole = new Bootstrap(new ScalarEngine(), OPTIONS, ProgressListener.NONE).run(fit, runs);
  }

  @BeforeEach
  void interrupt() {
    path = folder.resolve("f.json.partial");
    try (BootstrapJournal journal = BootstrapJournal.begin(path, CHOICES)) {
      for (int first = 0; first < whole.count(); first += CHUNK) {
        journal.append(0, first, stretch(first));
      }
    }
  }

  private static Replicates stretch(int first) {
    double[][] centred =
        IntStream.range(first, first + CHUNK).mapToObj(whole::centred).toArray(double[][]::new);
    return new Replicates(
        fit.law(),
        fit.surface().centre(),
        runs.size(),
        OPTIONS,
        centred,
        new BitSet(),
        new BitSet());
  }

  /** Goes on, and returns how many replicates were fitted again. */
  private int continueSolving(BootstrapJournal journal) {
    List<Integer> again = new ArrayList<>();
    NavigableMap<Integer, Replicates> before = journal.replicates(0, fit, OPTIONS);
    Replicates all =
        new Bootstrap(new ScalarEngine(), OPTIONS, ProgressListener.NONE)
            .run(
                fit,
                runs,
                before,
                (first, done) -> {
                  IntStream.range(first, first + done.count()).forEach(again::add);
                  journal.append(0, first, done);
                });
    for (int b = 0; b < whole.count(); b++) {
      assertThat(all.centred(b)).isEqualTo(whole.centred(b));
    }
    return again.size();
  }

  @Test
  void wholeJournalsLeaveNothingToDo() {
    try (BootstrapJournal journal = BootstrapJournal.resume(path, CHOICES)) {
      assertThat(journal.damaged()).isZero();
      assertThat(continueSolving(journal)).isZero();
    }
  }

  @Test
  void changedBytesAreFoundAndOnlyTheirChunkIsFittedAgain() throws Exception {
    byte[] sound = Files.readAllBytes(path);
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < DAMAGES; i++) {
      byte[] damaged = sound.clone();
      int at = random.nextInt(damaged.length);
      damaged[at] = (byte) (damaged[at] ^ (1 << random.nextInt(8)));
      Files.write(path, damaged);
      boolean cuts = sound[at] == '\n' || damaged[at] == '\n' || damaged[at] == '\r';
      try (BootstrapJournal journal = BootstrapJournal.resume(path, CHOICES)) {
        assertThat(journal.damaged()).as("byte %d", at).isBetween(1, 2);
        assertThat(continueSolving(journal))
            .as("byte %d", at)
            .isLessThanOrEqualTo(cuts ? 2 * CHUNK : CHUNK);
      }
      // What was mended stays so.
      try (BootstrapJournal journal = BootstrapJournal.resume(path, CHOICES)) {
        assertThat(continueSolving(journal)).isZero();
      }
    }
  }

  @Test
  void tornEndsAndMissingLinesAreFittedAgain() throws Exception {
    String sound = Files.readString(path);
    for (int length = sound.length() - 1; length > 0; length -= 97) {
      Files.writeString(path, sound.substring(0, length));
      int kept = (int) sound.substring(0, length).chars().filter(c -> c == '\n').count() - 1;
      try (BootstrapJournal journal = BootstrapJournal.resume(path, CHOICES)) {
        int again = continueSolving(journal);
        int least = whole.count() - CHUNK * Math.max(0, kept);
        // A line that lacks its end alone is whole.
        assertThat(again).isIn(least, least - CHUNK);
      }
    }
    List<String> lines = new ArrayList<>(sound.lines().toList());
    lines.remove(2);
    Files.writeString(path, String.join("\n", lines) + "\n");
    try (BootstrapJournal journal = BootstrapJournal.resume(path, CHOICES)) {
      assertThat(continueSolving(journal)).isEqualTo(CHUNK);
    }
  }

  /** Replicates of another seed are never mixed in, whatever the first line says. */
  @Test
  void chunksOfAnotherBootstrapAreLeftOut() throws Exception {
    Path other = folder.resolve("g.json.partial");
    try (BootstrapJournal journal =
        BootstrapJournal.begin(other, Map.of("--seed", "2", "version", "1.0"))) {
      journal.append(0, 0, stretch(CHUNK));
    }
    List<String> lines = new ArrayList<>(Files.readAllLines(path));
    lines.set(1, Files.readAllLines(other).get(1));
    Files.writeString(path, String.join("\n", lines) + "\n");
    try (BootstrapJournal journal = BootstrapJournal.resume(path, CHOICES)) {
      assertThat(continueSolving(journal)).isEqualTo(CHUNK);
    }
    assertThatThrownBy(() -> BootstrapJournal.resume(other, CHOICES))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("was begun with --seed 2, not 1");
  }

  @Test
  void oneOwnerAtATime() throws Exception {
    byte[] before = Files.readAllBytes(path);
    try (BootstrapJournal journal = BootstrapJournal.resume(path, CHOICES)) {
      for (Runnable second :
          List.<Runnable>of(
              () -> BootstrapJournal.begin(path, CHOICES),
              () -> BootstrapJournal.resume(path, CHOICES))) {
        assertThatThrownBy(second::run)
            .isInstanceOf(InputException.class)
            .hasMessageContaining("another farfit is working on it");
      }
      assertThat(journal.path()).isEqualTo(path);
    }
    assertThat(Files.readAllBytes(path)).isEqualTo(before);
    BootstrapJournal.resume(path, CHOICES).close();
    Path link = Files.createSymbolicLink(folder.resolve("l.partial"), path);
    assertThatThrownBy(() -> BootstrapJournal.begin(link, CHOICES))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is a link");
    assertThat(Files.readAllBytes(path)).isEqualTo(before);
  }

  @Test
  void itIsKnownFromFilesOfOthers() throws Exception {
    assertThat(BootstrapJournal.isOne(path)).isTrue();
    Path notes = Files.writeString(folder.resolve("notes"), "N,D,L\n", StandardCharsets.UTF_8);
    assertThat(BootstrapJournal.isOne(notes)).isFalse();
  }

  @Test
  void everyByteOfALineCounts() {
    String line = CheckedLine.of("{\"a\":1.25,\"b\":\"\u00e4\"}").strip();
    assertThat(CheckedLine.content(line)).contains("{\"a\":1.25,\"b\":\"\u00e4\"}");
    NavigableMap<Integer, Integer> found = new TreeMap<>();
    for (int at = 0; at < line.length(); at++) {
      for (int bit = 0; bit < 7; bit++) {
        char[] changed = line.toCharArray();
        changed[at] ^= (char) (1 << bit);
        if (CheckedLine.content(new String(changed)).isPresent()) {
          found.put(at, bit);
        }
      }
    }
    assertThat(found).isEmpty();
  }
}

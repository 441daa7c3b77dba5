package org.farfit.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.InputException;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.report.RunTable;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever happens to finished parts or inputs, going on gives the rows of an uninterrupted sweep,
 * and only what is damaged or out of date is computed again. {@code -Dfarfit.fuzz=N} damages N
 * times as often.
 */
class SweepPartsTest {

  private static final int DAMAGES = 15 * Integer.getInteger("farfit.fuzz", 1);
  private static final Map<String, String> MADE_BY = Map.of("engine", "scalar", "version", "1");

  @TempDir Path folder;

  private final LocalSweep executor = new LocalSweep(new ScalarEngine(), 1);
  private final List<String> log = new ArrayList<>();
  private SweepSpec spec;
  private Path parts;
  private List<SweepRow> rows;
  private List<Path> shards;

  @BeforeEach
  void sweep() throws IOException {
    spec =
        SweepSpec.of(input("a", 1), input("b", 2))
            .laws("chinchilla", "kaplan")
            .holdouts("none", "edge")
            .starts(2)
            .build();
    parts = folder.resolve("t.csv.parts");
    rows = continueSolving(spec, MADE_BY);
    assertThat(log).isEmpty();
    try (Stream<Path> files = Files.list(parts)) {
      shards = files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
    }
    assertThat(shards).hasSize(4);
  }

  private String input(String name, long seed) throws IOException {
    Law law = Laws.named("chinchilla");
    Path file = folder.resolve(name + ".csv");
    Files.writeString(
        file, RunTable.text(Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, seed)));
    return file.toString();
  }

  private List<SweepRow> continueSolving(SweepSpec sweep, Map<String, String> madeBy) {
    try (SweepParts folder = SweepParts.open(parts, madeBy, log::add)) {
      return executor.run(sweep, folder, true, ProgressListener.NONE).toList();
    }
  }

  private Map<Path, byte[]> contents() throws IOException {
    Map<Path, byte[]> contents = new TreeMap<>();
    for (Path shard : shards) {
      contents.put(shard, Files.readAllBytes(shard));
    }
    return contents;
  }

  /** Goes on and asserts that these alone were made again. */
  private void assertMadeAgain(String message, Path... again) throws IOException {
    for (Path shard : shards) {
      Files.setLastModifiedTime(shard, FileTime.fromMillis(0));
    }
    log.clear();
    assertThat(continueSolving(spec, MADE_BY)).isEqualTo(rows);
    for (Path shard : shards) {
      assertThat(Files.getLastModifiedTime(shard).toMillis() > 0)
          .as(shard + " is made again")
          .isEqualTo(List.of(again).contains(shard));
    }
    assertThat(log).hasSize(again.length);
    assertThat(log).allSatisfy(line -> assertThat(line).contains(message));
  }

  @Test
  void nothingIsMadeAgainWithoutNeed() throws IOException {
    assertMadeAgain("");
  }

  @Test
  void changedBytesAndEmptiedAndCutPartsAreMadeAgain() throws IOException {
    byte[] sound = Files.readAllBytes(shards.getFirst());
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < DAMAGES; i++) {
      byte[] damaged = sound.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(shards.getFirst(), damaged);
      assertMadeAgain("is damaged; it is computed again", shards.getFirst());
      assertThat(Files.readAllBytes(shards.getFirst())).isEqualTo(sound);
    }
    Files.write(shards.get(1), new byte[0]);
    assertMadeAgain("is damaged", shards.get(1));
    List<String> lines = Files.readAllLines(shards.get(2));
    Files.write(shards.get(2), lines.subList(0, lines.size() - 1));
    assertMadeAgain("is damaged", shards.get(2));
    // A part under the name of another.
    Files.write(shards.get(3), sound);
    assertMadeAgain("is damaged", shards.get(3));
  }

  @Test
  void anEditedInputIsFound() throws IOException {
    Map<Path, byte[]> before = contents();
    String b = spec.axes().inputs().get(1);
    String text = Files.readString(Path.of(b));
    Files.writeString(Path.of(b), text.substring(0, text.lastIndexOf('\n', text.length() - 2) + 1));
    log.clear();
    List<SweepRow> found = continueSolving(spec, MADE_BY);
    assertThat(log).hasSize(2).allSatisfy(line -> assertThat(line).contains("was changed since"));
    for (int i = 0; i < rows.size(); i++) {
      boolean edited = rows.get(i).key().input().equals(b);
      assertThat(found.get(i).equals(rows.get(i))).as("%s", rows.get(i)).isEqualTo(!edited);
    }
    long same =
        contents().entrySet().stream()
            .filter(entry -> Arrays.equals(entry.getValue(), before.get(entry.getKey())))
            .count();
    assertThat(same).isEqualTo(2);
    // As it was, it is found again to have been changed.
    Files.writeString(Path.of(b), text);
    assertThat(continueSolving(spec, MADE_BY)).isEqualTo(rows);
  }

  @Test
  void anInputThatIsChangedMeanwhileEndsTheSweep() {
    SweepExecutor changing =
        new SweepExecutor() {
          @Override
          public String engine() {
            return "scalar";
          }

          @Override
          public void run(SweepPlan plan, int[] numbers, ShardListener listener) {
            try {
              Files.writeString(Path.of(spec.axes().inputs().getFirst()), "N,D,L\n1,2,3\n");
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            executor.run(plan, numbers, listener);
          }
        };
    assertThatThrownBy(() -> changing.run(spec, parts, false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("a.csv: was changed while the sweep ran");
  }

  @Test
  void partsOfAnotherEngineOrVersionAreMadeAgain() {
    log.clear();
    continueSolving(spec, Map.of("engine", "simd", "version", "1"));
    assertThat(log).hasSize(4).allSatisfy(line -> assertThat(line).contains("engine=scalar"));
    log.clear();
    continueSolving(spec, Map.of("engine", "simd", "version", "2"));
    assertThat(log).hasSize(4).allSatisfy(line -> assertThat(line).contains("version=1"));
  }

  @Test
  void oneOwnerAtATime() {
    try (SweepParts owned = SweepParts.open(parts, MADE_BY, log::add)) {
      assertThatThrownBy(() -> executor.run(spec, parts, false))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(parts + ": another farfit is working on it");
      assertThat(owned.rows(spec).toList()).isEqualTo(rows);
    }
  }

  @Test
  void whatOthersPutThereIsNeverRemoved() throws IOException {
    Path mine = Files.writeString(parts.resolve("notes.txt"), "mine");
    assertThatThrownBy(() -> executor.run(spec, parts, false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds what farfit did not write (notes.txt)");
    assertThat(SweepParts.foreign(parts)).containsExactly(mine);
    Files.delete(mine);
    try (SweepParts owned = SweepParts.open(parts, MADE_BY, log::add)) {
      Files.writeString(mine, "mine");
      owned.delete();
    }
    assertThat(mine).hasContent("mine");
    assertThat(log).singleElement().asString().contains("is kept", "notes.txt");

    Path other = Files.createDirectory(folder.resolve("other"));
    Path named = Files.writeString(other.resolve("0123456789abcdef.jsonl"), "mine");
    assertThat(SweepParts.foreign(other)).containsExactly(named);
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThat(SweepParts.foreign(empty)).isEmpty();
    Path link = Files.createSymbolicLink(folder.resolve("link"), empty);
    assertThat(SweepParts.foreign(link)).containsExactly(link);
    Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), Path.of("nowhere"));
    assertThat(SweepParts.foreign(dangling)).containsExactly(dangling);
    assertThat(SweepParts.foreign(folder.resolve("none"))).isEmpty();
  }
}

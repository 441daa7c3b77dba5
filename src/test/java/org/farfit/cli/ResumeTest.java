package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.farfit.data.InputException;
import org.farfit.report.archive.BootstrapJournal;
import org.farfit.report.archive.FitArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bootstrap that is killed goes on to the same file. */
class ResumeTest {

  private static final int KILLS = 20;

  @TempDir Path folder;

  private static List<String> arguments(Path out) {
    return new ArrayList<>(
        List.of(
            "fit",
            "--law",
            "chinchilla",
            "--starts",
            "20",
            "--bootstrap",
            "7000",
            "--engine",
            "simd",
            "--out",
            out.toString()));
  }

  private Process start(List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(folder.resolve("log").toFile())
        .start();
  }

  @Test
  void killedAtAnyMomentItEndsWithTheSameFile() throws Exception {
    Path whole = folder.resolve("whole.json");
    Process process = start(arguments(whole));
    long begin = System.nanoTime();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    long duration = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    assertThat(process.exitValue()).isZero();
    byte[] expected = Files.readAllBytes(whole);

    SplittableRandom random = new SplittableRandom(7);
    int finished = 0;
    int goneOn = 0;
    Path out = folder.resolve("killed.json");
    for (int kills = 0; kills < KILLS || !Files.exists(out); ) {
      List<String> arguments = arguments(out);
      if (Files.exists(BootstrapJournal.beside(out))) {
        arguments.add("--resume");
        goneOn++;
      }
      Process victim = start(arguments);
      boolean ended =
          victim.waitFor(
              kills < KILLS ? random.nextLong(duration / 4, duration) : 120_000,
              TimeUnit.MILLISECONDS);
      if (!ended) {
        victim.destroyForcibly().waitFor();
        kills++;
        checkJournal(out);
        if (Files.exists(out)) {
          // Killed between writing the result and ending.
          assertThat(Files.readAllBytes(out)).isEqualTo(expected);
          Files.delete(out);
          Files.deleteIfExists(BootstrapJournal.beside(out));
        }
      } else {
        assertThat(victim.exitValue()).isZero();
        assertThat(Files.readAllBytes(out)).isEqualTo(expected);
        assertThat(BootstrapJournal.beside(out)).doesNotExist();
        finished++;
        if (kills < KILLS) {
          Files.delete(out);
        }
      }
    }
    assertThat(finished).isPositive();
    assertThat(goneOn).isPositive();
  }

  /** What is left behind is no fit file, and says so. */
  private static void checkJournal(Path out) {
    Path journal = BootstrapJournal.beside(out);
    if (Files.exists(journal)) {
      assertThat(journal.toString()).endsWith(".partial");
      assertThatThrownBy(() -> FitArchive.open(journal)).isInstanceOf(InputException.class);
    }
  }

  @Test
  void interruptedItSaysHowToGoOn() throws Exception {
    Path out = folder.resolve("f.json");
    List<String> arguments = arguments(out);
    arguments.set(arguments.indexOf("7000"), "2000000");
    Process process = start(arguments);
    Path journal = BootstrapJournal.beside(out);
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < patience && !(Files.exists(journal) && Files.size(journal) > 1e5)) {
      Thread.sleep(50);
    }
    // It has one owner.
    byte[] before = Files.readAllBytes(journal);
    CommandRun second = CommandRun.of(arguments.toArray(String[]::new));
    assertThat(second.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(second.log()).contains(journal + ": another farfit is working on it");
    assertThat(Files.readAllBytes(journal)).startsWith(before);
    process.destroy(); // SIGTERM, which ends a process as Ctrl-C does
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
    assertThat(out).doesNotExist();
    assertThat(Files.readString(journal)).endsWith("\n");
    assertThat(Files.readString(folder.resolve("log")))
        .contains("interrupted: what is done is in " + journal)
        .contains("--resume");
  }

  @Test
  void aJournalOfOtherChoicesIsRefusedAndATornLineDropped() throws Exception {
    Path out = folder.resolve("g.json");
    Path journal = BootstrapJournal.beside(out);
    String[] small = {
      "fit", "--law", "chinchilla", "--starts", "4", "--bootstrap", "50", "--out", out.toString()
    };
    assertThat(CommandRun.of(small).exitCode()).isZero();
    byte[] expected = Files.readAllBytes(out);
    assertThat(journal).doesNotExist();

    BootstrapJournal.begin(journal, Map.of("--bootstrap", "60")).close();
    String[] resumed = Arrays.copyOf(small, small.length + 1);
    resumed[small.length] = "--resume";
    CommandRun refused = CommandRun.of(resumed);
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.log()).contains("was begun with").contains("--resume");

    // Without --resume it starts anew, whatever is there.
    Files.writeString(journal, "012345", StandardOpenOption.APPEND);
    assertThat(CommandRun.of(small).exitCode()).isZero();
    assertThat(Files.readAllBytes(out)).isEqualTo(expected);
  }
}

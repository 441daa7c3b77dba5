package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.farfit.report.RunTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred random corruptions of a valid file: each gives the fit of the numbers that the file
 * then holds, as a second, simple-minded reader finds them, or exit code 3 with a message.
 */
class CorruptInputTest {

  private static final Law LAW = new Chinchilla();
  private static final int CORRUPTIONS = 100;

  @TempDir Path folder;

  @Test
  void neitherTracesNorWrongNumbers() throws Exception {
    RunSet runs = Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 1e-3, 1);
    String valid = RunTable.text(runs);
    SplittableRandom random = new SplittableRandom(20261121);
    int refused = 0;
    int fitted = 0;
    for (int i = 0; i < CORRUPTIONS; i++) {
      byte[] corrupted = corrupt(valid, random);
      Path file = Files.write(folder.resolve("runs-%d.csv".formatted(i)), corrupted);
      CommandRun run =
          // The reference is ordinary least squares, whatever noise a corruption looks like.
          CommandRun.of(
              "fit",
              file.toString(),
              "--law",
              "chinchilla",
              "--starts",
              "5",
              "--noise",
              "independent",
              "--json");
      assertThat(run.log()).doesNotContain("\tat ").doesNotContain("defect");
      if (run.exitCode() == ExitCode.BAD_INPUT) {
        assertThat(run.log()).startsWith("farfit: ").contains(file.getFileName().toString());
        assertThat(run.output()).isEmpty();
        refused++;
      } else {
        assertThat(run.exitCode()).isIn(ExitCode.DONE, ExitCode.NOT_CONVERGED);
        checkFit(run, simpleRead(new String(corrupted, StandardCharsets.UTF_8)));
        fitted++;
      }
    }
    // Both outcomes must have been tried.
    assertThat(refused).isGreaterThan(20);
    assertThat(fitted).isGreaterThan(10);
  }

  private static void checkFit(CommandRun run, RunSet expected) throws Exception {
    JsonNode fit = new ObjectMapper().readTree(run.output()).path("fits").get(0);
    assertThat(fit.path("runs").asInt()).isEqualTo(expected.size());
    LawFit reference =
        new GlobalFit(new ScalarEngine(), FitOptions.DEFAULT.withStarts(5, 1)).fit(LAW, expected);
    assertThat(fit.path("cost").asDouble())
        .isCloseTo(reference.cost(), within(1e-9 * reference.cost()));
  }

  /** The numbers of a file, by splitting lines at commas. */
  private static RunSet simpleRead(String text) {
    List<String> lines = text.replace("\uFEFF", "").lines().filter(l -> !l.isBlank()).toList();
    List<String> header =
        Arrays.stream(lines.getFirst().replace("\"", "").split(",", -1))
            .map(String::strip)
            .toList();
    List<List<Double>> columns = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<Integer> positions =
        List.of(position(header, "n"), position(header, "d"), position(header, "l"));
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.replace("\"", "").split(",", -1);
      for (int c = 0; c < 3; c++) {
        columns.get(c).add(Double.valueOf(cells[positions.get(c)].strip()));
      }
    }
    return new RunSet(array(columns.get(0)), array(columns.get(1)), array(columns.get(2)));
  }

  private static int position(List<String> header, String name) {
    for (int i = 0; i < header.size(); i++) {
      if (header.get(i).equalsIgnoreCase(name)) {
        return i;
      }
    }
    throw new AssertionError("a file without column " + name + " was fitted: " + header);
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static byte[] corrupt(String text, SplittableRandom random) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    int line = random.nextInt(lines.size());
    String cells = lines.get(line);
    int at = random.nextInt(text.length());
    switch (random.nextInt(16)) {
      case 0 -> lines.remove(line);
      case 1 -> lines.add(line, cells);
      case 2 -> lines.set(line, cells.replaceFirst(",[^,]*", ","));
      case 3 -> lines.set(line, cells.replaceFirst(",[^,]*", ",-1e9"));
      case 4 -> lines.set(line, cells.replaceFirst(",[^,]*", ",NaN"));
      case 5 -> lines.set(line, cells.replaceFirst("^[^,]*", "Infinity"));
      case 6 -> lines.set(line, cells.replaceFirst(",", ";"));
      case 7 -> lines.set(line, cells.replaceFirst(",", ",,"));
      case 8 -> lines.add(line, "");
      case 9 -> lines.set(line, cells.replaceFirst("[0-9]", "x"));
      case 10 -> lines.set(line, "  " + cells.replace(",", " , "));
      case 11 -> {
        return text.substring(0, at).getBytes(StandardCharsets.UTF_8);
      }
      case 12 -> {
        return (text.substring(0, at) + '"' + text.substring(at)).getBytes(StandardCharsets.UTF_8);
      }
      case 13 -> {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        bytes[at] = (byte) random.nextInt(256);
        return bytes;
      }
      case 14 -> {
        return ("\uFEFF" + text.replace("\n", "\r\n")).getBytes(StandardCharsets.UTF_8);
      }
      default -> {
        return (text.substring(0, at) + text.substring(Math.min(text.length(), at + 5)))
            .getBytes(StandardCharsets.UTF_8);
      }
    }
    return lines.stream()
        .collect(Collectors.joining("\n", "", "\n"))
        .getBytes(StandardCharsets.UTF_8);
  }
}

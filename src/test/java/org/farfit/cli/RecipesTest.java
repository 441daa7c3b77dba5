package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The recipes of docs/data.md, each as it stands there, on simulated tables of the shapes that
 * trackers and public collections have.
 */
class RecipesTest {

  private static final double[] SIZES = {1e8, 2e8, 4e8, 8e8, 1.6e9};
  private static final double[] TOKENS = {1e9, 4e9, 1.6e10, 6.4e10};

  /** An argument of a recipe: in double quotes, or without blanks. */
  private static final Pattern ARGUMENT = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  @TempDir Path folder;

  private static double loss(double n, double d) {
    return 1.8 + 480 / Math.pow(n, 0.35) + 2085 / Math.pow(d, 0.37);
  }

  /** A row of a table for a size and a number of tokens. */
  private interface Row {
    String of(double n, double d, double loss);
  }

  private void write(String name, String before, Row row, String after) throws IOException {
    StringBuilder text = new StringBuilder(before);
    for (double n : SIZES) {
      for (double d : TOKENS) {
        text.append(row.of(n, d, loss(n, d)));
      }
    }
    Files.writeString(folder.resolve(name), text + after);
  }

  @BeforeEach
  void writeTables() throws IOException {
    write(
        "wandb.csv",
        "\"Name\",\"State\",\"Notes\",\"Created\",\"Runtime\",\"config/params\",\"config/tokens\",\"config/lr\","
            + "\"summary/train_step\",\"summary/loss\"\n",
        (n, d, loss) ->
            "\"run-%s\",\"finished\",\"-\",\"2026-01-01T00:00:00.000Z\",\"3600\",\"%s\",\"%s\",\"0.001\",\"9\",\"%s\"\n"
                .formatted(n, n, d, loss),
        "\"gone\",\"crashed\",\"-\",\"2026-01-01T00:00:00.000Z\",\"1\",\"1e8\",\"1e9\",\"0.001\",\"\",\"NaN\"\n");
    history();
    chart();
    write(
        "mlflow.csv",
        "run_id,experiment_id,status,artifact_uri,start_time,end_time,metrics.loss,metrics.lr,params.N,"
            + "params.D,params.batch_size,tags.mlflow.runName\n",
        (n, d, loss) ->
            "0a%s,1,FINISHED,s3://x,2026-01-01,2026-01-02,%s,0.001,%s,%s,512,blue\n"
                .formatted(n, loss, n, d),
        "0b,1,FAILED,s3://x,2026-01-01,,,0.001,100000000.0,1000000000.0,512,red\n");
    isoFlops();
    write(
        "steplaw.csv",
        "N,D,h,ffnh,numl,lr,bs,ti,smooth loss\n",
        (n, d, loss) ->
            "%s,%s,1024,2728,12,0.001,64,500,%s\n%s,%s,1024,2728,12,0.004,64,500,%s\n"
                .formatted(n, d, loss, n, d, loss + 0.3),
        "");
    write(
        "gemstones.jsonl",
        "",
        (n, d, loss) ->
            "{\"params_active_precise\":%s,\"tokens\":%s,\"FLOPs\":%s,\"final_loss\":%s}\n"
                .formatted(n, d, 6 * n * d, loss),
        "");
    write(
        "overtraining.json",
        "",
        (n, d, loss) ->
            ("{\"name\": \"m\", \"hyperparameters\": {\"tokens\": %s, \"lr\": 0.003, \"params\": %s, \"fsdp_flags\":"
                    + " [\"--fsdp\"]},\n \"results\": [{\"loss\": 7.1, \"tokens\": 245760}, {\"loss\": %s, \"tokens\":"
                    + " 174077952, \"val_data\": [\"c4\"]}]\n}\n")
                .formatted(d, n, loss),
        "");
    curves();
  }

  /**
   * A row per step of 15 runs, of which those below 1,000 are warm-up and the last has no loss. Of
   * a run that is not at its end the loss is higher, as before a learning rate falls.
   */
  private void history() throws IOException {
    StringBuilder text = new StringBuilder("Name,_step,params,loss\n");
    for (double n : SIZES) {
      for (int end : new int[] {4_000, 20_000, 100_000}) {
        for (int step : new int[] {10, 2_000, end}) {
          text.append(
              "r%s-%d,%d,%s,%s\n"
                  .formatted(n, end, step, n, loss(n, 524_288.0 * step) + (step < end ? 0.1 : 0)));
        }
        text.append("r%s-%d,%d,%s,\n".formatted(n, end, end + 1, n));
      }
    }
    Files.writeString(folder.resolve("history.csv"), text);
  }

  /** A column per run, each with its ends over a step, as Weights and Biases saves a chart. */
  private void chart() throws IOException {
    Map<String, Double> runs =
        Map.of("small-124M", 124e6, "medium-350M", 350e6, "large-1.3B", 1.3e9);
    StringBuilder text = new StringBuilder("\"Step\"");
    runs.keySet()
        .forEach(name -> {
          for (String end : List.of("", "__MIN", "__MAX")) {
            text.append(",\"%s - loss%s\"".formatted(name, end));
          }
        });
    text.append("\n");
    for (int step : new int[] {10, 1_000, 4_000, 20_000, 60_000}) {
      text.append(step);
      runs.forEach((name, n) -> {
        String cell = step == 60_000 && n > 1e9 ? "" : "" + loss(n, 524_288.0 * step);
        text.append(",%1$s,%1$s,%1$s".formatted(cell));
      });
      text.append("\n");
    }
    Files.writeString(folder.resolve("chart.csv"), text);
  }

  private void isoFlops() throws IOException {
    StringBuilder text =
        new StringBuilder("source,dataset,model,condition,experiment,tokens,params,budget,loss\n");
    for (String experiment : List.of("marin_202603__comma__llama_2", "llama_3__exp_loss")) {
      for (double budget : new double[] {1e18, 1e19, 1e20}) {
        for (int i = -3; i <= 3; i++) {
          double n = Math.sqrt(budget / 120) * Math.pow(1.5, i);
          double d = budget / (6 * n);
          text.append("s,set,m,,%s,%s,%s,%s,%s\n".formatted(experiment, d, n, budget, loss(n, d)));
        }
      }
    }
    Files.writeString(folder.resolve("isoflops.csv"), text);
  }

  private void curves() throws IOException {
    StringBuilder text =
        new StringBuilder(
            "hyper_id,step,router_type,num_experts,k,total_parameter_count,dense_parameter_count,"
                + "loss_validation,loss_c4\n");
    for (double n : new double[] {1.5e7, 5.5e7, 1.3e8, 3.7e8, 1.3e9}) {
      for (int x : new int[] {2, 4, 8, 16, 32, 64, 128}) {
        double effective = 1 / (1 / (x - 1 + 1 / (1 / 1.847 - 1 / 314.478)) + 1 / 314.478);
        double[] log = {Math.log10(n), Math.log10(effective)};
        double loss =
            Math.pow(10, -0.082 * log[0] - 0.108 * log[1] + 0.009 * log[0] * log[1] + 1.104)
                * (1 + 1e-3 * Math.sin(n + x));
        int end = x == 2 ? 248_000 : 249_000;
        for (int step : new int[] {10_000, end}) {
          text.append(
              "h%s-%d,%d,S-Base,%d,1,%s,%s,%s,%s\n"
                  .formatted(n, x, step, x, n * x, n, step < end ? loss + 1 : loss, loss + 0.2));
        }
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Writer writer =
        new OutputStreamWriter(new GZIPOutputStream(bytes), StandardCharsets.UTF_8)) {
      writer.write(text.toString());
    }
    Files.write(folder.resolve("curves.csv.gz"), bytes.toByteArray());
  }

  /** What a recipe prints if it found the law that the table was made by. */
  private static final Map<String, String> FINDS =
      Map.of(
          "fit wandb.csv", "runs: 20 of 21 rows pass",
          "--last-of Name", "runs: 15 of 60 rows remain, the last of each 'Name'",
          "fit steps.csv", "runs: 11 of 14 rows pass",
          "fit mlflow.csv", "runs: 20 of 21 rows pass",
          "fit steplaw.csv", "20 runs remain",
          "fit gemstones.jsonl", "N from 'params_active_precise'",
          "fit overtraining.json", "loss from 'results.1.loss'",
          "--last-of hyper_id", "runs: 35 of 70 rows remain, the last of each 'hyper_id'");

  @Test
  void runAsTheyAreWritten() throws IOException {
    String text = Files.readString(Path.of("..", "docs", "data.md"));
    boolean hasSteps = turned(text);
    List<String> recipes =
        text.substring(text.indexOf("## Recipes"))
            .lines()
            .filter(line -> line.startsWith("farfit "))
            .filter(line -> hasSteps || !line.contains(" steps.csv "))
            .toList();
    assertThat(recipes).hasSizeGreaterThan(8);
    for (String recipe : recipes) {
      CommandRun run = CommandRun.of(arguments(recipe));
      assertThat(run.exitCode()).as(recipe + "\n" + run.log()).isZero();
      FINDS.forEach((part, expected) -> {
        if (recipe.contains(part)) {
          assertThat(run.log()).as(recipe).contains(expected);
        }
      });
      if (Stream.of("wandb", "mlflow", "steplaw", "gemstones", "overtraining", "last-of Name")
          .anyMatch(recipe::contains)) {
        // Exact losses: the exponents come back.
        assertThat(run.output()).as(recipe).containsPattern("alpha +0\\.350*\\b|alpha +0\\.35");
      }
    }
  }

  /** Makes rows of the chart by the program of the recipe; false where there is no Python. */
  private boolean turned(String text) throws IOException {
    Matcher program = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL).matcher(text);
    assertThat(program.find()).isTrue();
    Path script = Files.writeString(folder.resolve("turn.py"), program.group(1));
    try {
      Process python =
          new ProcessBuilder("python3", script.toString())
              .directory(folder.toFile())
              .inheritIO()
              .start();
      assertThat(python.waitFor()).isZero();
      return true;
    } catch (IOException e) {
      System.out.println("skipped: rows of a chart: there is no python3");
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String refused(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    CommandRun run = CommandRun.of("fit", file.toString(), "--law", "chinchilla");
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    return run.log();
  }

  /** What trackers export besides tables of runs says what to do instead. */
  @Test
  void otherExportsOfTrackersAreRecognised() throws IOException {
    assertThat(refused("c.csv", Files.readString(folder.resolve("chart.csv"))))
        .contains("no column for N")
        .contains("This is a chart as Weights & Biases exports it");
    assertThat(
            refused(
                "d.csv",
                ",summary,config,name\n0,\"{'loss': 2.1, '_step': 9}\",\"{'N': 1e8, 'D': 2e9}\",run-1\n"))
        .contains("pandas.json_normalize");
    assertThat(
            refused("m.csv", "run_id,key,value,step,timestamp\n0a,loss,2.1,1000,1767225600000\n"))
        .contains("mlflow.search_runs().to_csv");
    assertThat(refused("plain.csv", "a - b,c\n1,2\n")).doesNotContain("Biases");
  }

  @Test
  void emptyCellsNameTheFilterThatLeavesThemOut() throws IOException {
    assertThat(refused("e.csv", "N,D,loss\n1e8,2e9,\n"))
        .contains("leave the row out with --where \"loss is not empty\"");
    assertThat(refused("e.csv", "N,D,metrics.loss\n1e8,2e9,\n"))
        .contains("leave the row out with --where '\"metrics.loss\" is not empty'");
    CommandRun followed =
        CommandRun.of(
            "fit", folder.resolve("e.csv").toString(), "--where", "\"metrics.loss\" is not empty");
    assertThat(followed.log()).contains("no row passes");
  }

  @Test
  void lastOfNeedsItsColumnAndALoss() throws IOException {
    String history = folder.resolve("history.csv").toString();
    CommandRun misspelled =
        CommandRun.of("fit", history, "--d-column", "_step*524288", "--last-of", "name");
    assertThat(misspelled.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(misspelled.log()).contains("no column 'name': name one with --last-of, try 'Name'");
    CommandRun without =
        CommandRun.of(
            "fit",
            history,
            "--d-column",
            "_step*524288",
            "--last-of",
            "Name",
            "--where",
            "loss is empty");
    assertThat(without.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(without.log())
        .contains("no row that passes has a value in column 'loss', of which --last-of takes");
  }

  /** A recipe with its file in the folder, and its results too; few starts, one law. */
  private String[] arguments(String recipe) throws IOException {
    List<String> arguments = new ArrayList<>();
    Matcher found = ARGUMENT.matcher(recipe);
    while (found.find()) {
      arguments.add(found.group(1) != null ? found.group(1) : found.group(2));
    }
    arguments.removeFirst();
    arguments.set(1, folder.resolve(arguments.get(1)).toString());
    if (arguments.getFirst().equals("fit")) {
      arguments.addAll(List.of("--starts", "20"));
      if (!arguments.contains("--law")) {
        arguments.addAll(List.of("--law", "chinchilla"));
      }
      arguments.addAll(List.of("--out", Files.createTempFile(folder, "out", ".json").toString()));
    }
    return arguments.toArray(String[]::new);
  }
}

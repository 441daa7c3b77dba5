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
        "N,D,lr,bs,loss\n",
        (n, d, loss) ->
            "%s,%s,0.001,64,%s\n%s,%s,0.004,64,%s\n".formatted(n, d, loss, n, d, loss + 0.3),
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

  private void history() throws IOException {
    StringBuilder text = new StringBuilder("Name,_step,params,loss\n");
    for (double n : SIZES) {
      for (double step : new double[] {10, 4_000, 20_000}) {
        for (int seed = 0; seed < 2; seed++) {
          text.append(
              "r%s,%s,%s,%s\n".formatted(n, step, n, loss(n, 524_288 * step) * (1 + 1e-3 * seed)));
        }
      }
    }
    Files.writeString(folder.resolve("history.csv"), text);
  }

  private void isoFlops() throws IOException {
    StringBuilder text =
        new StringBuilder("source,dataset,model,condition,experiment,tokens,params,budget,loss\n");
    for (String experiment : List.of("marin", "llama")) {
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
        for (int step : new int[] {10_000, 250_000}) {
          text.append(
              "h%s,%d,S-Base,%d,1,%s,%s,%s,%s\n"
                  .formatted(n, step, x, n * x, n, step < 250_000 ? loss + 1 : loss, loss + 0.2));
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
          "wandb.csv", "runs: 20 of 21 rows pass",
          "history.csv", "runs: 20 of 30 rows pass",
          "mlflow.csv", "runs: 20 of 21 rows pass",
          "steplaw.csv", "20 runs remain",
          "gemstones.jsonl", "N from 'params_active_precise'",
          "overtraining.json", "loss from 'results.1.loss'",
          "curves.csv.gz", "X from 'num_experts'");

  @Test
  void runAsTheyAreWritten() throws IOException {
    String text = Files.readString(Path.of("..", "docs", "data.md"));
    List<String> recipes =
        text.substring(text.indexOf("## Recipes"))
            .lines()
            .filter(line -> line.startsWith("farfit "))
            .toList();
    assertThat(recipes).hasSizeGreaterThan(8);
    for (String recipe : recipes) {
      CommandRun run = CommandRun.of(arguments(recipe));
      assertThat(run.exitCode()).as(recipe + "\n" + run.log()).isZero();
      FINDS.forEach((file, told) -> {
        if (recipe.contains(" " + file + " ")) {
          assertThat(run.log()).as(recipe).contains(told);
        }
      });
      if (Stream.of("wandb", "mlflow", "steplaw", "gemstones", "overtraining")
          .anyMatch(recipe::contains)) {
        // Exact losses: the exponents come back.
        assertThat(run.output()).as(recipe).containsPattern("alpha +0\\.350*\\b|alpha +0\\.35");
      }
    }
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

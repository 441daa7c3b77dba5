package org.farfit.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.farfit.sweep.SweepSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command line on processes: the same table, byte for byte, on threads, on Spark's threads and
 * on a cluster of two workers, whatever is killed on the way. The sweep is that of docs/sweeps.md:
 * the 18 validation columns of the Farseer file, seven size cut-offs, four laws, two methods, here
 * with few starts and replicates, or with as many as {@code -Dfarfit.sweep.replicates=200} says;
 * without the real data, simulated runs.
 */
class ClusterTest {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int COLUMNS_TO_KILL = 3;

  @TempDir static Path folder;

  private static StandaloneCluster cluster;
  private static Path whole;
  private static Path part;

  @BeforeAll
  static void start() throws Exception {
    List<String> inputs;
    List<String> columns;
    String data = System.getenv("FARFIT_DATA");
    if (data == null) {
      inputs =
          List.of(
              SimulatedRuns.write(folder, "chinchilla"), SimulatedRuns.write(folder, "skaling"));
      columns = List.of("L");
    } else {
      Path file = Path.of(data, "farseer_1222_full.csv");
      inputs = List.of(file.toString());
      columns = new ArrayList<>(List.of("L"));
      try (Stream<String> lines = Files.lines(file)) {
        Arrays.stream(lines.findFirst().orElseThrow().split(","))
            .filter(name -> name.startsWith("IntelliValSet"))
            .forEach(columns::add);
      }
      assertThat(columns).hasSize(18);
    }
    whole = specification("whole.json", inputs, columns);
    part =
        specification(
            "part.json", inputs, columns.subList(0, Math.min(COLUMNS_TO_KILL, columns.size())));
    cluster = new StandaloneCluster(folder.resolve("cluster"));
    cluster.addWorker();
    cluster.addWorker();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static Path specification(String name, List<String> inputs, List<String> columns)
      throws IOException {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("inputs", inputs);
    keys.put("losses", columns);
    keys.put("where", List.of("\"{loss}\" > 0"));
    keys.put("holdouts", List.of("size:last:7"));
    keys.put("laws", List.of("kaplan", "chinchilla", "skaling", "farseer"));
    keys.put("methods", List.of("global", "piecewise"));
    int replicates = Integer.getInteger("farfit.sweep.replicates");
    keys.put("bootstrap", replicates);
    keys.put("starts", replicates < 100 ? 6 : SweepSpec.DEFAULT_STARTS);
    Path file = folder.resolve(name);
    MAPPER.writeValue(file.toFile(), keys);
    return file;
  }

  private static Java sweep(Path specification, Path table, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("sweep", specification.toString(), "--out", table.toString()));
    arguments.addAll(List.of(more));
    return Java.farfit(
        folder.resolve(table.getFileName() + ".log"), arguments.toArray(String[]::new));
  }

  private static byte[] table(Path specification, String name, String... more) throws Exception {
    Path table = folder.resolve(name + ".csv");
    try (Java process = sweep(specification, table, more)) {
      return finished(process, table);
    }
  }

  private static byte[] finished(Java process, Path table) throws Exception {
    assertThat(process.exitCode()).as(process.said()).isZero();
    return Files.readAllBytes(table);
  }

  private static long partsOf(Path table) {
    Path parts = table.resolveSibling(table.getFileName() + ".parts");
    if (!Files.isDirectory(parts)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(parts)) {
      return files.filter(file -> file.toString().endsWith(".jsonl")).count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyExecutorGivesTheSameTable() throws Exception {
    byte[] expected = table(whole, "one-thread", "--threads", "1");
    assertThat(new String(expected, StandardCharsets.UTF_8).lines().count()).isGreaterThan(100);
    assertThat(table(whole, "two-threads", "--threads", "2")).isEqualTo(expected);
    assertThat(table(whole, "spark-threads", "--cluster", "local[2]")).isEqualTo(expected);
    Path submitted = folder.resolve("submitted.csv");
    try (Java process =
        Java.submit(
            folder.resolve("submitted.log"),
            cluster,
            "sweep",
            whole.toString(),
            "--out",
            submitted.toString())) {
      assertThat(finished(process, submitted)).isEqualTo(expected);
    }
  }

  /** A task that ends every executor that tries it is a row, and the other is as ever. */
  @Test
  void tasksThatEndTheirExecutorsAreRows() throws Exception {
    Path specification = folder.resolve("deadly.json");
    MAPPER.writeValue(
        specification.toFile(),
        Map.of(
            "inputs", List.of(SimulatedRuns.write(folder, "chinchilla")),
            "laws", List.of("chinchilla", "skaling")));
    Path engines = Java.jarOfTests(folder.resolve("engines.jar"));
    String rows =
        new String(
            table(
                specification,
                "deadly",
                "--cluster",
                cluster.url(),
                "--engine",
                "unreliable:skaling:halt",
                "--cluster-conf",
                "spark.jars=" + Java.jar() + "," + engines),
            StandardCharsets.UTF_8);
    assertThat(rows.lines().filter(row -> row.contains(",chinchilla,")))
        .singleElement()
        .satisfies(row -> assertThat(row).contains("converged"));
    assertThat(rows.lines().filter(row -> row.contains(",skaling,")))
        .singleElement()
        .satisfies(
            row -> assertThat(row).contains("failed: defect").contains("ended its worker 3 times"));
  }

  @Test
  void killedProcessesChangeNothing() throws Exception {
    byte[] expected = table(part, "undisturbed");

    Path table = folder.resolve("worker-killed.csv");
    try (StandaloneCluster other = new StandaloneCluster(folder.resolve("other"))) {
      // What is done before the first worker's end is its work, and the rest is not.
      Java first = other.addWorker();
      try (Java process = sweep(part, table, "--cluster", other.url())) {
        process.until("some of the sweep is done", () -> partsOf(table) >= 3);
        first.kill();
        other.addWorker();
        assertThat(process.isAlive()).isTrue();
        assertThat(finished(process, table)).isEqualTo(expected);
      }
    }

    Path resumed = folder.resolve("driver-killed.csv");
    try (Java process = sweep(part, resumed, "--cluster", cluster.url())) {
      process.until("some of the sweep is done", () -> partsOf(resumed) >= 3);
    }
    assertThat(resumed).doesNotExist();
    assertThat(partsOf(resumed)).isGreaterThanOrEqualTo(3);
    try (Java process = sweep(part, resumed, "--cluster", cluster.url(), "--resume")) {
      assertThat(finished(process, resumed)).isEqualTo(expected);
    }
  }

  /** What docs/sweeps.md says of standalone clusters: one secret, the same on both sides. */
  @Test
  void aClusterWithASecretTakesWorkFromThoseWhoKnowIt() throws Exception {
    Path specification = folder.resolve("secret.json");
    MAPPER.writeValue(
        specification.toFile(),
        Map.of(
            "inputs", List.of(SimulatedRuns.write(folder, "chinchilla")),
            "laws", List.of("chinchilla")));
    byte[] expected = table(specification, "no-cluster");
    Map<String, String> secret =
        Map.of("spark.authenticate", "true", "spark.authenticate.secret", "between-us");
    try (StandaloneCluster guarded = new StandaloneCluster(folder.resolve("guarded"), secret)) {
      guarded.addWorker();
      byte[] done =
          table(
              specification,
              "secret",
              "--cluster",
              guarded.url(),
              "--cluster-conf",
              "spark.authenticate=true",
              "--cluster-conf",
              "spark.authenticate.secret=between-us");
      assertThat(done).isEqualTo(expected);
      assertThat(Files.readString(folder.resolve("secret.csv.log"))).doesNotContain("warning: ");
      Path refused = folder.resolve("refused.csv");
      try (Java process =
          sweep(
              specification,
              refused,
              "--cluster",
              guarded.url(),
              "--cluster-conf",
              "spark.authenticate=true",
              "--cluster-conf",
              "spark.authenticate.secret=guessed")) {
        assertThat(process.exitCode()).as(process.said()).isNotZero();
      }
      assertThat(refused).doesNotExist();
    }
  }
}

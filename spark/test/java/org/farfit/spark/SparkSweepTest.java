package org.farfit.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.farfit.data.InputException;
import org.farfit.engine.Engines;
import org.farfit.sweep.LocalSweep;
import org.farfit.sweep.SweepExecutor;
import org.farfit.sweep.SweepRow;
import org.farfit.sweep.SweepSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps within one JVM's Spark: the same rows as without it, whatever fails on the way. */
class SparkSweepTest {

  @TempDir static Path folder;

  private static JavaSparkContext context;
  private static SweepSpec spec;
  private static List<SweepRow> expected;

  @BeforeAll
  static void start() throws Exception {
    context = new JavaSparkContext(SparkProvider.configuration("local[2]", "scalar", Map.of()));
    spec =
        SweepSpec.of(
                SimulatedRuns.write(folder, "chinchilla"), SimulatedRuns.write(folder, "skaling"))
            .laws("chinchilla", "skaling")
            .holdouts("none", "edge")
            .build();
    expected = rows(new LocalSweep(Engines.open("scalar"), 1), spec);
  }

  @AfterAll
  static void stop() {
    context.close();
  }

  @BeforeEach
  void forgetFailures() {
    UnreliableEngineProvider.FAILURES.set(0);
  }

  private static List<SweepRow> rows(SweepExecutor executor, SweepSpec sweep) {
    List<SweepRow> rows = new ArrayList<>();
    executor.run(sweep, rows::add);
    rows.sort(Comparator.comparing(row -> row.key().id()));
    return rows;
  }

  private static SweepExecutor spark(String engine) {
    return new SparkSweep(context, engine);
  }

  @Test
  void givesTheSameRows() {
    assertThat(rows(spark("scalar"), spec)).isEqualTo(expected);
    assertThat(expected).hasSize(2 * 2 * (1 + 3)).doesNotHaveDuplicates();
  }

  /** Two attempts fail, the third does not. */
  @Test
  void failedTasksAreTriedAgain() {
    assertThat(rows(spark("unreliable:skaling:2"), spec)).isEqualTo(expected);
    assertThat(UnreliableEngineProvider.FAILURES.get()).isEqualTo(2);
  }

  /** Skaling always fails: each of its tasks is a row, and the others are as ever. */
  @Test
  void tasksThatAlwaysFailAreRows() {
    List<SweepRow> rows = rows(spark("unreliable:skaling:1000000"), spec);
    assertThat(rows.stream().filter(row -> row.key().law().equals("chinchilla")).toList())
        .isEqualTo(expected.stream().filter(row -> row.key().law().equals("chinchilla")).toList());
    assertThat(rows.stream().filter(row -> row.key().law().equals("skaling")))
        .hasSize(2 * 2)
        .allSatisfy(row -> {
          assertThat(row.result().status()).isEqualTo("failed: defect");
          assertThat(row.result().message())
              .startsWith("java.lang.IllegalStateException: failure ");
        });
  }

  /** A shard that fails is taken apart: only the task that fails is lost. */
  @Test
  void oneBadTaskDoesNotLoseItsShard() throws Exception {
    String[] inputs = {SimulatedRuns.write(folder, "chinchilla")};
    // Enough combinations for shards of several tasks with different laws.
    Long[] seeds = new Long[100];
    for (int i = 0; i < seeds.length; i++) {
      seeds[i] = (long) i;
    }
    SweepSpec many =
        SweepSpec.of(inputs).laws("kaplan", "chinchilla").seeds(seeds).starts(1).build();
    List<SweepRow> rows = rows(spark("unreliable:kaplan:1000000"), many);
    assertThat(rows).hasSize(200);
    assertThat(rows.stream().filter(row -> row.result().status().equals("failed: defect")))
        .hasSize(100)
        .allSatisfy(row -> assertThat(row.key().law()).isEqualTo("kaplan"));
    assertThat(rows.stream().filter(row -> row.key().law().equals("chinchilla")).toList())
        .isEqualTo(
            rows(new LocalSweep(Engines.open("scalar"), 2), many).stream()
                .filter(row -> row.key().law().equals("chinchilla"))
                .toList());
  }

  @Test
  void aPoisonedInputIsTheSameRow() {
    SweepSpec poisoned =
        spec.but().include(List.of(Map.of("input", List.of("missing.csv")))).build();
    List<SweepRow> rows = rows(spark("scalar"), poisoned);
    assertThat(rows).isEqualTo(rows(new LocalSweep(Engines.open("scalar"), 1), poisoned));
    assertThat(rows.stream().filter(row -> row.result().status().equals("failed: input")))
        .hasSize(4);
  }

  @Test
  void interruptionCancels() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> rows(spark("scalar"), spec)).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(rows(spark("scalar"), spec)).isEqualTo(expected);
  }

  @Test
  void severalSweepsShareAContext() throws Exception {
    List<List<SweepRow>> found = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                List<SweepRow> rows = rows(spark("scalar"), spec);
                synchronized (found) {
                  found.add(rows);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(found).hasSize(3).allSatisfy(rows -> assertThat(rows).isEqualTo(expected));
  }

  @Test
  void settingsOfTheUserStay() {
    SparkConf conf =
        SparkProvider.configuration(
            "spark://nowhere:7077",
            "scalar",
            Map.of(
                "spark.executor.extraJavaOptions",
                "-XX:+UseZGC -Dmine=1",
                "spark.driver.maxResultSize",
                "2g"));
    assertThat(conf.get("spark.executor.extraJavaOptions"))
        .contains("--add-modules=jdk.incubator.vector")
        .doesNotContain("ParallelGC")
        .endsWith("-XX:+UseZGC -Dmine=1");
    assertThat(conf.get("spark.driver.maxResultSize")).isEqualTo("2g");
    assertThat(conf.get("spark.serializer")).endsWith("JavaSerializer");
    assertThat(conf.contains("spark.task.resource.gpu.amount")).isFalse();
    assertThat(SparkProvider.configuration("local", "scalar", Map.of()).get("spark.master"))
        .isEqualTo("local[1,4]");
    assertThat(SparkProvider.configuration("local[*]", "scalar", Map.of()).get("spark.master"))
        .isEqualTo("local[*,4]");
    assertThat(SparkProvider.configuration("local[2,1]", "scalar", Map.of()).get("spark.master"))
        .isEqualTo("local[2,1]");
  }

  /** Where nobody else needs to reach the driver, nobody else can. */
  @Test
  void localMastersListenOnTheLoopbackAlone() throws Exception {
    int rpc = SparkEnv.get().rpcEnv().address().port();
    int blocks = SparkEnv.get().blockManager().blockManagerId().port();
    for (int port : new int[] {rpc, blocks}) {
      checkLoopback(port);
    }
    assertThat(context.getConf().get("spark.driver.host")).isEqualTo("127.0.0.1");
    assertThat(context.getConf().get("spark.ui.enabled")).isEqualTo("false");
    assertThat(new SparkProvider().warnings("local[2]", Map.of())).isEmpty();
  }

  private static void checkLoopback(int port) throws IOException {
    try (Socket own = new Socket(InetAddress.getLoopbackAddress(), port)) {
      assertThat(own.isConnected()).isTrue();
    }
    List<InetAddress> others =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress())
            .toList();
    for (InetAddress other : others) {
      assertThatThrownBy(() -> new Socket(other, port).close())
          .as(other.toString())
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void clustersAreProtectedOrTheUserIsWarned() {
    SparkConf yarn = SparkProvider.configuration("yarn", "scalar", Map.of());
    assertThat(yarn.get("spark.authenticate")).isEqualTo("true");
    assertThat(yarn.get("spark.network.crypto.enabled")).isEqualTo("true");
    assertThat(new SparkProvider().warnings("yarn", Map.of())).isEmpty();
    String url = "spark://nowhere:7077";
    assertThat(new SparkProvider().warnings(url, Map.of()))
        .singleElement()
        .asString()
        .contains(url, "spark.authenticate=true");
    Map<String, String> secret =
        Map.of("spark.authenticate", "true", "spark.authenticate.secret", "s");
    assertThat(new SparkProvider().warnings(url, secret)).isEmpty();
    assertThat(
            SparkProvider.configuration(url, "scalar", secret).get("spark.network.crypto.enabled"))
        .isEqualTo("true");
    assertThat(
            SparkProvider.configuration(url, "scalar", Map.of("spark.ui.enabled", "true"))
                .get("spark.ui.enabled"))
        .isEqualTo("true");
  }

  /** One device to a task; or, where there is no SDK, what to do. */
  @Test
  void devicesAreDeclared() {
    if (System.getenv("TORNADOVM_HOME") == null) {
      assertThatThrownBy(
              () -> SparkProvider.configuration("spark://nowhere:7077", "tornado", Map.of()))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("needs TORNADOVM_HOME");
    } else {
      SparkConf conf = SparkProvider.configuration("spark://nowhere:7077", "tornado", Map.of());
      assertThat(conf.get("spark.task.resource.gpu.amount")).isEqualTo("1");
      assertThat(conf.get("spark.executor.resource.gpu.amount")).isEqualTo("1");
      assertThat(conf.get("spark.executor.extraJavaOptions"))
          .contains("/tornado-argfile")
          .contains("tornado-runtime")
          .doesNotContain("log4j-api-2.17");
    }
    // Spark's own threads would wait for a device for ever.
    SparkConf local = SparkProvider.configuration("local[2]", "tornado", Map.of());
    assertThat(local.contains("spark.task.resource.gpu.amount")).isFalse();
  }

  @Test
  void aMasterThatDoesNotExistIsSaidSo() {
    assertThatThrownBy(() -> new SparkProvider().open("nowhere", "scalar", Map.of()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("--cluster nowhere: Spark does not start there");
  }
}

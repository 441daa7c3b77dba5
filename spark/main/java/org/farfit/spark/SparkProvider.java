package org.farfit.spark;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.farfit.data.InputException;
import org.farfit.sweep.ClusterProvider;
import org.farfit.sweep.SweepExecutor;

/** Connects to Spark clusters, with the settings that Farfit's executors need. */
public final class SparkProvider implements ClusterProvider {

  /** What Spark's scheduler calls devices. */
  static final String DEVICES = "gpu";

  private static final String DEVICE_ENGINE = "tornado";
  private static final String EXECUTOR_OPTIONS = "spark.executor.extraJavaOptions";
  private static final String JARS = "spark.jars";
  private static final String AUTHENTICATE = "spark.authenticate";
  private static final String LOOPBACK = "127.0.0.1";

  /** A choice of garbage collector. */
  private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC\\b");

  /** Libraries of the SDK of which Spark or Farfit have their own, newer version. */
  private static final Pattern BOTH_HAVE = Pattern.compile("(ejml|jmh|log4j)-.*");

  /** Made by {@link java.util.ServiceLoader}. */
  public SparkProvider() {}

  @Override
  public SweepExecutor open(String url, String engine, Map<String, String> settings) {
    SparkConf conf = configuration(url, engine, settings);
    try {
      return new SparkSweep(new JavaSparkContext(conf), engine, true);
    } catch (Exception e) {
      // Scala throws checked exceptions undeclared.
      throw new InputException(
          "--cluster %s: Spark does not start there: %s".formatted(url, e.getMessage()), e);
    }
  }

  @Override
  public List<String> warnings(String url, Map<String, String> settings) {
    SparkConf conf = configuration(url, "auto", settings);
    if (url.startsWith("local") || conf.getBoolean(AUTHENTICATE, false)) {
      return List.of();
    }
    return List.of(
        ("--cluster %s: nothing keeps others who reach it from sending it code or reading what is"
                + " sent; set spark.authenticate=true and spark.authenticate.secret, the same here"
                + " (--cluster-conf) and on the cluster, see docs/sweeps.md")
            .formatted(url));
  }

  /** Authentication where Spark makes the secret itself, and encryption wherever there is one. */
  private static void protect(SparkConf conf, String url) {
    if (url.startsWith("yarn") || url.startsWith("k8s:")) {
      conf.setIfMissing(AUTHENTICATE, "true");
    }
    if (conf.getBoolean(AUTHENTICATE, false)) {
      conf.setIfMissing("spark.network.crypto.enabled", "true");
    }
  }

  static SparkConf configuration(String url, String engine, Map<String, String> settings) {
    SparkConf conf = new SparkConf();
    conf.setMaster(SparkSweep.withAttempts(url));
    settings.forEach(conf::set);
    conf.setIfMissing("spark.app.name", "farfit sweep");
    // Kryo cannot handle records.
    conf.set("spark.serializer", "org.apache.spark.serializer.JavaSerializer");
    // Rows are put away shard by shard, however many there are in all.
    conf.setIfMissing("spark.driver.maxResultSize", "0");
    // The pages of a driver ask nobody who he is.
    conf.setIfMissing("spark.ui.enabled", "false");
    boolean local = url.startsWith("local");
    if (local) {
      // A driver takes code from whoever reaches it, and here nobody else needs to.
      conf.setIfMissing("spark.driver.bindAddress", LOOPBACK);
      conf.setIfMissing("spark.driver.host", LOOPBACK);
    } else {
      protect(conf, url);
    }
    String options = conf.get(EXECUTOR_OPTIONS, "");
    StringBuilder needed = new StringBuilder("--add-modules=jdk.incubator.vector ");
    needed.append("--enable-native-access=ALL-UNNAMED ");
    if (!COLLECTOR.matcher(options).find()) {
      // For throughput, and two collectors would end the JVM.
      needed.append("-XX:+UseParallelGC ");
    }
    StringBuilder jars = new StringBuilder(conf.get(JARS, ""));
    if (jars.isEmpty()) {
      jars.append(ownJar());
    }
    if (engine.startsWith(DEVICE_ENGINE) && !local) {
      needed.append(deviceOptions());
      // TornadoVM reads kernels with the system's class loader, not with that of fetched jars.
      conf.setIfMissing(
          "spark.executor.extraClassPath", jars.toString().replace(',', File.pathSeparatorChar));
      // One device to a task, and as many tasks at once as devices.
      conf.setIfMissing("spark.executor.resource.%s.amount".formatted(DEVICES), "1");
      conf.setIfMissing("spark.task.resource.%s.amount".formatted(DEVICES), "1");
    }
    conf.set(EXECUTOR_OPTIONS, (needed + options).strip());
    conf.set(JARS, jars.toString());
    return conf;
  }

  /**
   * What an executor's JVM needs for devices: the SDK's flags, and on the module path the SDK's
   * libraries, but Spark's own of those that both have.
   */
  private static String deviceOptions() {
    String sdk = System.getenv("TORNADOVM_HOME");
    if (sdk == null) {
      throw new InputException(
          "--cluster with --engine tornado needs TORNADOVM_HOME, the same here and on every"
              + " worker; see docs/sweeps.md");
    }
    try (Stream<Path> libraries = Files.list(Path.of(sdk, "share", "java", "tornado"))) {
      String modules =
          Stream.concat(
                  libraries.filter(library -> !BOTH_HAVE.matcher(name(library)).matches()).sorted(),
                  Stream.of(LogManager.class, LoggerContext.class).map(SparkProvider::placeOf))
              .map(Path::toString)
              .collect(Collectors.joining(File.pathSeparator));
      return "@%s -Dtornado.recover.bailout=False --module-path=%s "
          .formatted(Path.of(sdk, "tornado-argfile"), modules);
    } catch (IOException e) {
      throw new InputException(
          "TORNADOVM_HOME is %s, which has no libraries (%s)".formatted(sdk, e.getMessage()), e);
    }
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  /** The jar that executors need; empty where classes lie in folders, as in tests. */
  private static String ownJar() {
    Path place = placeOf(SparkProvider.class);
    return Files.isRegularFile(place) ? place.toString() : "";
  }

  private static Path placeOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}

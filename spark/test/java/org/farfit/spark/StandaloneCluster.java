package org.farfit.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Spark cluster of processes on this machine: a master, and workers of one core each, on Spark's
 * own jars alone, as an installed Spark would have them.
 */
final class StandaloneCluster implements AutoCloseable {

  private static final Pattern URL = Pattern.compile("Starting Spark master at (spark://\\S+)");

  private final Path folder;
  private final Map<String, String> properties;
  private final Java master;
  private final String url;
  private final List<Java> workers = new ArrayList<>();

  /** A cluster that anyone may use. */
  StandaloneCluster(Path folder) throws IOException {
    this(folder, Map.of());
  }

  /** A cluster with properties of Spark, such as a secret. */
  StandaloneCluster(Path folder, Map<String, String> properties) throws IOException {
    this.folder = folder;
    this.properties = properties;
    Path jars = Files.createDirectories(home().resolve("jars"));
    for (String jar : Java.sparkJars()) {
      Path place = Path.of(jar);
      Files.createSymbolicLink(jars.resolve(place.getFileName()), place);
    }
    this.master =
        daemon(
            "master",
            "org.apache.spark.deploy.master.Master",
            "--host",
            "localhost",
            "--port",
            "0");
    master.until("the master has started", () -> URL.matcher(master.said()).find());
    Matcher found = URL.matcher(master.said());
    found.find();
    this.url = found.group(1);
  }

  String url() {
    return url;
  }

  /** What SPARK_HOME would name. */
  Path home() {
    return folder.resolve("home");
  }

  /** What Spark's scripts would set. */
  Map<String, String> environment() {
    return Map.of(
        "SPARK_HOME",
        home().toString(),
        "SPARK_SCALA_VERSION",
        "2.13",
        "SPARK_LOCAL_IP",
        "127.0.0.1",
        "JAVA_HOME",
        System.getProperty("java.home"));
  }

  /** Adds a worker. */
  Java addWorker() {
    String name = "worker" + workers.size();
    Java worker =
        daemon(
            name,
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            "localhost",
            "--cores",
            "1",
            "--memory",
            "1g",
            "--work-dir",
            folder.resolve(name).toString(),
            url);
    worker.until(
        name + " is registered",
        () -> worker.said().contains("Successfully registered with master"));
    workers.add(worker);
    return worker;
  }

  private Java daemon(String log, String type, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("-Xmx256m", "-cp", home().resolve("jars") + "/*"));
    properties.forEach((name, value) -> command.add("-D%s=%s".formatted(name, value)));
    command.addAll(List.of(type, "--webui-port", "0"));
    command.addAll(List.of(arguments));
    return Java.start(folder.resolve(log + ".log"), environment(), command);
  }

  @Override
  public void close() {
    workers.forEach(Java::close);
    master.close();
  }
}

package org.farfit.spark;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** A Java process of a test, with what it says in a file. */
final class Java implements AutoCloseable {

  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(15);

  private final Process process;
  private final Path log;

  private Java(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** The jar that users give to clusters. */
  static String jar() {
    return System.getProperty("farfit.jar");
  }

  /** Makes a jar of the classes of the tests, which have engines. */
  static Path jarOfTests(Path jar) throws IOException {
    Path classes = Path.of("target", "test-classes");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(
            new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
        Files.copy(file, out);
      }
    }
    return jar;
  }

  /** Spark's jars. */
  static List<String> sparkJars() {
    try {
      String path = Files.readString(Path.of(System.getProperty("spark.classpath"))).strip();
      return List.of(path.split(File.pathSeparator));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts the command line as the launcher does. */
  static Java farfit(Path log, String... arguments) {
    List<String> command = new ArrayList<>(List.of("--add-modules", "jdk.incubator.vector"));
    command.addAll(
        List.of("-cp", jar() + File.pathSeparator + String.join(File.pathSeparator, sparkJars())));
    command.add("org.farfit.cli.Main");
    command.addAll(List.of(arguments));
    return start(log, Map.of("SPARK_LOCAL_IP", "127.0.0.1"), command);
  }

  /** Starts the command line as spark-submit does: on Spark's jars alone, and given the jar. */
  static Java submit(Path log, StandaloneCluster cluster, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "-cp",
                cluster.home().resolve("jars") + "/*",
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                cluster.url(),
                "--class",
                "org.farfit.cli.Main",
                jar()));
    command.addAll(List.of(arguments));
    return start(log, cluster.environment(), command);
  }

  /** Starts a JVM. */
  static Java start(Path log, Map<String, String> environment, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    try {
      return new Java(builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until something is so. */
  void until(String what, BooleanSupplier so) {
    long start = System.nanoTime();
    while (!so.getAsBoolean()) {
      if (System.nanoTime() - start > PATIENCE_NANOS || !process.isAlive()) {
        throw new AssertionError("waited in vain until " + what + ": " + said());
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  /** Waits for the end. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE_NANOS, TimeUnit.NANOSECONDS)) {
      throw new AssertionError("does not end: " + said());
    }
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it has said so far. */
  String said() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills it and what it started, at once. */
  void kill() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
  }
}

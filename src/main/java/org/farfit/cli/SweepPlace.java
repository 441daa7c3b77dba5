package org.farfit.cli;

import java.io.PrintWriter;
import java.util.Map;
import org.farfit.sweep.ClusterProvider;
import org.farfit.sweep.LocalSweep;
import org.farfit.sweep.SweepExecutor;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that say where a sweep is worked on. */
final class SweepPlace {

  /** Under spark-submit this property says where to work. */
  private static final String SUBMITTED = "spark.master";

  @Mixin ThreadsChoice threads;

  @Option(
      names = "--cluster",
      paramLabel = "URL",
      description =
          "Work on Apache Spark: local[2], spark://HOST:7077, ... (default: on this machine, or under"
              + " spark-submit where that says).")
  String cluster;

  @Option(
      names = "--cluster-conf",
      paramLabel = "KEY=VALUE",
      description = "A setting of Spark, such as spark.executor.memory=4g; may be repeated.")
  Map<String, String> clusterSettings = Map.of();

  @Mixin EngineChoice engine;

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  /** Opens the place, and says which it is. */
  SweepExecutor open(PrintWriter log) {
    String where = cluster == null ? System.getProperty(SUBMITTED) : cluster;
    if (where != null) {
      return onCluster(where, log);
    }
    if (!clusterSettings.isEmpty()) {
      throw new ParameterException(command.commandLine(), "--cluster-conf needs --cluster");
    }
    return LocalSweep.closing(engine.open(log, EngineChoice.MUCH_WORK), threads.count());
  }

  private SweepExecutor onCluster(String where, PrintWriter log) {
    if (threads.isGiven()) {
      throw new ParameterException(
          command.commandLine(), "--threads is for this machine; on a cluster say local[THREADS]");
    }
    ClusterProvider provider = ClusterProvider.installed();
    log.println("cluster: " + where);
    provider
        .warnings(where, clusterSettings)
        .forEach(warning -> log.println("warning: " + warning));
    log.flush();
    return provider.open(where, engine.name, clusterSettings);
  }
}

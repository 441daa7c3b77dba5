package org.farfit.sweep;

import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.farfit.data.InputException;

/** Opens executors on clusters. Found by {@link ServiceLoader}, since the core needs none. */
public interface ClusterProvider {

  /**
   * Connects to a cluster.
   *
   * @param url where it is, such as {@code local[2]} or {@code spark://host:7077}
   * @param engine which engine its workers are to open, see {@link org.farfit.engine.Engines#open}
   * @param settings of the cluster software, by name
   * @throws InputException if it cannot be reached
   */
  SweepExecutor open(String url, String engine, Map<String, String> settings);

  /** What the user should know before work is sent there, in sentences. */
  default List<String> warnings(String url, Map<String, String> settings) {
    return List.of();
  }

  /**
   * The provider that is installed.
   *
   * @throws InputException if none is
   */
  static ClusterProvider installed() {
    return ServiceLoader.load(ClusterProvider.class)
        .findFirst()
        .orElseThrow(() ->
            new InputException(
                "a cluster needs Farfit's Spark module; start bin/farfit from a checkout, or"
                    + " spark-submit with farfit-spark.jar, see docs/sweeps.md"));
  }
}

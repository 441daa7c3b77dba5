package org.farfit.sweep;

import java.util.LinkedHashMap;
import java.util.Map;
import org.farfit.data.InputException;

/** Gives tasks their runs: from files, or from what was sent ahead. Must be thread-safe. */
@FunctionalInterface
public interface RunReader {

  /**
   * The runs of a source.
   *
   * @throws InputException if they cannot be used
   */
  SourceRuns read(RunSource source);

  /**
   * Reads files and keeps the latest few results, since neighbouring tasks share their runs.
   *
   * @param capacity how many
   */
  static RunReader caching(int capacity) {
    Map<RunSource, SourceRuns> latest =
        new LinkedHashMap<>(capacity, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<RunSource, SourceRuns> eldest) {
            return size() > capacity;
          }
        };
    return source -> {
      synchronized (latest) {
        SourceRuns known = latest.get(source);
        if (known != null) {
          return known;
        }
      }
      // Unlocked: others go on meanwhile, and two who read the same find the same.
      SourceRuns runs = source.read();
      synchronized (latest) {
        latest.put(source, runs);
      }
      return runs;
    };
  }
}

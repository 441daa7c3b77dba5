package org.farfit.report.output;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What pages call files: they travel, and do not tell folders of the machine they were made on. */
public final class FileNames {

  private FileNames() {}

  /** The name of a file without its folders. */
  public static String of(Object file) {
    List<String> parts = parts(String.valueOf(file));
    return parts.isEmpty() ? String.valueOf(file) : parts.getLast();
  }

  /** By path, the fewest last parts that none of the others ends with. */
  public static Map<String, String> apart(Collection<String> paths) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String path : paths) {
      List<String> own = parts(path);
      int count = 1;
      while (count < own.size() && isShared(last(own, count), path, paths)) {
        count++;
      }
      names.put(path, last(own, count));
    }
    return names;
  }

  /** A text in which every path is by its name. */
  public static String in(String text, Map<String, String> names) {
    String shortened = text;
    for (Map.Entry<String, String> name : names.entrySet()) {
      shortened = shortened.replace(name.getKey(), name.getValue());
    }
    return shortened;
  }

  private static boolean isShared(String name, String path, Collection<String> paths) {
    return paths.stream()
        .filter(other -> !other.equals(path))
        .anyMatch(other -> other.equals(name) || other.replace('\\', '/').endsWith("/" + name));
  }

  private static List<String> parts(String path) {
    return List.of(path.split("[/\\\\]+")).stream().filter(part -> !part.isEmpty()).toList();
  }

  private static String last(List<String> parts, int count) {
    return parts.stream().skip(Math.max(0, parts.size() - count)).collect(Collectors.joining("/"));
  }
}

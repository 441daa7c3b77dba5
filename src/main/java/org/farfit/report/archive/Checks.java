package org.farfit.report.archive;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What is asked of the values of a file that was read back. Every complaint names a key. */
final class Checks {

  private Checks() {}

  /**
   * Asks for something.
   *
   * @throws IllegalArgumentException if it does not hold
   */
  static void require(boolean holds, String key, Supplier<String> message) {
    if (!holds) {
      throw new IllegalArgumentException("key '%s' %s".formatted(key, message.get()));
    }
  }

  /** Not null. */
  static void present(String key, Object value) {
    require(value != null, key, () -> "is null");
  }

  /** A list, or the values of a map, without nulls. */
  static void whole(String key, Collection<?> values) {
    present(key, values);
    require(values.stream().noneMatch(Objects::isNull), key, () -> "has a null");
  }

  /** One of the words that are known. */
  static void oneOf(String key, String value, Stream<String> known) {
    List<String> names = known.toList();
    require(
        names.contains(value),
        key,
        () -> "is '%s', expected one of %s".formatted(value, String.join(", ", names)));
  }

  /** A map with just these keys. */
  static void keys(String key, Map<String, ?> map, List<String> expected) {
    present(key, map);
    require(
        map.keySet().equals(Set.copyOf(expected)),
        key,
        () -> "has the keys %s, expected %s".formatted(map.keySet(), expected));
  }

  /** Neither null nor infinite. */
  static void finite(String key, Double value) {
    present(key, value);
    require(Double.isFinite(value), key, () -> "is %s, expected a finite number".formatted(value));
  }

  /** Null, or a finite number from 0 up. */
  static void notNegative(String key, Double value) {
    require(
        value == null || (value >= 0 && value < Double.POSITIVE_INFINITY),
        key,
        () -> "is %s, expected a number from 0 up".formatted(value));
  }
}

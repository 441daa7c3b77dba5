package org.farfit.law;

import java.util.List;
import java.util.stream.Collectors;

/** The laws that come with Farfit, in the order in which tables list them. */
public final class Laws {

  private static final Law SIMPLEST = new Chinchilla();

  private static final List<Law> ALL =
      List.of(new Kaplan(), SIMPLEST, new Skaling(), new Farseer());

  private Laws() {}

  /** Every law, simplest first. */
  public static List<Law> all() {
    return ALL;
  }

  /** The simplest law that extrapolates: what others are held against, and shrink towards. */
  public static Law simplest() {
    return SIMPLEST;
  }

  /**
   * The law of a given name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names there are
   */
  public static Law named(String name) {
    return ALL.stream()
        .filter(law -> law.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "unknown law '%s'; the laws are %s"
                    .formatted(
                        name, ALL.stream().map(Law::name).collect(Collectors.joining(", ")))));
  }
}

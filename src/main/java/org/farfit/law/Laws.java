package org.farfit.law;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
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

  /** The laws that published fits say something of, which are regularised and averaged. */
  public static List<Law> extrapolating() {
    return ALL.stream().filter(law -> law.prior(0, 0).isPresent()).toList();
  }

  /** The law of most parameters: what examples are simulated from. */
  public static Law richest() {
    return Collections.max(ALL, Comparator.comparingInt(Law::parameterCount));
  }

  /**
   * The law that can be fitted in stages by a form.
   *
   * @throws NoSuchElementException if there is none
   */
  public static Law staged(StagedForm form) {
    return ALL.stream()
        .filter(law -> law.stagedForm().equals(Optional.of(form)))
        .findFirst()
        .orElseThrow();
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

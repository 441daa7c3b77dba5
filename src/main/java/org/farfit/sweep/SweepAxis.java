package org.farfit.sweep;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a sweep may vary, the outermost first: neighbouring tasks differ in the last ones. */
public enum SweepAxis {
  /** Files of runs. */
  INPUT("inputs"),
  /** Columns that are taken for the loss. */
  LOSS("losses"),
  /** Filters on rows. */
  WHERE("where"),
  /** What is minimised. */
  OBJECTIVE("objectives"),
  /** Seeds of starts and replicates. */
  SEED("seeds"),
  /** Laws, stated in any way. */
  LAW("laws"),
  /** Methods of fitting. */
  METHOD("methods"),
  /** What is held out. */
  HOLDOUT("holdouts");

  static final List<SweepAxis> ALL = List.of(values());

  private final String key;

  SweepAxis(String key) {
    this.key = key;
  }

  /** The key of a specification that has its values. */
  String key() {
    return key;
  }

  /**
   * The axis of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static SweepAxis named(String label) {
    return Arrays.stream(values())
        .filter(axis -> axis.label().equals(label))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "unknown axis '%s', expected one of %s"
                    .formatted(
                        label,
                        ALL.stream().map(SweepAxis::label).collect(Collectors.joining(", ")))));
  }

  /** The name that specifications and tables use. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

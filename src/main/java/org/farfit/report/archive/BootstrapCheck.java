package org.farfit.report.archive;

import static org.farfit.report.archive.Checks.keys;
import static org.farfit.report.archive.Checks.oneOf;
import static org.farfit.report.archive.Checks.present;
import static org.farfit.report.archive.Checks.require;
import static org.farfit.report.archive.Checks.whole;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.farfit.analysis.inference.BootstrapInference;
import org.farfit.analysis.inference.Estimands;
import org.farfit.data.RunSet;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.bootstrap.Resampling;

/**
 * Whether the replicates of a fit, as a fit file holds them, are those that were written, and what
 * is said of them follows from them.
 */
final class BootstrapCheck {

  /** Intervals that follow from replicates, runs and the fit alone; others take further fits. */
  private static final Set<IntervalType> FOLLOW_ALONE =
      Set.of(IntervalType.EXPANDED, IntervalType.PERCENTILE, IntervalType.BASIC);

  private final String at;
  private final BootstrapEntry entry;
  private final LawFit fit;
  private final RunSet runs;

  /**
   * The check of some replicates.
   *
   * @param at the key of the entry
   */
  BootstrapCheck(String at, BootstrapEntry entry, LawFit fit, RunSet runs) {
    this.at = at;
    this.entry = entry;
    this.fit = fit;
    this.runs = runs;
  }

  private String key(String name) {
    return at + "." + name;
  }

  /**
   * Checks them.
   *
   * @param isBeforeHashes whether the file is of the format without hashes
   * @throws IllegalArgumentException if they do not fit together; the message names the key
   */
  void check(boolean isBeforeHashes) {
    oneOf(
        key("resampling"),
        entry.resampling(),
        Arrays.stream(Resampling.values()).map(Resampling::label));
    require(entry.restarts() >= 0, key("restarts"), () -> "is %d".formatted(entry.restarts()));
    require(
        entry.level() > 0 && entry.level() < 100,
        key("level"),
        () -> "is %s, expected percent between 0 and 100".formatted(entry.level()));
    oneOf(
        key("interval"),
        entry.interval(),
        Arrays.stream(IntervalType.values()).map(IntervalType::label));
    present(key("samples"), entry.samples());
    require(
        entry.replicates() > 0 && entry.samples().size() == entry.replicates(),
        key("replicates"),
        () ->
            "is %d, but '%s' has %d"
                .formatted(entry.replicates(), key("samples"), entry.samples().size()));
    positions("failed", entry.failed(), entry.replicates());
    positions("improved", entry.improved(), entry.replicates());
    samples(fit.law().parameterCount());
    if (!isBeforeHashes) {
      present(key("sha256"), entry.sha256());
      require(
          entry.sha256().equals(entry.hash()),
          key("sha256"),
          () -> "is not the hash of samples, failed and improved: these were changed");
    }
    intervals(isBeforeHashes);
  }

  private void samples(int size) {
    Set<Integer> failed = Set.copyOf(entry.failed());
    for (int b = 0; b < entry.replicates(); b++) {
      List<Double> sample = entry.samples().get(b);
      boolean whole =
          sample != null
              && sample.size() == size
              && sample.stream().noneMatch(Objects::isNull)
              && (failed.contains(b) || sample.stream().allMatch(Double::isFinite));
      require(whole, key("samples.[%d]".formatted(b)), () -> "is not %d numbers".formatted(size));
    }
  }

  /** Standard errors and intervals follow from the replicates. */
  private void intervals(boolean isBeforeHashes) {
    keys(key("parameters"), entry.parameters(), fit.law().parameterNames());
    entry.parameters().forEach((name, interval) -> present(key("parameters." + name), interval));
    if (isBeforeHashes) {
      return;
    }
    IntervalType type = IntervalType.named(entry.interval());
    boolean alone = FOLLOW_ALONE.contains(type);
    Replicates replicates = entry.replicates(fit.surface());
    for (BootstrapInference.Row row :
        new BootstrapInference(new ScalarEngine(), fit, runs, replicates)
            .intervals(
                Estimands.parameters(fit.law()),
                entry.level() / 100,
                Set.of(alone ? type : IntervalType.PERCENTILE))) {
      BootstrapEntry.IntervalEntry stated = entry.parameters().get(row.item().name());
      String name = "parameters." + row.item().name();
      near(name + ".standardError", stated.standardError(), row.standardError(), 0);
      if (alone) {
        Interval interval = row.intervals().get(type);
        near(name + ".low", stated.low(), interval.low(), interval.width());
        near(name + ".high", stated.high(), interval.high(), interval.width());
      } else {
        ends(name, stated);
      }
    }
  }

  /** What ends must be that would take fits to compute again. */
  private void ends(String name, BootstrapEntry.IntervalEntry stated) {
    require(
        (stated.low() == null) == (stated.high() == null),
        key(name + (stated.low() == null ? ".low" : ".high")),
        () -> "is null, but the other end is not");
    require(
        stated.low() == null || stated.low() <= stated.high(),
        key(name + ".low"),
        () -> "is above '%s.high'".formatted(key(name)));
  }

  private void near(String name, Double stated, double actual, double width) {
    double tolerance = FitEntryCheck.RELATIVE * (Math.abs(actual) + Math.abs(width));
    require(
        stated == null
            ? !Double.isFinite(actual)
            : stated.equals(actual) || Math.abs(stated - actual) <= tolerance,
        key(name),
        () -> "is %s, but '%s' gives %s".formatted(stated, key("samples"), actual));
  }

  private void positions(String name, List<Integer> positions, int count) {
    whole(key(name), positions);
    int before = -1;
    for (int position : positions) {
      require(
          position > before && position < count,
          key(name),
          () -> "has %d, expected rising positions below %d".formatted(position, count));
      before = position;
    }
  }
}

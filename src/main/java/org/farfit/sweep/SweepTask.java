package org.farfit.sweep;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.farfit.analysis.HoldoutChoice;
import org.farfit.analysis.study.Validation;
import org.farfit.fit.Method;
import org.farfit.fit.bootstrap.Resampling;

/**
 * One combination of a sweep. Its results depend on nothing else, and neither does its identifier.
 *
 * @param source where its runs are
 * @param holdout hold-out, which may be several fits; null for what tasks of a batch have in common
 * @param law what is fitted
 * @param method how
 * @param objective what is minimised
 * @param seed of starts and replicates
 * @param starts starts per fit
 * @param bootstrap replicates per fit
 * @param resampling how they are drawn
 */
public record SweepTask(
    RunSource source,
    HoldoutChoice holdout,
    LawChoice law,
    Method method,
    ObjectiveChoice objective,
    long seed,
    int starts,
    int bootstrap,
    Resampling resampling)
    implements Serializable {

  /** Characters of a hash that identify a result among any number that a sweep can have. */
  private static final int ID_LENGTH = 16;

  /** Whether the method is defined for the law. */
  boolean isDefined() {
    return law.supports(method);
  }

  /** The same without its hold-out: what tasks of one batch have in common. */
  SweepTask withoutHoldout() {
    return new SweepTask(source, null, law, method, objective, seed, starts, bootstrap, resampling);
  }

  /** Stable identifier. */
  public String id() {
    return id("", "");
  }

  private String id(String heldOut, String split) {
    String all =
        String.join(
            "\u0000",
            source.input(),
            source.where(),
            source.loss(),
            holdout.name(),
            law.name(),
            method.label(),
            objective.name(),
            Long.toString(seed),
            Integer.toString(starts),
            Integer.toString(bootstrap),
            resampling.label(),
            heldOut,
            split);
    return hash(all);
  }

  static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, ID_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * The key of a row.
   *
   * @param heldOut name of the hold-out
   * @param split which runs are predicted
   */
  SweepKey key(String heldOut, String split) {
    return new SweepKey(
        id(heldOut, split),
        source.input(),
        source.where(),
        source.loss(),
        heldOut,
        split,
        law.name(),
        method.label(),
        objective.name(),
        seed);
  }

  /** The row of a task that gave no fit at all. */
  SweepRow failed(String status, String message) {
    return failed(holdout.name(), status, message);
  }

  /** The row of a hold-out that gave no fit. */
  SweepRow failed(String heldOut, String status, String message) {
    return new SweepRow(key(heldOut, Validation.FITTED), SweepResult.failed(status, message));
  }
}

package org.farfit.sweep;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.farfit.analysis.Validation;
import org.farfit.fit.Method;
import org.farfit.fit.method.Fitters;
import org.farfit.law.Laws;

/**
 * One combination of a sweep. Its results depend on nothing else, and neither does its identifier.
 *
 * @param source where its runs are
 * @param holdout hold-out, which may be several fits
 * @param law name of the law
 * @param method name of the method
 * @param objective name of the objective
 * @param seed of starts and replicates
 * @param starts starts per fit
 * @param bootstrap replicates per fit
 * @param resampling how they are drawn
 */
public record SweepTask(
    RunSource source,
    String holdout,
    String law,
    String method,
    String objective,
    long seed,
    int starts,
    int bootstrap,
    String resampling)
    implements Serializable {

  /** Characters of a hash that identify a result among any number that a sweep can have. */
  private static final int ID_LENGTH = 16;

  static SweepTask of(SweepSpec spec, Map<SweepAxis, String> values) {
    return new SweepTask(
        new RunSource(
            values.get(SweepAxis.INPUT),
            values.get(SweepAxis.WHERE),
            values.get(SweepAxis.LOSS),
            isFormula(values.get(SweepAxis.LAW)) ? values.get(SweepAxis.LAW) : ""),
        values.get(SweepAxis.HOLDOUT),
        values.get(SweepAxis.LAW),
        values.get(SweepAxis.METHOD),
        values.get(SweepAxis.OBJECTIVE),
        Long.parseLong(values.get(SweepAxis.SEED)),
        spec.starts(),
        spec.bootstrap(),
        spec.resampling());
  }

  String value(SweepAxis axis) {
    return switch (axis) {
      case INPUT -> source.input();
      case LOSS -> source.loss();
      case WHERE -> source.where();
      case OBJECTIVE -> objective;
      case SEED -> Long.toString(seed);
      case LAW -> law;
      case METHOD -> method;
      case HOLDOUT -> holdout;
    };
  }

  private static boolean isFormula(String law) {
    return Laws.all().stream().noneMatch(made -> made.name().equals(law));
  }

  /** Whether the method is defined for the law; of formulas only the search is. */
  boolean isDefined() {
    return isFormula(law)
        ? Method.named(method) == Method.GLOBAL
        : Fitters.unsupported(Method.named(method), Laws.named(law)).isEmpty();
  }

  /** Whether a combination, which gives some axes some values, has this task. */
  boolean matches(Map<SweepAxis, List<String>> combination) {
    return combination.entrySet().stream()
        .allMatch(entry -> entry.getValue().contains(value(entry.getKey())));
  }

  /** The same for the first hold-out of all: what tasks of one batch have in common. */
  SweepTask withoutHoldout() {
    return new SweepTask(source, "", law, method, objective, seed, starts, bootstrap, resampling);
  }

  /** Stable identifier. */
  public String id() {
    return id("", "");
  }

  String id(String heldOut, String split) {
    String all =
        String.join(
            "\u0000",
            source.input(),
            source.where(),
            source.loss(),
            holdout,
            law,
            method,
            objective,
            Long.toString(seed),
            Integer.toString(starts),
            Integer.toString(bootstrap),
            resampling,
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

  /** The row of a task that gave no fit at all. */
  SweepRow failed(String status, String message) {
    return failed(holdout, status, message);
  }

  /** The row of a hold-out that gave no fit. */
  SweepRow failed(String heldOut, String status, String message) {
    return new SweepRow(
        id(heldOut, Validation.FITTED),
        source.input(),
        source.where(),
        source.loss(),
        heldOut,
        Validation.FITTED,
        law,
        method,
        objective,
        seed,
        status,
        message,
        0,
        0,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        0,
        Map.of());
  }
}

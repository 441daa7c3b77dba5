package org.farfit.sweep;

import java.io.Serializable;
import java.util.Optional;
import org.farfit.fit.Method;
import org.farfit.fit.method.Fitters;
import org.farfit.formula.LawText;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Laws;

/**
 * A law as a sweep names it: one made by hand, one of the shelf, a law file or a formula.
 *
 * @param name as it is written
 * @param text the law as a text; null for one that is made by hand, which is known by its name
 */
public record LawChoice(String name, LawText text) implements Serializable {

  /**
   * Reads a law; a law file is read once, here.
   *
   * @throws org.farfit.data.InputException if a law file cannot be read
   * @throws IllegalArgumentException if there is no such law
   */
  public static LawChoice parse(String name) {
    StatedLaw stated = StatedLaw.parse(name);
    return new LawChoice(
        stated.made().map(law -> law.name()).orElse(name), stated.text().orElse(null));
  }

  /** The law as a text; empty for one that is made by hand. */
  Optional<LawText> formula() {
    return Optional.ofNullable(text);
  }

  /** Whether it is stated as the name of a file. */
  boolean isFile() {
    return text != null && name.strip().matches("[^\n]*\\.ya?ml");
  }

  /** Whether a method is defined for it; of formulas only the search is. */
  boolean supports(Method method) {
    return method.isForAnyLaw()
        || (text == null && Fitters.unsupported(method, Laws.named(name)).isEmpty());
  }
}

package org.farfit.formula;

import java.io.Serializable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.farfit.data.Setting;

/**
 * A law as its user states it.
 *
 * @param origin what messages call it: that it is a formula, or a file name
 * @param name the name of the law; of a formula on the command line, the formula itself
 * @param source where it was published, or empty
 * @param notes what a user should know of its columns and units, or empty
 * @param columns names used in the formula, each with the usual names of that column in data files
 * @param text the statements: abbreviations, then one expression per response, as {@code Parser}
 *     reads them
 * @param bounds where parameters may be; those that are not named may be anywhere
 * @param coefficients published values of the parameters, or empty
 * @param nested the smaller laws within it, by name, each with the parameters that it holds
 * @param closed whether a parameter that is not in {@code bounds}, but whose name is near to one
 *     that is known, is an error
 */
public record LawText(
    String origin,
    String name,
    String source,
    String notes,
    Map<String, List<String>> columns,
    String text,
    Map<String, Bounds> bounds,
    Map<String, Double> coefficients,
    Map<String, Map<String, Double>> nested,
    boolean closed)
    implements Serializable {

  /** A law of which no smaller ones are stated. */
  public LawText(
      String origin,
      String name,
      String source,
      String notes,
      Map<String, List<String>> columns,
      String text,
      Map<String, Bounds> bounds,
      Map<String, Double> coefficients,
      boolean closed) {
    this(origin, name, source, notes, columns, text, bounds, coefficients, Map.of(), closed);
  }

  /** A formula, without bounds. */
  public static LawText formula(String text) {
    return formula(text, Map.of());
  }

  /** A formula with bounds for some of its parameters. */
  public static LawText formula(String text, Map<String, Bounds> bounds) {
    return new LawText(
        Setting.LAW.term(), text.strip(), "", "", Map.of(), text, bounds, Map.of(), false);
  }

  /** The same law, called by another origin where messages say where it comes from. */
  public LawText from(String other) {
    return new LawText(
        other, name, source, notes, columns, text, bounds, coefficients, nested, closed);
  }

  /** The same law where these names are columns, too. */
  public LawText withColumns(Collection<String> names) {
    Map<String, List<String>> known = new LinkedHashMap<>(columns);
    names.forEach(column -> known.putIfAbsent(column, List.of()));
    return new LawText(
        origin, name, source, notes, known, text, bounds, coefficients, nested, closed);
  }

  /** The usual names of a column in data files, if the law states any. */
  public Optional<List<String>> usualNames(String column) {
    return Optional.ofNullable(columns.get(column));
  }
}

package org.farfit.formula;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.law.LawDescription;
import org.farfit.law.NestedForm;
import org.farfit.law.SamplingBox;

/**
 * A law that is a formula, for runs of some categories: a parameter that is indexed by a column is
 * one parameter per category. Centred coordinates are those that {@link Coordinates} derives.
 *
 * <p>Where the formula has several responses, each run has one of them, which the column {@link
 * #RESPONSE} says, as one of categories.
 */
public final class FormulaLaw implements Law {

  /** The column that says which of several responses a run has; no formula can name it. */
  public static final String RESPONSE = "(response)";

  private final Model model;
  private final Derivation derivation;
  private final Map<String, List<String>> categories;
  private final List<String> columns;
  private final List<String> indices;
  private final List<Integer> templates = new ArrayList<>();
  private final Map<List<String>, Integer> numberOf = new LinkedHashMap<>();
  private final LawDescription description;
  private final List<int[]> contexts = new ArrayList<>();
  private final Map<List<Double>, int[]> contextOf = new ConcurrentHashMap<>();
  private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

  private FormulaLaw(Model model, boolean logResiduals, List<List<String>> kinds, RunSet runs) {
    this.model = model;
    this.derivation = Derivations.unscheduled(model, logResiduals);
    this.categories = runs.categories();
    this.indices = model.indices();
    List<String> needed = new ArrayList<>(model.columns());
    needed.addAll(indices);
    if (model.responses().size() > 1) {
      needed.add(RESPONSE);
    }
    this.columns = List.copyOf(needed);
    List<String> names = new ArrayList<>();
    List<String> centred = new ArrayList<>();
    List<String> ofFormula = centredNames(model.parameters());
    for (int t = 0; t < model.parameters().size(); t++) {
      Model.Parameter parameter = model.parameters().get(t);
      for (List<String> labels : chosen(parameter, kinds)) {
        numberOf.put(key(parameter, labels), names.size());
        templates.add(t);
        String suffix = labels.isEmpty() ? "" : "[" + String.join(",", labels) + "]";
        names.add(parameter.name() + suffix);
        centred.add(ofFormula.get(t) + suffix);
      }
    }
    this.description =
        new LawDescription(
            model.law().name(),
            model.law().text(),
            model.law().source(),
            List.copyOf(names),
            List.copyOf(centred));
    kinds.stream().map(this::context).forEach(contexts::add);
  }

  /**
   * A law for some runs.
   *
   * @param logResiduals whether residuals will be differences of logarithms, for which other
   *     coordinates are derived
   * @throws InputException if the runs lack a column that the law depends on
   */
  public static FormulaLaw of(Model model, boolean logResiduals, RunSet runs) {
    Stream.concat(model.columns().stream(), model.indices().stream())
        .filter(name -> !runs.has(name))
        .findFirst()
        .ifPresent(name -> {
          throw new InputException(
              "%s: the runs have no column '%s'".formatted(model.law().name(), name));
        });
    List<String> indices = model.indices();
    TreeSet<String> joined = new TreeSet<>();
    Map<String, List<String>> found = new LinkedHashMap<>();
    for (int i = 0; i < runs.size(); i++) {
      int run = i;
      List<String> labels =
          indices.stream()
              .map(name -> runs.categories().get(name).get((int) runs.column(name)[run]))
              .toList();
      String text = String.join("\0", labels);
      joined.add(text);
      found.putIfAbsent(text, labels);
    }
    List<List<String>> kinds =
        runs.size() == 0 || indices.isEmpty()
            ? List.of(List.of())
            : joined.stream().map(found::get).toList();
    return new FormulaLaw(model, logResiduals, kinds, runs);
  }

  /** The different labels that a parameter's own indices have, in order. */
  private List<List<String>> chosen(Model.Parameter parameter, List<List<String>> kinds) {
    return kinds.stream()
        .map(labels -> own(parameter, labels))
        .distinct()
        .sorted(Comparator.comparing(labels -> String.join("\0", labels)))
        .toList();
  }

  private List<String> own(Model.Parameter parameter, List<String> labels) {
    return parameter.indices().stream().map(name -> labels.get(indices.indexOf(name))).toList();
  }

  private static List<String> key(Model.Parameter parameter, List<String> labels) {
    List<String> key = new ArrayList<>(List.of(parameter.name()));
    key.addAll(labels);
    return key;
  }

  /**
   * The centred names of the formula's parameters: that of the parameter where it is its own
   * coordinate, {@code ln} before it for its logarithm, else {@code c} before it.
   */
  private List<String> centredNames(List<Model.Parameter> parameters) {
    List<String> own = parameters.stream().map(Model.Parameter::name).toList();
    Set<String> taken = new HashSet<>();
    List<String> centred = new ArrayList<>();
    for (int t = 0; t < own.size(); t++) {
      String meaning = derivation.meanings().get(t);
      String name = own.get(t);
      if (!meaning.equals(name)) {
        name = (meaning.equals("ln " + name) ? "ln" : "c") + name;
        while (own.contains(name) || taken.contains(name)) {
          name += "'";
        }
      }
      taken.add(name);
      centred.add(name);
    }
    return centred;
  }

  private int[] context(List<String> labels) {
    return model.parameters().stream()
        .mapToInt(parameter -> {
          List<String> own = own(parameter, labels);
          Integer number = numberOf.get(key(parameter, own));
          if (number == null) {
            throw new InputException(
                "%s: no parameter '%s[%s]' was fitted; the parameters are %s"
                    .formatted(
                        name(),
                        parameter.name(),
                        String.join(",", own),
                        String.join(", ", parameterNames())));
          }
          return number;
        })
        .toArray();
  }

  /**
   * Which parameter each of the formula is for a run. Not to be changed.
   *
   * @param row values of {@link #columns}, in their order
   */
  public int[] contextAt(double[] row) {
    if (indices.isEmpty()) {
      return contexts.getFirst();
    }
    List<Double> codes = new ArrayList<>();
    for (int k = 0; k < indices.size(); k++) {
      codes.add(row[model.columns().size() + k]);
    }
    return contextOf.computeIfAbsent(
        codes,
        key ->
            context(
                IntStream.range(0, key.size())
                    .mapToObj(k -> label(indices.get(k), key.get(k)))
                    .toList()));
  }

  private String label(String column, double code) {
    return categories.get(column).get((int) code);
  }

  /**
   * Which response a run has.
   *
   * @param row values of {@link #columns}, in their order; the last says which where there are
   *     several
   */
  public int response(double[] row) {
    return model.responses().size() > 1 ? (int) row[row.length - 1] : 0;
  }

  /** What the formula means. */
  public Model model() {
    return model;
  }

  /** For each parameter, that of the formula. */
  public List<Integer> templates() {
    return templates;
  }

  /** Whether its coordinates are those for differences of logarithms. */
  public boolean logResiduals() {
    return derivation.logResiduals();
  }

  @Override
  public Map<String, List<String>> categories() {
    return categories;
  }

  @Override
  public LawDescription description() {
    return description;
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public double[] row(Centre centre, double n, double d) {
    double[] row = new double[columns.size()];
    for (int c = 0; c < row.length; c++) {
      String name = columns.get(c);
      row[c] = name.equals("N") ? n : name.equals("D") ? d : centre.value(name);
    }
    return row;
  }

  @Override
  public double[] example() {
    Map<String, Double> known = model.law().coefficients();
    double[] values = new double[parameterCount()];
    for (int j = 0; j < values.length; j++) {
      String name = model.parameters().get(templates.get(j)).name();
      Double value = known.get(name);
      if (value == null) {
        throw new IllegalStateException(
            "no value of %s is known: its law file has no coefficients".formatted(name));
      }
      values[j] = value;
    }
    return values;
  }

  @Override
  public double loss(double[] published, double[] row) {
    Scratch own = scratch.get();
    own.gather(contextAt(row), published);
    return own.natural(response(row)).value(own.local, row);
  }

  @Override
  public void toCentred(Centre centre, double[] published, double[] centred) {
    System.arraycopy(coordinates(centre).of(published), 0, centred, 0, centred.length);
  }

  @Override
  public void toPublished(Centre centre, double[] centred, double[] published) {
    System.arraycopy(coordinates(centre).parameters(centred), 0, published, 0, published.length);
  }

  /** Its coordinates at a centre, for one thread. */
  public LawCoordinates coordinates(Centre centre) {
    return scratch.get().coordinates(centre);
  }

  /** As the law's file states them. */
  @Override
  public List<NestedForm> nestedForms(Centre centre) {
    List<NestedForm> forms = new ArrayList<>();
    model
        .law()
        .nested()
        .forEach((name, at) -> {
          Map<String, Double> published = new LinkedHashMap<>();
          SequencedMap<String, Double> fixed = new LinkedHashMap<>();
          for (int j = 0; j < parameterCount(); j++) {
            Double value = at.get(model.parameters().get(templates.get(j)).name());
            if (value != null) {
              published.put(parameterNames().get(j), value);
              fixed.put(centredNames().get(j), ownCoordinate(j, value, centre));
            }
          }
          forms.add(new NestedForm(name, Optional.of(name), published, fixed));
        });
    return forms;
  }

  /** The coordinate of a parameter at a value, if it says this parameter alone. */
  private double ownCoordinate(int j, double value, Centre centre) {
    LawCoordinates coordinates = coordinates(centre);
    double[] natural = new double[parameterCount()];
    for (int i = 0; i < natural.length; i++) {
      natural[i] = i == j ? value : coordinates.bounds(i).inside();
    }
    double[] at = coordinates.of(natural);
    double[] jacobian = new double[natural.length * natural.length];
    coordinates.toNatural(at, natural, jacobian);
    for (int i = 0; i < natural.length; i++) {
      boolean depends = i != j && jacobian[j * natural.length + i] != 0;
      if (depends || !Double.isFinite(at[j])) {
        throw new InputException(
            "%s: nested: '%s' cannot be fixed at %s: its coordinate depends on other parameters, too"
                .formatted(model.law().name(), parameterNames().get(j), value));
      }
    }
    return at[j];
  }

  /** Starts are drawn parameter by parameter, and those that enter linearly are solved for. */
  @Override
  public Optional<SamplingBox> samplingBox(Centre centre) {
    return Optional.empty();
  }

  @Override
  public List<Integer> atLimit(Centre centre, double[] centred, double[] n, double[] d) {
    LawCoordinates coordinates = coordinates(centre);
    double[] parameters = coordinates.parameters(centred);
    return IntStream.range(0, parameters.length)
        .filter(j -> coordinates.isAtBound(j, parameters[j]))
        .boxed()
        .toList();
  }

  /** What is fixed is the parameter itself, of which centred coordinates are functions. */
  @Override
  public double[][] fixedDirections(Centre centre, double[] centred, List<Integer> fixed) {
    int p = parameterCount();
    double[] jacobian = new double[p * p];
    coordinates(centre).toNatural(centred, new double[p], jacobian);
    return fixed.stream()
        .map(j -> Arrays.copyOfRange(jacobian, j * p, (j + 1) * p))
        .toArray(double[][]::new);
  }

  @Override
  public double logLossAt(Centre centre, double[] centred, double[] row) {
    double value = value(centre, centred, row);
    return logResiduals() ? value : Math.log(value);
  }

  @Override
  public double logLossAt(Centre centre, double[] centred, double[] row, double[] gradient) {
    double value = value(centre, centred, row, gradient);
    if (logResiduals()) {
      return value;
    }
    for (int j = 0; j < gradient.length; j++) {
      gradient[j] /= value;
    }
    return Math.log(value);
  }

  @Override
  public double lossAt(Centre centre, double[] centred, double[] row) {
    double value = value(centre, centred, row);
    return logResiduals() ? Math.exp(value) : value;
  }

  @Override
  public double lossAt(Centre centre, double[] centred, double[] row, double[] gradient) {
    double value = value(centre, centred, row, gradient);
    if (!logResiduals()) {
      return value;
    }
    double loss = Math.exp(value);
    for (int j = 0; j < gradient.length; j++) {
      gradient[j] *= loss;
    }
    return loss;
  }

  private double value(Centre centre, double[] centred, double[] row) {
    Scratch own = scratch.get();
    own.gather(contextAt(row), centred);
    return own.surface(response(row)).value(own.local, row, own.centres(centre));
  }

  private double value(Centre centre, double[] centred, double[] row, double[] gradient) {
    Scratch own = scratch.get();
    int[] context = contextAt(row);
    own.gather(context, centred);
    double value =
        own.surface(response(row)).gradient(own.local, row, own.centres(centre), own.slopes);
    Arrays.fill(gradient, 0);
    for (int t = 0; t < context.length; t++) {
      gradient[context[t]] += own.slopes[t];
    }
    return value;
  }

  @Override
  public double slopeByLogD(Centre centre, double[] centred, double[] row) {
    int column = model.columns().indexOf("D");
    if (column < 0) {
      return 0;
    }
    double[] parameters = coordinates(centre).parameters(centred);
    Scratch own = scratch.get();
    own.gather(contextAt(row), parameters);
    return own.slope(response(row), column).relative(own.local, row, Math.log(row[column]));
  }

  /** What one thread evaluates with. */
  private final class Scratch {

    private final double[] local = new double[model.parameters().size()];
    private final double[] slopes = new double[local.length];
    private final int responses = model.responses().size();
    private final Derivation.CoordinateSurface[] surfaces =
        new Derivation.CoordinateSurface[responses];
    private final Derivation.NaturalSurface[] naturals = new Derivation.NaturalSurface[responses];
    private final Derivation.ColumnSlope[] slopesByD = new Derivation.ColumnSlope[responses];
    private Centre centre;
    private double[] centres;
    private LawCoordinates coordinates;

    private void gather(int[] context, double[] from) {
      for (int t = 0; t < local.length; t++) {
        local[t] = from[context[t]];
      }
    }

    private void centred(Centre at) {
      if (!at.equals(centre)) {
        centre = at;
        centres = model.columns().stream().mapToDouble(at::value).toArray();
        coordinates = null;
      }
    }

    private double[] centres(Centre at) {
      centred(at);
      return centres;
    }

    private LawCoordinates coordinates(Centre at) {
      centred(at);
      if (coordinates == null) {
        coordinates = new LawCoordinates(derivation, centres, templates, contexts);
      }
      return coordinates;
    }

    private Derivation.CoordinateSurface surface(int response) {
      if (surfaces[response] == null) {
        surfaces[response] = derivation.coordinateSurface(response);
      }
      return surfaces[response];
    }

    private Derivation.NaturalSurface natural(int response) {
      if (naturals[response] == null) {
        naturals[response] = derivation.naturalSurface(response);
      }
      return naturals[response];
    }

    private Derivation.ColumnSlope slope(int response, int column) {
      if (slopesByD[response] == null) {
        slopesByD[response] = derivation.slope(response, column);
      }
      return slopesByD[response];
    }
  }
}

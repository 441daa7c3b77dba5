package org.farfit.formula;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.farfit.data.InputException;

/**
 * What a law means: its columns, its parameters and one expression per response.
 *
 * <p>A name with {@code =} after it is an abbreviation if a later statement uses it, and a response
 * if none does. Any other name is a column if the runs have one of that name, else a parameter.
 */
public final class Model {

  /** The response of an expression without a name. */
  public static final String LOSS = "loss";

  /** Columns that a formula may name without saying so: parameters N and training tokens D. */
  public static final Set<String> ROLES = Set.of("N", "D");

  /**
   * A parameter, or one for each combination of categories.
   *
   * @param indices names of the columns of categories, empty for a single parameter
   */
  public record Parameter(String name, List<String> indices, Bounds bounds) {}

  /**
   * A response.
   *
   * @param name its column
   * @param root its expression
   */
  public record Response(String name, int root) {}

  private final LawText law;
  private final Graph graph = new Graph();
  private final Map<String, Integer> columns = new LinkedHashMap<>();
  private final Map<String, Integer> parameterOf = new LinkedHashMap<>();
  private final List<Parameter> parameters = new ArrayList<>();
  private final List<Response> responses = new ArrayList<>();
  private final Map<String, Integer> abbreviations = new LinkedHashMap<>();

  /** What statements are called. */
  private final Set<String> named = new LinkedHashSet<>();

  private final Predicate<String> isColumn;
  private final Predicate<String> isResponse;

  private final boolean ofColumns;

  private Model(LawText law, Predicate<String> isColumn, Predicate<String> isResponse) {
    this(law, isColumn, isResponse, false);
  }

  private Model(
      LawText law, Predicate<String> isColumn, Predicate<String> isResponse, boolean ofColumns) {
    this.law = law;
    this.isColumn = isColumn;
    this.isResponse = isResponse;
    this.ofColumns = ofColumns;
  }

  /**
   * The meaning of a law where only its text is known: its columns are those that it states, and N
   * and D.
   *
   * @throws InputException pointing at what cannot be understood
   */
  public static Model of(LawText law) {
    return of(law, Set.of(), Set.of());
  }

  /**
   * The meaning of a law for given runs.
   *
   * @param available columns of the runs; those that the law states, and N and D, are understood
   *     too
   * @param measured columns that may be responses; empty if any may
   * @throws InputException pointing at what cannot be understood
   */
  public static Model of(LawText law, Set<String> available, Set<String> measured) {
    Predicate<String> isColumn =
        name -> available.contains(name) || law.columns().containsKey(name) || ROLES.contains(name);
    Predicate<String> isResponse = name -> measured.isEmpty() || measured.contains(name);
    List<Syntax.Statement> statements = Parser.parse(law.origin(), law.text());
    Model first = new Model(law, isColumn, isResponse);
    Map<String, Bounds> bounds = new LinkedHashMap<>(law.bounds());
    first.build(statements, bounds);
    BitSet inferred = first.graph.inferredPositive();
    if (inferred.isEmpty()) {
      return first;
    }
    inferred.stream()
        .mapToObj(first.parameters::get)
        .forEach(parameter -> bounds.put(parameter.name(), madePositive(law, parameter)));
    Model second = new Model(law, isColumn, isResponse);
    second.build(statements, bounds);
    return second;
  }

  /**
   * The meaning of a formula without parameters: every name is a column that the text states, or an
   * abbreviation.
   *
   * @throws InputException pointing at what cannot be understood
   */
  static Model ofColumns(LawText formula) {
    Model model = new Model(formula, formula.columns()::containsKey, LOSS::equals, true);
    model.build(Parser.parse(formula.origin(), formula.text()), Map.of());
    return model;
  }

  private static Bounds madePositive(LawText law, Parameter parameter) {
    if (parameter.bounds().upper() <= 0) {
      throw new InputException(
          "%s: parameter '%s' must be positive for a power or logarithm of the formula to be"
                  .formatted(law.origin(), parameter.name())
              + " defined, but its bounds are "
              + parameter.bounds());
    }
    return parameter.bounds().madePositive();
  }

  private void build(List<Syntax.Statement> statements, Map<String, Bounds> bounds) {
    statements.stream().map(Syntax.Statement::name).filter(Objects::nonNull).forEach(named::add);
    for (int i = 0; i < statements.size(); i++) {
      Syntax.Statement statement = statements.get(i);
      int root = node(statement.body(), bounds);
      if (statement.name() == null) {
        respond(statement, LOSS, root);
      } else if (isUsedLater(statement.name(), statements.subList(i + 1, statements.size()))) {
        define(statement, root);
      } else {
        respond(statement, statement.name(), root);
      }
    }
    if (responses.isEmpty()) {
      throw error(statements.getLast().at(), "no response: every expression is an abbreviation");
    }
    if (parameters.isEmpty() && !ofColumns) {
      throw error(0, "has no parameters to fit: every name is a column");
    }
    Set<String> unknown = new LinkedHashSet<>(law.bounds().keySet());
    unknown.removeAll(parameterOf.keySet());
    if (!unknown.isEmpty()) {
      String name = unknown.iterator().next();
      throw new InputException(
          "%s: bounds for '%s', which is no parameter of the formula%s; the parameters are %s"
              .formatted(
                  law.origin(),
                  name,
                  FormulaError.nearest(name, parameterOf.keySet()),
                  String.join(", ", parameterOf.keySet())));
    }
  }

  private void define(Syntax.Statement statement, int root) {
    if (Function.named(statement.name()).isPresent()) {
      throw error(statement.at(), "'" + statement.name() + "' is the name of a function");
    }
    if (abbreviations.put(statement.name(), root) != null) {
      throw error(statement.at(), "'" + statement.name() + "' is defined twice");
    }
  }

  private void respond(Syntax.Statement statement, String name, int root) {
    if (statement.name() != null && !isResponse.test(name)) {
      throw error(
          statement.at(),
          "'%s' is neither used by a later expression nor a column of the runs".formatted(name));
    }
    if (responses.stream().anyMatch(response -> response.name().equals(name))) {
      throw error(
          statement.at(),
          "a second expression for '%s'; put NAME = before an abbreviation or another response"
              .formatted(name));
    }
    responses.add(new Response(name, root));
  }

  private static boolean isUsedLater(String name, List<Syntax.Statement> later) {
    return later.stream().anyMatch(statement -> uses(statement.body(), name));
  }

  private static boolean uses(Syntax part, String name) {
    return switch (part) {
      case Syntax.Literal n -> false;
      case Syntax.Name n -> n.name().equals(name);
      case Syntax.Call call -> call.arguments().stream().anyMatch(a -> uses(a, name));
      case Syntax.Sum sum -> sum.terms().stream().anyMatch(t -> uses(t, name));
      case Syntax.Product product -> product.factors().stream().anyMatch(f -> uses(f, name));
      case Syntax.Power power -> uses(power.base(), name) || uses(power.exponent(), name);
      case Syntax.Negation negation -> uses(negation.operand(), name);
    };
  }

  private int node(Syntax part, Map<String, Bounds> bounds) {
    return switch (part) {
      case Syntax.Literal number -> graph.constant(number.value());
      case Syntax.Name name -> named(name, bounds);
      case Syntax.Call call -> call(call, bounds);
      case Syntax.Sum sum -> {
        int total = node(sum.terms().getFirst(), bounds);
        for (int i = 1; i < sum.terms().size(); i++) {
          int term = node(sum.terms().get(i), bounds);
          total = sum.subtracted().get(i) ? graph.subtract(total, term) : graph.add(total, term);
        }
        yield total;
      }
      case Syntax.Product product -> {
        int total = node(product.factors().getFirst(), bounds);
        for (int i = 1; i < product.factors().size(); i++) {
          int factor = node(product.factors().get(i), bounds);
          total = product.divided().get(i) ? graph.div(total, factor) : graph.mul(total, factor);
        }
        yield total;
      }
      case Syntax.Power power ->
          graph.power(node(power.base(), bounds), node(power.exponent(), bounds));
      case Syntax.Negation negation -> graph.neg(node(negation.operand(), bounds));
    };
  }

  private int call(Syntax.Call call, Map<String, Bounds> bounds) {
    int first = node(call.arguments().getFirst(), bounds);
    return switch (call.function()) {
      case EXP -> graph.exp(first);
      case LN -> graph.ln(first);
      case LOG10 -> graph.mul(graph.constant(1 / Math.log(10)), graph.ln(first));
      case SQRT -> graph.sqrt(first);
      case TANH -> graph.unary(Op.TANH, first);
      case ABS -> graph.unary(Op.ABS, first);
      case SIGN -> graph.unary(Op.SIGN, first);
      case SIGMOID -> graph.unary(Op.SIGMOID, first);
      case SOFTPLUS -> graph.softplus(first);
      case GROWTH -> graph.unary(Op.GROWTH, first);
      case MIN, MAX -> {
        Op op = call.function() == Function.MIN ? Op.MIN : Op.MAX;
        int total = first;
        for (Syntax other : call.arguments().subList(1, call.arguments().size())) {
          total = graph.binary(op, total, node(other, bounds));
        }
        yield total;
      }
    };
  }

  private int named(Syntax.Name name, Map<String, Bounds> bounds) {
    if (name.indices().isEmpty() && abbreviations.containsKey(name.name())) {
      return abbreviations.get(name.name());
    }
    if (name.indices().isEmpty() && isColumn.test(name.name())) {
      return graph.column(columns.computeIfAbsent(name.name(), key -> columns.size()));
    }
    return parameter(name, bounds);
  }

  private int parameter(Syntax.Name name, Map<String, Bounds> bounds) {
    if (Function.named(name.name()).isPresent()) {
      throw error(name.at(), "'%s' is a function, expected '(' after it".formatted(name.name()));
    }
    if (law.closed() && !law.bounds().containsKey(name.name())) {
      List<String> known = new ArrayList<>(law.bounds().keySet());
      known.addAll(law.columns().keySet());
      known.addAll(named);
      String nearest = FormulaError.nearest(name.name(), known);
      // A name like no other is a parameter, as in a formula alone; one like another is misspelt.
      if (ofColumns || !nearest.isEmpty()) {
        throw error(
            name.at(),
            "unknown name '%s'%s; %s"
                .formatted(
                    name.name(),
                    nearest,
                    ofColumns
                        ? "there are " + String.join(", ", known)
                        : "a law file names columns and parameters whose names are that near"));
      }
    }
    Integer found = parameterOf.get(name.name());
    if (found == null) {
      found = parameters.size();
      Bounds range = bounds.getOrDefault(name.name(), Bounds.NONE);
      parameterOf.put(name.name(), found);
      parameters.add(new Parameter(name.name(), name.indices(), range));
      if (range.positive()) {
        graph.positive(found);
      }
    } else if (!parameters.get(found).indices().equals(name.indices())) {
      throw error(
          name.at(),
          "'%s' has other indices here than before: %s and %s"
              .formatted(name.name(), name.indices(), parameters.get(found).indices()));
    }
    return graph.parameter(found);
  }

  private InputException error(int at, String problem) {
    return FormulaError.at(law.origin(), law.text(), at, problem);
  }

  /** The law as it was written. */
  public LawText law() {
    return law;
  }

  /** The law as a text that states every column and parameter, so that it needs no runs to read. */
  public LawText stated() {
    Map<String, List<String>> named = new LinkedHashMap<>();
    columns().forEach(name -> named.put(name, law.usualNames(name).orElse(List.of())));
    Map<String, Bounds> bounds = new LinkedHashMap<>();
    parameters.forEach(parameter -> bounds.put(parameter.name(), parameter.bounds()));
    return new LawText(
        law.origin(),
        law.name(),
        law.source(),
        law.notes(),
        named,
        law.text(),
        bounds,
        law.coefficients(),
        law.nested(),
        true);
  }

  /** The expressions of the responses, in natural parameters. */
  public Graph graph() {
    return graph;
  }

  /** The columns that the law uses, in the order of their numbers. */
  public List<String> columns() {
    return List.copyOf(columns.keySet());
  }

  /** The columns of categories that parameters are indexed by. */
  public List<String> indices() {
    return parameters.stream().flatMap(p -> p.indices().stream()).distinct().toList();
  }

  /** The parameters, in the order of their numbers. */
  public List<Parameter> parameters() {
    return Collections.unmodifiableList(parameters);
  }

  /** The responses, in the order in which they were written. */
  public List<Response> responses() {
    return Collections.unmodifiableList(responses);
  }
}

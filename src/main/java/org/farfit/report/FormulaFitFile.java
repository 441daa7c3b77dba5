package org.farfit.report;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.farfit.data.InputException;
import org.farfit.formula.Bounds;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;

/**
 * The fit file of a law that is a formula. It states the formula and the columns, so that it can be
 * read where the law's file is not. Numbers that are not finite or not known are null.
 *
 * @param schema name and version of the format, {@link #SCHEMA}
 * @param version version of Farfit that wrote it
 * @param law the law
 * @param input what was fitted
 * @param options how
 * @param engine what computed it
 * @param fit what came out
 */
@JsonPropertyOrder({"schema", "version", "law", "input", "options", "engine", "fit"})
public record FormulaFitFile(
    String schema, String version, Law law, Input input, Options options, String engine, Fit fit) {

  /** The format that this version writes and reads. */
  public static final String SCHEMA = "farfit.formula-fit/1";

  private static final int HEAD = 100;

  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  /**
   * The law.
   *
   * @param formula its statements, one a line
   * @param columns the columns that it uses, in its own names
   * @param categories columns of categories that parameters are indexed by
   * @param responses what it predicts
   * @param bounds lower and upper end by parameter; null for none
   */
  public record Law(
      String name,
      String source,
      String formula,
      List<String> columns,
      List<String> categories,
      List<String> responses,
      Map<String, Box> bounds) {}

  /** Bounds of a parameter. */
  public record Box(Double lower, Double upper, boolean positive) {}

  /**
   * The data.
   *
   * @param columns for each name of the law, the column of the file
   * @param ranges smallest and largest value of each column
   */
  public record Input(
      String file,
      String sha256,
      Map<String, String> columns,
      String where,
      int rows,
      int runs,
      Map<String, FitDocument.Range> ranges) {}

  /** How it was fitted; a Huber threshold of null is squared loss. */
  public record Options(String objective, Double huberDelta, int starts, long seed) {}

  /**
   * What came out.
   *
   * @param cost sum of weighted losses of residuals
   * @param rmse root of the weighted mean square of residuals, in the scale of the objective
   * @param standardErrors by parameter, linear; null at a bound or where there is none
   * @param undetermined parameters that may change together without changing a prediction
   */
  public record Fit(
      String status,
      double cost,
      double rmse,
      Map<String, Double> parameters,
      Map<String, Double> standardErrors,
      List<String> atBounds,
      List<String> undetermined,
      int components,
      double shareAtBest,
      int restarts,
      long evaluations) {}

  /** Whether a file looks like one. */
  public static boolean isOne(Path path) {
    return OutputFile.head(path, HEAD).contains("\"" + SCHEMA);
  }

  /** The law as an entry. */
  public static Law law(Model model) {
    Map<String, Box> bounds = new LinkedHashMap<>();
    for (Model.Parameter parameter : model.parameters()) {
      Bounds range = parameter.bounds();
      bounds.put(
          parameter.name(),
          new Box(Json.finite(range.lower()), Json.finite(range.upper()), range.positive()));
    }
    return new Law(
        model.law().name(),
        model.law().source(),
        model.law().text(),
        model.columns(),
        model.indices(),
        model.responses().stream().map(Model.Response::name).toList(),
        bounds);
  }

  /** The law that the file states. */
  public Model model() {
    Map<String, Bounds> bounds = new LinkedHashMap<>();
    law.bounds()
        .forEach((name, box) ->
            bounds.put(
                name,
                new Bounds(
                    box.lower() == null ? Double.NEGATIVE_INFINITY : box.lower(),
                    box.upper() == null ? Double.POSITIVE_INFINITY : box.upper(),
                    box.positive())));
    Map<String, List<String>> columns = new LinkedHashMap<>();
    law.columns().forEach(name -> columns.put(name, List.of()));
    return Model.of(
        new LawText(
            "formula of the fit file",
            law.name(),
            law.source(),
            "",
            columns,
            law.formula(),
            bounds,
            Map.of(),
            true));
  }

  /**
   * Reads a file.
   *
   * @throws InputException if it cannot be read; the message says where and why
   */
  public static FormulaFitFile read(Path path) {
    try {
      FormulaFitFile file = STRICT.readValue(Files.readString(path), FormulaFitFile.class);
      if (!SCHEMA.equals(file.schema())) {
        throw new InputException(
            "%s: format '%s', expected '%s'".formatted(path, file.schema(), SCHEMA));
      }
      return file;
    } catch (JacksonException e) {
      throw new InputException(
          "%s: line %d: cannot be read: %s"
              .formatted(
                  path,
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    } catch (IOException e) {
      throw new InputException(
          "%s: cannot be read as a file (%s)".formatted(path, e.getClass().getSimpleName()), e);
    }
  }
}

package org.farfit.report;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.farfit.analysis.SurfaceRange;
import org.farfit.analysis.inference.Inference;
import org.farfit.data.FileProblem;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.RunStructure;
import org.farfit.fit.Surface;
import org.farfit.fit.extrapolation.AverageSurface;
import org.farfit.fit.extrapolation.GuardedSurface;
import org.farfit.law.Laws;

/**
 * Reads fit files back. Strict: an unknown or missing key, a duplicate key or a newer format is an
 * error, since a file that is half understood predicts wrongly without saying so.
 */
public final class FitFile {

  private static final String FAMILY = "farfit.fit/";

  /** The format is named first: within these bytes. */
  private static final int HEAD = 100;

  /** How Jackson begins its message; it has no exception type of its own for this. */
  private static final String MISSING_KEY = "Missing creator property";

  /** Far more than fit files have. */
  private static final int DEEPEST = 32;

  /** Steps of a key that a message names. */
  private static final int MOST_STEPS = 6;

  private static final JsonMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Textual,
              text ->
                  text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .build();

  private FitFile() {}

  /** Whether a file looks like one that farfit fit wrote, whole or not. */
  public static boolean isOne(Path path) {
    return OutputFile.head(path, HEAD).contains("\"" + FAMILY);
  }

  /**
   * Reads a fit file.
   *
   * @throws InputException if it is missing, not a fit file, of a newer format, or broken; the
   *     message names file, line and key
   */
  public static FitDocument read(Path path) {
    String text;
    try {
      text = Files.readString(path);
    } catch (MalformedInputException e) {
      throw new InputException(path + ": is not UTF-8 text, expected a fit file (JSON)", e);
    } catch (IOException e) {
      throw new InputException("%s: cannot be read: %s".formatted(path, FileProblem.words(e)), e);
    }
    FitDocument document = parse(path, text);
    try {
      FitCheck.check(document);
    } catch (IllegalArgumentException e) {
      throw new InputException("%s: %s".formatted(path, e.getMessage()), e);
    }
    return document;
  }

  private static FitDocument parse(Path path, String text) {
    try {
      JsonNode tree = tree(path, text);
      checkFormat(path, tree);
      return isOfThisFormat(tree)
          // Again from the text, for the lines of mistakes.
          ? STRICT.readValue(text, FitDocument.class)
          : STRICT.treeToValue(tree, FitDocument.class);
    } catch (UnrecognizedPropertyException e) {
      throw new InputException(
          "%s: %sunknown key '%s'; expected one of %s"
              .formatted(path, line(e), key(e), Json.keys(e.getKnownPropertyIds())),
          e);
    } catch (JsonMappingException e) {
      boolean missing = e.getOriginalMessage().startsWith(MISSING_KEY);
      throw new InputException(
          "%s: %skey '%s' %s"
              .formatted(
                  path,
                  line(e),
                  key(e),
                  missing ? "is missing" : "cannot be read: " + firstLine(e)),
          e);
    } catch (JacksonException e) {
      throw new InputException(
          "%s: %sis not valid JSON: %s".formatted(path, line(e), firstLine(e)), e);
    }
  }

  private static JsonNode tree(Path path, String text) {
    JsonParser parser = null;
    try (JsonParser opened = STRICT.createParser(text)) {
      parser = opened;
      JsonNode tree = STRICT.readTree(parser);
      return tree == null ? MissingNode.getInstance() : tree;
    } catch (JacksonException e) {
      throw new InputException(
          "%s: line %d: is not valid JSON%s: %s"
              .formatted(
                  path, parser.currentTokenLocation().getLineNr(), within(parser), firstLine(e)),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a file is of this format; if it is older, gives it the keys that came since. */
  private static boolean isOfThisFormat(JsonNode tree) {
    if (tree.path("schema").asText().equals(FitDocument.SCHEMA)) {
      return true;
    }
    putNoHash(tree.path("data"));
    if (tree.path("data") instanceof ObjectNode data && !data.has("sizeTolerance")) {
      data.put("sizeTolerance", 0.0);
    }
    for (JsonNode fit : tree.path("fits")) {
      putNoHash(fit.path("bootstrap"));
      if (fit instanceof ObjectNode entry && !entry.has("atLimit")) {
        entry.putObject("atLimit");
      }
      if (fit instanceof ObjectNode entry && !entry.has("noise")) {
        entry.putNull("noise");
      }
    }
    return false;
  }

  private static void putNoHash(JsonNode entry) {
    if (entry instanceof ObjectNode object && !object.has("sha256")) {
      object.putNull("sha256");
    }
  }

  private static String line(JacksonException e) {
    return e.getLocation() == null ? "" : "line %d: ".formatted(e.getLocation().getLineNr());
  }

  /** The key in which text stops to be JSON, as far as one knows. */
  private static String within(JsonParser parser) {
    String[] steps = parser.getParsingContext().pathAsPointer().toString().split("/", -1);
    String key =
        Arrays.stream(steps)
            .filter(step -> !step.isEmpty())
            .limit(MOST_STEPS)
            .map(step -> step.matches("[0-9]+") ? "[" + step + "]" : step)
            .collect(Collectors.joining("."));
    return key.isEmpty() ? "" : " in key '%s'".formatted(key);
  }

  /**
   * The surfaces of a fit file.
   *
   * @param path how messages call the file
   * @throws InputException if an entry does not fit together
   */
  public static List<FittedSurface> surfaces(Path path, FitDocument document) {
    List<FittedSurface> surfaces = new ArrayList<>();
    for (FitDocument.Fit fit : document.fits()) {
      try {
        surfaces.add(FitDocument.surface(fit));
      } catch (IllegalArgumentException e) {
        throw new InputException(
            "%s: fit of law '%s': %s".formatted(path, fit.law(), e.getMessage()), e);
      }
    }
    return surfaces;
  }

  /**
   * The fits of a fit file, in its order, without what their searches found on the way.
   *
   * @throws InputException if an entry does not fit together
   */
  public static List<Inference.Member> fits(Path path, FitDocument document) {
    List<Inference.Member> fits = new ArrayList<>();
    for (FitDocument.Fit entry : document.fits()) {
      try {
        LawFit fit = document.lawFit(entry);
        fits.add(
            new Inference.Member(
                fit,
                Optional.ofNullable(entry.bootstrap())
                    .map(bootstrap -> bootstrap.replicates(fit.surface()))));
      } catch (IllegalArgumentException e) {
        throw new InputException(
            "%s: fit of law '%s': %s".formatted(path, entry.law(), e.getMessage()), e);
      }
    }
    return fits;
  }

  /**
   * The runs that a file was fitted to.
   *
   * @throws InputException if they are not runs
   */
  public static RunSet runs(Path path, FitDocument document) {
    try {
      return document.data().runs();
    } catch (IllegalArgumentException e) {
      throw new InputException("%s: %s".formatted(path, e.getMessage()), e);
    }
  }

  /**
   * The names of the fits of a file, in its order, no two alike: the law; for a further fit of a
   * law also the method; and where that is not enough its position.
   */
  public static List<String> names(FitDocument document) {
    SequencedSet<String> names = new LinkedHashSet<>();
    for (FitDocument.Fit fit : document.fits()) {
      int position = names.size() + 1;
      boolean unique =
          names.add(fit.law())
              || names.add(fit.law() + "/" + fit.method())
              || names.add("%s/%s/%d".formatted(fit.law(), fit.method(), position));
      if (!unique) {
        throw new IllegalStateException("positions differ");
      }
    }
    return List.copyOf(names);
  }

  /**
   * What a fit file gives predictions from, by name: every fit, and under {@code auto} what
   * validation chose, which is the average of the file's fits.
   *
   * @throws InputException if an entry does not fit together
   */
  public static SequencedMap<String, Surface> named(Path path, FitDocument document) {
    SequencedMap<String, Surface> named = new LinkedHashMap<>();
    List<FittedSurface> surfaces = surfaces(path, document);
    List<String> names = names(document);
    for (int i = 0; i < surfaces.size(); i++) {
      named.put(names.get(i), surfaces.get(i));
    }
    if (document.auto() != null && !surfaces.isEmpty()) {
      named.put(
          "auto", new GuardedSurface(average(path, document, surfaces), runs(path, document)));
    }
    return named;
  }

  private static AverageSurface average(
      Path path, FitDocument document, List<FittedSurface> surfaces) {
    try {
      return new AverageSurface(surfaces, document.auto().weights());
    } catch (IllegalArgumentException e) {
      throw new InputException("%s: auto: %s".formatted(path, e.getMessage()), e);
    }
  }

  /**
   * The members of what {@link #named} names: one fit, or the fits whose average it is.
   *
   * @throws InputException if an entry does not fit together
   */
  public static SequencedMap<String, List<Inference.Member>> members(
      Path path, FitDocument document) {
    SequencedMap<String, List<Inference.Member>> members = new LinkedHashMap<>();
    List<Inference.Member> fits = fits(path, document);
    List<String> names = List.copyOf(named(path, document).keySet());
    for (int i = 0; i < fits.size(); i++) {
      members.put(names.get(i), List.of(fits.get(i)));
    }
    if (names.size() > fits.size()) {
      List<Double> weights = document.auto().weights();
      members.put(
          names.getLast(),
          IntStream.range(0, fits.size())
              .mapToObj(i -> fits.get(i).weighing(weights.get(i)))
              .toList());
    }
    return members;
  }

  /**
   * The one surface of a fit file to decide by: what validation chose, else the fit of least BIC.
   *
   * @param name a name from {@link #named}, if one was asked for
   * @throws InputException if there is no such name, or no fit
   */
  public static Map.Entry<String, Surface> chosen(
      Path path, FitDocument document, Optional<String> name) {
    SequencedMap<String, Surface> named = named(path, document);
    if (named.isEmpty()) {
      throw new InputException(path + ": has no fits");
    }
    String chosen = name.orElseGet(() -> named.containsKey("auto") ? "auto" : leastBic(document));
    if (!named.containsKey(chosen)) {
      throw new InputException(
          "%s: has no fit of '%s'; it has %s"
              .formatted(path, chosen, String.join(", ", named.keySet())));
    }
    return Map.entry(chosen, named.get(chosen));
  }

  private static String leastBic(FitDocument document) {
    List<FitDocument.Fit> fits = document.fits();
    int best =
        IntStream.range(0, fits.size())
            .boxed()
            .min(
                Comparator.comparing(
                    i -> fits.get(i).bic(), Comparator.nullsLast(Comparator.naturalOrder())))
            .orElseThrow();
    return names(document).get(best);
  }

  /** What to beware of before deciding by a fit file, in words. */
  public static List<String> warnings(FitDocument document) {
    List<String> warnings = new ArrayList<>();
    for (FitDocument.Fit fit : document.fits()) {
      if (!fit.status().startsWith("converged")) {
        warnings.add("the fit of %s did not converge (%s)".formatted(fit.law(), fit.status()));
      }
      try {
        Method method = Method.named(fit.method());
        warnings.addAll(
            RunStructure.remarks(Laws.named(fit.law()), method, document.data().runs()));
      } catch (IllegalArgumentException e) {
        throw new InputException("fit of law '%s': %s".formatted(fit.law(), e.getMessage()), e);
      }
    }
    if (document.input().simulated()) {
      warnings.add("fitted to the bundled example, which is simulated");
    }
    return warnings;
  }

  /** The range of N and D of the runs that a file was fitted to. */
  public static SurfaceRange range(FitDocument document) {
    FitDocument.Input input = document.input();
    return new SurfaceRange(input.n().low(), input.n().high(), input.d().low(), input.d().high());
  }

  private static void checkFormat(Path path, JsonNode root) {
    String schema = root.path("schema").asText("");
    if (!schema.startsWith(FAMILY)) {
      throw new InputException(
          "%s: key 'schema' is '%s', expected '%s': this is not a fit file"
              .formatted(path, schema, FitDocument.SCHEMA));
    }
    if (!schema.equals(FitDocument.SCHEMA) && !schema.equals(FitDocument.SCHEMA_WITHOUT_HASHES)) {
      throw new InputException(
          "%s: has format '%s' but this Farfit reads '%s'; update Farfit or fit again"
              .formatted(path, schema, FitDocument.SCHEMA));
    }
  }

  private static String key(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
        .collect(Collectors.joining("."));
  }

  private static String firstLine(JacksonException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("");
  }
}

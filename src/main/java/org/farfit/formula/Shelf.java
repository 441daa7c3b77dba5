package org.farfit.formula;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Published laws that come with Farfit, one file each; {@code index} lists them. */
public final class Shelf {

  private static final String FOLDER = "laws/";

  private Shelf() {}

  /** The names of the laws, in the order in which tables list them. */
  public static List<String> names() {
    return resource("index").lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  /** The file of a law as it is. */
  public static Optional<String> file(String name) {
    return names().contains(name) ? Optional.of(resource(name + ".yaml")) : Optional.empty();
  }

  /** A law. */
  public static Optional<LawText> named(String name) {
    return file(name).map(text -> LawFile.parse(name + ".yaml", text));
  }

  private static String resource(String name) {
    try (InputStream in = Shelf.class.getResourceAsStream(FOLDER + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

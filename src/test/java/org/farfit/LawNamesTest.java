package org.farfit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.farfit.formula.Shelf;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.junit.jupiter.api.Test;

/**
 * Nothing knows a law by its name but the files of laws: no class of a law, no name in a text and
 * none in an identifier. What a piece needs of a law it asks the law. Comments may name papers, and
 * examples at the foot of a command's help may name laws.
 */
class LawNamesTest {

  private static final List<Path> SOURCES =
      List.of(Path.of("main"), Path.of("../kernels/main"), Path.of("../spark/main"));

  /** A law may be named in its own files, and in the lists of laws and of kernels by hand. */
  private static final Pattern FILES_OF_LAWS =
      Pattern.compile(
          "law/(%1$s|Laws)\\.java|engine/simd/((%1$s)Kernel|LawKernels)\\.java"
              .formatted(String.join("|", classes())));

  /**
   * It makes tables of publications again, which say of which law they are
   * (docs/decisions/laws.md).
   */
  private static final List<String> MAY_NAME = List.of("literature/Reproduction.java");

  /** Comments, texts, words, and other characters one by one. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "/\\*.*?\\*/|//[^\n]*|\"\"\"(?:\\\\.|[^\\\\])*?\"\"\"|\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])+'|\\w+|\\S",
          Pattern.DOTALL);

  private static final Pattern IDENTIFIER = Pattern.compile("(?i)" + String.join("|", classes()));

  private static final Pattern WORD =
      Pattern.compile(
          Laws.all().stream().map(Law::name).collect(Collectors.joining("|", "\\b(", ")\\b")));

  private static final Map<String, Set<String>> FOUND = named();

  @Test
  void nothingKnowsALawByItsName() {
    Map<String, Set<String>> wrong = new TreeMap<>(FOUND);
    wrong.keySet().removeIf(file -> FILES_OF_LAWS.matcher(file).find());
    wrong.keySet().removeIf(file -> MAY_NAME.stream().anyMatch(file::endsWith));
    assertThat(wrong).isEmpty();
  }

  /** What may name laws does: an exception that is no longer needed goes, and names are seen. */
  @Test
  void namesAreSeenWhereTheyMayBe() {
    assertThat(FOUND.keySet().stream().filter(file -> FILES_OF_LAWS.matcher(file).find()))
        .hasSizeBetween(Laws.all().size() + 1, 2 * (Laws.all().size() + 1));
    for (String file : MAY_NAME) {
      assertThat(FOUND.keySet()).anyMatch(each -> each.endsWith(file));
    }
    assertThat(seen("class A { Object o = new Chinchilla(); }")).containsExactly("Chinchilla");
    assertThat(seen("class FarseerFit { }")).containsExactly("FarseerFit");
    assertThat(seen("class A { String s = \"precision\"; }")).containsExactly("\"precision\"");
    assertThat(seen("class A { String s = \"of skaling.\"; }")).containsExactly("\"of skaling.\"");
    assertThat(seen("class A { String s = \"of precision\"; /* kaplan */ }")).isEmpty();
    assertThat(seen("@C(footer = \"--law kaplan\") class A { }")).isEmpty();
    assertThat(seen("@C(defaultValue = \"kaplan\") class A { }")).containsExactly("\"kaplan\"");
  }

  private static List<String> classes() {
    return Laws.all().stream().map(law -> law.getClass().getSimpleName()).toList();
  }

  private static Map<String, Set<String>> named() {
    Map<String, Set<String>> named = new TreeMap<>();
    for (Path source : SOURCES) {
      List<Path> files = files(source);
      assertThat(files).as(source.toString()).hasSizeGreaterThan(3);
      for (Path file : files) {
        Set<String> names = seen(text(file));
        if (!names.isEmpty()) {
          named.put(file.toString().replace('\\', '/'), names);
        }
      }
    }
    return named;
  }

  private static List<Path> files(Path source) {
    try (Stream<Path> files = Files.walk(source)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of laws in some code. */
  private static Set<String> seen(String code) {
    Set<String> found = new TreeSet<>();
    boolean footer = false;
    int depth = 0;
    for (Matcher token = TOKEN.matcher(code); token.find(); ) {
      String text = token.group();
      if (text.startsWith("/*") || text.startsWith("//")) {
        continue;
      }
      if (!footer) {
        boolean literal = text.startsWith("\"");
        if (literal ? namesALaw(text) : IDENTIFIER.matcher(text).find()) {
          found.add(text);
        }
        footer = text.equals("footer");
        depth = 0;
      } else {
        depth += text.equals("{") ? 1 : text.equals("}") ? -1 : 0;
        footer = depth > 0 || !text.matches("[,);]");
      }
    }
    return found;
  }

  private static boolean namesALaw(String literal) {
    String text = literal.replace("\"", "").strip();
    return WORD.matcher(text).find() || Shelf.names().contains(text);
  }
}

package org.farfit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every file says what it is for, and what tours name is there. */
class DocumentationTest {

  /** What may be a class: a name with small letters, with or without package and member. */
  private static final Pattern NAME =
      Pattern.compile(
          "((?:[a-z]+\\.)*)([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)(?:[.#](\\w+))?(?:\\(.*\\))?");

  private static final Pattern IN_TEXT = Pattern.compile("`([^`]+)`");
  private static final Pattern IN_COMMENT = Pattern.compile("\\{@(?:link|code)\\s+([^}\\s]+)");

  /** Where a type or module begins, in files as the formatter writes them. */
  private static final Pattern TYPE =
      Pattern.compile(
          "(?m)^(?:(?:public|abstract|final|sealed|non-sealed|open) )*"
              + "(?:class|interface|enum|record|@interface|module) ");

  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ");

  /** The Javadoc comment of what stands at the margin. */
  private static final Pattern COMMENT = Pattern.compile("(?m)^/\\*\\*(?: \\S|$)");

  /** Before its type, package or module every file has a Javadoc comment. */
  @Test
  void everyFileSaysWhatItIsFor() throws IOException {
    List<Path> silent = new ArrayList<>();
    for (Path source : SourceTexts.all()) {
      String text = Files.readString(source);
      boolean isTour = source.endsWith("package-info.java");
      Matcher declared = (isTour ? PACKAGE : TYPE).matcher(text);
      if (!declared.find() || !COMMENT.matcher(text.substring(0, declared.start())).find()) {
        silent.add(SourceTexts.ROOT.relativize(source));
      }
    }
    assertThat(silent).isEmpty();
  }

  @Test
  void everyPackageHasATour() throws IOException {
    List<Path> without =
        SourceTexts.all().stream()
            .filter(file -> SourceTexts.ROOT.relativize(file).toString().contains("main/java/org"))
            .map(Path::getParent)
            .distinct()
            .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
            .toList();
    assertThat(without).isEmpty();
  }

  /** Classes that docs/architecture.md and the tours of packages name exist, where they say. */
  @Test
  void whatToursNameIsThere() throws IOException {
    Map<String, Set<String>> packages = new HashMap<>();
    List<String> missing = new ArrayList<>();
    Path architecture = SourceTexts.ROOT.resolve("docs/architecture.md");
    List<Path> tours = new ArrayList<>(List.of(architecture));
    for (Path source : SourceTexts.all()) {
      String file = source.getFileName().toString();
      if (file.equals("package-info.java")) {
        tours.add(source);
      } else {
        packages
            .computeIfAbsent(file.replace(".java", ""), name -> new HashSet<>())
            .add(packageOf(source));
      }
    }
    int found = 0;
    for (Path tour : tours) {
      Pattern pattern = tour.equals(architecture) ? IN_TEXT : IN_COMMENT;
      for (String named : named(pattern, Files.readString(tour))) {
        Matcher name = NAME.matcher(named);
        if (name.matches()) {
          found++;
          if (!exists(name.toMatchResult(), packages)) {
            missing.add(SourceTexts.ROOT.relativize(tour) + ": " + named);
          }
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(found).isGreaterThan(200);
  }

  private static boolean exists(MatchResult name, Map<String, Set<String>> packages) {
    String room = name.group(1).replaceFirst("\\.$", "");
    String full = room.isEmpty() || room.startsWith("org.") ? room : "org.farfit." + room;
    Set<String> rooms = packages.getOrDefault(name.group(2), Set.of());
    return full.isEmpty() ? !rooms.isEmpty() : rooms.contains(full);
  }

  private static String packageOf(Path source) {
    String path = source.getParent().toString().replace('/', '.').replace('\\', '.');
    return path.contains("org.farfit") ? path.substring(path.indexOf("org.farfit")) : "";
  }

  /** Names in a text, whose lines may be broken amid a link. */
  private static List<String> named(Pattern pattern, String text) {
    try (Stream<MatchResult> found =
        pattern.matcher(text.replaceAll("\\s*\n \\* ?", " ")).results()) {
      return found.map(match -> match.group(1).strip()).toList();
    }
  }
}

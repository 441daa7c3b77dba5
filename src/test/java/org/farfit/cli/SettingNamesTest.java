package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Member;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.farfit.data.ColumnOptions;
import org.farfit.data.RunSet;
import org.farfit.data.Setting;
import org.farfit.engine.Objective;
import org.farfit.formula.LawText;
import org.farfit.report.archive.BootstrapJournal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** The library speaks of its own terms, the command line of its options. */
class SettingNamesTest {

  private static final Path SOURCES = Path.of("main/java/org/farfit");
  private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");

  /** Options of the JVM, which are the same for whoever starts one. */
  private static final List<String> OF_THE_JVM = List.of("--add-modules");

  @Test
  void noMessageOfTheLibraryNamesAnOption() throws IOException {
    List<String> named = new ArrayList<>();
    int texts = 0;
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        if (file.startsWith(SOURCES.resolve("cli"))) {
          continue;
        }
        for (Matcher text = TEXT.matcher(Files.readString(file)); text.find(); texts++) {
          for (Matcher option = OPTION.matcher(text.group()); option.find(); ) {
            if (!OF_THE_JVM.contains(option.group())) {
              named.add(file.getFileName() + ": " + text.group());
            }
          }
        }
      }
    }
    assertThat(texts).isGreaterThan(1000);
    assertThat(named).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void everySettingIsAMemberOfTheLibrary(Setting setting) {
    String[] term = setting.term().split("\\.");
    Class<?> type =
        Stream.of(
                ColumnOptions.class,
                RunSet.class,
                LawText.class,
                BootstrapJournal.class,
                Objective.Residual.class)
            .filter(each -> each.getSimpleName().equals(term[0]))
            .findFirst()
            .orElseThrow();
    assertThat(
            Stream.<Member[]>of(type.getMethods(), type.getFields())
                .flatMap(Stream::of)
                .map(Member::getName))
        .contains(term[1]);
  }

  @ParameterizedTest
  @EnumSource
  void everySettingHasAnOption(Setting setting) {
    CommandLine fit = Main.commandLine().getSubcommands().get("fit");
    String option = SettingNames.OPTIONS.get(setting);
    assertThat(fit.getCommandSpec().optionsMap()).containsKey(option.split(" ")[0]);
    assertThat(SettingNames.in("name it by %s, or not".formatted(setting)))
        .isEqualTo("name it by " + option + ", or not");
  }

  @Test
  void otherWordsStay() {
    assertThat(SettingNames.in("ColumnOptions.named and MyColumnOptions.n, $1"))
        .isEqualTo("ColumnOptions.named and MyColumnOptions.n, $1");
  }
}

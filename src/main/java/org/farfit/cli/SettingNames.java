package org.farfit.cli;

import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.farfit.data.Setting;

/**
 * Messages of the library in the words of the command line: the options that set what they name.
 */
final class SettingNames {

  /** The option of each setting. */
  static final Map<Setting, String> OPTIONS =
      new EnumMap<>(
          Map.ofEntries(
              Map.entry(Setting.N, "--n-column"),
              Map.entry(Setting.D, "--d-column"),
              Map.entry(Setting.LOSS, "--loss-column"),
              Map.entry(Setting.WEIGHT, "--weight-column"),
              Map.entry(Setting.COMPUTE, "--compute-column"),
              Map.entry(Setting.WHERE, "--where"),
              Map.entry(Setting.REPEATS, "--repeats"),
              Map.entry(Setting.LAST_OF, "--last-of"),
              Map.entry(Setting.SIZE_TOLERANCE, "--same-size"),
              Map.entry(Setting.LINEAR_OBJECTIVE, "--objective linear"),
              Map.entry(Setting.LAW, "--law"),
              Map.entry(Setting.RESUME, "--resume")));

  private static final Map<String, String> BY_TERM =
      OPTIONS.entrySet().stream()
          .collect(Collectors.toMap(entry -> entry.getKey().term(), Map.Entry::getValue));

  private static final Pattern TERM =
      Pattern.compile(
          Stream.of(Setting.values())
              .map(setting -> Pattern.quote(setting.term()))
              .collect(Collectors.joining("|", "\\b(?:", ")\\b")));

  private SettingNames() {}

  /** A message that names options where the library names settings. */
  static String in(String message) {
    return TERM.matcher(message)
        .replaceAll(found -> Matcher.quoteReplacement(BY_TERM.get(found.group())));
  }
}

package org.farfit.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Help whose synopsis breaks no label such as {@code FIT.json} after its point, where picocli sees
 * an end of a sentence: the label goes to the next line as a whole.
 */
final class WholeLabels extends Help {

  private static final String STYLES = "(?:\033\\[[\\d;]*m)*";

  /** What stands before the point, the end of the line, the indentation of the next. */
  private static final Pattern BROKEN = Pattern.compile("(\\S*[A-Z]\\." + STYLES + ")(\\R\\s+)");

  WholeLabels(CommandSpec spec, ColorScheme colours) {
    super(spec, colours);
  }

  @Override
  public String synopsis(int headingLength) {
    return BROKEN.matcher(super.synopsis(headingLength)).replaceAll("$2$1");
  }
}

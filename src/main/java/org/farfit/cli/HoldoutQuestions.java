package org.farfit.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.farfit.analysis.Holdout;
import org.farfit.analysis.HoldoutChoice;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Options that say which runs are held out and predicted. */
final class HoldoutQuestions {

  @Option(
      names = "--holdout",
      paramLabel = "NAME",
      converter = ChoiceConverter.class,
      description =
          "size: fit up to a largest N, predict the largest of all, for every largest N from --from"
              + " up (size:last:COUNT: for the last sizes below the largest); edge (the default):"
              + " the three largest N, and the three largest D of every other N; compute: the eight"
              + " runs of most compute at each D/N; top:SHARE, such as top:0.25: the share of the"
              + " runs with most compute.")
  HoldoutChoice holdout;

  @Option(
      names = "--holdout-by",
      paramLabel = "COLUMN",
      description =
          "Hold out the runs of each value of a column in turn, such as those of an experiment, and"
              + " fit the others.")
  String holdoutBy;

  @Option(
      names = "--hold-where",
      paramLabel = "EXPR",
      description = "Hold out the runs that pass this filter (written as --where is).")
  String holdWhere;

  @Option(
      names = "--from",
      paramLabel = "N",
      converter = QuantityConverter.class,
      description = "Smallest largest N of --holdout size (default: three tenths of the largest).")
  Double from;

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  /** Ends the command if options make no sense together. */
  void check() {
    if (Stream.of(holdout, holdWhere, holdoutBy).filter(Objects::nonNull).count() > 1) {
      throw new ParameterException(
          command.commandLine(), "--holdout, --hold-where and --holdout-by exclude each other");
    }
    if (from != null && (holdout == null || !holdout.name().equals("size"))) {
      throw new ParameterException(command.commandLine(), "--from belongs to --holdout size");
    }
  }

  /** What was asked for, in words. */
  String protocol() {
    if (holdoutBy != null) {
      return "by " + holdoutBy;
    }
    return holdWhere != null ? holdWhere : holdout == null ? "edge" : holdout.name();
  }

  /**
   * The hold-outs of some runs.
   *
   * @param input where the runs come from
   */
  List<Holdout> of(RunSet runs, RunsInput input) {
    if (holdWhere != null) {
      return Holdout.of(holdWhere, runs, input.passing(holdWhere));
    }
    if (holdoutBy != null) {
      SequencedMap<String, boolean[]> values = new LinkedHashMap<>();
      for (String value : input.values(holdoutBy, "--holdout-by")) {
        values.put(value, input.passing(RunFile.having(holdoutBy, value)));
      }
      return Holdout.by(holdoutBy, runs, values);
    }
    if (from != null) {
      return Holdout.size(runs, from);
    }
    return holdout == null ? Holdout.edge(runs) : holdout.of(runs);
  }

  /** Reads {@code --holdout}. */
  static final class ChoiceConverter implements ITypeConverter<HoldoutChoice> {

    @Override
    public HoldoutChoice convert(String text) {
      try {
        return HoldoutChoice.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}

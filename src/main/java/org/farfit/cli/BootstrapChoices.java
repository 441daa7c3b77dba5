package org.farfit.cli;

import java.util.List;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Resampling;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that say how to bootstrap. */
final class BootstrapChoices {

  @Option(
      names = "--bootstrap",
      paramLabel = "B",
      converter = CountConverter.class,
      description =
          "Fit B resampled data sets, too, for intervals of everything; for example 10000.")
  Integer replicates;

  @Option(
      names = "--resampling",
      paramLabel = "DRAWS",
      completionCandidates = Candidates.Resamplings.class,
      description =
          "pairs: runs (the default where they share nothing); wild: the fit plus residuals with"
              + " random signs (the default otherwise, and for the piecewise procedure, which pairs"
              + " do not suit); groups: whole model sizes; residuals: the fit plus residuals drawn;"
              + " parametric: the fit plus simulated ones.")
  Resampling resampling;

  @Option(
      names = "--restarts",
      paramLabel = "R",
      defaultValue = "" + BootstrapOptions.DEFAULT_RESTARTS,
      converter = NaturalNumber.class,
      description =
          "Starts per replicate besides the fitted optimum (default ${DEFAULT-VALUE}), so that none"
              + " is stuck in a worse one.")
  Integer restarts;

  @Option(
      names = "--interval",
      paramLabel = "PERCENT",
      defaultValue = "90",
      converter = LevelConverter.class,
      description = "Coverage of the intervals in percent (default ${DEFAULT-VALUE}).")
  Double level;

  @Option(
      names = "--interval-type",
      paramLabel = "TYPE",
      completionCandidates = Candidates.IntervalTypes.class,
      defaultValue = "expanded",
      description =
          "expanded (the default), percentile, basic, bca or studentised; see docs/uncertainty.md.")
  IntervalType type;

  @Option(
      names = "--resume",
      description = "Go on with a bootstrap that was interrupted, with the same options.")
  boolean resume;

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  boolean wanted() {
    return replicates != null;
  }

  /** Ends the command if an option is given that only means something with another. */
  void check() {
    for (String option : List.of("--resume", "--resampling", "--restarts")) {
      if (!wanted() && command.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new ParameterException(
            command.commandLine(), option + " needs --bootstrap, which says how many replicates");
      }
    }
  }

  BootstrapOptions options(FitChoices choices) {
    return new BootstrapOptions(
        resampling == null ? Resampling.PAIRS : resampling,
        replicates,
        choices.seed,
        restarts,
        choices.options().threads());
  }

  /** The options that suit a fit: its resampling is the one asked for, else the fit's own. */
  BootstrapOptions suited(BootstrapOptions options, LawFit fit) {
    return resampling == null ? options.suitedTo(fit) : options.suitedTo(fit.method());
  }

  /** Reads numbers of restarts. */
  static final class NaturalNumber implements ITypeConverter<Integer> {

    @Override
    public Integer convert(String text) {
      return text.equals("0") ? 0 : new CountConverter().convert(text);
    }
  }
}

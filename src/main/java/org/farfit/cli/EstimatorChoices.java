package org.farfit.cli;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.farfit.analysis.study.FitStudy;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.Method;
import org.farfit.fit.method.Fitters;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Law;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of {@code farfit fit} that say by which estimator laws are fitted. */
final class EstimatorChoices {

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      completionCandidates = Candidates.Methods.class,
      description =
          "global (the default): least squares on all parameters; regularised: with the prior that"
              + " published fits give, for extrapolation; piecewise: the differential procedure of"
              + " the Farseer paper, for its law and the simplest. With --law auto, the only method that"
              + " may be chosen (default: any).")
  Method method;

  @Option(
      names = "--noise",
      paramLabel = "MODEL",
      completionCandidates = Candidates.Noises.class,
      defaultValue = "auto",
      converter = NoiseConverter.class,
      description =
          "How runs scatter: auto (the default), what tests of the residuals speak for;"
              + " independent; size: runs of a size share an error; variance: it changes with D and"
              + " N; both. Standard errors, intervals and replicates follow it.")
  NoiseConverter.Choice noise;

  @Option(
      names = "--least-squares",
      paramLabel = "SQUARES",
      defaultValue = "generalised",
      description =
          "generalised (the default): where runs do not scatter independently and alike, the fit"
              + " weighs them as the noise model says; ordinary: the fit stays as it is, and only"
              + " what is said of its certainty follows the model.")
  FitStudy.LeastSquares leastSquares;

  @Option(
      names = "--back-test",
      description =
          "Fit the laws to the smaller runs, too, at up to 24 origins in N, D and compute, and say how"
              + " many of the larger runs their intervals hold; where these speak against a law, its"
              + " intervals are widened beyond the runs. With --law auto that is always done for the"
              + " average.")
  boolean backTest;

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  /** Ends the command if the method is not defined for a law, or its runs are too few. */
  void check(StatedLaw.Read read) {
    for (Law law : read.laws()) {
      Fitters.unsupported(forNamed(), law)
          .ifPresent(reason -> {
            throw new ParameterException(command.commandLine(), "--method " + reason);
          });
    }
    FitRequirements.check(read.file().file(), read.laws(), forNamed(), read.file().runs());
  }

  FitStudy study(Engine engine, FitOptions options) {
    return new FitStudy(engine, options, noise.kind(), leastSquares);
  }

  /** The fits of laws that were named. */
  List<FitStudy.Plan> plans(List<Law> laws) {
    return laws.stream().map(law -> new FitStudy.Plan(law, forNamed())).toList();
  }

  /** The method for laws that were named. */
  private Method forNamed() {
    return method == null ? Method.GLOBAL : method;
  }

  /** The methods that {@code --law auto} may choose. */
  Set<Method> allowed() {
    return method == null ? EnumSet.allOf(Method.class) : EnumSet.of(method);
  }

  /** Whether a law takes many fits, as one with a prior does. */
  boolean makesManyFits() {
    return forNamed().hasPrior();
  }
}

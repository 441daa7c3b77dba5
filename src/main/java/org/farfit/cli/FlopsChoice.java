package org.farfit.cli;

import org.farfit.analysis.ComputeModel;
import picocli.CommandLine.Option;

/**
 * The option that says what a run of N and D costs, shared by all commands that ask for compute.
 */
final class FlopsChoice {

  @Option(
      names = "--flops",
      paramLabel = "FORMULA",
      defaultValue = "6*N*D",
      converter = ComputeConverter.class,
      description = "FLOPs of a run in N and D (default ${DEFAULT-VALUE}).")
  ComputeModel model;
}

package org.farfit.cli;

import org.farfit.analysis.ComputeModel;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a formula for FLOPs in N and D. */
final class ComputeConverter implements ITypeConverter<ComputeModel> {

  @Override
  public ComputeModel convert(String text) {
    try {
      return ComputeModel.of(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}

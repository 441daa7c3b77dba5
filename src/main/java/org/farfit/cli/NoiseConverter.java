package org.farfit.cli;

import java.util.Optional;
import org.farfit.fit.statistics.NoiseModel;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code --noise}. */
final class NoiseConverter implements ITypeConverter<NoiseConverter.Choice> {

  /** The model that is asked for; empty for the one that tests speak for. */
  record Choice(Optional<NoiseModel.Kind> kind) {

    /** The choice as it could be given again. */
    String label() {
      return kind.map(NoiseModel.Kind::label).orElse("auto");
    }
  }

  @Override
  public Choice convert(String text) {
    if (text.equals("auto")) {
      return new Choice(Optional.empty());
    }
    try {
      return new Choice(Optional.of(NoiseModel.Kind.named(text)));
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(
          "'" + text + "' is not auto, independent, size, variance or both");
    }
  }
}

package org.farfit.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.farfit.engine.Engines;
import org.farfit.engine.Objective;
import org.farfit.fit.Method;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Resampling;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.formula.Shelf;

/** What a shell completes values of options to, as people write them. */
final class Candidates {

  private Candidates() {}

  abstract static class Words implements Iterable<String> {

    private final List<String> words;

    Words(List<String> words) {
      this.words = words;
    }

    Words(Enum<?>[] values) {
      this(Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList());
    }

    @Override
    public Iterator<String> iterator() {
      return words.iterator();
    }
  }

  /** Of {@code --repeats}. */
  static final class Repeats extends Words {
    Repeats() {
      super(org.farfit.data.Repeats.values());
    }
  }

  /** Of {@code --objective}. */
  static final class Residuals extends Words {
    Residuals() {
      super(Objective.Residual.values());
    }
  }

  /** Of {@code --resampling}. */
  static final class Resamplings extends Words {
    Resamplings() {
      super(Resampling.values());
    }
  }

  /** Of {@code --interval-type}. */
  static final class IntervalTypes extends Words {
    IntervalTypes() {
      super(IntervalType.values());
    }
  }

  /** Of {@code --method}. */
  static final class Methods extends Words {
    Methods() {
      super(Method.values());
    }
  }

  /** Of {@code --noise}. */
  static final class Noises extends Words {
    Noises() {
      super(
          Stream.concat(
                  Stream.of("auto"),
                  Arrays.stream(NoiseModel.Kind.values()).map(NoiseModel.Kind::label))
              .toList());
    }
  }

  /** Of {@code coverage --grid}. */
  static final class SimulatedGrids extends Words {
    SimulatedGrids() {
      super(List.of("paper", "small", "isoflop"));
    }
  }

  /** Of {@code --engine}. */
  static final class EngineNames extends Words {
    EngineNames() {
      super(List.of(Engines.AUTO, "scalar", "simd", "tornado"));
    }
  }

  /** Of {@code --law}: laws of the shelf, and what is no law. */
  static final class Laws extends Words {
    Laws() {
      super(withAll(Shelf.names()));
    }

    private static List<String> withAll(Iterable<String> names) {
      List<String> all = new ArrayList<>(List.of("all", "auto"));
      names.forEach(all::add);
      return all;
    }
  }
}

package org.farfit.fit;

import java.util.Optional;

/** How a fit came to be, with what is known of it. */
public sealed interface FitOrigin {

  /** The method that gives such fits. */
  Method method();

  /** What a search from many starts found on the way, if there was one and it is known. */
  Optional<MultiStart> search();

  /**
   * The lowest optimum of a search over all parameters at once.
   *
   * @param search what the search found on the way; empty for a fit of one of many weightings, or
   *     one read from a file
   */
  record Searched(Optional<MultiStart> search) implements FitOrigin {
    @Override
    public Method method() {
      return Method.GLOBAL;
    }
  }

  /**
   * The same under a prior.
   *
   * @param search as for {@link Searched}
   * @param prior the prior
   */
  record Regularised(Optional<MultiStart> search, Regularisation prior) implements FitOrigin {
    @Override
    public Method method() {
      return Method.REGULARISED;
    }
  }

  /**
   * The end of a procedure in stages.
   *
   * @param report what the stages found; empty for a fit from a file without them
   */
  record Staged(Optional<StagedReport> report) implements FitOrigin {
    @Override
    public Method method() {
      return Method.PIECEWISE;
    }

    @Override
    public Optional<MultiStart> search() {
      return Optional.empty();
    }
  }

  /** The origin of a fit that was searched, with a prior or without. */
  static FitOrigin searched(Optional<MultiStart> search, Optional<Regularisation> prior) {
    return prior.isPresent() ? new Regularised(search, prior.get()) : new Searched(search);
  }
}

package org.farfit.fit.search;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Objective;
import org.farfit.fit.FitOptions;

/**
 * Looks for outliers, once in each set of runs. Several fits of the same runs, what is chosen among
 * them, back-tests and warnings all want the same answer, which costs a fit: they share a search.
 */
public final class OutlierSearch {

  private final Engine engine;
  private final FitOptions options;

  /** By the set itself: it does not change, and two sets are never taken for one. */
  private final Map<RunSet, Outliers> found = Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * A search that has found nothing yet.
   *
   * @param options of the fits, of which starts, seed and threads count
   */
  public OutlierSearch(Engine engine, FitOptions options) {
    this.engine = engine;
    this.options = options;
  }

  /** The outliers among some runs, see {@link Outliers#among}. */
  public Outliers among(RunSet runs) {
    return found.computeIfAbsent(runs, own -> Outliers.among(own, engine, options));
  }

  /**
   * The same where a fit is robust: what follows from it is to be so, too. Least squares were asked
   * to follow every run.
   */
  public Outliers ofRobust(Objective objective, RunSet runs) {
    return objective.isSquared() ? Outliers.NONE : among(runs);
  }
}

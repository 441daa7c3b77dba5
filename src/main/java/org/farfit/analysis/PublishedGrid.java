package org.farfit.analysis;

import java.util.List;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.solver.StartingPoints;

/** The starts from which a law was fitted when it was published, in centred coordinates. */
public final class PublishedGrid implements StartingPoints {

  private final Law law;
  private final Centre centre;
  private final List<double[]> published;

  /**
   * The starts of a law.
   *
   * @param law one that states its starts ({@link Law#publishedStarts})
   * @param centre the centre of the runs
   */
  public PublishedGrid(Law law, Centre centre) {
    this.law = law;
    this.centre = centre;
    this.published = law.publishedStarts();
  }

  @Override
  public int count() {
    return published.size();
  }

  @Override
  public void start(int k, double[] parameters) {
    law.toCentred(centre, published.get(k), parameters);
  }
}

/**
 * The search for the optimum of a law on runs.
 *
 * <p>{@link org.farfit.fit.search.GlobalFit} searches from {@link
 * org.farfit.fit.search.SpreadStarts} and gives a {@link org.farfit.fit.LawFit}. {@link
 * org.farfit.fit.search.WeightedFits} fits many weightings of the same runs as one batch. A search
 * that is cut short goes on while it still falls ({@link org.farfit.fit.search.PatientSearch}), a
 * minimum that many starts come to is found once ({@code SharedMinima}), and the best is taken to
 * tight tolerances ({@link org.farfit.fit.search.Polish}). {@link
 * org.farfit.fit.search.RunStructure} tells before what runs cannot tell apart, and {@link
 * org.farfit.fit.search.OutlierSearch} which runs have a loss that is none of their N and D.
 */
package org.farfit.fit.search;

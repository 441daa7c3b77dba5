package org.farfit.report.archive;

import java.util.Optional;
import org.farfit.data.RunFile;
import org.farfit.fit.FitOptions;

/**
 * What fits were made from, and how.
 *
 * @param version of Farfit
 * @param file the runs
 * @param simulated whether they are the bundled example, whose name is {@link FitArchive#EXAMPLE}
 * @param where the filter on rows, if there was one
 * @param options of the fits
 * @param engine what computed them
 */
public record FitSource(
    String version,
    RunFile file,
    boolean simulated,
    Optional<String> where,
    FitOptions options,
    String engine) {}

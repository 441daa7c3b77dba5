/**
 * The fit file: {@link org.farfit.report.archive.FitArchive} opens, holds and writes it, and checks
 * that it does not contradict itself; how it looks as JSON is private to this package. {@link
 * org.farfit.report.archive.BootstrapJournal} keeps replicates while they are drawn.
 */
package org.farfit.report.archive;

/**
 * Results as text and files: {@link org.farfit.report.FitArchive} opens, holds and writes a fit
 * file; what a command found is a {@link org.farfit.report.Presentation}, whose rows serve JSON
 * ({@link org.farfit.report.Json}), text and pages alike ({@link org.farfit.report.TableColumns});
 * {@link org.farfit.report.OutputFile} puts any file in place whole or not at all.
 */
package org.farfit.report;

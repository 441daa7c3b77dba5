/**
 * Results as text and files: {@link org.farfit.report.FitArchive} is a fit file opened, {@link
 * org.farfit.report.FitFile} reads one strictly, {@link org.farfit.report.Json} and {@link
 * org.farfit.report.FitTables} write it for programs and for people, and {@link
 * org.farfit.report.OutputFile} puts any file in place whole or not at all.
 */
package org.farfit.report;

/**
 * How results leave the process: {@link org.farfit.report.output.OutputFile} puts any file in place
 * whole or not at all; {@link org.farfit.report.output.TableColumns} declares once what serves
 * text, JSON ({@link org.farfit.report.output.Json}) and pages.
 */
package org.farfit.report.output;

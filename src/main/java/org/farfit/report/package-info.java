/**
 * What a command found, as text, JSON and pages: each a {@link org.farfit.report.Presentation}. The
 * rooms below: {@code archive} is the fit file, {@code html} pages, {@code figure} figures, {@code
 * output} tables and files.
 */
package org.farfit.report;

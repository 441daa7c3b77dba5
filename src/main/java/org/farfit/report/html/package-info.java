/** Reports as self-contained HTML pages: {@link org.farfit.report.html.HtmlReport}. */
package org.farfit.report.html;

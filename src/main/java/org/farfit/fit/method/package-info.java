/** The fitter of each method of fitting, by {@link org.farfit.fit.method.Fitters}. */
package org.farfit.fit.method;

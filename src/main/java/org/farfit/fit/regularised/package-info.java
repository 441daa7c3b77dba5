/**
 * Fits under the prior of a law, for extrapolation: {@link
 * org.farfit.fit.regularised.RegularisedFit} of one law, {@link
 * org.farfit.fit.regularised.RegularisedFits} of several laws and weightings as batches.
 */
package org.farfit.fit.regularised;

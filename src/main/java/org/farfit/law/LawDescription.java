package org.farfit.law;

import java.util.List;

/**
 * What a law is called and where it comes from.
 *
 * @param name the name by which commands and files call it, in lower case
 * @param formula the surface in published coordinates, as text
 * @param source where it was published: authors, year, equation
 * @param parameterNames names of the published parameters, in the order used by every array of them
 * @param centredNames names of the centred parameters, in the order used by every array of them
 */
public record LawDescription(
    String name,
    String formula,
    String source,
    List<String> parameterNames,
    List<String> centredNames) {}
